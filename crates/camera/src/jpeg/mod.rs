//! JPEG as webcams send it: find where a frame ends, prove that it is whole, decode and encode.
//!
//! A decoder alone is no proof: half a frame, or one with flipped bytes, decodes to something. [`inspect`] walks the
//! compressed data block by block without computing a pixel, so a frame is accepted when every block is there and the
//! end marker follows. Progressive and arithmetic coding are left out: no webcam sends them.

mod entropy;
mod header;
mod huffman;

use bytes::Bytes;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use header::{Header, Next};

use crate::fault::BadFrame;
use crate::frame::{FrameError, Rgb8Image};

/// The quality at which raw frames become JPEG: high, because an official photo may be cut from one.
pub(crate) const FRAME_QUALITY: u8 = 90;

/// What a walk through a frame found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Inspected {
    /// Bytes up to and with the end marker; a driver's buffer may hold stale bytes behind it.
    pub(crate) length: usize,
    /// Pixels across.
    pub(crate) width: u32,
    /// Pixels down.
    pub(crate) height: u32,
    /// Some webcams leave out the Huffman tables and mean the standard ones.
    pub(crate) lacks_tables: bool,
}

/// Walks a frame from its first marker to its last: about 1.8 ms for 1280x720 in 127 kB, a third of decoding it.
///
/// # Errors
/// [`BadFrame`] says what is wrong with it.
pub(crate) fn inspect(bytes: &[u8]) -> Result<Inspected, BadFrame> {
    if bytes.is_empty() {
        return Err(BadFrame::Empty);
    }
    let (mut header, mut at) = Header::start(bytes)?;
    let length = loop {
        match header.advance(bytes, at)? {
            Next::Scan(data) => at = entropy::walk(bytes, &header, data)?,
            Next::End(length) => break length,
        }
    };
    Ok(Inspected { length, width: header.width, height: header.height, lacks_tables: header.lacks_tables })
}

/// The frame without the bytes behind its end, and with the standard Huffman tables put in where it lacks them, so
/// that any decoder reads it.
pub(crate) fn complete(bytes: &[u8], found: &Inspected) -> Bytes {
    let frame = &bytes[..found.length.min(bytes.len())];
    if !found.lacks_tables {
        return Bytes::copy_from_slice(frame);
    }
    let (start, rest) = frame.split_at(2.min(frame.len()));
    [start, &huffman::standard_segment(), rest].concat().into()
}

/// Decodes a whole JPEG to RGB, about 5 ms for 1280x720, the walk included.
///
/// # Errors
/// [`FrameError::Bad`] for data that is not one whole frame, [`FrameError::Decode`] for what the decoder refuses.
pub(crate) fn decode(bytes: &[u8]) -> Result<Rgb8Image, FrameError> {
    let found = inspect(bytes).map_err(FrameError::Bad)?;
    let whole = complete(bytes, &found);
    let options = DecoderOptions::new_safe().set_strict_mode(true).jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&whole), options);
    let data = decoder.decode().map_err(FrameError::Decode)?;
    Ok(Rgb8Image { width: found.width, height: found.height, data })
}

/// Encodes a picture with 4:2:0 chroma.
///
/// # Errors
/// [`FrameError::Encode`] where a side is zero or above 65,535 pixels.
pub(crate) fn encode(image: &Rgb8Image, quality: u8) -> Result<Vec<u8>, FrameError> {
    let side = |pixels: u32| u16::try_from(pixels).unwrap_or(0);
    let mut bytes = Vec::with_capacity(image.data.len() / 8);
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    encoder
        .encode(&image.data, side(image.width), side(image.height), jpeg_encoder::ColorType::Rgb)
        .map_err(FrameError::Encode)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
