use portrait::{Face, Frame, Measure, Measurement, Options, Verdict, take};

use crate::sample::{
    PEOPLE, blurred, cast, crop, models, paint, person, pixel, reduced, relit, specification,
};

/// The reasons' codes and what was measured.
fn judged(frame: &Frame) -> (Vec<&'static str>, Vec<Measurement>) {
    match take(frame, &specification("degree"), models(), &Options::default()) {
        Ok(photo) => (vec![], photo.measures),
        Err(r) => (r.reasons.iter().map(portrait::Reason::code).collect(), r.measures),
    }
}

fn value(measures: &[Measurement], measure: Measure) -> f64 {
    measures.iter().find(|m| m.measure == measure).unwrap().value
}

#[test]
fn a_defect_is_refused_with_its_own_reason_first() {
    let cases = [
        ("eyes_closed", "eyes_closed"),
        ("mouth_open", "mouth_open"),
        ("chin_up", "chin_up"),
        ("chin_down", "chin_down"),
        ("turned_left", "turned_right"),
        ("turned_right", "turned_left"),
        ("one_sided", "uneven_light"),
        ("sunglasses", "dark_glasses"),
        ("hair_over_eyes", "eyes_covered"),
    ];
    for (who, expect) in cases {
        let (reasons, _) = judged(&cast(who));
        assert_eq!(reasons.first(), Some(&expect), "{who}: {reasons:?}");
    }
}

#[test]
fn a_blurred_shot_is_refused_whoever_it_shows() {
    for name in PEOPLE {
        let (reasons, measures) = judged(&blurred(&person(name), 2));
        assert_eq!(reasons.first(), Some(&"blurred"), "{name}: {}", value(&measures, Measure::Sharpness));
    }
}

#[test]
fn a_person_beside_the_frames_middle_is_told_so() {
    let frame = crop(&person("p09__white"), 340, 0, 940, 960);
    let (reasons, measures) = judged(&frame);
    assert_eq!(reasons, ["off_centre"]);
    assert!(value(&measures, Measure::FramePosition) < -0.15, "the eyes lie left of the middle");
}

#[test]
fn every_measure_is_reported_for_an_accepted_shot() {
    let (reasons, measures) = judged(&person("p09__white"));
    assert!(reasons.is_empty(), "{reasons:?}");
    for measure in Measure::ALL {
        let found = measures.iter().filter(|m| m.measure == *measure).count();
        assert_eq!(found, 1, "{} is reported once", measure.code());
    }
    for m in &measures {
        let assessed = m.verdict != Verdict::NotAssessed;
        assert_eq!(m.score.is_some(), assessed, "{} has a score where it has a value", m.measure.code());
        assert_eq!(m.value.is_finite(), assessed, "{}", m.measure.code());
    }
}

#[test]
fn codes_and_standard_names_are_unique() {
    for pick in [Measure::code, Measure::standard_name] {
        let mut names: Vec<&str> = Measure::ALL.iter().map(|m| pick(*m)).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Measure::ALL.len());
    }
    assert!(Measure::ALL.iter().all(|m| Measure::by_code(m.code()) == Some(*m)));
}

/// The skin (by its hue) of a picture lighter or darker, by a factor in linear light; hair, eyes, clothes and backdrop
/// as they are.
fn skin_toned(frame: &Frame, factor: f64) -> Frame {
    paint(frame.width(), frame.height(), |x, y| {
        let rgb = pixel(frame, x, y);
        let [r, g, b] = rgb.map(f64::from);
        // Red over green over blue, and clearly so: skin and lips.
        let likely = ((r - b) / r.max(1.0) * 5.0 - 0.6).clamp(0.0, 1.0) * f64::from(u8::from(r > g && g > b));
        let gain = (1.0 + likely * (factor - 1.0)).powf(1.0 / 2.2);
        rgb.map(|v| (f64::from(v) * gain).min(255.0) as u8)
    })
}

#[test]
fn verdicts_do_not_depend_on_the_skins_tone() {
    for name in ["p05__corridor", "p09__white"] {
        let frame = person(name);
        let (_, plain) = judged(&frame);
        for factor in [0.15, 0.3, 0.6, 1.15] {
            let (reasons, measures) = judged(&skin_toned(&frame, factor));
            assert!(reasons.is_empty(), "{name}, skin at {factor}: {reasons:?}");
            let luma = |m: &[Measurement]| value(m, Measure::LuminanceMean);
            let moved = luma(&measures) / luma(&plain);
            assert!(
                (moved > 1.0) == (factor > 1.0),
                "{name}: the skin did change, by {moved:.2} at {factor}"
            );
        }
    }
}

#[test]
fn a_colour_cast_is_named() {
    let frame = person("p09__white");
    let blue = paint(frame.width(), frame.height(), |x, y| {
        let [r, g, b] = pixel(&frame, x, y).map(f64::from);
        [r * 0.72, g * 0.9, (b * 1.25).min(255.0)].map(|v| v as u8)
    });
    let (reasons, measures) = judged(&blue);
    assert!(
        reasons.contains(&"unnatural_colour"),
        "{reasons:?} {}",
        value(&measures, Measure::NaturalColour)
    );
    let (reasons, _) = judged(&relit(&frame, |v| v));
    assert!(reasons.is_empty(), "the same shot without it passes: {reasons:?}");
}

#[test]
fn a_screens_pixels_are_told_and_nobody_is_refused_for_them() {
    let frame = person("p09__white");
    let wave = |v: i64| 1.0 + 0.04 * (v as f64 * std::f64::consts::TAU / 4.3).sin();
    let screen = paint(frame.width(), frame.height(), |x, y| {
        pixel(&frame, x, y).map(|v| (f64::from(v) * wave(x) * wave(y)).min(255.0) as u8)
    });
    let (reasons, measures) = judged(&screen);
    let found = measures.iter().find(|m| m.measure == Measure::ScreenPattern).unwrap();
    assert_eq!(found.verdict, Verdict::Warn, "{}", found.value);
    assert!(reasons.is_empty(), "{reasons:?}");
    let (_, plain) = judged(&frame);
    assert!(value(&plain, Measure::ScreenPattern) < 0.1);
}

#[test]
fn a_mask_is_refused_whatever_its_colour() {
    let frame = person("p09__white");
    let face = Face::find(&frame, models()).unwrap();
    let at = |i: usize| face.landmarks()[i];
    let (left, right, top, bottom) = (at(234).x, at(454).x, at(195).y, at(152).y);
    for colour in [[240, 240, 238], [120, 170, 215], [25, 25, 27]] {
        let masked = paint(frame.width(), frame.height(), |x, y| {
            let (across, down) = ((x as f64 - left) / (right - left), (y as f64 - top) / (bottom - top));
            let inside = (0.0..1.0).contains(&down) && (across - 0.5).abs() < 0.5 - 0.25 * down * down;
            if inside { colour } else { pixel(&frame, x, y) }
        });
        let (reasons, measures) = judged(&masked);
        let value = value(&measures, Measure::FaceOcclusion);
        assert_eq!(reasons.first(), Some(&"face_covered"), "{colour:?}: {reasons:?}, {value}");
    }
}

/// `small` laid over the frame with its upper left corner at (x, y).
fn pasted(frame: &Frame, small: &Frame, left: i64, top: i64) -> Frame {
    paint(frame.width(), frame.height(), |x, y| {
        let (dx, dy) = (x - left, y - top);
        let inside =
            (0..i64::from(small.width())).contains(&dx) && (0..i64::from(small.height())).contains(&dy);
        if inside { pixel(small, dx, dy) } else { pixel(frame, x, y) }
    })
}

#[test]
fn twins_are_two_people_and_a_small_poster_is_none() {
    let frame = person("p09__white");
    let head = crop(&frame, 500, 200, 280, 360);
    let (reasons, _) = judged(&pasted(&frame, &head, 930, 200));
    assert_eq!(reasons, ["several_faces"]);
    let (reasons, measures) = judged(&pasted(&frame, &reduced(&head, 5), 1100, 120));
    assert!(reasons.is_empty(), "{reasons:?}");
    assert!(value(&measures, Measure::SingleFacePresent) > 0.9);
}

#[test]
fn somebody_low_in_the_frame_is_served() {
    let frame = person("p09__white");
    let low = paint(frame.width(), frame.height(), |x, y| pixel(&frame, x, y - 140));
    let (reasons, _) = judged(&low);
    assert!(reasons.is_empty(), "{reasons:?}");
}
