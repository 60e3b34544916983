use portrait::{Frame, Options, Reason, Rgb, Specification, structure, take};

use crate::sample::{asset, models, person, specification};

fn degree_with(from: &str, to: &str) -> Specification {
    let text = std::fs::read_to_string(asset("specs/degree.toml")).unwrap();
    assert!(text.contains(from), "the case still fits the file: {from}");
    Specification::parse(&text.replace(from, to)).unwrap()
}

#[test]
fn the_file_is_baseline_444_with_its_density_and_nothing_behind_the_end() {
    let photo = take(&person("p09__white"), &specification("degree"), models(), &Options::default()).unwrap();
    let found = structure(&photo.jpeg);
    assert!(found.baseline && found.full_chroma, "{found:?}");
    assert_eq!(found.density_dpi, Some((300, 300)));
    assert_eq!(found.end, Some(photo.jpeg.len()), "the file ends at its end marker");
    assert!((30_720..=40_000).contains(&photo.jpeg.len()), "{} bytes", photo.jpeg.len());
}

#[test]
fn the_same_frame_gives_the_same_bytes() {
    let (frame, spec) = (person("p03__blue_cloth"), specification("degree"));
    let make = || take(&frame, &spec, models(), &Options::default()).unwrap().jpeg;
    assert!(make() == make(), "two runs give identical files");
}

#[test]
fn a_window_that_no_quality_reaches_is_refused() {
    let frame = person("p09__white");
    let cases = [
        ("min_bytes = 30720\nmax_bytes = 40000", "min_bytes = 900\nmax_bytes = 1000"),
        ("min_bytes = 30720\nmax_bytes = 40000", "min_bytes = 900000\nmax_bytes = 1000000"),
    ];
    for (from, to) in cases {
        let reasons =
            take(&frame, &degree_with(from, to), models(), &Options::default()).unwrap_err().reasons;
        assert!(matches!(reasons[..], [Reason::FileOutOfWindow { .. }]), "{to}: {reasons:?}");
    }
}

#[test]
fn the_profile_is_written_only_if_asked() {
    let frame = person("p09__white");
    let holds = |spec: &Specification| {
        let photo = take(&frame, spec, models(), &Options::default()).unwrap();
        photo.jpeg.windows(11).any(|w| w == b"ICC_PROFILE")
    };
    assert!(!holds(&specification("degree")));
    assert!(holds(&degree_with("icc_profile = false", "icc_profile = true")));
}

#[test]
fn another_background_is_delivered_exactly() {
    for colour in [[255, 255, 255], [240, 240, 240], [67, 142, 219]] {
        let options = Options { background: Some(Rgb(colour)), ..Options::default() };
        let photo = take(&person("p05__corridor"), &specification("degree"), models(), &options).unwrap();
        let corner = Frame::decode(&photo.jpeg).unwrap().rgb()[..3].to_vec();
        let off = corner.iter().zip(colour).map(|(a, b)| a.abs_diff(b)).max();
        assert!(off <= Some(1), "the corner is {colour:?} up to the JPEG's rounding, got {corner:?}");
    }
}
