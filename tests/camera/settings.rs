//! A camera's settings, and the state in which another program may have left it.

use camera::{Camera, CameraFault, ControlKind, OpenRequest, Webcam};
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Device, Format, FourCC, Fraction};

use crate::rig::{Rig, until};

pub fn controls_are_read_and_set(rig: &Rig) {
    let watched = rig.open(&OpenRequest::default());
    let value = |kind| {
        let controls = watched.stream.controls();
        controls.iter().find(|control| control.kind == kind).map(|control| control.value)
    };
    for kind in [ControlKind::Exposure, ControlKind::Focus, ControlKind::WhiteBalance, ControlKind::Zoom] {
        assert!(value(kind).is_some(), "{kind:?} is listed");
    }
    assert_eq!(value(ControlKind::FocusAuto), Some(1));
    // Each has an automatic mode, which is on: the camera refuses the value unless that is switched off first.
    for (kind, wish) in
        [(ControlKind::Exposure, 321), (ControlKind::Focus, 50), (ControlKind::WhiteBalance, 5100)]
    {
        watched.stream.set_control(kind, wish).unwrap_or_else(|fault| panic!("{kind:?}: {fault}"));
        assert_eq!(value(kind), Some(wish), "{kind:?}");
    }
    assert_eq!(value(ControlKind::FocusAuto), Some(0), "the automatic mode was switched off");
    let refused = watched.stream.set_control(ControlKind::Sharpness, 1);
    assert_eq!(refused, Err(CameraFault::ControlRefused), "this camera has no such control");
    let sequence = watched.stream.latest().map_or(0, |frame| frame.sequence);
    watched.newer(sequence);
    assert_eq!(watched.stream.faults(), [], "a refusal disturbs no frames");
}

pub fn a_fractional_rate_is_cured(rig: &Rig) {
    // Another program left the camera at 12.5 frames a second, a rate at which nokhwa opens nothing.
    let device = Device::with_path("/dev/video0").unwrap();
    // The capture process of the case before lets go of the camera soon, not at once.
    until("the camera to be free", || device.set_format(&Format::new(640, 360, FourCC::new(b"MJPG"))).ok());
    let rate = device.set_params(&Parameters::new(Fraction::new(2, 25))).unwrap().interval;
    assert_eq!((rate.numerator, rate.denominator), (2, 25));
    drop(device);
    let listed = Webcam::new().unwrap().enumerate().unwrap();
    assert_eq!(listed[0].fault, None, "the camera can be listed");
    let watched = rig.open(&OpenRequest::default());
    assert_eq!(watched.stream.mode().map(|mode| (mode.width, mode.fps)), Some((1280, 30)));
    assert_eq!(watched.stream.faults(), []);
}
