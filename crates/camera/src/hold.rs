//! Holding a camera's settings still: for a student's session, and to what staff measured at the booth's calibration.
//!
//! A webcam left alone changes its exposure and white balance whenever a hand or a white shirt comes into view. Two
//! shots of a burst would then differ, and the backdrop would differ from the one the booth has learned.
//!
//! Left out on purpose: which values are right. They come from a white card, in the booth.

use serde::{Deserialize, Serialize};

use crate::control::{Control, ControlKind};

/// The values that staff's calibration found for this booth's light; `None` leaves the setting to the camera.
///
/// They are put in place whenever the camera is opened, also after it was unplugged. A camera that lacks a setting or
/// refuses its value works on without it ([`Held::loose`]). The flicker filter is always set to 50 Hz mains.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Calibration {
    /// Exposure time in units of 100 microseconds ([`ControlKind::Exposure`]).
    pub exposure: Option<i64>,
    /// Sensor gain, the camera's own unit ([`ControlKind::Gain`]).
    pub gain: Option<i64>,
    /// Colour temperature in kelvin ([`ControlKind::WhiteBalance`]).
    pub white_balance: Option<i64>,
    /// Focus distance, the camera's own unit ([`ControlKind::Focus`]).
    pub focus: Option<i64>,
}

impl Calibration {
    /// Exposure times that are multiples of this (in units of 100 microseconds) show no bands: lamps on 50 Hz mains
    /// flicker at 100 Hz, and such an exposure collects whole periods.
    pub const FLICKER_PERIOD: i64 = 100;
}

/// What came of holding, of calibrating or of releasing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// The settings that now stay at these values.
    pub controls: Vec<Control>,
    /// Those that could not be made to stay, and why. No reason to stop: the camera works on, by its own lights.
    pub loose: Vec<Loose>,
}

impl Held {
    /// Whether this setting now stays as it is.
    pub fn holds(&self, kind: ControlKind) -> bool {
        self.controls.iter().any(|control| control.kind == kind)
    }
}

/// A setting that could not be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loose {
    /// Which setting.
    pub kind: ControlKind,
    /// Why.
    pub reason: LooseReason,
}

/// Why a setting could not be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LooseReason {
    /// The camera has no such setting.
    Absent,
    /// The camera refused the value or its manual mode, or the value is outside its range.
    Refused,
    /// The camera took the value and then showed another one.
    NotKept,
    /// The picture became brighter or darker by it: the value that the camera gave was not the one it was using. The
    /// camera has been given back what it had.
    Jumped,
}

/// What is held during a student's session, in the order in which it is put in place.
pub(crate) const HELD: [ControlKind; 4] =
    [ControlKind::Exposure, ControlKind::Gain, ControlKind::WhiteBalance, ControlKind::Focus];

/// A setting as somebody wants it: at a value, or left to the camera.
// It travels between the booth and its capture process, which are one program: hence serde on this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wish {
    pub(crate) kind: ControlKind,
    /// None: the camera's own automatic mode, where it has one.
    pub(crate) value: Option<i64>,
}

impl Wish {
    pub(crate) const fn new(kind: ControlKind, value: Option<i64>) -> Self {
        Self { kind, value }
    }
}

/// V4L2's number for 50 Hz in the menu of [`ControlKind::PowerLine`].
const MAINS_50_HZ: i64 = 1;

impl Calibration {
    /// What is in force while nobody holds anything.
    pub(crate) fn wishes(self) -> Vec<Wish> {
        vec![
            Wish::new(ControlKind::PowerLine, Some(MAINS_50_HZ)),
            Wish::new(ControlKind::Exposure, self.exposure),
            Wish::new(ControlKind::Gain, self.gain),
            Wish::new(ControlKind::WhiteBalance, self.white_balance),
            Wish::new(ControlKind::Focus, self.focus),
        ]
    }
}
