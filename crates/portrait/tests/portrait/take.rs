use portrait::{Frame, Measure, Options, Reason, Stage, Verdict, Verified, take, take_timed};

use crate::sample::{Label, PEOPLE, models, person, relit, specification};

fn value(photo: &Verified, measure: Measure) -> f64 {
    photo.measures.iter().find(|m| m.measure == measure).unwrap().value
}

fn inside(what: &str, value: f64, low: f64, high: f64) {
    assert!((low..=high).contains(&value), "{what} lies in {low} to {high}, got {value}");
}

#[test]
fn compliant_people_meet_the_degree_photos_windows() {
    for name in PEOPLE {
        let photo = take(&person(name), &specification("degree"), models(), &Options::default()).unwrap();
        let decoded = Frame::decode(&photo.jpeg).unwrap();
        assert_eq!((decoded.width(), decoded.height()), (480, 640), "{name}");
        inside(name, value(&photo, Measure::HairTop), 50.0, 110.0);
        inside(name, value(&photo, Measure::EyeLine), 200.0, 300.0);
        inside(name, value(&photo, Measure::FaceWidth), 180.0, 300.0);
        inside(name, value(&photo, Measure::EyeCentre), -6.0, 6.0);
        inside(name, value(&photo, Measure::HeadPoseRoll), -1.0, 1.0);
        inside(name, value(&photo, Measure::BackgroundColour), 0.0, 1.0);
        inside(name, value(&photo, Measure::FileSize), 30_720.0, 40_000.0);
        let bad = |m: &&portrait::Measurement| matches!(m.verdict, Verdict::Fail | Verdict::NotAssessed);
        let bad: Vec<_> = photo.measures.iter().filter(bad).collect();
        assert!(bad.is_empty(), "{name}: {bad:?}");
    }
}

#[test]
fn the_labels_carried_by_the_transform_meet_them_too() {
    for name in PEOPLE {
        let photo = take(&person(name), &specification("degree"), models(), &Options::default()).unwrap();
        let label = Label::of(name);
        let [[a, b, c], [d, e, f]] = photo.transform;
        let carry = |(x, y): (f64, f64)| (a * x + b * y + c, d * x + e * y + f);
        let (left, right) = (carry(label.point("eye_left")), carry(label.point("eye_right")));
        inside(name, (left.1 + right.1) / 2.0, 200.0, 300.0);
        inside(name, (left.0 + right.0) / 2.0 - 239.5, -6.0, 6.0);
        inside(name, (left.1 - right.1).atan2(left.0 - right.0).to_degrees(), -1.0, 1.0);
        inside(name, label.number("face_width") * a.hypot(d), 180.0, 300.0);
        let crown = label.point("crown_skull").0;
        inside(name, carry((crown, label.number("hair_top_y"))).1, 50.0, 110.0);
    }
}

#[test]
fn every_shipped_specification_can_be_met() {
    for name in ["degree", "freshman", "resident-id", "one-inch", "two-inch"] {
        let spec = specification(name);
        let photo = take(&person("p09__white"), &spec, models(), &Options::default())
            .unwrap_or_else(|r| panic!("{name}: {r} {:?}", r.measures));
        let decoded = Frame::decode(&photo.jpeg).unwrap();
        assert_eq!(
            (decoded.width(), decoded.height()),
            (spec.photo.width_px, spec.photo.height_px),
            "{name}"
        );
    }
}

#[test]
fn light_is_judged_by_the_frame() {
    let (frame, spec) = (person("p09__white"), specification("degree"));
    let reasons = |f: &Frame| take(f, &spec, models(), &Options::default()).unwrap_err().reasons;
    let dark = reasons(&relit(&frame, |v| (f64::from(v) * 0.4) as u8));
    assert!(matches!(dark[..], [Reason::TooDark { .. }]), "{dark:?}");
    let bright = reasons(&relit(&frame, |v| (f64::from(v) * 1.7).min(255.0) as u8));
    assert!(matches!(bright[..], [Reason::TooBright { .. }]), "{bright:?}");
}

#[test]
fn a_rejection_carries_what_was_measured() {
    let dark = relit(&person("p09__white"), |v| v / 4);
    let rejection = take(&dark, &specification("degree"), models(), &Options::default()).unwrap_err();
    let luminance = rejection.measures.iter().find(|m| m.measure == Measure::Luminance).unwrap();
    assert_eq!(luminance.verdict, Verdict::Fail);
    assert_eq!(rejection.reasons[0].code(), "too_dark");
    assert!(rejection.to_string().starts_with("too dark"), "{rejection}");
}

#[test]
fn every_stage_is_timed() {
    let mut stages = Vec::new();
    let note = &mut |stage, _| stages.push(stage);
    take_timed(&person("p09__white"), &specification("degree"), models(), &Options::default(), note).unwrap();
    use Stage::{Align, Compose, Encode, Face, Matte, Measure, Verify};
    assert_eq!(stages, [Face, Measure, Matte, Align, Measure, Compose, Encode, Verify]);
}
