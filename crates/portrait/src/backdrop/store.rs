//! A backdrop as a PNG of 16 bits: roots of light as colours, and what is left of full opacity as the deviation, so
//! that any viewer shows the booth.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::{ColorType, DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder};

use super::{Backdrop, BackdropError, FULL};
use crate::frame::{MAX_PIXELS, png_limits};

/// The 10 bits of a code stand at the top of 16.
const SHIFT: u32 = 6;

impl Backdrop {
    /// The backdrop as a PNG of 16-bit RGBA.
    ///
    /// # Errors
    /// [`BackdropError::Unwritten`].
    pub fn to_png(&self) -> Result<Vec<u8>, BackdropError> {
        let bytes: Vec<u8> = self
            .cells
            .iter()
            .flat_map(|&[r, g, b, deviation]| [r, g, b, FULL as u16 - deviation.min(FULL as u16)])
            .flat_map(|v| (v << SHIFT).to_ne_bytes())
            .collect();
        let mut out = Vec::new();
        PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive)
            .write_image(&bytes, self.width, self.height, ExtendedColorType::Rgba16)
            .map_err(BackdropError::Unwritten)?;
        Ok(out)
    }

    /// Reads what [`Backdrop::to_png`] wrote.
    ///
    /// # Errors
    /// [`BackdropError::Foreign`] for anything but a PNG of 16-bit RGBA of 1 to [`MAX_PIXELS`] pixels,
    /// [`BackdropError::Damaged`].
    pub fn from_png(bytes: &[u8]) -> Result<Self, BackdropError> {
        if !bytes.starts_with(&[0x89, b'P', b'N', b'G']) {
            return Err(BackdropError::Foreign);
        }
        let cursor = Cursor::new(bytes);
        let decoder = PngDecoder::with_limits(cursor, png_limits()).map_err(BackdropError::Damaged)?;
        let (width, height) = decoder.dimensions();
        let pixels = u64::from(width) * u64::from(height);
        if decoder.color_type() != ColorType::Rgba16 || !(1..=MAX_PIXELS).contains(&pixels) {
            return Err(BackdropError::Foreign);
        }
        let picture = DynamicImage::from_decoder(decoder).map_err(BackdropError::Damaged)?;
        let code = |p: &image::Rgba<u16>| {
            let [r, g, b, rest] = p.0.map(|v| v >> SHIFT);
            [r, g, b, FULL as u16 - rest]
        };
        let cells = picture.into_rgba16().pixels().map(code).collect();
        Ok(Self { width, height, cells })
    }
}
