//! A camera's settings through nokhwa.
//!
//! nokhwa's names for exposure, focus and zoom stand for relative controls that USB cameras lack; the absolute ones
//! are reached by their V4L2 numbers.

use std::io;
use std::os::fd::RawFd;

use nokhwa::Camera;
use nokhwa::utils::{ControlValueDescription, KnownCameraControl};

use super::{device, refusal};
use crate::control::{Control, ControlKind};
use crate::fault::CameraFault;
use crate::fix::Settings;

/// V4L2's number for a control (linux/v4l2-controls.h).
fn number(kind: ControlKind) -> u32 {
    match kind {
        ControlKind::Brightness => 0x0098_0900,
        ControlKind::Contrast => 0x0098_0901,
        ControlKind::Saturation => 0x0098_0902,
        ControlKind::WhiteBalanceAuto => 0x0098_090c,
        ControlKind::Gain => 0x0098_0913,
        ControlKind::PowerLine => 0x0098_0918,
        ControlKind::WhiteBalance => 0x0098_091a,
        ControlKind::Sharpness => 0x0098_091b,
        ControlKind::Backlight => 0x0098_091c,
        ControlKind::ExposureAuto => 0x009a_0901,
        ControlKind::Exposure => 0x009a_0902,
        ControlKind::Focus => 0x009a_090a,
        ControlKind::FocusAuto => 0x009a_090c,
        ControlKind::Zoom => 0x009a_090d,
    }
}

/// nokhwa's name for it, or V4L2's number where nokhwa has none for this control.
fn name(kind: ControlKind) -> KnownCameraControl {
    match kind {
        ControlKind::Brightness => KnownCameraControl::Brightness,
        ControlKind::Contrast => KnownCameraControl::Contrast,
        ControlKind::Saturation => KnownCameraControl::Saturation,
        ControlKind::Sharpness => KnownCameraControl::Sharpness,
        ControlKind::Gain => KnownCameraControl::Gain,
        ControlKind::Backlight => KnownCameraControl::BacklightComp,
        ControlKind::WhiteBalance => KnownCameraControl::WhiteBalance,
        _ => KnownCameraControl::Other(number(kind).into()),
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

/// An open camera's settings: the list by nokhwa, single values by the driver itself. nokhwa asks the camera for all
/// of them after each one that is set, which takes a USB camera 20 to 100 ms.
pub(super) struct Open<'a> {
    pub(super) camera: &'a Camera,
    /// nokhwa's descriptor.
    pub(super) device: RawFd,
}

impl Settings for Open<'_> {
    fn list(&self) -> Vec<Control> {
        read(self.camera)
    }

    fn read(&self, kind: ControlKind) -> Result<i64, CameraFault> {
        device::read_control(self.device, number(kind)).map_err(|error| refused(kind, &error))
    }

    fn write(&mut self, kind: ControlKind, value: i64) -> Result<(), CameraFault> {
        device::write_control(self.device, number(kind), value).map_err(|error| refused(kind, &error))
    }
}

fn refused(kind: ControlKind, error: &io::Error) -> CameraFault {
    eprintln!("{}: {kind:?} was refused: {error}", super::ROLE);
    refusal::setting(error)
}
