//! Bytes to a [`Frame`]: JPEG through zune-jpeg's strict mode, PNG through the image crate.

mod palette;

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::error::{DecodingError, ImageFormatHint};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, Limits, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Frame, FrameError, check_size};
use crate::jpeg::Structure;

/// The longest side of which a decoder is asked; the pixel count is the real limit.
const MAX_SIDE: usize = 65_535;

pub(super) fn decode(bytes: &[u8]) -> Result<Frame, FrameError> {
    if bytes.starts_with(&[0xFF, 0xD8]) {
        decode_jpeg(bytes)
    } else if bytes.starts_with(&[0x89, b'P', b'N', b'G']) {
        decode_png(bytes)
    } else {
        Err(FrameError::UnknownFormat)
    }
}

fn decode_jpeg(bytes: &[u8]) -> Result<Frame, FrameError> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let damaged = |e: zune_jpeg::errors::DecodeErrors| FrameError::Jpeg(Box::new(e));
    let structure = crate::jpeg::structure(bytes);
    let file = without_end(bytes, &structure);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&*file), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let (width, height) = (width as u32, height as u32);
    check_size(width, height)?;
    // The decoder forgives a missing end marker when the entropy data happen to suffice.
    structure.end.ok_or(FrameError::Truncated)?;
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    let rgb = decoder.decode().map_err(damaged)?;
    upright(width, height, rgb, orientation.unwrap_or(Orientation::NoTransforms))
}

/// What the decoder reads ahead at most; a whole picture leaves these bytes unused.
const READ_AHEAD: [u8; 8] = [0; 8];

/// A baseline file without its end marker. At an end marker that comes too early the decoder paints the rest grey
/// and calls the picture whole; at the end of the bytes it complains. It does so a row of blocks at a time, so that
/// a picture that lacks a part of its last 8 or 16 rows still passes. Other codings need the marker.
fn without_end<'a>(bytes: &'a [u8], structure: &Structure) -> Cow<'a, [u8]> {
    match structure.end {
        Some(end) if structure.baseline => [&bytes[..end - 2], &READ_AHEAD].concat().into(),
        _ => bytes.into(),
    }
}

fn decode_png(bytes: &[u8]) -> Result<Frame, FrameError> {
    refuse_empty_png(bytes)?;
    if !palette::is_whole(bytes) {
        return Err(FrameError::Png(bad_palette()));
    }
    let cursor = Cursor::new(bytes);
    let mut decoder = PngDecoder::with_limits(cursor, png_limits()).map_err(FrameError::Png)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let orientation = decoder.orientation().map_err(FrameError::Png)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(FrameError::Png)?;
    upright(width, height, flatten(picture).into_raw(), orientation)
}

fn bad_palette() -> ImageError {
    let hint = ImageFormatHint::Exact(ImageFormat::Png);
    ImageError::Decoding(DecodingError::new(hint, "the palette is no list of colours"))
}

/// Profiles and texts are inflated beside the pixels, and a kilobyte of them can become a megabyte: 16 MiB in all.
/// Printers' profiles, the largest in use, have 1 to 4.
pub(crate) fn png_limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(16 << 20);
    limits
}

/// The decoder calls a PNG of zero width damaged; say what is wrong with it instead.
fn refuse_empty_png(bytes: &[u8]) -> Result<(), FrameError> {
    let field = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_be_bytes);
    match (field(16), field(20)) {
        (Some(width), Some(height)) => check_size(width, height),
        _ => Ok(()),
    }
}

/// Any pixel type to RGB of 8 bits; transparency is laid on white.
fn flatten(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0.map(u16::from);
        image::Rgb([r, g, b].map(|v| ((v * a + 255 * (255 - a) + 127) / 255) as u8))
    })
}

fn upright(width: u32, height: u32, rgb: Vec<u8>, orientation: Orientation) -> Result<Frame, FrameError> {
    let frame = Frame::from_rgb8(width, height, rgb)?;
    if orientation == Orientation::NoTransforms {
        return Ok(frame);
    }
    let Some(picture) = RgbImage::from_raw(width, height, frame.rgb) else {
        return Err(FrameError::NoPixels { width, height });
    };
    let mut picture = DynamicImage::ImageRgb8(picture);
    picture.apply_orientation(orientation);
    Frame::from_rgb8(picture.width(), picture.height(), picture.into_rgb8().into_raw())
}
