//! Small files that promise much: what a handed-in file may cost.

use std::io::Write as _;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};
use jpeg_encoder::{ColorType, Encoder};
use portrait::{Frame, FrameError};

use crate::sample::{asset, bytes};

/// This thread's CPU time, seconds: other tests run beside.
fn cpu_s() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid place for the answer.
    assert_eq!(unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) }, 0);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Decodes and asserts that it took at most this much CPU time.
fn within(what: &str, limit_s: f64, bytes: &[u8]) -> Result<Frame, FrameError> {
    let start = cpu_s();
    let result = Frame::decode(bytes);
    let took = cpu_s() - start;
    assert!(took <= limit_s, "{what} of {} bytes took {took:.2} s, at most {limit_s} s", bytes.len());
    result
}

fn png(width: u32, height: u32, kind: ExtendedColorType) -> Vec<u8> {
    let length = u64::from(width) * u64::from(height) * u64::from(kind.bits_per_pixel()) / 8;
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::NoFilter)
        .write_image(&vec![0x80; length as usize], width, height, kind)
        .unwrap();
    png
}

/// A PNG with another chunk behind its header.
fn with_chunk(png: &[u8], name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [name, data].concat();
    let length = (data.len() as u32).to_be_bytes();
    let mut crc = flate2::Crc::new();
    crc.update(&named);
    [&png[..33], &length, &named, &crc.sum().to_be_bytes(), &png[33..]].concat()
}

/// `megabytes` of zeros, deflated a thousandfold.
fn deflated_zeros(megabytes: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..megabytes {
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
    }
    encoder.finish().unwrap()
}

#[test]
fn the_largest_picture_is_read_in_seconds() {
    let frame = within("40 megapixels", 6.0, &png(8000, 5000, ExtendedColorType::Rgb8)).unwrap();
    assert_eq!((frame.width(), frame.height()), (8000, 5000));
    let deep = within("40 megapixels of 16 bits", 12.0, &png(8000, 5000, ExtendedColorType::Rgba16));
    assert_eq!(deep.unwrap().rgb().len(), 8000 * 5000 * 3);
}

#[test]
fn a_larger_one_is_refused_at_its_header() {
    let large = png(8001, 5000, ExtendedColorType::L8);
    assert!(matches!(
        within("a PNG too large", 0.1, &large),
        Err(FrameError::TooLarge { width: 8001, height: 5000 })
    ));
    let mut jpeg = bytes("p09__white.jpg");
    let sof = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    jpeg[sof + 5..sof + 9].fill(0xFF);
    assert!(matches!(
        within("a JPEG too large", 0.1, &jpeg),
        Err(FrameError::TooLarge { width: 65_535, height: 65_535 })
    ));
}

#[test]
fn a_profile_that_inflates_without_end_is_not_read_to_it() {
    let small = png(4, 4, ExtendedColorType::Rgb8);
    let bomb = [b"p\0\0".as_slice(), &deflated_zeros(1500)].concat();
    for (name, data) in [(b"iCCP", bomb.clone()), (b"zTXt", bomb)] {
        let result = within("a bomb", 0.5, &with_chunk(&small, name, &data));
        assert!(result.is_ok() || matches!(result, Err(FrameError::Png(_))), "{result:?}");
    }
}

/// A JPEG of the corpus whose header says 8000x5000.
fn promising(name: &str) -> Vec<u8> {
    let mut jpeg = std::fs::read(asset(&format!("../tests/fuzz/corpus/jpeg/{name}.jpg"))).unwrap();
    let sof = jpeg.windows(2).position(|p| p == [0xFF, 0xC0] || p == [0xFF, 0xC2]).unwrap();
    jpeg[sof + 5..sof + 9].copy_from_slice(&[0x13, 0x88, 0x1F, 0x40]);
    jpeg
}

#[test]
fn a_jpeg_that_promises_more_than_it_holds_is_damaged_and_ends_soon() {
    for name in ["baseline-444", "baseline-420", "grey", "cmyk", "restarts"] {
        let result = within(name, 6.0, &promising(name));
        assert!(matches!(result, Err(FrameError::Jpeg(_))), "{name} is damaged: {result:?}");
    }
}

#[test]
fn a_progressive_jpeg_of_many_scans_ends_soon() {
    let mut whole = Vec::new();
    let mut encoder = Encoder::new(&mut whole, 50);
    encoder.set_progressive(true);
    encoder.encode(&vec![128; 8000 * 5000], 8000, 5000, ColorType::Luma).unwrap();
    assert!(within("a few scans", 12.0, &whole).is_ok(), "as many scans as an encoder writes");
    let last = whole.windows(2).rposition(|pair| pair == [0xFF, 0xDA]).unwrap();
    let (scan, end) = whole[last..].split_at(whole.len() - 2 - last);
    let many = [&whole[..last], &scan.repeat(2000), end].concat();
    let result = within("two thousand scans", 30.0, &many);
    assert!(matches!(result, Err(FrameError::Jpeg(_))), "too many scans: {result:?}");
}
