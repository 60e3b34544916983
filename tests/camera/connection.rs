//! The camera leaves, falls silent, belongs to somebody else.

use std::fs::File;
use std::process::{Command, Stdio};

use camera::{Camera, CameraFault, OpenRequest, Webcam};

use crate::capture_process::worker_of;
use crate::rig::{Rig, nodes, until};

pub fn unplugged_and_back_under_another_number(rig: &Rig) {
    let watched = rig.open(&OpenRequest::default());
    // As long as somebody holds the old node, its number stays taken.
    let held = File::open("/dev/video0").unwrap();
    rig.tell("unplug");
    watched.wait_for_fault(CameraFault::Unplugged, |_| {});
    assert!(watched.stream.latest().is_none(), "no old picture is offered");
    until("the device to be gone", || nodes().is_empty().then_some(()));
    watched.recovers(|| {
        rig.tell("plug");
        rig.wait_for_node();
    });
    let listed = Webcam::new().unwrap().enumerate().unwrap();
    assert_ne!(listed[0].place, "/dev/video0", "the camera is back under another number");
    drop(held);
}

pub fn a_stall_is_noticed_and_ends(rig: &Rig) {
    let watched = rig.open(&OpenRequest::default());
    rig.tell("stall");
    watched.wait_for_fault(CameraFault::Stalled, |_| {});
    watched.recovers(|| rig.tell("go"));
}

pub fn a_long_stall_ends_too(rig: &Rig) {
    let watched = rig.open(&OpenRequest::default());
    rig.tell("stall");
    watched.wait_for_fault(CameraFault::Stalled, |_| {});
    // Meanwhile capture processes come and go: each opens the camera, gets no frame, and is replaced.
    let first = worker_of(std::process::id());
    let second = until("a second process", || worker_of(std::process::id()).filter(|id| Some(*id) != first));
    until("a third process", || worker_of(std::process::id()).filter(|id| *id != second));
    let stalls = watched.stream.faults().len();
    assert_eq!(stalls, 1, "one stall is one fault, however long it lasts: {:?}", watched.stream.faults());
    watched.recovers(|| rig.tell("go"));
}

pub fn a_busy_camera_is_used_when_it_is_free(rig: &Rig) {
    let request = r#"{"camera":null,"modes":[]}"#;
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["capture-worker", "capture", request])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Its first message: the camera is open and streaming.
    let mut messages = other.stdout.take().unwrap();
    std::io::Read::read_exact(&mut messages, &mut [0; 16]).unwrap();
    // From here on it is read by nobody and holds the camera.
    let watched = rig.open_without_waiting(&OpenRequest::default());
    watched.wait_for_fault(CameraFault::Busy, |_| panic!("no frame comes from a camera that another holds"));
    watched.recovers(|| {
        other.kill().unwrap();
        other.wait().unwrap();
    });
}
