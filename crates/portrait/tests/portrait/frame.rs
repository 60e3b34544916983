use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use jpeg_encoder::{ColorType, Encoder};
use portrait::{Frame, FrameError};
use proptest::prelude::*;

use crate::sample::{asset, bytes, pixel};

fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.into().write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner()
}

fn jpeg(data: &[u8], width: u16, height: u16, kind: ColorType) -> Vec<u8> {
    let mut out = Vec::new();
    Encoder::new(&mut out, 95).encode(data, width, height, kind).unwrap();
    out
}

fn close(got: [u8; 3], expect: [u8; 3], what: &str) {
    let far = got.iter().zip(expect).any(|(g, e)| g.abs_diff(e) > 4);
    assert!(!far, "{what} decodes to {expect:?}, got {got:?}");
}

#[test]
fn every_pixel_format_becomes_rgb() {
    let cases: Vec<(&str, Vec<u8>, [u8; 3])> = vec![
        ("grey", png(image::GrayImage::from_pixel(9, 7, image::Luma([80]))), [80; 3]),
        ("grey with alpha", png(image::GrayAlphaImage::from_pixel(9, 7, image::LumaA([0, 128]))), [127; 3]),
        ("rgba on white", png(image::RgbaImage::from_pixel(9, 7, image::Rgba([200, 0, 0, 0]))), [255; 3]),
        (
            "rgba half",
            png(image::RgbaImage::from_pixel(9, 7, image::Rgba([200, 0, 0, 128]))),
            [227, 127, 127],
        ),
        (
            "16-bit rgb",
            png(DynamicImage::ImageRgb16(image::ImageBuffer::from_pixel(
                9,
                7,
                image::Rgb([10 * 257, 100 * 257, 250 * 257]),
            ))),
            [10, 100, 250],
        ),
        (
            "16-bit grey",
            png(DynamicImage::ImageLuma16(image::ImageBuffer::from_pixel(9, 7, image::Luma([60 * 257])))),
            [60; 3],
        ),
        ("grey jpeg", jpeg(&[90; 63], 9, 7, ColorType::Luma), [90; 3]),
        ("rgb jpeg", jpeg(&[200, 100, 50].repeat(63), 9, 7, ColorType::Rgb), [200, 100, 50]),
        // Inks: what is taken away from white. The file holds them inverted, as Adobe's do.
        ("cmyk jpeg", jpeg(&[55, 155, 205, 0].repeat(63), 9, 7, ColorType::Cmyk), [200, 100, 50]),
        ("ycck jpeg", jpeg(&[55, 155, 205, 0].repeat(63), 9, 7, ColorType::CmykAsYcck), [200, 100, 50]),
    ];
    for (what, bytes, expect) in cases {
        let frame = Frame::decode(&bytes).unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!((frame.width(), frame.height()), (9, 7), "{what} keeps its size");
        close(pixel(&frame, 4, 3), expect, what);
    }
}

/// An EXIF segment with nothing but an orientation.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let tiff =
        [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".as_slice(), &[orientation, 0, 0, 0], &[0; 4]]
            .concat();
    let body = [b"Exif\0\0".as_slice(), &tiff].concat();
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &body, &jpeg[2..]].concat()
}

#[test]
fn exif_orientation_turns_the_picture_upright() {
    // Red left half, green right half, 32x16.
    let row: Vec<u8> = (0..32).flat_map(|x| if x < 16 { [220, 0, 0] } else { [0, 200, 0] }).collect();
    let jpeg = jpeg(&row.repeat(16), 32, 16, ColorType::Rgb);
    // (orientation, size, where red is)
    let cases = [
        (1, (32, 16), (4, 8)),
        (2, (32, 16), (28, 8)),
        (3, (32, 16), (28, 8)),
        (4, (32, 16), (4, 8)),
        (5, (16, 32), (8, 4)),
        (6, (16, 32), (8, 4)),
        (7, (16, 32), (8, 28)),
        (8, (16, 32), (8, 28)),
    ];
    for (orientation, size, (x, y)) in cases {
        let frame = Frame::decode(&with_orientation(&jpeg, orientation)).unwrap();
        assert_eq!((frame.width(), frame.height()), size, "size under orientation {orientation}");
        close(pixel(&frame, x, y), [220, 0, 0], &format!("orientation {orientation}"));
    }
}

/// The JPEG with another size in its frame header.
fn resized_header(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut out = jpeg.to_vec();
    let sof = out.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    out[sof + 5..sof + 7].copy_from_slice(&height.to_be_bytes());
    out[sof + 7..sof + 9].copy_from_slice(&width.to_be_bytes());
    out
}

/// A PNG header alone.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut out = png(image::RgbImage::new(1, 1));
    out[16..20].copy_from_slice(&width.to_be_bytes());
    out[20..24].copy_from_slice(&height.to_be_bytes());
    out
}

type Expected = fn(&FrameError) -> bool;

#[test]
fn bad_pictures_are_refused_by_name() {
    let good = bytes("p09__white.jpg");
    let real = bytes("astronaut.png");
    let thumbnail = with_thumbnail(&good[..good.len() / 2]);
    let cases: Vec<(&str, Vec<u8>, Expected)> = vec![
        ("nothing", vec![], |e| matches!(e, FrameError::UnknownFormat)),
        ("text", b"not a picture".to_vec(), |e| matches!(e, FrameError::UnknownFormat)),
        ("half a JPEG", good[..good.len() / 2].to_vec(), |e| matches!(e, FrameError::Truncated)),
        ("a JPEG without its last two bytes", good[..good.len() - 2].to_vec(), |e| {
            matches!(e, FrameError::Truncated)
        }),
        ("half a JPEG with a whole thumbnail", thumbnail, |e| matches!(e, FrameError::Truncated)),
        ("a JPEG's first three bytes", good[..3].to_vec(), |e| {
            matches!(e, FrameError::Jpeg(_) | FrameError::Truncated)
        }),
        ("a JPEG that lost half of its data but not its end", without_data(&good, 0.5), |e| {
            matches!(e, FrameError::Jpeg(_))
        }),
        ("a JPEG that lost a tenth", without_data(&good, 0.9), |e| matches!(e, FrameError::Jpeg(_))),
        ("half a PNG", real[..real.len() / 2].to_vec(), |e| matches!(e, FrameError::Png(_))),
        ("a 50-megapixel JPEG", resized_header(&good, 10000, 5000), |e| {
            matches!(e, FrameError::TooLarge { width: 10000, height: 5000 })
        }),
        ("a 50-megapixel PNG", png_header(10000, 5000), |e| matches!(e, FrameError::TooLarge { .. })),
        ("a zero-pixel PNG", png_header(0, 0), |e| matches!(e, FrameError::NoPixels { .. })),
    ];
    for (what, bytes, expected) in cases {
        let error = Frame::decode(&bytes).expect_err(what);
        assert!(expected(&error), "{what} is refused by its own name, got {error:?}");
    }
    // Zero width in a JPEG header is damage to the decoder.
    assert!(Frame::decode(&resized_header(&good, 0, 0)).is_err(), "a zero-pixel JPEG is refused");
}

/// The JPEG with this share of its bytes and its end marker.
fn without_data(jpeg: &[u8], share: f64) -> Vec<u8> {
    let kept = (jpeg.len() as f64 * share) as usize;
    [&jpeg[..kept], &[0xFF, 0xD9]].concat()
}

#[test]
fn whole_jpegs_of_every_coding_keep_every_pixel() {
    let folder = asset("../tests/fuzz/corpus/jpeg");
    for name in [
        "baseline-444",
        "baseline-422",
        "baseline-420",
        "grey",
        "restarts",
        "optimised",
        "odd-17x9",
        "1x1",
        "progressive",
        "grey-progressive",
    ] {
        let bytes = std::fs::read(folder.join(name).with_extension("jpg")).unwrap();
        let expect = image::load_from_memory(&bytes).unwrap().into_rgb8();
        let frame = Frame::decode(&bytes).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert_eq!((frame.width(), frame.height()), expect.dimensions(), "{name}");
        assert!(frame.rgb() == expect.as_raw(), "{name} is decoded to its last pixel");
    }
    for size in 1..=33_u16 {
        let flat = jpeg(&[90, 120, 60].repeat(usize::from(size).pow(2)), size, size, ColorType::Rgb);
        assert!(Frame::decode(&flat).is_ok(), "a picture of few bytes is whole: {size}x{size}");
    }
}

/// The bytes with a segment in front that holds a whole small JPEG, end marker included.
fn with_thumbnail(jpeg: &[u8]) -> Vec<u8> {
    let small = self::jpeg(&[0; 192], 8, 8, ColorType::Rgb);
    let length = (small.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE5], &length, &small, &jpeg[2..]].concat()
}

#[test]
fn raw_pixels_must_match_their_size() {
    assert!(matches!(Frame::from_rgb8(0, 5, vec![]), Err(FrameError::NoPixels { .. })));
    assert!(matches!(
        Frame::from_rgb8(2, 2, vec![0; 11]),
        Err(FrameError::WrongLength { needed: 12, given: 11, .. })
    ));
    assert!(matches!(Frame::from_rgb8(10_000, 5_000, vec![]), Err(FrameError::TooLarge { .. })));
    assert!(Frame::from_rgb8(2, 2, vec![0; 12]).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn damaged_files_never_panic(at in 0_usize..4000, value in any::<u8>(), keep in 100_usize..4000) {
        let whole = jpeg(&[120, 90, 60].repeat(48 * 48), 48, 48, ColorType::Rgb);
        let mut damaged = whole[..keep.min(whole.len())].to_vec();
        let i = at % damaged.len();
        damaged[i] = value;
        let _frame = Frame::decode(&damaged).is_ok();
    }

    #[test]
    fn arbitrary_bytes_behind_a_magic_never_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        for magic in [[0xFF, 0xD8].as_slice(), b"\x89PNG\r\n\x1a\n"] {
            let _frame = Frame::decode(&[magic, &body].concat()).is_ok();
        }
    }
}
