use portrait::{Card, CardError, Frame, Rgb, WhiteBalance};
use proptest::prelude::*;

use crate::sample::{paint, person};

/// A card of one colour in the middle of a grey booth.
fn card(colour: [u8; 3]) -> Frame {
    paint(
        640,
        480,
        |x, y| if (200..440).contains(&x) && (150..330).contains(&y) { colour } else { [90, 90, 90] },
    )
}

#[test]
fn a_neutral_card_needs_no_gain() {
    let gains = WhiteBalance::of_card(&card([225, 225, 225])).unwrap().gains();
    assert!(gains.iter().all(|g| (g - 1.0).abs() < 1e-3), "{gains:?}");
}

#[test]
fn what_is_no_white_card_is_refused_by_name() {
    assert_eq!(Card::find(&person("p09__white")), Err(CardError::NoCard), "a face");
    assert_eq!(Card::find(&card([255, 255, 255])), Err(CardError::TooBright));
    assert!(matches!(Card::find(&card([40, 40, 40])), Err(CardError::TooDark { .. })));
    let blue = WhiteBalance::of_card(&card([60, 120, 220]));
    assert!(matches!(blue, Err(CardError::NotWhite { factor }) if factor > 2.0), "{blue:?}");
    assert_eq!(WhiteBalance::from_gains([1.0, f32::NAN, 1.0]), None);
}

proptest! {
    #[test]
    fn the_gains_make_the_card_neutral_and_keep_its_luminance(r in 185_u8..235, g in 185_u8..235, b in 185_u8..235) {
        let white = WhiteBalance::of_card(&card([r, g, b])).unwrap();
        let linear = Rgb([r, g, b]).linear();
        let balanced: Vec<f32> = (0..3).map(|k| linear[k] * white.gains()[k]).collect();
        let luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        for v in balanced {
            prop_assert!((v - luminance).abs() < 2e-3, "{v} and {luminance}");
        }
    }
}
