//! A camera's settings: exposure, focus, white balance and the like.
//!
//! Only those that a booth fixes so that two shots look alike; a camera's pan or its lamp are left alone.

use serde::{Deserialize, Serialize};

/// Which setting.
// It travels between the booth and its capture process, which are one program: hence serde on these types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ControlKind {
    /// Black level, the camera's own unit.
    Brightness,
    /// The camera's own unit.
    Contrast,
    /// The camera's own unit.
    Saturation,
    /// The camera's own unit.
    Sharpness,
    /// Sensor gain, the camera's own unit.
    Gain,
    /// Backlight compensation, the camera's own unit.
    Backlight,
    /// 1 when the camera sets the white balance, 0 when [`ControlKind::WhiteBalance`] does.
    WhiteBalanceAuto,
    /// Colour temperature in kelvin.
    WhiteBalance,
    /// V4L2's menu: 1 manual, 3 aperture priority (automatic), others as the camera offers.
    ExposureAuto,
    /// Exposure time in units of 100 microseconds.
    Exposure,
    /// 1 when the camera focuses by itself.
    FocusAuto,
    /// Focus distance, the camera's own unit.
    Focus,
    /// Zoom, the camera's own unit.
    Zoom,
    /// V4L2's menu of the flicker filter: 0 off, 1 for 50 Hz mains, 2 for 60 Hz, 3 automatic.
    PowerLine,
}

impl ControlKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Brightness,
        Self::Contrast,
        Self::Saturation,
        Self::Sharpness,
        Self::Gain,
        Self::Backlight,
        Self::WhiteBalanceAuto,
        Self::WhiteBalance,
        Self::ExposureAuto,
        Self::Exposure,
        Self::FocusAuto,
        Self::Focus,
        Self::Zoom,
        Self::PowerLine,
    ];

    /// The automatic mode that must be switched off before this value can be set, and its value for "off".
    ///
    /// A camera answers a manual value with "permission denied" while it holds that value itself.
    pub fn automatic(self) -> Option<(Self, i64)> {
        match self {
            Self::WhiteBalance => Some((Self::WhiteBalanceAuto, 0)),
            Self::Exposure => Some((Self::ExposureAuto, 1)),
            Self::Focus => Some((Self::FocusAuto, 0)),
            _ => None,
        }
    }
}

/// A setting that the open camera has, as it was when the camera was opened or last set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Which setting.
    pub kind: ControlKind,
    /// Its value, in the unit that the kind says; switches are 0 and 1.
    pub value: i64,
    /// Least value.
    pub min: i64,
    /// Greatest value.
    pub max: i64,
    /// Distance between two values.
    pub step: i64,
    /// The maker's value.
    pub default: i64,
}
