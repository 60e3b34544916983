use portrait::{Specification, SpecificationError};
use proptest::prelude::*;

use crate::sample::{asset, specification};

const SHIPPED: [&str; 5] = ["degree", "freshman", "resident-id", "one-inch", "two-inch"];

fn degree() -> String {
    std::fs::read_to_string(asset("specs/degree.toml")).unwrap()
}

#[test]
fn every_shipped_specification_loads_under_its_name() {
    for name in SHIPPED {
        assert_eq!(specification(name).name, name, "a specification's name is its file's");
    }
}

#[test]
fn paper_and_pixels_agree_at_the_density() {
    for name in SHIPPED {
        let photo = specification(name).photo;
        let width_mm = f64::from(photo.width_px) / f64::from(photo.density_dpi) * 25.4;
        // The degree photo is 480x640 at 300 dpi (40.6 mm) but printed as 33x48 mm: only its aspect can agree.
        let aspect = photo.print_width_mm / photo.print_height_mm;
        let pixels = f64::from(photo.width_px) / f64::from(photo.height_px);
        assert!((width_mm - photo.print_width_mm).abs() < 8.0, "{name}: {width_mm} mm of pixels");
        assert!((aspect / pixels - 1.0).abs() < 0.09, "{name}: aspect {aspect} on paper, {pixels} in pixels");
    }
}

#[test]
fn the_degree_photo_has_the_ministrys_windows() {
    let degree = specification("degree");
    assert_eq!((degree.photo.width_px, degree.photo.height_px, degree.photo.density_dpi), (480, 640, 300));
    assert_eq!(degree.hair_top_px.bounds(), (50.0, 110.0));
    assert_eq!(degree.eye_line_px.bounds(), (200.0, 300.0));
    assert_eq!(degree.face_width_px.bounds(), (180.0, 300.0));
    assert_eq!(degree.background.colour.0, [100, 197, 255]);
}

#[test]
fn a_crossed_window_is_refused_by_name() {
    let fields = ["hair_top_px", "eye_line_px", "face_width_px", "eye_centre_px", "roll_deg"];
    for field in fields {
        let text = degree();
        let at = text.find(&format!("[{field}]")).unwrap();
        let end = at + text[at..].find("\nhigh").unwrap();
        let low = at + text[at..].find("low = ").unwrap();
        let crossed = format!("{}low = 4000.0{}", &text[..low], &text[end..]);
        let error = Specification::parse(&crossed).unwrap_err();
        assert!(
            matches!(error, SpecificationError::CrossedWindow { field: named, .. } if named == field),
            "{field} is crossed, got {error}"
        );
    }
}

#[test]
fn impossible_values_are_refused_by_name() {
    let cases = [
        ("width_px = 480", "width_px = 0", "photo.width_px"),
        ("density_dpi = 300", "density_dpi = 1", "photo.density_dpi"),
        ("min_quality = 60", "min_quality = 0", "file.min_quality"),
        ("min_bytes = 30720", "min_bytes = 90000", "file"),
        ("mean_delta_e = 1.0", "mean_delta_e = -1.0", "background.mean_delta_e"),
        ("min_highlight = 0.2", "min_highlight = 2.0", "source.min_highlight"),
        ("high = 300.0\npreferred = 250.0", "high = 3000.0\npreferred = 250.0", "eye_line_px"),
        ("low = 50.0", "low = nan", "hair_top_px"),
    ];
    for (from, to, field) in cases {
        let text = degree();
        assert!(text.contains(from), "the case still fits the file: {from}");
        let error = Specification::parse(&text.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(field), "{to} is refused as {field}, got: {error}");
    }
}

#[test]
fn a_missing_file_and_an_unknown_field_are_named() {
    let error = Specification::load(&asset("specs/none.toml")).unwrap_err();
    assert!(error.to_string().contains("none.toml"), "the file is named: {error}");
    let error = Specification::parse(&format!("colour = 1\n{}", degree())).unwrap_err();
    let SpecificationError::Syntax(cause) = error else {
        panic!("an unknown field is a syntax error: {error}")
    };
    assert!(cause.to_string().contains("colour"), "the field is named: {cause}");
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in ".{0,400}") {
        let _specification = Specification::parse(&text).is_ok();
    }

    #[test]
    fn a_changed_number_never_panics_and_never_gives_a_crossed_window(
        which in 0_usize..40, value in prop::num::f64::ANY
    ) {
        let text = degree();
        let lines: Vec<&str> = text.lines().collect();
        let numbers: Vec<usize> =
            (0..lines.len()).filter(|&i| lines[i].contains(" = ") && !lines[i].contains(['"', '['])).collect();
        let at = numbers[which % numbers.len()];
        let (key, _) = lines[at].split_once(" = ").unwrap();
        let changed = format!("{key} = {value:?}").replace("NaN", "nan");
        let text: Vec<&str> =
            lines.iter().enumerate().map(|(i, l)| if i == at { changed.as_str() } else { *l }).collect();
        if let Ok(spec) = Specification::parse(&text.join("\n")) {
            for window in [spec.hair_top_px, spec.eye_line_px, spec.face_width_px, spec.eye_centre_px] {
                prop_assert!(window.low() <= window.preferred() && window.preferred() <= window.high());
            }
        }
    }
}
