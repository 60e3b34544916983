//! `boothctl central` and `boothctl enrol`.

use crate::support::Place;
use booth::{Clock as _, SystemClock};
use domain::EventId;
use ledger::{Actor, Enrolment, EventOutcome, Ledger, Stamp};

/// A booth that has enrolled, one of whose events central refused.
fn with_a_refused_event(place: &Place) -> EventId {
    let at = SystemClock::default().now();
    let ledger = Ledger::open(&place.opening(), at).unwrap();
    let enrolment = Enrolment {
        address: "https://central.example".into(),
        device: [1; 16],
        key: [2; 32],
        next_key: None,
        pins: vec![[3; 32]],
        campus: "north".into(),
        name: "library".into(),
    };
    ledger.save_enrolment(&enrolment, Stamp { actor: Actor::Staff, at }).unwrap();
    let id = crate::refunds::told(&ledger, at);
    ledger.record_answers(&[(id, EventOutcome::Parked("contradiction"))], at).unwrap();
    id
}

#[test]
fn a_booth_that_has_not_enrolled_says_so() {
    let place = Place::new();
    drop(Ledger::open(&place.opening(), SystemClock::default().now()).unwrap());
    let shown = place.run(&["central"]);
    assert_eq!(
        (shown.status, shown.stdout.as_str()),
        (1, "not enrolled\nwaiting: nothing\n"),
        "{}",
        shown.stderr
    );
}

#[test]
fn refused_events_are_listed_and_offered_again() {
    let place = Place::new();
    let event = with_a_refused_event(&place);
    let shown = place.run(&["central"]);
    assert_eq!(shown.status, 1, "staff must look");
    assert!(shown.stdout.starts_with("enrolled at https://central.example, campus north, as library\n"));
    let line = format!("refused: {event}  placed  contradiction");
    assert!(shown.stdout.contains(&line) && shown.stdout.contains("offered 1 times"), "{}", shown.stdout);
    let retried = place.run(&["central", "--retry"]);
    assert_eq!(retried.status, 0, "{}", retried.stderr);
    assert!(retried.stdout.contains("offered again: 1") && retried.stdout.contains("waiting: 1 events"));
}

#[test]
fn enrolling_needs_an_invitation_and_the_kiosk_stopped() {
    let place = Place::new();
    let ledger = Ledger::open(&place.opening(), SystemClock::default().now()).unwrap();
    let held = place.run(&["enrol", "x"]);
    assert_eq!(held.status, 2);
    assert!(held.stderr.contains("another process has the ledger"), "{}", held.stderr);
    drop(ledger);
    let refused = place.run(&["enrol", "x"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("ADDRESS#CODE.PIN"), "{}", refused.stderr);
}
