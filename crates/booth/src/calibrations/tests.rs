use super::*;
use domain::UtcMillis;

fn colour() -> Colour {
    let camera = camera::Calibration { exposure: Some(200), white_balance: Some(5200), ..Default::default() };
    Colour { camera, gains: [1.0, 1.02, 1.1] }
}

#[test]
fn what_staff_measured_is_there_after_a_start() {
    let data = tempfile::tempdir().unwrap();
    let empty = Calibrations::load(data.path());
    assert!(
        !empty.has_colour() && empty.camera() == camera::Calibration::default(),
        "nothing is measured yet"
    );
    empty.keep_colour(&colour(), UtcMillis(1)).unwrap();
    let known = Calibrations::load(data.path());
    assert!(known.has_colour());
    assert_eq!(known.camera(), colour().camera, "the camera opens with these");
    assert!(!data.path().join("calibration/colour.new").exists(), "nothing is left aside");
}

#[test]
fn a_damaged_file_is_passed_over_and_kept() {
    for (name, text) in [
        ("colour.toml", "measured_ms = 1\ngains = [1.0, 1.0, 1.0]\n[camera]\nexposure = \"long\"\n"),
        ("colour.toml", "measured_ms = 1\ngains = [1.0, 9.0, 1.0]\n[camera]\n"),
        ("colour.toml", "measured_ms = 1\ngains = [1.0, nan, 1.0]\n[camera]\n"),
        ("colour.toml", "\u{0}\u{1}"),
        ("backdrop.toml", "sha256 = \"00\"\ncamera = \"webcam\"\nmode = \"\"\nlearned_ms = 1\n"),
        ("backdrop.toml", "sha256 = 7"),
    ] {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(FOLDER).join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        let known = Calibrations::load(data.path());
        assert!(!known.has_colour() && known.backdrop().is_none(), "{text:?} is no calibration");
        assert!(path.exists(), "staff can look at it");
    }
}

#[test]
fn a_picture_that_is_not_the_one_described_is_passed_over() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join(FOLDER);
    std::fs::create_dir_all(&folder).unwrap();
    let about = "sha256 = \"e3b0c442\"\ncamera = \"webcam\"\nmode = \"\"\nlearned_ms = 1\n";
    std::fs::write(folder.join("backdrop.toml"), about).unwrap();
    std::fs::write(folder.join("backdrop.png"), b"the power went between the two").unwrap();
    let read = files::read_backdrop(&folder);
    assert!(matches!(read, Err(CalibrationError::OtherPicture { .. })), "{:?}", read.err());
}
