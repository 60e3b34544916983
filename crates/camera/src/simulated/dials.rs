//! The simulated camera's settings: what a webcam's do to the picture, in a model that is simple and known.
//!
//! Its automatic modes are perfect: they show the scene as it is staged. With manual exposure the light is in proportion
//! to the exposure time and to the gain; with a manual white balance the picture becomes warmer the further the value
//! lies above the lamps' own colour.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::control::{Control, ControlKind};
use crate::fault::CameraFault;
use crate::fix::Settings;

/// The exposure time that shows a scene as it is staged, in units of 100 microseconds.
pub(super) const EXPOSURE: i64 = 156;
/// The lamps' colour, in kelvin.
pub(super) const LAMPS: i64 = 4600;
/// How much gain doubles the light.
const GAIN_DOUBLES: i64 = 64;

/// What the sensor makes of the light. The loops are drawn for one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Sensitivity {
    /// Thousandths of the exposure that shows the scene as staged.
    per_mille: i64,
    /// Manual white balance; the lamps' colour where the camera balances by itself.
    kelvin: i64,
}

impl Default for Sensitivity {
    fn default() -> Self {
        Self { per_mille: 1000, kelvin: LAMPS }
    }
}

impl Sensitivity {
    /// Factors on linear red, green and blue.
    pub(super) fn gains(self) -> [f32; 3] {
        let light = self.per_mille as f32 / 1000.0;
        let warmth = self.kelvin as f32 / LAMPS as f32;
        [light * warmth, light, light / warmth]
    }
}

/// The settings; copies are of the same camera.
#[derive(Debug, Clone)]
pub(super) struct Dials {
    controls: Arc<Mutex<Vec<Control>>>,
}

impl Dials {
    /// All automatic.
    pub(super) fn new() -> Self {
        let dial = |kind, value, min, max| Control { kind, value, min, max, step: 1, default: value };
        let controls = vec![
            dial(ControlKind::Gain, 0, 0, 255),
            dial(ControlKind::WhiteBalanceAuto, 1, 0, 1),
            dial(ControlKind::WhiteBalance, LAMPS, 2800, 6500),
            dial(ControlKind::ExposureAuto, 3, 0, 3),
            dial(ControlKind::Exposure, EXPOSURE, 3, 2047),
            dial(ControlKind::PowerLine, 2, 0, 2),
        ];
        Self { controls: Arc::new(Mutex::new(controls)) }
    }

    /// What they make of the light.
    pub(super) fn sensitivity(&self) -> Sensitivity {
        let value = |kind| self.read(kind).unwrap_or_default();
        let mut sensitivity = Sensitivity::default();
        if value(ControlKind::ExposureAuto) == 1 {
            let gain = GAIN_DOUBLES + value(ControlKind::Gain);
            sensitivity.per_mille = 1000 * value(ControlKind::Exposure) * gain / (EXPOSURE * GAIN_DOUBLES);
        }
        if value(ControlKind::WhiteBalanceAuto) == 0 {
            sensitivity.kelvin = value(ControlKind::WhiteBalance);
        }
        sensitivity
    }
}

impl Settings for Dials {
    fn list(&self) -> Vec<Control> {
        self.controls.lock().clone()
    }

    fn read(&self, kind: ControlKind) -> Result<i64, CameraFault> {
        let controls = self.controls.lock();
        let control = controls.iter().find(|control| control.kind == kind);
        control.map(|control| control.value).ok_or(CameraFault::ControlRefused)
    }

    fn write(&mut self, kind: ControlKind, value: i64) -> Result<(), CameraFault> {
        let mut controls = self.controls.lock();
        let control = controls.iter_mut().find(|control| control.kind == kind);
        let control = control.ok_or(CameraFault::ControlRefused)?;
        if !(control.min..=control.max).contains(&value) {
            return Err(CameraFault::ControlRefused);
        }
        control.value = value;
        Ok(())
    }
}
