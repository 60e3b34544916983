use super::super::known::Answered;
use super::*;
use proptest::prelude::*;
use protocol::{OrderEnded, OrderPlaced, PaymentSettled};
use serde_json::value::to_raw_value;

const LATEST: Stretch = Stretch { ordinal: 1, mark: 0, is_latest: true, is_new: false };
const AT: i64 = 1_790_000_000_000;

fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(1, number)
}

fn envelope(sequence: u64, event: &Event) -> Envelope {
    Envelope { sequence, event_id: id(sequence), event: Some(to_raw_value(event).unwrap()) }
}

fn raw(sequence: u64, json: &str) -> Envelope {
    let event = serde_json::value::RawValue::from_string(json.to_owned()).unwrap();
    Envelope { sequence, event_id: id(sequence), event: Some(event) }
}

fn placed(order: u64, amount_fen: u64) -> Event {
    Event::OrderPlaced(OrderPlaced {
        order_id: id(order).to_string(),
        order_number: "038 000 1243".into(),
        programme: "degree".into(),
        amount_fen,
        sheets: 1,
        prints: vec![],
        delivery: "here".into(),
        reprint_of: None,
        disputed: vec![],
        at_ms: AT,
    })
}

fn settled(order: u64, payment: u64, amount_fen: u64) -> Event {
    Event::PaymentSettled(PaymentSettled {
        order_id: id(order).to_string(),
        payment_id: id(payment).to_string(),
        means: "counter".into(),
        amount_fen,
        at_ms: AT,
    })
}

/// The verdicts in a word each, and the mark.
fn judged(known: &Known, stretch: Stretch, events: &[Envelope]) -> (Vec<String>, i64) {
    let (verdicts, mark) = judge(known, stretch, events).unwrap();
    let word = |verdict: &Verdict| match verdict {
        Verdict::Apply(_) => "apply".to_owned(),
        Verdict::Duplicate => "duplicate".to_owned(),
        Verdict::Purged => "purged".to_owned(),
        Verdict::Rejected(reason) | Verdict::Retry(reason) => reason.as_str().to_owned(),
    };
    (verdicts.iter().map(word).collect(), mark)
}

#[test]
fn events_in_their_order_apply_and_move_the_mark() {
    let events = [envelope(1, &placed(1, 2_000)), envelope(2, &settled(1, 7, 2_000))];
    assert_eq!(judged(&Known::default(), LATEST, &events), (vec!["apply".into(), "apply".into()], 2));
}

#[test]
fn nothing_behind_a_gap_applies() {
    let events = [envelope(1, &placed(1, 1)), envelope(3, &placed(2, 1)), envelope(4, &placed(3, 1))];
    assert_eq!(
        judged(&Known::default(), LATEST, &events),
        (vec!["apply".into(), "gap".into(), "gap".into()], 1)
    );
}

#[test]
fn a_poison_event_is_rejected_and_blocks_nothing() {
    let huge = format!(r#"{{"kind":"order_placed","x":"{}"}}"#, "y".repeat(LARGEST_EVENT));
    let nul = serde_json::to_string(&placed(3, 1)).unwrap().replace("degree", "de\\u0000gree");
    let events = [
        raw(1, r#"{"kind":"order_placed"}"#),
        raw(2, r#"{"kind":"holiday","day":1}"#),
        raw(3, "17"),
        raw(4, &huge),
        raw(5, &nul),
        envelope(6, &placed(6, 2_000_000)),
        envelope(7, &placed(7, 1)),
    ];
    let expected =
        ["unreadable", "newer_version", "unreadable", "too_large", "invalid_value", "invalid_value", "apply"];
    assert_eq!(judged(&Known::default(), LATEST, &events), (expected.map(String::from).to_vec(), 7));
}

#[test]
fn what_was_answered_is_not_applied_again_and_what_was_rejected_is_looked_at_again() {
    let mut known = Known::default();
    known.events.insert(id(1), Answered { was_rejected: false });
    known.events.insert(id(2), Answered { was_rejected: true });
    known.places.extend([(1, id(1)), (2, id(2))]);
    let stretch = Stretch { mark: 2, ..LATEST };
    let events = [envelope(1, &placed(1, 1)), envelope(2, &placed(2, 1))];
    assert_eq!(judged(&known, stretch, &events), (vec!["duplicate".into(), "apply".into()], 2));
}

#[test]
fn another_event_at_a_place_that_is_taken_is_a_fork() {
    let mut known = Known::default();
    known.places.insert(1, id(99));
    let judged = judge(&known, Stretch { mark: 1, ..LATEST }, &[envelope(1, &placed(1, 1))]);
    assert!(matches!(judged, Err(Failure::Forked)));
}

#[test]
fn an_epoch_that_has_ended_takes_nothing_new() {
    let ended = Stretch { mark: 1, is_latest: false, ..LATEST };
    let mut known = Known::default();
    known.events.insert(id(1), Answered { was_rejected: true });
    let events = [envelope(1, &placed(1, 1)), envelope(2, &placed(2, 1))];
    assert_eq!(judged(&known, ended, &events), (vec!["apply".into(), "old_epoch".into()], 2));
}

#[test]
fn an_event_that_says_otherwise_is_rejected() {
    let mut known = Known::default();
    known.orders.insert(id(1), 2_000);
    let booked = Booked { order: id(1), amount_fen: 2_000, means: "counter".into() };
    known.payments.insert(id(7), booked);
    let ended = OrderEnded { order_id: id(5).to_string(), state: "expired".into(), at_ms: AT };
    let events = [
        envelope(1, &placed(1, 2_000)),
        envelope(2, &placed(1, 1_999)),
        envelope(3, &settled(1, 7, 2_000)),
        envelope(4, &settled(1, 7, 2_001)),
        envelope(5, &settled(2, 7, 2_000)),
        envelope(6, &Event::OrderEnded(ended)),
    ];
    let expected = ["apply", "contradiction", "apply", "contradiction", "contradiction", "contradiction"];
    assert_eq!(judged(&known, LATEST, &events), (expected.map(String::from).to_vec(), 6));
}

#[test]
fn two_events_of_a_batch_are_compared_too() {
    let events = [envelope(1, &placed(1, 5)), envelope(2, &settled(1, 7, 5)), envelope(3, &settled(1, 7, 6))];
    let expected = ["apply", "apply", "contradiction"];
    assert_eq!(judged(&Known::default(), LATEST, &events).0, expected);
}

#[test]
fn the_kinds_are_the_protocols() {
    let kinds = [placed(1, 1).kind(), settled(1, 1, 1).kind()];
    assert!(kinds.iter().all(|kind| Event::KINDS.contains(kind)));
    for kind in Event::KINDS {
        let parsed = parse(&format!(r#"{{"kind":"{kind}"}}"#));
        assert_eq!(parsed.unwrap_err(), Reason::Unreadable, "{kind} is known, and incomplete");
    }
}

proptest! {
    /// Whatever is sent, the mark never passes over a place that has no answer, and never goes back.
    #[test]
    fn the_mark_passes_over_nothing(
        mark in 0i64..20,
        places in prop::collection::btree_set(1u64..40, 0..20),
        junk in prop::collection::vec(any::<bool>(), 20),
    ) {
        let events: Vec<Envelope> = places
            .iter()
            .zip(&junk)
            .map(|(&place, &junk)| if junk { raw(place, "{}") } else { envelope(place, &placed(place, 1)) })
            .collect();
        let (verdicts, after) = judge(&Known::default(), Stretch { mark, ..LATEST }, &events).unwrap();
        prop_assert!(after >= mark);
        for place in mark + 1..=after {
            prop_assert!(places.contains(&place.unsigned_abs()), "{place} was never sent");
        }
        for (event, verdict) in events.iter().zip(&verdicts) {
            let answered = !matches!(verdict, Verdict::Retry(_));
            prop_assert_eq!(answered, event.sequence.cast_signed() <= after);
        }
    }

    #[test]
    fn junk_is_rejected_and_never_a_panic(text in "\\PC{0,200}") {
        let json = serde_json::to_string(&text).unwrap();
        let (words, mark) = judged(&Known::default(), LATEST, &[raw(1, &json)]);
        prop_assert_eq!((words, mark), (vec!["unreadable".to_owned()], 1));
    }
}
