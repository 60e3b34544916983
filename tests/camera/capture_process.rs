//! The capture process dies, hangs, is held up, and loses its parent.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use camera::{Camera, CameraFault, OpenRequest, Webcam};

use crate::rig::{Rig, until};

/// The argument that makes this program open a camera and wait to be killed.
pub const PARENT_ROLE: &str = "be-the-parent";

pub fn a_killed_one_is_replaced(rig: &Rig) {
    let watched = rig.open(&OpenRequest::default());
    let worker = worker_of(std::process::id()).unwrap();
    watched.recovers(|| signal(worker, libc::SIGKILL));
    watched.wait_for_fault(CameraFault::WorkerDied, |_| {});
    assert_ne!(worker_of(std::process::id()), Some(worker));
}

pub fn a_hanging_one_is_replaced(rig: &Rig) {
    let watched = rig.open(&OpenRequest::default());
    let worker = worker_of(std::process::id()).unwrap();
    // A stopped process does nothing, reads no order, and dies only if it is killed.
    signal(worker, libc::SIGSTOP);
    watched.wait_for_fault(CameraFault::Stalled, |_| {});
    watched.recovers(|| {});
    assert!(!fs::exists(format!("/proc/{worker}/fd/0")).unwrap(), "the hanging process was killed");
}

pub fn frames_that_waited_are_discarded(rig: &Rig) {
    let watched = rig.open(&OpenRequest::default());
    let worker = worker_of(std::process::id()).unwrap();
    rig.tell("only 0");
    let shows = |number: usize, data: &[u8]| data == rig.frames[number].as_slice();
    until("the first picture", || watched.stream.latest().filter(|frame| shows(0, &frame.data)));
    // The driver's four buffers fill with the first picture while nobody empties them; then the scene changes.
    signal(worker, libc::SIGSTOP);
    let stopped = Instant::now();
    let before = watched.stream.latest().unwrap().sequence;
    until("the buffers to be full", || (stopped.elapsed() > Duration::from_millis(400)).then_some(()));
    rig.tell("only 1");
    // Short of the limit for silence.
    until("the pause to pass", || (stopped.elapsed() > Duration::from_millis(700)).then_some(()));
    signal(worker, libc::SIGCONT);
    let mut seen = before;
    let fresh = until("the second picture", || {
        let frame = watched.stream.wait_newer(seen, Duration::from_millis(100))?;
        seen = frame.sequence;
        shows(1, &frame.data).then_some(frame)
    });
    // One frame may have been on its way when the process was stopped; without the discarding it was four.
    let handed_on = fresh.sequence - before - 1;
    println!("     {handed_on} old frames were handed on after the pause");
    assert!(handed_on <= 2, "{handed_on} old frames were handed on after the pause");
    assert_eq!(watched.stream.faults(), [], "a short pause is no fault");
}

pub fn dies_with_its_parent(_: &Rig) {
    let mut parent = Command::new(std::env::current_exe().unwrap())
        .arg(PARENT_ROLE)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(parent.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "streaming");
    let worker = worker_of(parent.id()).unwrap();
    parent.kill().unwrap();
    parent.wait().unwrap();
    until("the capture process to be gone", || {
        (!fs::exists(format!("/proc/{worker}/fd/0")).unwrap()).then_some(())
    });
}

/// Opens the webcam, says when frames come, and waits to be killed.
pub fn be_the_parent() -> ExitCode {
    let stream = Webcam::new().unwrap().open(&OpenRequest::default()).unwrap();
    let frame = stream.wait_newer(0, Duration::from_secs(30));
    println!("{}", if frame.is_some() { "streaming" } else { "no frame" });
    loop {
        std::thread::park();
    }
}

fn signal(process: u32, signal: i32) {
    // SAFETY: the call takes two numbers.
    let sent = unsafe { libc::kill(process as libc::pid_t, signal) };
    assert_eq!(sent, 0, "the process is there");
}

/// The capture process that is a child of this process.
pub fn worker_of(parent: u32) -> Option<u32> {
    let processes =
        fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    processes.into_iter().find(|process: &u32| {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let arguments = fs::read_to_string(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let child = status
            .lines()
            .any(|line| line.strip_prefix("PPid:").is_some_and(|id| id.trim() == parent.to_string()));
        child && arguments.contains("capture-worker")
    })
}
