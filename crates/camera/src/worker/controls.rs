//! A camera's settings through nokhwa.
//!
//! nokhwa's names for exposure, focus and zoom stand for relative controls that USB cameras lack; the absolute ones
//! are reached by their V4L2 numbers.

use nokhwa::Camera;
use nokhwa::utils::{ControlValueDescription, ControlValueSetter, KnownCameraControl};

use super::refusal;
use crate::control::{Control, ControlKind};
use crate::fault::CameraFault;

/// nokhwa's name or V4L2's number for a control (linux/v4l2-controls.h).
fn name(kind: ControlKind) -> KnownCameraControl {
    match kind {
        ControlKind::Brightness => KnownCameraControl::Brightness,
        ControlKind::Contrast => KnownCameraControl::Contrast,
        ControlKind::Saturation => KnownCameraControl::Saturation,
        ControlKind::Sharpness => KnownCameraControl::Sharpness,
        ControlKind::Gain => KnownCameraControl::Gain,
        ControlKind::Backlight => KnownCameraControl::BacklightComp,
        ControlKind::WhiteBalanceAuto => KnownCameraControl::Other(0x0098_090c),
        ControlKind::WhiteBalance => KnownCameraControl::WhiteBalance,
        ControlKind::ExposureAuto => KnownCameraControl::Other(0x009a_0901),
        ControlKind::Exposure => KnownCameraControl::Other(0x009a_0902),
        ControlKind::FocusAuto => KnownCameraControl::Other(0x009a_090c),
        ControlKind::Focus => KnownCameraControl::Other(0x009a_090a),
        ControlKind::Zoom => KnownCameraControl::Other(0x009a_090d),
    }
}

/// The settings that the camera has. A camera whose list can't be read counts as one without any: pictures matter
/// more than settings.
pub(super) fn read(camera: &Camera) -> Vec<Control> {
    let listed = match camera.camera_controls() {
        Ok(listed) => listed,
        Err(error) => {
            eprintln!("{}: the camera's controls can't be read: {error}", super::ROLE);
            return Vec::new();
        }
    };
    let find = |kind| listed.iter().find(|control| control.control() == name(kind));
    ControlKind::ALL.into_iter().filter_map(|kind| convert(kind, find(kind)?.description())).collect()
}

fn convert(kind: ControlKind, description: &ControlValueDescription) -> Option<Control> {
    match *description {
        ControlValueDescription::IntegerRange { min, max, value, step, default } => {
            Some(Control { kind, value, min, max, step, default })
        }
        ControlValueDescription::Boolean { value, default } => {
            Some(Control { kind, value: value.into(), min: 0, max: 1, step: 1, default: default.into() })
        }
        _ => None,
    }
}

/// Sets a control, its automatic mode off first, and gives the settings afterwards.
pub(super) fn set(camera: &mut Camera, kind: ControlKind, value: i64) -> Result<Vec<Control>, CameraFault> {
    let before = read(camera);
    let has = |kind| before.iter().any(|control| control.kind == kind);
    if !has(kind) {
        return Err(CameraFault::ControlRefused);
    }
    if let Some((automatic, off)) = kind.automatic().filter(|(automatic, _)| has(*automatic)) {
        set_one(camera, automatic, off)?;
    }
    set_one(camera, kind, value)?;
    Ok(read(camera))
}

fn set_one(camera: &mut Camera, kind: ControlKind, value: i64) -> Result<(), CameraFault> {
    let switch = matches!(kind, ControlKind::WhiteBalanceAuto | ControlKind::FocusAuto);
    let value =
        if switch { ControlValueSetter::Boolean(value != 0) } else { ControlValueSetter::Integer(value) };
    camera.set_camera_control(name(kind), value).map_err(|error| {
        eprintln!("{}: {kind:?} was refused: {error}", super::ROLE);
        refusal::setting(&error)
    })
}
