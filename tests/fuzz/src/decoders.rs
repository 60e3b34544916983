//! One function a decoder that a handed-in file reaches: whatever the bytes, it must return, and what it says must hold.
//!
//! The fuzz targets call them with bytes of the fuzzer's, and an ordinary test of `portrait` with the corpus.

use std::io::Cursor;

use image::ImageReader;
use portrait::{
    Backdrop, Frame, FrameError, MAX_PIXELS, Specification, Window, pictures, silhouette, structure,
};

/// A decoder's name, which is its corpus' folder too, and what is held of it.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 6] = [
    ("jpeg", jpeg),
    ("png", png),
    ("orientation", orientation),
    ("structure", structures),
    ("specification", specification),
    ("backdrop", backdrop),
];

/// Larger pictures are left to a test with a time limit: decoding them takes the fuzzer's time and shows nothing new.
const MOST_PIXELS: u64 = 256 * 256;

/// A JPEG of any kind.
pub fn jpeg(bytes: &[u8]) {
    decode(bytes);
}

/// A PNG of any kind.
pub fn png(bytes: &[u8]) {
    decode(bytes);
}

/// Whether a picture is one that costs too much to look at.
fn is_large(bytes: &[u8]) -> bool {
    let size = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map(ImageReader::into_dimensions);
    let Ok(Ok((width, height))) = size else { return false };
    (MOST_PIXELS..=MAX_PIXELS).contains(&(u64::from(width) * u64::from(height)))
}

fn decode(bytes: &[u8]) {
    if is_large(bytes) {
        return;
    }
    match Frame::decode(bytes) {
        Ok(frame) => {
            let pixels = u64::from(frame.width()) * u64::from(frame.height());
            assert!((1..=MAX_PIXELS).contains(&pixels), "a frame has 1 to {MAX_PIXELS} pixels");
            assert_eq!(frame.rgb().len() as u64, 3 * pixels, "three bytes a pixel");
            let again = Frame::decode(bytes).expect("what was read once is read again");
            assert!(frame.rgb() == again.rgb(), "the same file gives the same pixels");
        }
        Err(error) => assert!(!error.to_string().is_empty(), "a refusal says why"),
    }
}

/// EXIF metadata, in a JPEG and in a PNG of 3x2 pixels: both are turned alike, and damaged metadata spoil no picture.
pub fn orientation(exif: &[u8]) {
    if exif.len() > 60_000 {
        return;
    }
    let [jpeg, png] = [jpeg_with(exif), png_with(exif)].map(|file| Frame::decode(&file).map(size));
    match (jpeg, png) {
        (Ok(jpeg), Ok(png)) => {
            assert!(jpeg == (3, 2) || jpeg == (2, 3), "turned by quarters only: {jpeg:?}");
            assert_eq!(jpeg, png, "JPEG and PNG are turned alike");
        }
        // An empty chunk is damage of the PNG itself.
        (Ok(_), Err(FrameError::Png(_))) if exif.is_empty() => {}
        (jpeg, png) => panic!("metadata spoilt a picture: {jpeg:?}, {png:?}"),
    }
}

fn size(frame: Frame) -> (u32, u32) {
    (frame.width(), frame.height())
}

/// 3x2 grey pixels.
const JPEG: &[u8] = include_bytes!("3x2.jpg");

fn jpeg_with(exif: &[u8]) -> Vec<u8> {
    let length = (exif.len() + 8) as u16;
    [&JPEG[..2], &[0xFF, 0xE1], &length.to_be_bytes(), b"Exif\0\0", exif, &JPEG[2..]].concat()
}

/// The same as PNG: the signature's 8 bytes, the header's 25, then the rest.
const PNG: &[u8] = include_bytes!("3x2.png");

fn png_with(exif: &[u8]) -> Vec<u8> {
    let named = [b"eXIf", exif].concat();
    let length = (exif.len() as u32).to_be_bytes();
    [&PNG[..33], &length, &named, &crc32(&named).to_be_bytes(), &PNG[33..]].concat()
}

/// PNG's checksum (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |s, _| (s >> 1) ^ (0xEDB8_8320 & 0u32.wrapping_sub(s & 1)))
    })
}

/// The walk over a JPEG's markers, and over the pictures of a raw MJPEG sequence.
pub fn structures(bytes: &[u8]) {
    if let Some(end) = structure(bytes).end {
        assert!(end <= bytes.len(), "a file ends inside its bytes");
        assert_eq!(structure(&bytes[..end]).end, Some(end), "what lies behind changes nothing");
        assert_eq!(structure(&bytes[..end - 1]).end, None, "a file without its last byte has no end");
    }
    let mut rest = bytes.len();
    for picture in pictures(bytes) {
        assert!(picture.len() <= rest, "pictures of a sequence do not overlap");
        rest -= picture.len();
        assert_eq!(structure(picture).end, Some(picture.len()), "each one is whole");
    }
}

/// A specification's text: what is accepted has windows in order, and a place for the head or a reason.
pub fn specification(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let spec = match Specification::parse(text) {
        Ok(spec) => spec,
        Err(error) => return assert!(!error.to_string().is_empty(), "a refusal says why"),
    };
    let windows = [spec.hair_top_px, spec.eye_line_px, spec.face_width_px, spec.eye_centre_px, spec.roll_deg];
    for window in windows {
        assert!(window.holds(window.preferred()) && ordered(&window), "{window:?}");
    }
    if let Ok(place) = silhouette(&spec, 1280, 720) {
        let numbers = [place.crop.x, place.crop.y, place.face.rx, place.face.ry, place.eye_y];
        assert!(numbers.iter().all(|v| v.is_finite()), "{place:?}");
    }
}

fn ordered(window: &Window) -> bool {
    window.low() <= window.high() && window.low().is_finite() && window.high().is_finite()
}

/// A stored backdrop: what is read is written again as the same backdrop.
pub fn backdrop(bytes: &[u8]) {
    if is_large(bytes) {
        return;
    }
    match Backdrop::from_png(bytes) {
        Ok(backdrop) => {
            let written = backdrop.to_png().expect("a backdrop can be written");
            let again = Backdrop::from_png(&written).expect("what was written is read");
            assert_eq!(again.size(), backdrop.size(), "the size is kept");
            let twice = again.to_png().expect("a backdrop can be written");
            assert!(written == twice, "and so is every cell");
        }
        Err(error) => assert!(!error.to_string().is_empty(), "a refusal says why"),
    }
}
