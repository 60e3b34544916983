//! `boothctl sheet`.

use crate::support::{Place, face, text};
use std::path::{Path, PathBuf};
use std::process::Command;

/// An upright JPEG of a photo's shape.
fn photo(place: &Place) -> PathBuf {
    let picture = image::open(face("p03__blue_cloth.jpg")).unwrap().crop_imm(300, 0, 660, 960).to_rgb8();
    let path = place.path("photo.jpg");
    picture.save(&path).unwrap();
    path
}

/// Width and height of a PDF's page in points, by poppler.
fn page_size_pt(pdf: &Path) -> (f64, f64) {
    let output = Command::new("pdfinfo").arg(pdf).output().expect("pdfinfo (poppler-utils) is installed");
    let info = String::from_utf8(output.stdout).unwrap();
    let line = info.lines().find(|line| line.starts_with("Page size:")).expect("pdfinfo reads it");
    let numbers: Vec<f64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    (numbers[0], numbers[1])
}

#[test]
fn the_page_is_the_paper_and_the_photo_is_inside_unchanged() {
    let place = Place::new();
    let (photo, out) = (photo(&place), place.path("sheet.pdf"));
    let run = place.run(&["sheet", text(&photo), "--size", "33x48", "--paper", "6in", "--out", text(&out)]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let pdf = std::fs::read(&out).unwrap();
    assert!(pdf.starts_with(b"%PDF"));
    let jpeg = std::fs::read(&photo).unwrap();
    let times = pdf.windows(jpeg.len()).filter(|window| *window == jpeg).count();
    assert_eq!(times, 1, "the JPEG's bytes stand in it once");
    let (width, height) = page_size_pt(&out);
    let mm = |pt: f64| pt * 25.4 / 72.0;
    assert!((mm(width) - 102.0).abs() < 0.05 && (mm(height) - 152.0).abs() < 0.05, "{width} x {height} pt");
    assert!(run.stdout.contains("8 photos"), "what was made is said: {}", run.stdout);
}

#[test]
fn every_choice_reaches_the_sheet() {
    let place = Place::new();
    let (photo, out) = (photo(&place), place.path("sheet.pdf"));
    let run = place.run(&[
        "sheet",
        text(&photo),
        "--size",
        "33x48",
        "--paper",
        "105x148",
        "--out",
        text(&out),
        "--gap",
        "3",
        "--margin",
        "4",
        "--footer",
        "校园证件照",
        "--no-cut-marks",
        "--copies",
        "2",
    ]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("2 photos"), "{}", run.stdout);
    let words = Command::new("pdftotext").args([text(&out), "-"]).output().unwrap().stdout;
    assert!(String::from_utf8(words).unwrap().contains("校园证件照"), "the footer can be read out");
}

#[test]
fn what_cannot_be_a_sheet_is_named_and_not_written() {
    let place = Place::new();
    let photo = photo(&place);
    let note = place.file("note.jpg", b"no picture");
    let out = place.path("sheet.pdf");
    let check = |photo: &Path, more: &[&str], words: &str| {
        let mut arguments = vec!["sheet", text(photo), "--out", text(&out)];
        arguments.extend(more);
        let run = place.run(&arguments);
        assert_eq!(run.status, 2, "{more:?}");
        assert!(run.stderr.contains(words), "{words} in {}", run.stderr);
        assert!(!out.exists(), "nothing is written");
    };
    check(&note, &["--size", "33x48", "--paper", "6in"], "note.jpg");
    check(&place.path("absent.jpg"), &["--size", "33x48", "--paper", "6in"], "absent.jpg");
    check(&photo, &["--size", "33x48", "--paper", "7in"], "7in");
    check(&photo, &["--size", "wide", "--paper", "6in"], "wide");
    check(&photo, &["--size", "120x170", "--paper", "6in"], "doesn't fit");
    check(&photo, &["--size", "33x48", "--paper", "6in", "--copies", "99"], "99 copies");
    check(&photo, &["--size", "48x33", "--paper", "6in"], "would cut");
}
