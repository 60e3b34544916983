//! The pictures that scenes are made of, in linear light.
//!
//! People are kept premultiplied by their alpha, so that moving them by a part of a pixel mixes no colour into their
//! edges. The transfer function is that of IEC 61966-2-1 (sRGB).

use std::sync::LazyLock;

use crate::fault::BadFrame;

/// Pixels across the stage, on which everybody has their place; a person's picture may be smaller.
pub(super) const STAGE_WIDTH: u32 = 1280;

/// A person: linear light times alpha, and alpha, 16 bits each; only the part of the picture that they fill.
pub(super) struct Person {
    /// Left edge in the source picture.
    pub(super) left: u32,
    /// Top edge in the source picture.
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Pixels of the stage, which is [`STAGE_WIDTH`] wide, for each pixel of the picture.
    pub(super) enlarged: f32,
    /// Red, green, blue, alpha.
    pub(super) pixels: Vec<[u16; 4]>,
}

/// The empty booth in linear light, 16 bits, in the source picture's size.
pub(super) struct Backdrop {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) pixels: Vec<[u16; 3]>,
}

impl Backdrop {
    /// Decodes the picture that is part of the program.
    ///
    /// # Errors
    /// [`BadFrame`] where it is no picture: the program was built from a damaged file.
    pub(super) fn load() -> Result<Self, BadFrame> {
        let picture = include_bytes!("../../../../assets/sample/backdrop.jpg");
        let picture = image::load_from_memory(picture).map_err(|_| BadFrame::Corrupt)?.into_rgb8();
        let pixels = picture.pixels().map(|pixel| pixel.0.map(|value| LINEAR[usize::from(value)])).collect();
        Ok(Self { width: picture.width(), height: picture.height(), pixels })
    }
}

impl Person {
    /// Decodes a person's colour and alpha.
    ///
    /// # Errors
    /// [`BadFrame`] for what is no picture, or for two that don't belong together.
    pub(super) fn read(foreground: &[u8], alpha: &[u8]) -> Result<Self, BadFrame> {
        let colour = image::load_from_memory(foreground).map_err(|_| BadFrame::Corrupt)?.into_rgb8();
        let alpha = image::load_from_memory(alpha).map_err(|_| BadFrame::Corrupt)?.into_luma16();
        if colour.dimensions() != alpha.dimensions() {
            return Err(BadFrame::WrongSize);
        }
        let (left, top, width, height) = extent(&alpha).ok_or(BadFrame::Empty)?;
        let mut pixels = Vec::with_capacity((width * height) as usize);
        for y in top..top + height {
            for x in left..left + width {
                pixels.push(premultiplied(colour.get_pixel(x, y).0, alpha.get_pixel(x, y).0[0]));
            }
        }
        let enlarged = STAGE_WIDTH as f32 / colour.width() as f32;
        Ok(Self { left, top, width, height, enlarged, pixels })
    }
}

/// The rectangle in which a person is: left, top, width, height.
fn extent(alpha: &image::ImageBuffer<image::Luma<u16>, Vec<u16>>) -> Option<(u32, u32, u32, u32)> {
    let filled = || alpha.enumerate_pixels().filter(|(_, _, alpha)| alpha.0[0] > 0);
    let left = filled().map(|(x, _, _)| x).min()?;
    let right = filled().map(|(x, _, _)| x).max()?;
    let top = filled().map(|(_, y, _)| y).min()?;
    let bottom = filled().map(|(_, y, _)| y).max()?;
    Some((left, top, right - left + 1, bottom - top + 1))
}

fn premultiplied(colour: [u8; 3], alpha: u16) -> [u16; 4] {
    let [r, g, b] =
        colour.map(|value| (u32::from(LINEAR[usize::from(value)]) * u32::from(alpha) / 65_535) as u16);
    [r, g, b, alpha]
}

/// 8-bit sRGB to linear light, 16 bits.
static LINEAR: LazyLock<[u16; 256]> = LazyLock::new(|| {
    std::array::from_fn(|code| {
        let value = code as f32 / 255.0;
        let linear = if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
        (linear * 65_535.0).round() as u16
    })
});

/// Linear light to sRGB in code values, by the upper 12 of 16 bits; a fraction remains for the noise to dither.
pub(super) static ENCODED: LazyLock<[f32; 4096]> = LazyLock::new(|| {
    std::array::from_fn(|index| {
        let linear = (index as f32 + 0.5) / 4096.0;
        let value =
            if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
        value * 255.0
    })
});
