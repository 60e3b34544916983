//! A picture file as grey pixels to look for a code in: a screenshot or a photo that a student brings.

use image::{DynamicImage, GrayImage, ImageError, ImageFormat, ImageReader, Limits, imageops};
use std::io::Cursor;

/// The longest side that is decoded; a phone's camera has up to 16,320.
const LONGEST_SIDE: u32 = 16_384;

/// The most bytes of decoded pixels: 64 million pixels of three bytes.
const MOST_DECODED: u64 = 192 << 20;

/// What is looked at is made no larger than this: a code of 177 modules has 9 pixels a module in it, where it fills the picture.
const LOOKED_AT: u32 = 1600;

/// Why a file is no picture to look for a code in.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It is neither a JPEG nor a PNG.
    #[error("the file is neither a JPEG nor a PNG")]
    Format,
    /// It has more pixels than a phone makes.
    #[error("the picture is too large")]
    TooLarge,
    /// It is damaged, or of a rare kind.
    #[error("the picture can't be decoded")]
    Damaged(#[source] ImageError),
}

/// The picture in a JPEG or PNG file, grey, its longer side at most 1600 pixels; what is transparent becomes white.
///
/// # Errors
/// [`PictureError`].
pub fn picture(file: &[u8]) -> Result<GrayImage, PictureError> {
    let format = match image::guess_format(file) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => format,
        _ => return Err(PictureError::Format),
    };
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_DECODED);
    reader.limits(limits);
    let decoded = reader.decode().map_err(|error| match error {
        ImageError::Limits(_) => PictureError::TooLarge,
        other => PictureError::Damaged(other),
    })?;
    Ok(reduced(grey(&decoded)))
}

fn grey(picture: &DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.to_luma8();
    }
    let flat = picture.to_luma_alpha8();
    GrayImage::from_fn(flat.width(), flat.height(), |x, y| {
        let [luma, alpha] = flat.get_pixel(x, y).0.map(u32::from);
        image::Luma([u8::try_from((luma * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255)])
    })
}

fn reduced(grey: GrayImage) -> GrayImage {
    let longest = grey.width().max(grey.height());
    if longest <= LOOKED_AT {
        return grey;
    }
    let side = |length: u32| (u64::from(length) * u64::from(LOOKED_AT) / u64::from(longest)).max(1);
    let side = |length| u32::try_from(side(length)).unwrap_or(LOOKED_AT);
    imageops::resize(&grey, side(grey.width()), side(grey.height()), imageops::FilterType::Triangle)
}
