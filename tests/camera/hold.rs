//! Settings that stay: held for a session, calibrated for good; and the frames around the shutter.

use camera::{Calibration, CameraFault, ControlKind, Held, LooseReason, OpenRequest};
use v4l::Device;
use v4l::control::Value;

use crate::rig::{Rig, Watched, nodes, until};

/// What the driver says of a setting, past everything of the booth's.
fn driver(number: u32) -> i64 {
    let node = nodes().into_iter().min().unwrap();
    match Device::with_path(node).unwrap().control(number).unwrap().value {
        Value::Integer(value) => value,
        Value::Boolean(value) => value.into(),
        other => panic!("control {number:#x} is {other:?}"),
    }
}

const EXPOSURE_AUTO: u32 = 0x009a_0901;
const EXPOSURE: u32 = 0x009a_0902;
const FOCUS_AUTO: u32 = 0x009a_090c;
const WHITE_BALANCE_AUTO: u32 = 0x0098_090c;
const WHITE_BALANCE: u32 = 0x0098_091a;
const GAIN: u32 = 0x0098_0913;
const POWER_LINE: u32 = 0x0098_0918;

/// Takes the camera away and brings it back as it left the factory.
fn replug(rig: &Rig, watched: &Watched) {
    rig.tell("unplug");
    until("the device to be gone", || nodes().is_empty().then_some(()));
    watched.recovers(|| {
        rig.tell("plug");
        rig.wait_for_node();
    });
}

fn loose(held: &Held, kind: ControlKind) -> Option<LooseReason> {
    held.loose.iter().find(|loose| loose.kind == kind).map(|loose| loose.reason)
}

pub fn a_hold_survives_replugging(rig: &Rig) {
    // One picture: a hold looks whether it has changed.
    rig.tell("only 0");
    let watched = rig.open(&OpenRequest::default());
    assert_eq!([EXPOSURE_AUTO, WHITE_BALANCE_AUTO, FOCUS_AUTO].map(driver), [3, 1, 1], "all is the camera's");
    assert_eq!(driver(POWER_LINE), 1, "the flicker filter is at 50 Hz");
    watched.stream.set_control(ControlKind::Exposure, 333).unwrap();
    watched.stream.set_control(ControlKind::WhiteBalance, 5100).unwrap();
    let held = watched.stream.hold().unwrap();
    assert_eq!(held.loose, [], "this camera can hold everything");
    let kinds = [ControlKind::Exposure, ControlKind::Gain, ControlKind::WhiteBalance, ControlKind::Focus];
    assert!(kinds.into_iter().all(|kind| held.holds(kind)), "{held:?}");
    assert_eq!([EXPOSURE_AUTO, WHITE_BALANCE_AUTO, FOCUS_AUTO].map(driver), [1, 0, 0], "all is held");
    replug(rig, &watched);
    assert_eq!([EXPOSURE_AUTO, EXPOSURE, WHITE_BALANCE, FOCUS_AUTO].map(driver), [1, 333, 5100, 0]);
    let released = watched.stream.release().unwrap();
    assert_eq!(released.loose, []);
    assert_eq!([EXPOSURE_AUTO, WHITE_BALANCE_AUTO, FOCUS_AUTO].map(driver), [3, 1, 1], "all is the camera's");
    assert_eq!(driver(POWER_LINE), 1, "but for the flicker filter");
}

pub fn a_calibration_is_put_in_place_at_every_opening(rig: &Rig) {
    rig.tell("only 0");
    let calibration =
        Calibration { exposure: Some(200), gain: Some(12), white_balance: Some(4700), focus: None };
    let watched = rig.open(&OpenRequest { calibration, ..OpenRequest::default() });
    let calibrated =
        [EXPOSURE_AUTO, EXPOSURE, GAIN, WHITE_BALANCE_AUTO, WHITE_BALANCE, POWER_LINE, FOCUS_AUTO];
    assert_eq!(calibrated.map(driver), [1, 200, 12, 0, 4700, 1, 1]);
    replug(rig, &watched);
    assert_eq!(calibrated.map(driver), [1, 200, 12, 0, 4700, 1, 1], "after a reconnection too");
    let held = watched.stream.hold().unwrap();
    assert!(held.holds(ControlKind::Exposure));
    watched.stream.release().unwrap();
    assert_eq!(calibrated.map(driver), [1, 200, 12, 0, 4700, 1, 1], "a release goes back to the calibration");
    let other = Calibration { exposure: Some(300), white_balance: None, ..calibration };
    let held = watched.stream.calibrate(other).unwrap();
    assert!(held.holds(ControlKind::Exposure) && !held.holds(ControlKind::WhiteBalance));
    let settled =
        until("a frame of the new exposure", || watched.stream.settle(std::time::Duration::from_secs(1)));
    assert!(settled.sequence > 0);
    replug(rig, &watched);
    assert_eq!([EXPOSURE_AUTO, EXPOSURE, WHITE_BALANCE_AUTO].map(driver), [1, 300, 1], "the new one counts");
}

pub fn a_camera_that_keeps_its_exposure_to_itself(rig: &Rig) {
    // As it left the factory: all automatic.
    rig.tell("unplug");
    until("the device to be gone", || nodes().is_empty().then_some(()));
    rig.tell("only 0");
    rig.tell("stubborn");
    rig.tell("plug");
    rig.wait_for_node();
    let calibration = Calibration { exposure: Some(200), gain: Some(30), ..Calibration::default() };
    let watched = rig.open(&OpenRequest { calibration, ..OpenRequest::default() });
    assert_eq!([EXPOSURE_AUTO, GAIN].map(driver), [3, 30], "what can be calibrated is, and pictures come");
    let held = watched.stream.hold().unwrap();
    assert_eq!(loose(&held, ControlKind::Exposure), Some(LooseReason::Refused), "{held:?}");
    assert!(held.holds(ControlKind::WhiteBalance), "what can be held is");
    let sequence = watched.stream.latest().map_or(0, |frame| frame.sequence);
    watched.newer(sequence);
    assert_eq!(watched.stream.faults(), [], "none of it is a fault");
    rig.tell("meek");
}

pub fn frames_from_before_a_fault_are_no_burst(rig: &Rig) {
    let watched = rig.open(&OpenRequest::default());
    let before = until("a burst", || Some(watched.stream.recent(12)).filter(|frames| frames.len() == 12));
    assert!(before.windows(2).all(|pair| pair[0].sequence + 1 == pair[1].sequence), "none is missing");
    let newest = before[11].sequence;
    rig.tell("unplug");
    watched.wait_for_fault(CameraFault::Unplugged, |_| {});
    assert!(watched.stream.recent(12).is_empty(), "no old picture is offered");
    until("the device to be gone", || nodes().is_empty().then_some(()));
    let back = watched.recovers(|| {
        rig.tell("plug");
        rig.wait_for_node();
    });
    assert!(back.sequence > newest);
    let after = watched.stream.recent(12);
    assert!(after.iter().all(|frame| frame.sequence > newest), "all are from after the fault");
}
