use super::*;
use proptest::prelude::*;

/// A picture with edges and colour: no two blocks alike, so that nothing compresses away.
fn picture(width: u32, height: u32) -> Rgb8Image {
    let mut seed = 1_u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 28) as u8
    };
    let data = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| [(x * 2) as u8 ^ noise(), (y * 3) as u8, ((x + y) * 5) as u8 ^ noise()])
        .collect();
    Rgb8Image { width, height, data }
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encode(&picture(width, height), 85).expect("a picture that can be encoded")
}

/// The same JPEG without its Huffman tables, as some webcams send it.
fn without_tables(jpeg: &[u8]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    let mut at = 2;
    while jpeg[at + 1] != 0xDA {
        let next = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != 0xC4 {
            out.extend_from_slice(&jpeg[at..next]);
        }
        at = next;
    }
    out.extend_from_slice(&jpeg[at..]);
    out
}

#[test]
fn a_whole_frame_is_measured_and_decoded() {
    for (width, height) in [(64, 48), (33, 17), (8, 8), (1, 1), (640, 480)] {
        let bytes = jpeg(width, height);
        let expect = Inspected { length: bytes.len(), width, height, lacks_tables: false };
        assert_eq!(inspect(&bytes), Ok(expect));
        let decoded = decode(&bytes).expect("a whole frame decodes");
        assert_eq!((decoded.width, decoded.height), (width, height));
        assert_eq!(decoded.data.len(), (width * height * 3) as usize);
    }
}

#[test]
fn every_coding_that_webcams_use_is_walked() {
    let image = picture(97, 51);
    for sampling in [
        jpeg_encoder::SamplingFactor::F_1_1,
        jpeg_encoder::SamplingFactor::F_2_1,
        jpeg_encoder::SamplingFactor::F_1_2,
        jpeg_encoder::SamplingFactor::F_2_2,
    ] {
        for restart in [0, 1, 5] {
            for optimised in [false, true] {
                let mut bytes = Vec::new();
                let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 80);
                encoder.set_sampling_factor(sampling);
                encoder.set_optimized_huffman_tables(optimised);
                // The encoder can't do both.
                if restart > 0 && !optimised {
                    encoder.set_restart_interval(restart);
                }
                encoder.encode(&image.data, 97, 51, jpeg_encoder::ColorType::Rgb).expect("encodes");
                let found = inspect(&bytes).expect("a whole frame");
                assert_eq!(found.length, bytes.len(), "{sampling:?}, restart {restart}");
            }
        }
    }
}

#[test]
fn grey_frames_are_walked_and_decode_to_rgb() {
    let mut bytes = Vec::new();
    let grey: Vec<u8> = (0..40 * 24).map(|value| value as u8).collect();
    jpeg_encoder::Encoder::new(&mut bytes, 90)
        .encode(&grey, 40, 24, jpeg_encoder::ColorType::Luma)
        .expect("encodes");
    assert_eq!(inspect(&bytes).expect("whole").length, bytes.len());
    assert_eq!(decode(&bytes).expect("decodes").data.len(), 40 * 24 * 3);
}

#[test]
fn stale_bytes_behind_the_end_are_cut_off() {
    let whole = jpeg(64, 48);
    let mut buffer = whole.clone();
    buffer.extend_from_slice(&jpeg(32, 32)[10..]);
    let found = inspect(&buffer).expect("the frame in front is whole");
    assert_eq!(complete(&buffer, &found), whole);
}

#[test]
fn missing_tables_are_put_in() {
    let whole = jpeg(64, 48);
    let bare = without_tables(&whole);
    let found = inspect(&bare).expect("the standard tables are meant");
    assert!(found.lacks_tables);
    let completed = complete(&bare, &found);
    assert!(!inspect(&completed).expect("whole").lacks_tables);
    assert_eq!(decode(&completed).expect("decodes"), decode(&whole).expect("decodes"));
    assert_eq!(decode(&bare).expect("decodes"), decode(&whole).expect("decodes"));
}

#[test]
fn each_kind_of_bad_frame_is_named() {
    let whole = jpeg(64, 48);
    let check = |bytes: &[u8], expect| assert_eq!(inspect(bytes), Err(expect));
    check(&[], BadFrame::Empty);
    check(&[0; 5000], BadFrame::NotJpeg);
    check(&whole[..whole.len() / 2], BadFrame::Truncated);
    check(&whole[..whole.len() - 2], BadFrame::Truncated);
    check(&whole[..100], BadFrame::Truncated);
    let mut closed_early = whole[..whole.len() / 2].to_vec();
    closed_early.extend([0xFF, 0xD9]);
    check(&closed_early, BadFrame::Truncated);
    let mut two_halves = whole[..whole.len() / 2].to_vec();
    two_halves.extend_from_slice(&whole[whole.len() / 3..]);
    check(&two_halves, BadFrame::Corrupt);
}

#[test]
fn flipped_bytes_are_noticed() {
    let whole = jpeg(320, 240);
    let mut noticed = 0;
    for seed in 1..=100_u8 {
        let mut bytes = whole.clone();
        for at in (700..bytes.len() - 2).step_by(997) {
            bytes[at] ^= seed;
        }
        noticed += u32::from(inspect(&bytes).is_err());
    }
    // Measured: 100 of 100. One that passes would hold every block, with some values changed.
    assert!(noticed >= 99, "{noticed} of 100 corrupted frames were noticed");
}

proptest! {
    #[test]
    fn no_bytes_panic_and_nothing_cut_short_passes(cut in 0_usize..4000, flips in prop::collection::vec((0_usize..4000, any::<u8>()), 0..8)) {
        let whole = jpeg(64, 48);
        let mut bytes = whole.clone();
        for &(at, value) in &flips {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= value;
            }
        }
        // Whatever the bytes, the answer is a result, and what it accepts can be cut and handed on.
        if let Ok(found) = inspect(&bytes) {
            prop_assert!(found.length <= bytes.len());
            prop_assert!(complete(&bytes, &found).ends_with(&[0xFF, 0xD9]));
        }
        let short = &whole[..cut.min(whole.len() - 1)];
        prop_assert!(inspect(short).is_err(), "a frame without its last byte is not whole");
        prop_assert!(decode(short).is_err());
    }

    #[test]
    fn random_bytes_behind_a_start_marker_are_refused(tail in prop::collection::vec(any::<u8>(), 0..2000)) {
        let bytes = [&[0xFF, 0xD8], tail.as_slice()].concat();
        prop_assert!(inspect(&bytes).is_err());
    }
}
