//! Settings against a camera that behaves as USB cameras do: a manual value is refused while the automatic mode is on,
//! and an automatic mode that goes off brings an older value back.

use super::*;
use crate::hold::Calibration;

/// A camera's settings, and what else it does.
struct Stub {
    controls: Vec<Control>,
    /// It takes these values and keeps its own.
    deaf: Vec<ControlKind>,
    /// It refuses each value of these.
    refusing: Vec<ControlKind>,
    gone: bool,
    written: Vec<(ControlKind, i64)>,
}

fn control(kind: ControlKind, value: i64, min: i64, max: i64, step: i64, default: i64) -> Control {
    Control { kind, value, min, max, step, default }
}

impl Stub {
    /// Everything automatic, in a booth where the camera has chosen 15.6 ms and 4600 K.
    fn new() -> Self {
        use ControlKind::*;
        let controls = vec![
            control(Gain, 20, 0, 255, 1, 0),
            control(WhiteBalanceAuto, 1, 0, 1, 1, 1),
            control(WhiteBalance, 4600, 2000, 6500, 1, 4000),
            control(ExposureAuto, 3, 0, 3, 1, 3),
            control(Exposure, 156, 3, 2047, 1, 250),
            control(FocusAuto, 1, 0, 1, 1, 1),
            control(Focus, 35, 0, 250, 5, 0),
            control(PowerLine, 2, 0, 2, 1, 2),
        ];
        Self { controls, deaf: vec![], refusing: vec![], gone: false, written: vec![] }
    }

    fn without(kinds: &[ControlKind]) -> Self {
        let mut stub = Self::new();
        stub.controls.retain(|control| !kinds.contains(&control.kind));
        stub
    }

    fn value(&self, kind: ControlKind) -> Option<i64> {
        self.controls.iter().find(|control| control.kind == kind).map(|control| control.value)
    }

    fn put(&mut self, kind: ControlKind, value: i64) {
        for control in self.controls.iter_mut().filter(|control| control.kind == kind) {
            control.value = value;
        }
    }
}

impl Settings for Stub {
    fn list(&self) -> Vec<Control> {
        self.controls.clone()
    }

    fn read(&self, kind: ControlKind) -> Result<i64, CameraFault> {
        if self.gone {
            return Err(CameraFault::Unplugged);
        }
        self.value(kind).ok_or(CameraFault::ControlRefused)
    }

    fn write(&mut self, kind: ControlKind, value: i64) -> Result<(), CameraFault> {
        let held_by_camera =
            kind.automatic().is_some_and(|(switch, off)| self.value(switch).is_some_and(|mode| mode != off));
        if self.refusing.contains(&kind) || held_by_camera || self.value(kind).is_none() {
            return Err(CameraFault::ControlRefused);
        }
        self.written.push((kind, value));
        if !self.deaf.contains(&kind) {
            self.put(kind, value);
        }
        if kind == ControlKind::ExposureAuto && value == 1 {
            self.put(ControlKind::Exposure, 250);
        }
        Ok(())
    }
}

fn loose(done: &Settled) -> Vec<(ControlKind, LooseReason)> {
    done.loose.iter().map(|loose| (loose.kind, loose.reason)).collect()
}

#[test]
fn a_hold_keeps_the_values_that_the_camera_was_using() {
    let mut camera = Stub::new();
    let done = hold(&mut camera).expect("the camera is there");
    assert_eq!(done.fixed, HELD);
    assert_eq!(loose(&done), []);
    assert_eq!(camera.value(ControlKind::Exposure), Some(156), "not the one that came back with manual mode");
    assert_eq!(camera.value(ControlKind::WhiteBalance), Some(4600));
    assert_eq!(camera.value(ControlKind::Focus), Some(35));
    for (switch, off) in HELD.into_iter().filter_map(ControlKind::automatic) {
        assert_eq!(camera.value(switch), Some(off), "{switch:?}");
    }
    assert!(!camera.written.contains(&(ControlKind::Gain, 20)), "a value that is there is not written again");
}

#[test]
fn a_camera_without_manual_exposure_says_so_and_holds_the_rest() {
    let mut camera = Stub::without(&[ControlKind::Exposure, ControlKind::ExposureAuto]);
    let done = hold(&mut camera).expect("an answer, not a fault");
    assert_eq!(loose(&done), [(ControlKind::Exposure, LooseReason::Absent)]);
    assert_eq!(done.fixed, HELD[1..]);

    let mut camera = Stub::new();
    camera.refusing = vec![ControlKind::ExposureAuto];
    let done = hold(&mut camera).expect("an answer, not a fault");
    assert_eq!(loose(&done), [(ControlKind::Exposure, LooseReason::Refused)]);
}

#[test]
fn a_refused_value_leaves_the_automatic_mode_on() {
    for (deaf, refusing, reason) in [
        (vec![ControlKind::Exposure], vec![], LooseReason::NotKept),
        (vec![], vec![ControlKind::Exposure], LooseReason::Refused),
    ] {
        let mut camera = Stub { deaf, refusing, ..Stub::new() };
        let done = hold(&mut camera).expect("an answer, not a fault");
        assert_eq!(loose(&done), [(ControlKind::Exposure, reason)]);
        assert_eq!(camera.value(ControlKind::ExposureAuto), Some(3), "exposure is the camera's again");
    }
}

#[test]
fn a_calibration_is_put_in_place_and_taken_back() {
    let mut camera = Stub::new();
    let calibration =
        Calibration { exposure: Some(200), gain: Some(12), white_balance: Some(5100), focus: None };
    let done = fix(&mut camera, &calibration.wishes()).expect("the camera is there");
    assert_eq!(loose(&done), []);
    let shown = [ControlKind::Exposure, ControlKind::Gain, ControlKind::WhiteBalance, ControlKind::PowerLine]
        .map(|kind| camera.value(kind));
    assert_eq!(shown, [Some(200), Some(12), Some(5100), Some(1)]);
    assert_eq!(camera.value(ControlKind::FocusAuto), Some(1), "what is not calibrated stays the camera's");
    fix(&mut camera, &Calibration::default().wishes()).expect("the camera is there");
    let switches = [ControlKind::ExposureAuto, ControlKind::WhiteBalanceAuto].map(|kind| camera.value(kind));
    assert_eq!(switches, [Some(3), Some(1)], "without a calibration they are the camera's again");
}

#[test]
fn what_is_in_place_is_not_written_again() {
    let mut camera = Stub::new();
    let wishes = Calibration { exposure: Some(200), ..Calibration::default() }.wishes();
    fix(&mut camera, &wishes).expect("the camera is there");
    camera.written.clear();
    fix(&mut camera, &wishes).expect("the camera is there");
    assert_eq!(camera.written, []);
}

#[test]
fn values_outside_the_range_are_refused_and_others_go_to_the_nearest_step() {
    let mut camera = Stub::new();
    let refused = fix(&mut camera, &[Wish::new(ControlKind::Exposure, Some(5000))]).expect("an answer");
    assert_eq!(loose(&refused), [(ControlKind::Exposure, LooseReason::Refused)]);
    assert_eq!(camera.value(ControlKind::ExposureAuto), Some(3), "nothing was touched");
    set(&mut camera, ControlKind::Focus, 52).expect("near 50");
    assert_eq!(camera.value(ControlKind::Focus), Some(50));
    assert_eq!(set(&mut camera, ControlKind::Zoom, 1), Err(CameraFault::ControlRefused));
}

#[test]
fn a_camera_that_left_is_named() {
    let mut camera = Stub { gone: true, ..Stub::new() };
    assert_eq!(hold(&mut camera), Err(CameraFault::Unplugged));
}
