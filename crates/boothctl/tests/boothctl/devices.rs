//! `boothctl cameras` and `boothctl printers`.

use crate::support::{Place, text};

#[test]
fn the_simulated_camera_is_always_listed() {
    let run = Place::new().run(&["cameras"]);
    assert!(run.stdout.contains("simulated camera"), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("1280x720 Mjpeg at 30 fps"), "{}", run.stdout);
}

#[test]
fn without_an_address_the_configured_printer_is_asked() {
    let place = Place::new();
    let run = place.run(&["printers"]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains(text(&place.path("data/prints"))), "{}", run.stdout);
    assert!(run.stdout.contains("simulated"), "a folder is labelled as what it is: {}", run.stdout);
}

#[test]
fn a_printer_that_is_off_is_named_and_the_others_are_still_asked() {
    let place = Place::new();
    // A port that nobody listens on.
    let off = "ipp://127.0.0.1:1/ipp/print".to_owned();
    let folder = format!("folder:{}", text(&place.path("prints")));
    let run = place.run(&["printers", &off, &folder]);
    assert_eq!(run.status, 1);
    let lines: Vec<_> = run.stdout.lines().collect();
    assert!(lines[0].starts_with(&off) && lines[0].contains("fault offline"), "{}", run.stdout);
    assert!(lines[1].contains("idle"), "{}", run.stdout);
}

#[test]
fn what_is_no_address_is_named() {
    let run = Place::new().run(&["printers", "http://printer"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("http://printer"), "{}", run.stderr);
}
