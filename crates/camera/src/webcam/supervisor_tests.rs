//! The supervisor against capture processes that misbehave: shell commands that send prepared messages.
//!
//! What a real driver does is tested in the virtual machine; these are the deaths and silences of the process itself.

use std::fs;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::*;
use crate::camera::FrameStream;
use crate::control::Control;
use crate::hold::{Loose, LooseReason};
use crate::mode::PixelFormat;
use crate::webcam::WebcamStream;

const MODE: Mode = Mode::new(PixelFormat::Rgb, 2, 1, 30);
/// Long enough for a loaded machine; nothing waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(20);

/// A supervised stream whose capture process is `sh -c SCRIPT`, run in a directory that holds the prepared messages
/// `opened`, `frame`, `bad`, `busy` and `set`.
struct Rig {
    directory: tempfile::TempDir,
    stream: WebcamStream,
}

impl Rig {
    fn new(script: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        for (file, message) in messages() {
            fs::write(directory.path().join(file), message.encode().expect("within limits"))
                .expect("writable");
        }
        fs::create_dir_all(directory.path().join("sys/video0")).expect("writable");
        let script = format!("cd {} && {script}", directory.path().display());
        let command =
            WorkerCommand { program: "/bin/sh".into(), arguments: vec!["-c".into(), script.into()] };
        let slot = Slot::new();
        let (asks, asked) = mpsc::channel();
        let sysfs = directory.path().join("sys");
        let supervisor = Supervisor::new(command, OpenRequest::default(), sysfs, slot.clone(), asked);
        std::thread::spawn(move || supervisor.run());
        Self { directory, stream: WebcamStream { slot, asks } }
    }

    fn wait_for(&self, what: &str, done: impl Fn(&WebcamStream) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !done(&self.stream) {
            assert!(
                Instant::now() < deadline,
                "{what}: {:?} {:?}",
                self.stream.health(),
                self.stream.faults()
            );
            std::thread::yield_now();
        }
    }

    fn wait_for_fault(&self, fault: CameraFault) {
        self.wait_for(fault.name(), |stream| stream.faults().iter().any(|record| record.fault == fault));
    }
}

/// An answer that says gain 7, exposure 300.
fn settled(fixed: Vec<ControlKind>, loose: Vec<Loose>) -> Message {
    let control = |kind, value| Control { kind, value, min: 0, max: 999, step: 1, default: 0 };
    let controls = vec![control(ControlKind::Gain, 7), control(ControlKind::Exposure, 300)];
    Message::Note(Note::Set(Ok(Settled { controls, fixed, loose })))
}

fn messages() -> Vec<(&'static str, Message)> {
    let frame = |data: &'static [u8]| {
        let (format, width, height) = (PixelFormat::Rgb, 2, 1);
        Message::Frame(WireFrame {
            // As if it were taken when it arrives.
            monotonic_ns: u64::MAX,
            format,
            width,
            height,
            data: data.into(),
        })
    };
    vec![
        ("opened", Message::Note(Note::Opened { mode: MODE, controls: vec![] })),
        ("frame", frame(&[1, 2, 3, 4, 5, 6])),
        ("bright", frame(&[9, 9, 9, 9, 9, 9])),
        ("short", frame(&[1, 2, 3])),
        (
            "held",
            settled(
                vec![ControlKind::Gain, ControlKind::Exposure],
                vec![Loose { kind: ControlKind::Focus, reason: LooseReason::Absent }],
            ),
        ),
        ("released", settled(vec![], vec![])),
        ("bad", Message::Note(Note::Bad(BadFrame::Corrupt))),
        ("busy", Message::Note(Note::Fault(CameraFault::Busy))),
        ("set", settled(vec![ControlKind::Gain], vec![])),
    ]
}

#[test]
fn frames_come_through_and_a_silent_process_is_replaced() {
    let rig = Rig::new("echo x >> starts; cat opened frame frame; cat > /dev/null");
    rig.wait_for("streaming", |stream| stream.latest().is_some_and(|frame| frame.sequence == 2));
    assert_eq!(rig.stream.mode(), Some(MODE));
    rig.wait_for_fault(CameraFault::Stalled);
    rig.wait_for("frames again", |stream| stream.wait_newer(2, Duration::ZERO).is_some());
    let starts = fs::read_to_string(rig.directory.path().join("starts")).expect("written by the script");
    assert!(starts.lines().count() >= 2, "a second process was started");
}

#[test]
fn a_dying_process_is_replaced() {
    let rig = Rig::new("cat opened frame; exit 101");
    rig.wait_for_fault(CameraFault::WorkerDied);
    rig.wait_for("frames of the third process", |stream| {
        stream.latest().is_some_and(|frame| frame.sequence >= 3)
    });
}

#[test]
fn nonsense_on_the_pipe_counts_as_a_death() {
    let rig = Rig::new("cat opened frame; head -c 4096 /dev/zero; cat > /dev/null");
    rig.wait_for_fault(CameraFault::WorkerDied);
}

#[test]
fn a_named_fault_is_passed_on() {
    let rig = Rig::new("cat busy");
    rig.wait_for_fault(CameraFault::Busy);
    assert_eq!(rig.stream.set_control(ControlKind::Gain, 1), Err(CameraFault::Busy));
}

#[test]
fn bad_frames_are_not_handed_on_and_the_next_good_one_ends_the_fault() {
    let rig =
        Rig::new("cat opened frame bad bad bad short; head -c 5 > /dev/null; cat frame; cat > /dev/null");
    rig.wait_for_fault(CameraFault::BadFrames(BadFrame::Corrupt));
    assert!(rig.stream.latest().is_none(), "no frame is offered while they are bad");
    // The script waits for an order before it sends a good frame again.
    let (answer, _answered) = mpsc::channel();
    rig.stream
        .asks
        .send(Ask { what: What::Set(ControlKind::Gain, 1), answer })
        .expect("the supervisor listens");
    rig.wait_for("streaming again", |stream| stream.health() == Health::Streaming);
}

#[test]
fn two_bad_frames_in_a_row_are_no_fault() {
    let rig = Rig::new("cat opened frame bad bad frame; cat > /dev/null");
    rig.wait_for("the frame behind the bad ones", |stream| {
        stream.latest().is_some_and(|frame| frame.sequence == 2)
    });
    assert_eq!(rig.stream.faults(), []);
}

#[test]
fn a_control_is_passed_on_and_answered() {
    let rig = Rig::new("cat opened frame; head -c 5 > /dev/null; cat set frame; cat > /dev/null");
    rig.wait_for("streaming", |stream| stream.latest().is_some());
    let controls = rig.stream.set_control(ControlKind::Gain, 7).expect("the process answers");
    assert_eq!(controls[0].value, 7);
    assert_eq!(rig.stream.controls(), controls);
}

/// What the script's latest capture process was told to put in place, of one kind.
fn told(rig: &Rig, kind: ControlKind) -> Option<i64> {
    let start = fs::read_to_string(rig.directory.path().join("start")).expect("written by the script");
    let start: Start = serde_json::from_str(&start).expect("what the capture process is started with");
    let wishes = start.wishes.expect("the supervisor says what it wishes");
    wishes.iter().find(|wish| wish.kind == kind).expect("every kind is named").value
}

/// Writes down what it was started with, answers the first order with `held`, and ends when it is told to.
const HOLDING: &str = "printf %s \"$2\" > start; exec 3<&0; (head -c 11 <&3 > /dev/null; cat held) & cat opened; \
    while [ ! -e end ]; do cat frame; sleep 0.05; done; rm end; kill $! 2> /dev/null";

#[test]
fn a_hold_survives_the_capture_process_and_a_release_ends_it() {
    let rig = Rig::new(HOLDING);
    rig.wait_for("streaming", |stream| stream.latest().is_some());
    assert_eq!(told(&rig, ControlKind::Exposure), None, "exposure is the camera's");
    assert_eq!(told(&rig, ControlKind::PowerLine), Some(1), "the flicker filter is always set to 50 Hz");
    let held = rig.stream.hold().expect("the process answers");
    assert!(held.holds(ControlKind::Exposure) && held.holds(ControlKind::Gain));
    assert_eq!(held.loose[0].reason, LooseReason::Absent, "what can't be held is part of the answer");
    fs::write(rig.directory.path().join("end"), "").expect("writable");
    rig.wait_for_fault(CameraFault::WorkerDied);
    rig.wait_for("the second process", |stream| stream.health() == Health::Streaming);
    assert_eq!([ControlKind::Exposure, ControlKind::Gain].map(|kind| told(&rig, kind)), [Some(300), Some(7)]);
    rig.stream.release().expect("the process answers");
    fs::write(rig.directory.path().join("end"), "").expect("writable");
    rig.wait_for("the third process", |stream| {
        let deaths = stream.faults().iter().filter(|record| record.fault == CameraFault::WorkerDied).count();
        deaths == 2 && stream.health() == Health::Streaming
    });
    assert_eq!([ControlKind::Exposure, ControlKind::Gain].map(|kind| told(&rig, kind)), [None, None]);
}

#[test]
fn a_release_and_a_calibration_stand_while_the_camera_is_away() {
    let rig = Rig::new(HOLDING);
    rig.wait_for("streaming", |stream| stream.latest().is_some());
    rig.stream.hold().expect("the process answers");
    fs::remove_dir(rig.directory.path().join("sys/video0")).expect("there");
    fs::write(rig.directory.path().join("end"), "").expect("writable");
    rig.wait_for_fault(CameraFault::Missing);
    assert_eq!(rig.stream.hold(), Err(CameraFault::Missing));
    let calibration = Calibration { exposure: Some(200), ..Calibration::default() };
    assert_eq!(rig.stream.calibrate(calibration), Err(CameraFault::Missing));
    fs::create_dir(rig.directory.path().join("sys/video1")).expect("writable");
    rig.wait_for("streaming again", |stream| stream.latest().is_some());
    assert_eq!([ControlKind::Exposure, ControlKind::Gain].map(|kind| told(&rig, kind)), [Some(200), None]);
}

#[test]
fn a_hold_that_changes_the_picture_is_taken_back() {
    let rig = Rig::new(
        // The second order, which takes the hold back, comes when a frame shows what the first one did.
        "exec 3<&0; (head -c 11 <&3 > /dev/null; touch on; cat held; head -c 5 <&3 > /dev/null; cat released) & \
         cat opened; while :; do if [ -e on ]; then cat bright; else cat frame; fi; sleep 0.02; done",
    );
    rig.wait_for("streaming", |stream| stream.latest().is_some());
    let held = rig.stream.hold();
    let held = held.expect("the process answers");
    assert!(!held.holds(ControlKind::Exposure));
    let jumped =
        |kind| held.loose.iter().any(|loose| loose.kind == kind && loose.reason == LooseReason::Jumped);
    assert!(jumped(ControlKind::Exposure) && jumped(ControlKind::Gain), "{held:?}");
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let slot = Slot::new();
    let (asks, asked) = mpsc::channel();
    let directory = tempfile::tempdir().expect("a directory");
    fs::create_dir_all(directory.path().join("video0")).expect("writable");
    let command = WorkerCommand { program: "/nowhere/booth".into(), arguments: vec![] };
    let supervisor =
        Supervisor::new(command, OpenRequest::default(), directory.path().into(), slot.clone(), asked);
    let thread = std::thread::spawn(move || supervisor.run());
    let deadline = Instant::now() + PATIENCE;
    while slot.health() != Health::Faulted(CameraFault::WorkerNotStarted) {
        assert!(Instant::now() < deadline, "{:?}", slot.health());
        std::thread::yield_now();
    }
    drop(asks);
    thread.join().expect("dropping the stream ends the supervisor");
}

#[test]
fn a_missing_camera_is_used_when_it_appears() {
    let rig = Rig::new("cat opened frame; cat > /dev/null");
    rig.wait_for("streaming", |stream| stream.latest().is_some());
    fs::remove_dir(rig.directory.path().join("sys/video0")).expect("there");
    rig.wait_for_fault(CameraFault::Missing);
    let before = rig.stream.faults().len();
    fs::create_dir(rig.directory.path().join("sys/video7")).expect("writable");
    rig.wait_for("frames from another number", |stream| stream.latest().is_some());
    assert!(rig.stream.faults().len() >= before);
}

#[test]
fn dropping_the_stream_kills_the_process() {
    let rig = Rig::new("echo $$ > pid; cat opened frame; cat > /dev/null");
    rig.wait_for("streaming", |stream| stream.latest().is_some());
    let pid = fs::read_to_string(rig.directory.path().join("pid")).expect("written by the script");
    let status = format!("/proc/{}/stat", pid.trim());
    drop(rig.stream);
    let deadline = Instant::now() + PATIENCE;
    // Gone, or dead and not yet collected ("Z").
    while fs::read_to_string(&status).is_ok_and(|stat| !stat.contains(") Z")) {
        assert!(Instant::now() < deadline, "the process lives on");
        std::thread::yield_now();
    }
}
