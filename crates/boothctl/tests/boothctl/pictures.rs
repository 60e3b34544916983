//! Pictures as people hand them in, made from one sample.

use crate::support::face;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage};
use std::io::Cursor;

/// The rendered person who passes.
pub fn person() -> DynamicImage {
    image::open(face("p03__blue_cloth.jpg")).unwrap()
}

pub fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

pub fn png_of_16_bits(picture: &DynamicImage) -> Vec<u8> {
    png(&DynamicImage::ImageRgb16(picture.to_rgb16()))
}

pub fn png_with_alpha(picture: &DynamicImage) -> Vec<u8> {
    png(&DynamicImage::ImageRgba8(picture.to_rgba8()))
}

pub fn jpeg(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&picture.to_rgb8()).unwrap();
    bytes
}

pub fn grey_jpeg(picture: &DynamicImage) -> Vec<u8> {
    let grey: GrayImage = picture.to_luma8();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(&grey).unwrap();
    bytes
}

/// A JPEG that lies on its side, with the EXIF tag that says so (orientation 6: turn it clockwise to see it upright).
pub fn turned_jpeg(picture: &DynamicImage) -> Vec<u8> {
    let mut plain = Vec::new();
    JpegEncoder::new_with_quality(&mut plain, 95).encode_image(&picture.rotate270().to_rgb8()).unwrap();
    let tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let length = u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes();
    let mut turned = plain[..2].to_vec();
    turned.extend([0xFF, 0xE1].iter().chain(&length).chain(b"Exif\0\0").chain(tiff));
    turned.extend(&plain[2..]);
    turned
}

/// Two people side by side.
pub fn pair() -> DynamicImage {
    let one = person().crop_imm(320, 0, 640, 960);
    let mut both = DynamicImage::new_rgb8(1280, 960);
    image::imageops::replace(&mut both, &one, 0, 0);
    image::imageops::replace(&mut both, &one.fliph(), 640, 0);
    both
}

/// The person in a quarter of the light.
pub fn dim() -> DynamicImage {
    let mut picture = person().to_rgb8();
    picture.iter_mut().for_each(|value| *value /= 4);
    DynamicImage::ImageRgb8(picture)
}

/// A grey wall.
pub fn nobody() -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(640, 480, |x, y| {
        image::Rgb([150, 150, 120 + ((x ^ y) % 16) as u8])
    }))
}

/// A PNG whose header promises a size and whose data was never written.
pub fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes().iter().chain(&height.to_be_bytes()).chain(&[8, 2, 0, 0, 0]));
    let sum = crc32(&bytes[12..]);
    bytes.extend(sum.to_be_bytes());
    bytes
}

/// PNG's checksum (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |s, _| (s >> 1) ^ (0xEDB8_8320 & 0u32.wrapping_sub(s & 1)))
    })
}
