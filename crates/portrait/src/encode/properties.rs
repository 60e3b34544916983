//! Flat, noisy and real pictures in random windows of bytes, against an oracle that tries every quality.

use proptest::prelude::*;

use super::*;
use crate::frame::Frame;
use crate::jpeg::structure;

/// A picture's kind; each is made at the photo's size.
#[derive(Debug, Clone)]
enum Content {
    Flat([u8; 3]),
    Noise { seed: u64, amplitude: u8 },
    Stripes { period: u32 },
    Person { x: u32, y: u32, noise: u8 },
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        any::<[u8; 3]>().prop_map(Content::Flat),
        (any::<u64>(), any::<u8>()).prop_map(|(seed, amplitude)| Content::Noise { seed, amplitude }),
        (1_u32..40).prop_map(|period| Content::Stripes { period }),
        (0_u32..1000, 0_u32..700, 0_u8..24).prop_map(|(x, y, noise)| Content::Person { x, y, noise }),
    ]
}

/// Bytes that look random: a multiplicative congruential generator (Knuth, MMIX's constants).
fn noise(seed: u64, i: u32) -> u8 {
    let step = |v: u64| v.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (step(step(seed ^ u64::from(i))) >> 56) as u8
}

fn person() -> &'static Frame {
    static PERSON: std::sync::LazyLock<Frame> = std::sync::LazyLock::new(|| {
        Frame::decode(include_bytes!("../../../../assets/sample/faces/p05__corridor.jpg")).unwrap()
    });
    &PERSON
}

impl Content {
    fn at(&self, x: u32, y: u32) -> [u8; 3] {
        let about = |value: u8, spread: u8, seed: u64, k: u32| {
            let random = u32::from(noise(seed, (y * 4096 + x) * 3 + k)) * u32::from(spread) / 255;
            (u32::from(value) + random).saturating_sub(u32::from(spread) / 2).min(255) as u8
        };
        match self {
            Self::Flat(colour) => *colour,
            Self::Noise { seed, amplitude } => [0, 1, 2].map(|k| about(128, *amplitude, *seed, k)),
            Self::Stripes { period } => [if (x / period).is_multiple_of(2) { 20 } else { 235 }; 3],
            Self::Person { x: left, y: top, noise } => {
                let pixel = person().pixel((left + x).into(), (top + y).into());
                [0, 1, 2].map(|k| about(pixel[k], *noise, 7, k as u32))
            }
        }
    }

    fn photo(&self, spec: &Specification) -> Composed {
        let (width, height) = (spec.photo.width_px, spec.photo.height_px);
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Composed::of_pixels(width, height, places.flat_map(|(x, y)| self.at(x, y)).collect())
    }
}

/// The degree photo at 96x128, with another window of bytes, floor and profile.
fn specification(min: usize, max: usize, quality: u8, profile: bool) -> Specification {
    let mut spec = Specification::parse(include_str!("../../../../assets/specs/degree.toml")).unwrap();
    (spec.photo.width_px, spec.photo.height_px) = (96, 128);
    (spec.file.min_bytes, spec.file.max_bytes) = (min, max);
    (spec.file.min_quality, spec.file.icc_profile) = (quality, profile);
    spec
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_file_lands_in_its_window_or_none_could(
        content in content(),
        min in 700_usize..20_000,
        wide in 1.01..2.0_f64,
        quality in 1_u8..=100,
        profile in any::<bool>(),
    ) {
        let spec = specification(min, (min as f64 * wide) as usize, quality, profile);
        let window = spec.file.min_bytes..=spec.file.max_bytes;
        let photo = content.photo(&spec);
        match Encoded::new(&photo, &spec) {
            Ok(file) => {
                let length = file.jpeg().len();
                prop_assert!(window.contains(&length), "{length} bytes in {window:?}");
                prop_assert!((quality..=100).contains(&file.quality()), "quality {}", file.quality());
                whole(&file, &spec)?;
                let again = Encoded::new(&photo, &spec).unwrap();
                prop_assert!(again.jpeg() == file.jpeg(), "the same pixels give the same bytes");
            }
            Err(refused) => {
                let planes = Planes::new(&photo);
                let lengths: Vec<usize> =
                    (quality..=100).map(|q| encode(&planes, &spec, q).unwrap().len()).collect();
                let landed = lengths.iter().any(|length| window.contains(length));
                prop_assert!(!landed, "{refused}, but {lengths:?} has one in {window:?}");
                let [Reason::FileOutOfWindow { bytes, min, max }] = refused.reasons[..] else {
                    return Err(TestCaseError::fail(format!("another reason: {refused}")));
                };
                prop_assert!(lengths.contains(&bytes), "the length told is a real one");
                prop_assert_eq!((min, max), (spec.file.min_bytes, spec.file.max_bytes));
            }
        }
    }
}

/// What a file must be whatever is in it.
fn whole(file: &Encoded, spec: &Specification) -> Result<(), TestCaseError> {
    let found = structure(file.jpeg());
    prop_assert_eq!(found.end, Some(file.jpeg().len()), "nothing lies behind the end");
    prop_assert!(found.baseline && found.full_chroma, "baseline, 4:4:4: {:?}", found);
    prop_assert_eq!(found.density_dpi, Some((300, 300)));
    let decoded = Frame::decode(file.jpeg()).unwrap();
    prop_assert_eq!((decoded.width(), decoded.height()), (spec.photo.width_px, spec.photo.height_px));
    Ok(())
}
