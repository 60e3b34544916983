use portrait::{Options, Reason, Side, Specification, silhouette, take};

use crate::sample::{asset, crop, models, person, reduced, specification, turned};

fn reasons(frame: &portrait::Frame, spec: &Specification) -> Vec<Reason> {
    take(frame, spec, models(), &Options::default()).expect_err("the frame is refused").reasons
}

#[test]
fn a_head_at_the_frames_edge_is_cut_off_there() {
    let whole = person("p09__white");
    let spec = specification("degree");
    // The eyes are at (640, 413), the hair at 241; the tightest photo needs 168 px to either side, 37 px above the
    // hair and 240 px below the eyes.
    let cases = [
        (crop(&whole, 496, 0, 360, 960), Side::Left),
        (crop(&whole, 424, 0, 360, 960), Side::Right),
        (crop(&whole, 0, 220, 1280, 740), Side::Top),
        (crop(&whole, 0, 0, 1280, 630), Side::Bottom),
    ];
    for (frame, expect) in cases {
        let reasons = reasons(&frame, &spec);
        assert!(
            matches!(reasons[..], [Reason::CutOff { side, missing_px }] if side == expect && missing_px > 0.0),
            "cut off at the {}, got {reasons:?}",
            expect.name()
        );
    }
}

#[test]
fn unusable_heads_are_refused_by_name() {
    let spec = specification("degree");
    let frame = person("p09__white");
    let small = reasons(&reduced(&frame, 2), &spec);
    assert!(
        matches!(small[..], [Reason::FaceTooSmall { inter_eye_px, .. }] if inter_eye_px < 50.0),
        "{small:?}"
    );
    let tilted = reasons(&turned(&frame, 20.0), &spec);
    assert!(
        matches!(tilted[..], [Reason::HeadTilted { roll_deg, .. }] if (18.0..22.0).contains(&roll_deg)),
        "{tilted:?}"
    );
    let near = reasons(&crop(&frame, 500, 210, 280, 400), &spec);
    assert!(matches!(near[..], [Reason::FaceTooLarge { .. }]), "{near:?}");
}

#[test]
fn windows_that_exclude_each_other_name_the_culprit() {
    let text = std::fs::read_to_string(asset("specs/degree.toml")).unwrap();
    // Hair within 10 px of the top and eyes 290 px below it would need a head twice as high as it is wide.
    let low_hair =
        text.replace("low = 50.0\nhigh = 110.0\npreferred = 80.0", "low = 0.0\nhigh = 10.0\npreferred = 5.0");
    let spec = low_hair.replace(
        "low = 200.0\nhigh = 300.0\npreferred = 250.0",
        "low = 290.0\nhigh = 300.0\npreferred = 295.0",
    );
    let spec = spec.replace(
        "low = 180.0\nhigh = 300.0\npreferred = 220.0",
        "low = 180.0\nhigh = 190.0\npreferred = 185.0",
    );
    let reasons = reasons(&person("p09__white"), &Specification::parse(&spec).unwrap());
    assert!(matches!(reasons[..], [Reason::NoCropFits { .. }]), "{reasons:?}");
}

#[test]
fn a_tilted_head_is_levelled() {
    let verified =
        take(&turned(&person("p09__white"), 4.0), &specification("degree"), models(), &Options::default())
            .unwrap();
    let [[a, _, _], [b, _, _]] = verified.transform;
    let turned_by = b.atan2(a).to_degrees();
    assert!((turned_by + 4.0).abs() < 0.7, "a roll of 4 degrees is turned back, got {turned_by}");
}

#[test]
fn the_silhouette_lies_inside_the_frame_for_every_specification() {
    for name in ["degree", "freshman", "resident-id", "one-inch", "two-inch"] {
        for (width, height) in [(1280, 720), (1280, 960), (1920, 1080), (720, 1280)] {
            let s = silhouette(&specification(name), width, height).unwrap();
            let inside = s.crop.x >= 0.0
                && s.crop.y >= 0.0
                && s.crop.x + s.crop.w <= 1.0
                && s.crop.y + s.crop.h <= 1.0;
            assert!(inside, "{name} at {width}x{height}: {s:?}");
            assert!(
                s.crop.y < s.hair_top_y && s.hair_top_y < s.eye_y && s.eye_y < s.face.cy + s.face.ry,
                "{s:?}"
            );
            assert!((s.face.cx - 0.5).abs() < 1e-9 && s.face.rx * 2.0 < s.crop.w, "{s:?}");
        }
    }
}
