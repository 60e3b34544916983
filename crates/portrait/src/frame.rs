//! A frame: the picture a person stands in, decoded once, upright, 8-bit sRGB.
//!
//! Leaves out colour profiles: every input is read as sRGB (a booth's camera is; a CMYK JPEG goes through the plain
//! ink formula).

mod decode;

use crate::colour::linear_table;
pub(crate) use decode::png_limits;

/// Most pixels a frame may have.
pub const MAX_PIXELS: u64 = 40_000_000;

/// An upright 8-bit sRGB picture of at least 1x1 pixels.
#[derive(Clone)]
pub struct Frame {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

/// Why bytes are no frame.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The bytes are neither JPEG nor PNG.
    #[error("the picture is neither JPEG nor PNG")]
    UnknownFormat,
    /// The picture has no pixels.
    #[error("the picture has no pixels ({width}x{height})")]
    NoPixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The picture has too many pixels.
    #[error("the picture is too large: {width}x{height}, at most {MAX_PIXELS} pixels are read")]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The JPEG ends before its end marker.
    #[error("the JPEG is cut short")]
    Truncated,
    /// The JPEG is damaged.
    #[error("the JPEG is damaged")]
    Jpeg(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The PNG is damaged.
    #[error("the PNG is damaged")]
    Png(#[source] image::ImageError),
    /// The pixel buffer does not match the size.
    #[error("{width}x{height} pixels need {needed} bytes, {given} were given")]
    WrongLength {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Bytes needed.
        needed: u64,
        /// Bytes given.
        given: u64,
    },
}

impl std::fmt::Debug for Frame {
    /// The size alone: the pixels are a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({}x{})", self.width, self.height)
    }
}

impl Frame {
    /// Decodes a JPEG or PNG: grey, colour, with alpha (laid on white), 16-bit, CMYK, turned upright by EXIF.
    ///
    /// # Errors
    /// [`FrameError`]: the format, the size (0 or more than [`MAX_PIXELS`]) or the damage.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        decode::decode(bytes)
    }

    /// A frame of `width * height` interleaved RGB bytes, top row first.
    ///
    /// # Errors
    /// [`FrameError`] for a size of 0 or more than [`MAX_PIXELS`], or a buffer of another length.
    pub fn from_rgb8(width: u32, height: u32, rgb: Vec<u8>) -> Result<Self, FrameError> {
        check_size(width, height)?;
        let (needed, given) = (u64::from(width) * u64::from(height) * 3, rgb.len() as u64);
        if needed != given {
            return Err(FrameError::WrongLength { width, height, needed, given });
        }
        Ok(Self { width, height, rgb })
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The interleaved RGB bytes, top row first.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The pixel at column `x`, row `y`; the nearest one inside for a place outside.
    pub(crate) fn pixel(&self, x: i64, y: i64) -> [u8; 3] {
        let x = x.clamp(0, i64::from(self.width) - 1) as usize;
        let y = y.clamp(0, i64::from(self.height) - 1) as usize;
        let at = (y * self.width as usize + x) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    /// The pixel in linear light.
    pub(crate) fn linear(&self, x: i64, y: i64) -> [f32; 3] {
        let table = linear_table();
        self.pixel(x, y).map(|v| table[usize::from(v)])
    }
}

/// Refuses sizes that no frame has.
fn check_size(width: u32, height: u32) -> Result<(), FrameError> {
    if width == 0 || height == 0 {
        Err(FrameError::NoPixels { width, height })
    } else if u64::from(width) * u64::from(height) > MAX_PIXELS {
        Err(FrameError::TooLarge { width, height })
    } else {
        Ok(())
    }
}
