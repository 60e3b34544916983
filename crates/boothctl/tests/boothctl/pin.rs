//! `boothctl pin`.

use crate::support::Place;

#[test]
fn the_line_for_the_settings_opens_the_pad_for_this_pin() {
    let run = Place::new().run_fed("204816\n", &["pin"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let site: toml::Table = run.stdout.parse().expect("it is a line of TOML");
    let hash = site["pin_hash"].as_str().unwrap();
    assert!(hash.starts_with("$argon2id$") && !run.stdout.contains("204816"), "{}", run.stdout);
    let mut pad = booth::PinPad::new(3, 60);
    let now = booth::Clock::steady(&booth::SystemClock::default());
    assert_eq!(pad.check("204816", hash, now), Ok(()));
    assert_eq!(pad.check("204817", hash, now), Err(booth::PinError::Wrong));
}

#[test]
fn what_is_no_pin_is_refused_without_being_repeated() {
    for pin in ["", "12", "abcd", "1234567890123"] {
        let run = Place::new().run_fed(pin, &["pin"]);
        assert_eq!(run.status, 2, "{pin:?}");
        assert!(run.stderr.contains("4 to 12 digits"), "{}", run.stderr);
        assert!(pin.is_empty() || !run.stderr.replace("4 to 12", "").contains(pin), "it isn't echoed");
    }
}
