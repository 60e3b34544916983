use std::sync::LazyLock;

use portrait::{Agreement, Backdrop, BackdropError, Frame};
use proptest::prelude::*;

use crate::sample::{bytes, crop, frame, models, paint, person, pixel, relit};

static EMPTY: LazyLock<Frame> = LazyLock::new(|| frame("p05__corridor_backdrop.jpg"));
static LEARNED: LazyLock<Backdrop> = LazyLock::new(|| Backdrop::learn(&[&EMPTY], models()).unwrap());

/// A small backdrop, for the stored form.
static SMALL: LazyLock<Backdrop> = LazyLock::new(|| {
    let frame = crop(&EMPTY, 300, 200, 40, 30);
    Backdrop::learn(&[&frame], models()).unwrap()
});

/// The frame moved by some pixels to the right and down.
fn moved(frame: &Frame, dx: i64, dy: i64) -> Frame {
    paint(frame.width(), frame.height(), |x, y| pixel(frame, x - dx, y - dy))
}

fn agreement(frame: &Frame) -> Agreement {
    LEARNED.agreement(frame, models()).unwrap()
}

/// 8-bit sRGB after a gain in linear light.
fn lit(gain: f64) -> impl Fn(u8) -> u8 {
    let linear = |v: f64| if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
    let coded = |v: f64| if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
    move |v| (coded((linear(f64::from(v) / 255.0) * gain).min(1.0)) * 255.0).round() as u8
}

#[test]
fn an_empty_booth_is_learned() {
    let again = relit(&EMPTY, |v| v.saturating_add(1));
    let learned = Backdrop::learn(&[&EMPTY, &again, &EMPTY, &again], models()).unwrap();
    assert_eq!(learned.size(), (EMPTY.width(), EMPTY.height()));
}

#[test]
fn what_is_no_empty_booth_is_refused() {
    let learn = |frames: &[&Frame]| Backdrop::learn(frames, models()).unwrap_err();
    assert!(matches!(learn(&[]), BackdropError::TooFew));
    let smaller = crop(&EMPTY, 0, 0, 640, 480);
    assert!(matches!(learn(&[&EMPTY, &smaller]), BackdropError::Sizes));
    assert!(matches!(learn(&[&person("p05__corridor")]), BackdropError::SomebodyInView));
    assert!(matches!(learn(&[&relit(&EMPTY, |v| v / 12)]), BackdropError::TooDark { .. }));
    let bag = paint(EMPTY.width(), EMPTY.height(), |x, y| {
        let inside = (100..220).contains(&x) && (500..620).contains(&y);
        if inside { [20, 20, 20] } else { pixel(&EMPTY, x, y) }
    });
    assert!(matches!(learn(&[&EMPTY, &bag]), BackdropError::Moving { .. }), "a bag put down moves");
    assert!(matches!(learn(&[&EMPTY, &moved(&EMPTY, 6, 0)]), BackdropError::Moving { .. }));
}

#[test]
fn the_same_booth_agrees_with_and_without_a_person() {
    assert_eq!(agreement(&EMPTY), Agreement::Same);
    assert_eq!(agreement(&person("p05__corridor")), Agreement::Same);
    for gain in [0.8, 1.25] {
        assert_eq!(agreement(&relit(&EMPTY, lit(gain))), Agreement::Same, "a gain of {gain} can be followed");
    }
}

#[test]
fn a_moved_camera_is_noticed() {
    for (dx, dy) in [(2, 0), (0, -3), (4, 4), (-12, 5), (30, 0), (150, 80)] {
        assert_eq!(agreement(&moved(&EMPTY, dx, dy)), Agreement::Moved, "moved by ({dx}, {dy})");
        let with_person = moved(&person("p05__corridor"), dx, dy);
        assert_eq!(agreement(&with_person), Agreement::Moved, "moved by ({dx}, {dy}), somebody in view");
    }
    assert_eq!(agreement(&crop(&EMPTY, 0, 0, 640, 480)), Agreement::Moved, "another camera");
}

#[test]
fn other_light_is_noticed() {
    assert_eq!(agreement(&relit(&EMPTY, lit(0.5))), Agreement::LightChanged);
    let warm = paint(EMPTY.width(), EMPTY.height(), |x, y| {
        let [r, g, b] = pixel(&EMPTY, x, y);
        [r, g, lit(0.75)(b)]
    });
    assert_eq!(agreement(&warm), Agreement::LightChanged, "warmer light");
    let half = paint(EMPTY.width(), EMPTY.height(), |x, y| {
        let p = pixel(&EMPTY, x, y);
        if x < 640 { p.map(lit(0.7)) } else { p.map(lit(1.1)) }
    });
    assert_eq!(agreement(&half), Agreement::LightChanged, "one lamp of two is out");
}

#[test]
fn a_person_before_everything_leaves_it_unknown() {
    let shirt = crop(&person("p05__corridor"), 560, 330, 160, 120);
    let near = paint(EMPTY.width(), EMPTY.height(), |x, y| pixel(&shirt, x / 8, y / 8));
    assert_ne!(agreement(&near), Agreement::Same, "nothing of the booth is to be seen");
}

#[test]
fn what_is_stored_is_read_again() {
    let png = SMALL.to_png().unwrap();
    assert!(Backdrop::from_png(&png).unwrap() == *SMALL, "the stored form keeps every value");
    assert_eq!(png, SMALL.to_png().unwrap(), "the same backdrop gives the same bytes");
}

#[test]
fn foreign_bytes_are_refused() {
    for foreign in [&b""[..], b"no picture", &bytes("p05__corridor_backdrop.jpg"), &bytes("astronaut.png")] {
        assert!(matches!(Backdrop::from_png(foreign), Err(BackdropError::Foreign)));
    }
    let png = SMALL.to_png().unwrap();
    assert!(matches!(Backdrop::from_png(&png[..png.len() / 2]), Err(BackdropError::Damaged(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn damaged_bytes_are_an_error_or_a_backdrop(at in 0.0..1.0_f64, value: u8, cut in 0.0..1.0_f64) {
        let mut png = SMALL.to_png().unwrap();
        let length = png.len() as f64;
        png[(at * length) as usize] = value;
        png.truncate((cut * length) as usize + 1);
        if let Ok(read) = Backdrop::from_png(&png) {
            prop_assert!(read.size().0 > 0 && read.size().1 > 0, "a backdrop has pixels");
        }
    }

    #[test]
    fn any_bytes_behind_a_signature_are_read_or_refused(tail in proptest::collection::vec(any::<u8>(), 0..200)) {
        let png: Vec<u8> = b"\x89PNG\r\n\x1a\n".iter().copied().chain(tail).collect();
        prop_assert!(Backdrop::from_png(&png).is_err(), "random bytes are no picture");
    }
}
