//! One picture from a camera, compressed until somebody needs pixels.
//!
//! Decoding is strict: a frame that was cut short is an error, never a half-grey picture. Colour management is left
//! out on purpose: a camera's values are taken as sRGB.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use bytes::Bytes;

use crate::fault::BadFrame;
use crate::mode::PixelFormat;
use crate::{jpeg, pixels};

/// One picture with its capture time.
#[derive(Clone)]
pub struct Frame {
    /// Counts up by at least one a frame within a stream, also across a camera's restarts; the first is 1.
    pub sequence: u64,
    /// When the sensor's data began to arrive, by the wall clock.
    pub captured_at: SystemTime,
    /// The same moment by the clock that never jumps.
    pub captured: Instant,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Layout of `data`.
    pub format: PixelFormat,
    /// The picture's bytes: a whole JPEG, or [`PixelFormat::frame_bytes`] raw ones.
    pub data: Bytes,
    /// True where no camera saw this: a simulated scene.
    pub simulated: bool,
}

/// A decoded picture: sRGB, 8 bits, rows from the top, three bytes a pixel, no padding.
#[derive(Clone, PartialEq, Eq)]
pub struct Rgb8Image {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// `width * height * 3` bytes.
    pub data: Vec<u8>,
}

impl Rgb8Image {
    /// The pixel at `x` from the left and `y` from the top, or none outside.
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 3]> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let at = (y as usize * self.width as usize + x as usize) * 3;
        self.data.get(at..at + 3).map(|rgb| [rgb[0], rgb[1], rgb[2]])
    }
}

/// A frame that could not be turned into what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The frame's bytes are no picture.
    #[error("the frame is no picture")]
    Bad(#[source] BadFrame),
    /// The JPEG decoder refused it.
    #[error("the frame could not be decoded")]
    Decode(#[source] zune_jpeg::errors::DecodeErrors),
    /// The JPEG encoder refused it.
    #[error("the frame could not be encoded")]
    Encode(#[source] jpeg_encoder::EncodingError),
}

impl Frame {
    /// The frame as a JPEG: the camera's own bytes where it sends JPEG, encoded at quality 90 otherwise
    /// (about 10 ms for 1280x720).
    ///
    /// # Errors
    /// [`FrameError::Bad`] for raw bytes of the wrong number, [`FrameError::Encode`] for a size beyond JPEG's.
    pub fn jpeg(&self) -> Result<Bytes, FrameError> {
        match self.format {
            PixelFormat::Mjpeg => Ok(self.data.clone()),
            _ => jpeg::encode(&self.rgb()?, jpeg::FRAME_QUALITY).map(Bytes::from),
        }
    }

    /// The frame's pixels, decoded on each call (about 5 ms for 1280x720): keep the result.
    ///
    /// # Errors
    /// [`FrameError::Bad`] for data that is cut short, corrupt or of another size than the frame claims;
    /// [`FrameError::Decode`] for what the decoder refuses beyond that.
    pub fn rgb(&self) -> Result<Rgb8Image, FrameError> {
        let image = match self.format {
            PixelFormat::Mjpeg => jpeg::decode(&self.data)?,
            raw => pixels::to_rgb(raw, self.width, self.height, &self.data).map_err(FrameError::Bad)?,
        };
        if (image.width, image.height) != (self.width, self.height) {
            return Err(FrameError::Bad(BadFrame::WrongSize));
        }
        Ok(image)
    }
}

// People are in these pictures: what is printed of them is their size.
impl std::fmt::Debug for Frame {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Frame")
            .field("sequence", &self.sequence)
            .field("captured_at", &self.captured_at)
            .field("size", &(self.width, self.height))
            .field("format", &self.format)
            .field("bytes", &self.data.len())
            .field("simulated", &self.simulated)
            .finish()
    }
}

impl std::fmt::Debug for Rgb8Image {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Rgb8Image({}x{})", self.width, self.height)
    }
}

/// A frame that several threads hold.
pub type SharedFrame = Arc<Frame>;
