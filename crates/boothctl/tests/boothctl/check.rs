//! `boothctl check`.

use crate::support::{Place, assets, text};
use booth::{Clock as _, LEDGER_FILE, Settings, SystemClock};
use ledger::{Ledger, Opening};

/// A data folder as a booth leaves it that was started once.
fn started_once() -> Place {
    let place = Place::new();
    let site = place.file("data/site.toml", b"[camera]\nkind = \"simulated\"\n");
    let settings = Settings::load(&assets().join("defaults.toml"), &site).unwrap();
    let data = place.path("data");
    let opening = Opening {
        path: data.join(LEDGER_FILE),
        key: booth::ledger_key(&data).unwrap(),
        booth: settings.booth_number().unwrap(),
        largest_bytes: None,
    };
    Ledger::open(&opening, SystemClock::default().now()).unwrap();
    place
}

#[test]
fn a_booth_that_was_started_has_no_complaint() {
    let run = started_once().run(&["check"]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    for what in ["assets", "database", "models", "font", "settings", "camera", "printer"] {
        let line = format!("ok     {what}:");
        assert!(run.stdout.lines().any(|l| l.starts_with(&line)), "{line} in {}", run.stdout);
    }
}

#[test]
fn a_new_booth_is_told_what_is_missing_and_nothing_is_made() {
    let place = Place::new();
    let run = place.run(&["check"]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("fault  database: there is no ledger"), "{}", run.stdout);
    let key = place.path("data/ledger-key");
    assert!(!key.exists() && !place.path("data").join(LEDGER_FILE).exists(), "a check makes nothing");
}

#[test]
fn each_fault_has_its_line_and_the_rest_is_still_checked() {
    let place = started_once();
    let wrong = "00".repeat(32);
    let key = place.path("data/ledger-key");
    std::fs::write(&key, &wrong).unwrap();
    let check = |variable: (&str, &str), words: &str| {
        let run = place.run_with(variable, &["check"]);
        assert_eq!(run.status, 1);
        let line = run.stdout.lines().find(|line| line.starts_with("fault") && line.contains(words));
        assert!(line.is_some(), "{words} in {}", run.stdout);
        assert!(!run.stdout.contains(&wrong), "the key is never shown");
        assert!(run.stdout.contains("ok     assets"), "the rest is checked: {}", run.stdout);
    };
    check(("CAMPUS_BOOTH_MODELS", "/nonexistent"), "models: the model file /nonexistent");
    check(("CAMPUS_BOOTH_FONT", text(&key)), "font:");
    check(("LANG", "C"), "database: the key does not open");
    std::fs::remove_file(&key).unwrap();
    check(("LANG", "C"), "database: the ledger's key is neither");
    assert!(!key.exists(), "no key is made in place of a lost one");
    place.file("data/site.toml", b"[camera]\nkindd = 1\n");
    check(("LANG", "C"), "settings: ");
}
