//! What anything may be: other codes, several at once, parts, noise, and pictures as files.

use super::scene::{Dice, Scene, payload};
use image::{GrayImage, ImageFormat, Luma, LumaA, imageops};
use proptest::prelude::*;
use qrcode::canvas::Canvas;
use qrcode::{Color, EcLevel, QrCode, Version};
use reader::code::{Charset, CodeRefusal, CodeRule, LastFour, PictureError, ScannerText, find, picture};
use std::io::Cursor;

/// A symbol with its margin, `scale` pixels a module.
fn drawn(colors: &[Color], width: usize, scale: usize) -> GrayImage {
    let side = ((width + 8) * scale) as u32;
    GrayImage::from_fn(side, side, |x, y| {
        let module = |at: u32| (at as usize / scale).checked_sub(4).filter(|&m| m < width);
        let dark = match (module(x), module(y)) {
            (Some(column), Some(row)) => colors[row * width + column] == Color::Dark,
            _ => false,
        };
        Luma([if dark { 0 } else { 255 }])
    })
}

fn symbol(payload: &[u8], scale: usize) -> GrayImage {
    let code = QrCode::with_error_correction_level(payload, EcLevel::M).unwrap();
    drawn(&code.to_colors(), code.width(), scale)
}

/// Symbols beside each other on white.
fn beside(symbols: &[GrayImage]) -> GrayImage {
    let (width, height) =
        (symbols.iter().map(GrayImage::width).sum(), symbols.iter().map(GrayImage::height).max());
    let mut all = GrayImage::from_pixel(width, height.unwrap(), Luma([255]));
    let mut left = 0;
    for symbol in symbols {
        imageops::replace(&mut all, symbol, left, 0);
        left += i64::from(symbol.width());
    }
    all
}

fn taken(picture: &GrayImage) -> Result<Vec<u8>, CodeRefusal> {
    CodeRule::default().take(&find(picture), picture).map(|code| code.payload().to_vec())
}

#[test]
fn a_poster_beside_the_phone_does_no_harm_and_two_codes_do() {
    let (own, other) = (payload(200, 1), payload(200, 2));
    let link = b"https://example.edu.cn/join-our-choir".as_slice();
    let check = |payloads: &[&[u8]], expect: Result<Vec<u8>, CodeRefusal>| {
        let symbols: Vec<GrayImage> = payloads.iter().map(|payload| symbol(payload, 4)).collect();
        assert_eq!(taken(&beside(&symbols)), expect, "{} symbols", payloads.len());
    };
    check(&[&own], Ok(own.clone()));
    check(&[link, &own], Ok(own.clone()));
    check(&[&own, &own], Ok(own.clone()));
    check(&[&own, &other], Err(CodeRefusal::Several));
    check(&[link], Err(CodeRefusal::WebLink));
    check(&[b"134567890123456789"], Err(CodeRefusal::PaymentCode));
    check(&[b"20240001"], Err(CodeRefusal::NotACode));
    assert_eq!(taken(&GrayImage::from_pixel(640, 480, Luma([255]))), Err(CodeRefusal::Empty));
    assert_eq!(taken(&GrayImage::new(0, 0)), Err(CodeRefusal::Empty));
}

/// A symbol that says that it is the first of three: version 10, level L, built by hand (ISO/IEC 18004, section 8).
fn part_of_three(payload: &[u8]) -> GrayImage {
    let mut bits: Vec<bool> = Vec::new();
    let mut push = |value: usize, count: usize| bits.extend((0..count).rev().map(|i| value >> i & 1 == 1));
    for (value, count) in [(0b0011, 4), (0, 4), (2, 4), (0x5a, 8), (0b0100, 4), (payload.len(), 16)] {
        push(value, count);
    }
    payload.iter().for_each(|&byte| push(usize::from(byte), 8));
    push(0, 4);
    bits.resize(bits.len().next_multiple_of(8), false);
    let byte = |bits: &[bool]| bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
    let mut data: Vec<u8> = bits.chunks(8).map(byte).collect();
    // Version 10-L holds 274 data codewords; the rest is padding.
    data.extend([0xec, 0x11].into_iter().cycle().take(274 - data.len()));
    let version = Version::Normal(10);
    let (data, correction) = qrcode::ec::construct_codewords(&data, version, EcLevel::L).unwrap();
    let mut canvas = Canvas::new(version, EcLevel::L);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    drawn(&canvas.apply_best_mask().into_colors(), 57, 4)
}

#[test]
fn a_part_of_a_larger_message_is_too_large() {
    let picture = part_of_three(&payload(200, 3));
    let symbols = find(&picture);
    assert_eq!(symbols.len(), 1);
    assert!(symbols[0].is_part() && symbols[0].payload() == payload(200, 3));
    assert_eq!(taken(&picture), Err(CodeRefusal::TooLarge));
}

#[test]
fn the_kept_picture_is_the_symbol_and_reads_the_same() {
    for (bytes, tilt) in [(100, [25.0, -10.0, 20.0]), (300, [-20.0, 15.0, 100.0]), (600, [10.0, 10.0, -30.0])]
    {
        let scene = Scene { tilt, ..Scene::quiet(bytes, 5) };
        let frame = scene.frame();
        let code = CodeRule::default().take(&find(&frame), &frame).unwrap();
        let kept = code.picture().unwrap();
        let upright = picture(kept).unwrap();
        let again = find(&upright);
        println!("{bytes} bytes: kept as {} bytes, {} pixels a side", kept.len(), upright.width());
        assert_eq!(again.len(), 1, "{bytes} bytes");
        assert_eq!(again[0].payload(), code.payload(), "the picture holds the same code");
        // The margin is 4 modules of the picture's whole, to half a module.
        let module = upright.width() as f32 / (again[0].modules() + 8) as f32;
        let [top_left, _, bottom_right, _] = again[0].corners();
        for at in [top_left.x, top_left.y] {
            assert!((at / module - 4.0).abs() < 0.5, "the margin is {} modules", at / module);
        }
        assert!(bottom_right.x > top_left.x && bottom_right.y > top_left.y, "it stands upright");
    }
}

#[test]
fn a_file_is_a_picture_or_says_why_not() {
    let own = payload(300, 8);
    let plain = symbol(&own, 5);
    let written = |format| {
        let mut file = Cursor::new(Vec::new());
        plain.write_to(&mut file, format).unwrap();
        file.into_inner()
    };
    assert_eq!(taken(&picture(&written(ImageFormat::Png)).unwrap()), Ok(own.clone()));
    assert_eq!(taken(&picture(&written(ImageFormat::Jpeg)).unwrap()), Ok(own.clone()));

    // Black on nothing, as some sites give it: what is transparent is white.
    let clear = image::GrayAlphaImage::from_fn(plain.width(), plain.height(), |x, y| {
        LumaA([0, 255 - plain.get_pixel(x, y).0[0]])
    });
    let mut file = Cursor::new(Vec::new());
    clear.write_to(&mut file, ImageFormat::Png).unwrap();
    assert_eq!(taken(&picture(&file.into_inner()).unwrap()), Ok(own.clone()));

    // A photo of 12 million pixels with the code in a third of it.
    let mut large = GrayImage::from_pixel(4000, 3000, Luma([120]));
    imageops::replace(&mut large, &symbol(&own, 16), 700, 500);
    let mut file = Cursor::new(Vec::new());
    large.write_to(&mut file, ImageFormat::Jpeg).unwrap();
    let reduced = picture(&file.into_inner()).unwrap();
    assert_eq!((reduced.width(), reduced.height()), (1600, 1200));
    assert_eq!(taken(&reduced), Ok(own));

    let png = written(ImageFormat::Png);
    assert!(matches!(picture(b"GIF89a"), Err(PictureError::Format)));
    assert!(matches!(picture(&[]), Err(PictureError::Format)));
    assert!(matches!(picture(&png[..png.len() / 2]), Err(PictureError::Damaged(_))));
    let mut huge = png.clone();
    huge[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    assert!(picture(&huge).is_err(), "a picture that says to be 60,000 pixels wide is not decoded");
}

#[test]
fn the_end_of_the_number_tells_whose_code_it_is() {
    use domain::document::{DocumentKind, DocumentNumber};
    // An invented number with a right check digit.
    let number = DocumentNumber::parse(DocumentKind::ResidentId, "11010519491231002X").unwrap();
    let check = |typed: &str, expect: Option<Result<(), CodeRefusal>>| {
        let compared = LastFour::parse(typed).ok().map(|four| four.compare(&number));
        assert_eq!(compared, expect, "{typed:?}");
    };
    check("002X", Some(Ok(())));
    check(" ００２ｘ ", Some(Ok(())));
    check("0021", Some(Err(CodeRefusal::WrongPerson)));
    check("02X", None);
    check("1002X", None);
    check("00😀X", None);
    assert!(!format!("{:?}", LastFour::parse("002X")).contains("002X"), "logs see nothing");
}

#[test]
fn crowded_pictures_take_no_longer_than_a_bounded_time() {
    // Finder patterns everywhere: a wall of the smallest symbols, and stripes of their very proportions.
    let tile = symbol(b"1", 3);
    let wall = GrayImage::from_fn(1280, 720, |x, y| *tile.get_pixel(x % tile.width(), y % tile.height()));
    let stripes = GrayImage::from_fn(1280, 720, |x, y| {
        let on = |at: u32| [0, 0, 1, 0, 0, 0, 1, 0, 0][(at / 4 % 9) as usize] == 1;
        Luma([if on(x) ^ on(y) { 255 } else { 0 }])
    });
    for (name, picture) in [("wall", wall), ("stripes", stripes)] {
        let begun = std::time::Instant::now();
        let symbols = find(&picture).len();
        let took = begun.elapsed();
        println!("{name}: {symbols} symbols in {} ms", took.as_millis());
        // Seen: some tens of milliseconds. Ten times that is for a busy machine.
        assert!(took.as_secs() < 3, "{name} took {took:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_payload_is_read_as_it_is(payload in prop::collection::vec(any::<u8>(), 18..600)) {
        let symbols = find(&symbol(&payload, 4));
        prop_assert_eq!(symbols.len(), 1);
        prop_assert_eq!(symbols[0].payload(), &payload[..]);
    }

    #[test]
    fn a_damaged_symbol_is_read_as_it_is_or_not_at_all(bytes in 20..300usize, seed: u64, blots in 1..40usize) {
        let own = payload(bytes, seed);
        let mut picture = symbol(&own, 4);
        let mut dice = Dice(seed);
        for _ in 0..blots {
            let mut at = |side: u32| (dice.next() % u64::from(side)) as u32;
            let (left, top, tone) = (at(picture.width()), at(picture.height()), at(256) as u8);
            for (x, y) in (0..14).flat_map(|x| (0..14).map(move |y| (left + x, top + y))) {
                if x < picture.width() && y < picture.height() {
                    picture.put_pixel(x, y, Luma([tone]));
                }
            }
        }
        for symbol in find(&picture) {
            prop_assert_eq!(symbol.payload(), &own[..]);
        }
    }

    #[test]
    fn noise_of_any_size_is_no_code(width in 0..200u32, height in 0..200u32, seed: u64, coarse in 1..9u32) {
        let row = width / coarse + 1;
        let noise = GrayImage::from_fn(width, height, |x, y| {
            Luma([Dice(seed ^ u64::from(x / coarse + y / coarse * row)).next() as u8])
        });
        prop_assert!(find(&noise).is_empty());
    }

    #[test]
    fn any_file_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..400), head in 0..3usize) {
        let head: &[u8] = [&b""[..], b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"][head];
        let file = [head, &bytes].concat();
        prop_assert!(picture(&file).is_err());
    }

    #[test]
    fn what_is_taken_keeps_the_rule_and_is_never_printed(
        text in "[ -~]{0,80}", wild in any::<String>(), least in 1..40usize, more in 0..60usize
    ) {
        let rule = CodeRule::new(least, least + more, Charset::Printable, "").unwrap();
        for typed in [&text, &wild] {
            match ScannerText::parse(typed, &rule) {
                Ok(code) => {
                    prop_assert!(rule.judge(code.payload()).is_ok());
                    let shown = format!("{code:?} {:?}", code.fingerprint());
                    let secret = String::from_utf8_lossy(code.payload());
                    prop_assert!(secret.len() < 6 || !shown.contains(&*secret));
                }
                Err(refusal) => prop_assert!(!refusal.to_string().is_empty()),
            }
        }
    }
}
