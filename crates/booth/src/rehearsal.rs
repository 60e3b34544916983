//! What a student would hold before the camera, for a booth with the simulated one: an invented document while one is asked for, and
//! a telephone with a collection code. They are read as real ones are.

use crate::inner::Inner;
use crate::places::Places;
use crate::settings::Settings;
use camera::SimulatedControl;
use image::{Luma, Rgb, RgbImage};
use qrcode::QrCode;
use std::path::PathBuf;

/// What is held up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prop {
    /// Nothing.
    Nothing,
    /// A document.
    Document,
    /// A collection code on a telephone.
    Code,
}

/// The simulated camera's other side.
pub(crate) struct Rehearsal {
    control: SimulatedControl,
    document: PathBuf,
}

/// Pixels a module of a code on the telephone's screen.
const MODULE: u32 = 6;

/// A telephone's screen around the code, in pixels.
const SCREEN: u32 = 120;

impl Rehearsal {
    /// A rehearsal before this camera, with the document that the settings name.
    pub fn new(control: SimulatedControl, settings: &Settings, places: &Places) -> Self {
        Self { control, document: places.assets.join(&settings.camera.document) }
    }

    /// Holds something up. Where it can't, the camera sees what it saw.
    pub fn hold_up(&self, inner: &Inner, prop: Prop) {
        let picture = match prop {
            Prop::Nothing => None,
            Prop::Document => self.document(),
            Prop::Code => telephone(&inner.clock.random()),
        };
        if let Err(error) = self.control.hold_up(picture.as_ref()) {
            tracing::warn!(%error, "nothing can be held before the simulated camera");
        }
    }

    fn document(&self) -> Option<RgbImage> {
        match image::open(&self.document) {
            Ok(picture) => Some(picture.into_rgb8()),
            Err(error) => {
                tracing::warn!(%error, "camera.document is no picture");
                None
            }
        }
    }
}

/// A telephone that shows a code of its own, because each is good for one collection.
fn telephone(chance: &[u8]) -> Option<RgbImage> {
    let chance: String = chance.iter().map(|byte| format!("{byte:02x}")).collect();
    let payload = format!("CAMPUS-BOOTH-REHEARSAL:{chance}:{}", "0123456789ABCDEF".repeat(8));
    let code = QrCode::new(payload).ok()?;
    let side = u32::try_from(code.width()).ok()?;
    let code = code.render::<Luma<u8>>().module_dimensions(MODULE, MODULE).build();
    let width = side * MODULE + 2 * SCREEN;
    let mut screen = RgbImage::from_pixel(width, width + SCREEN, Rgb([250, 250, 250]));
    let left = i64::from((width - code.width()) / 2);
    let code = image::DynamicImage::ImageLuma8(code).into_rgb8();
    image::imageops::replace(&mut screen, &code, left, left);
    Some(screen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reader::code::{CodeRule, find};

    #[test]
    fn the_code_on_the_telephone_is_one_and_never_the_same() {
        let read = |chance: &[u8]| {
            let grey = image::DynamicImage::ImageRgb8(telephone(chance).unwrap()).into_luma8();
            CodeRule::default().take(&find(&grey), &grey).unwrap().payload().to_vec()
        };
        assert_ne!(read(&[1; 10]), read(&[2; 10]));
    }
}
