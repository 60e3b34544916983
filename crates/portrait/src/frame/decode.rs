//! Bytes to a [`Frame`]: JPEG through zune-jpeg's strict mode, PNG through the image crate.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Frame, FrameError, check_size};

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
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let (width, height) = (width as u32, height as u32);
    check_size(width, height)?;
    whole(bytes)?;
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    let rgb = decoder.decode().map_err(damaged)?;
    upright(width, height, rgb, orientation.unwrap_or(Orientation::NoTransforms))
}

/// The decoder forgives a missing end marker when the entropy data happen to suffice; a cut file is refused here.
fn whole(bytes: &[u8]) -> Result<(), FrameError> {
    crate::jpeg::structure(bytes).end.map(drop).ok_or(FrameError::Truncated)
}

fn decode_png(bytes: &[u8]) -> Result<Frame, FrameError> {
    refuse_empty_png(bytes)?;
    let mut decoder = image::codecs::png::PngDecoder::new(Cursor::new(bytes)).map_err(FrameError::Png)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let orientation = decoder.orientation().map_err(FrameError::Png)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(FrameError::Png)?;
    upright(width, height, flatten(picture).into_raw(), orientation)
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
