//! What central answers, loses, and asks for again.

use crate::support::{
    Campus, OFFICIAL, accept, acknowledge_all, broken_rule, by, event, now, place, print_all, raw,
    with_candidate,
};
use domain::EventId;
use domain::payment::Means;
use domain::programme::Approval;
use ledger::{Actor, EventOutcome, LedgerError, NewEvent, OutboxState, Purged};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// The ids of what waits, in order.
fn waiting(campus: &Campus) -> Vec<EventId> {
    campus.ledger.read().outbox_pending(1000).unwrap().iter().map(|event| event.id).collect()
}

#[test]
fn the_answers_of_a_batch_are_one_commit() {
    let campus = Campus::new();
    let (order, photo) = with_candidate(&campus.ledger, 1, Approval::Booth);
    accept(&campus.ledger, order, photo).unwrap();
    let ids = waiting(&campus);
    let unknown = EventId::from_bytes([9; 16]);
    let half = [(ids[0], EventOutcome::Acknowledged), (unknown, EventOutcome::Acknowledged)];
    let refused = campus.ledger.record_answers(&half, now());
    assert!(matches!(refused, Err(LedgerError::Missing { .. })), "{refused:?}");
    assert_eq!(waiting(&campus), ids, "nothing of a batch with an unknown event is kept");

    let answers = [
        (ids[0], EventOutcome::Acknowledged),
        (ids[1], EventOutcome::Parked("contradiction")),
        (ids[2], EventOutcome::Again),
    ];
    campus.ledger.record_answers(&answers, now()).unwrap();
    assert_eq!(waiting(&campus), ids[2..], "what is to be offered again waits");
    let late = [(ids[0], EventOutcome::Parked("contradiction"))];
    campus.ledger.record_answers(&late, now()).unwrap();
    let all = campus.ledger.read().outbox_of(order).unwrap();
    assert_eq!(all[0].state, OutboxState::Acknowledged, "a late refusal changes nothing");
    assert_eq!(all.iter().map(|event| event.attempts).collect::<Vec<_>>(), [2, 1, 1], "each was an attempt");

    let parked = campus.ledger.read().parked_events().unwrap();
    assert_eq!((parked.len(), parked[0].id, parked[0].reason.as_str()), (1, ids[1], "contradiction"));
    let campus = campus.reopen();
    let backlog = campus.ledger.read().outbox_backlog().unwrap();
    assert_eq!((backlog.pending, backlog.parked, backlog.oldest), (1, 1, Some(all[2].created)));
    assert_eq!(backlog.epoch, campus.ledger.read().epoch().unwrap());
}

#[test]
fn refused_events_are_offered_again_by_their_reason_or_all() {
    let campus = Campus::new();
    for n in 1..=3 {
        place(&campus.ledger, n, Approval::Booth, Means::Counter).unwrap();
    }
    let ids = waiting(&campus);
    let reasons = ["newer_version", "contradiction", "newer_version"];
    let answers: Vec<_> = ids.iter().zip(reasons).map(|(id, why)| (*id, EventOutcome::Parked(why))).collect();
    campus.ledger.record_answers(&answers, now()).unwrap();
    assert_eq!(campus.ledger.unpark_all(Some("newer_version"), by(Actor::Central)).unwrap(), 2);
    assert_eq!(waiting(&campus), [ids[0], ids[2]], "in their old places");
    assert_eq!(campus.ledger.unpark_all(None, by(Actor::Staff)).unwrap(), 1, "the rest");
    assert_eq!(campus.ledger.unpark_all(None, by(Actor::Staff)).unwrap(), 0, "once");
    assert_eq!(waiting(&campus), ids);
    assert_eq!(campus.ledger.read().outbox_backlog().unwrap().parked, 0);
}

#[test]
fn what_central_lost_is_offered_again_even_if_it_was_purged() {
    let campus = Campus::new();
    let (order, photo) = with_candidate(&campus.ledger, 1, Approval::Booth);
    accept(&campus.ledger, order, photo).unwrap();
    print_all(&campus.ledger, order);
    acknowledge_all(&campus.ledger);
    assert_eq!(campus.ledger.purge(now(), now()).unwrap(), Purged { photos: 1, people: 1 });
    place(&campus.ledger, 2, Approval::Booth, Means::Counter).unwrap();
    acknowledge_all(&campus.ledger);
    let epoch = campus.ledger.read().epoch().unwrap();
    let acknowledged = || campus.ledger.read().outbox_backlog().unwrap().acknowledged;
    assert_eq!(acknowledged(), 4);
    let job = || panic!("nothing is printed");
    campus.ledger.take_directory(&[], 7, now(), &job).unwrap();
    assert_eq!(campus.ledger.offer_again(epoch, 1, now()).unwrap(), 3, "what stands behind the mark");
    assert_eq!(campus.ledger.read().directory_cursor().unwrap(), 0, "the directory is taken anew");
    campus.ledger.take_directory(&[], 7, now(), &job).unwrap();
    assert_eq!(acknowledged(), 1, "what stands before the first that waits");
    let pending = campus.ledger.read().outbox_pending(10).unwrap();
    let has: Vec<_> = pending.iter().map(|event| (event.sequence, event.payload.is_some())).collect();
    assert_eq!(has, [(2, false), (3, false), (4, true)], "in their places, without what was purged");
    assert_eq!(campus.ledger.offer_again(epoch, 1, now()).unwrap(), 0, "once");
    let other = ledger::Epoch([9; 16]);
    assert_eq!(campus.ledger.offer_again(other, 0, now()).unwrap(), 0, "not another epoch's");
    assert_eq!(campus.ledger.offer_again(epoch, u64::MAX, now()).unwrap(), 0, "no mark is too great");
    assert_eq!(campus.ledger.read().directory_cursor().unwrap(), 7, "nothing was lost this time");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
    let campus = campus.reopen();
    let parked = [(pending[0].id, EventOutcome::Parked("old_epoch"))];
    campus.ledger.record_answers(&parked, now()).unwrap();
    assert_eq!(
        campus.ledger.offer_again(epoch, 1, now()).unwrap(),
        1,
        "a refused one too: nothing is taken behind a gap"
    );
    campus.ledger.record_answers(&parked, now()).unwrap();
    acknowledge_all(&campus.ledger);
    assert_eq!(broken_rule(&campus.path()), None, "a purged event can be refused too");
}

#[test]
fn a_photo_stays_until_its_event_is_acknowledged_and_again_once_central_lost_it() {
    let campus = Campus::new();
    let (order, photo) = with_candidate(&campus.ledger, 1, Approval::Booth);
    let sha256 = campus.ledger.read().photo(photo).unwrap().official_sha256.unwrap();
    let told = NewEvent { blob_sha256: Some(sha256), ..event("collection_submitted") };
    let acceptance = ledger::Acceptance { order, photo, jobs: &[], event: &told, at: now() };
    campus.ledger.accept_photo(&acceptance).unwrap();
    let read = campus.ledger.read();
    let blobs: Vec<_> = read.outbox_pending(9).unwrap().iter().map(|event| event.blob_sha256).collect();
    assert_eq!(blobs, [None, None, Some(sha256)], "the photo goes before its event");
    let bytes = || campus.ledger.read().official_by_hash(&sha256).unwrap();
    assert_eq!(bytes().as_deref(), Some(OFFICIAL));
    assert_eq!(read.official_by_hash(&[0; 32]).unwrap(), None, "no other has it");

    let ids = waiting(&campus);
    for id in &ids[..2] {
        campus.ledger.acknowledge(*id, now()).unwrap();
    }
    campus.ledger.park(ids[2], "blob_missing", now()).unwrap();
    assert_eq!(
        campus.ledger.purge(now(), now()).unwrap(),
        Purged::default(),
        "a refused event keeps its photo"
    );
    campus.ledger.unpark(ids[2]).unwrap();
    campus.ledger.acknowledge(ids[2], now()).unwrap();
    let epoch = read.epoch().unwrap();
    campus.ledger.offer_again(epoch, 2, now()).unwrap();
    assert_eq!(campus.ledger.purge(now(), now()).unwrap(), Purged::default(), "what central lost is kept");
    assert!(bytes().is_some());
    acknowledge_all(&campus.ledger);
    assert_eq!(campus.ledger.purge(now(), now()).unwrap(), Purged { photos: 1, people: 1 });
    assert_eq!(bytes(), None, "then it goes");
}

/// Ten thousand events past the ledger, as a long time without a network leaves.
fn fill(campus: &Campus) {
    raw(&campus.path())
        .execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
             INSERT INTO outbox (epoch, sequence, event_id, kind, dedupe_key, state, attempts, created_ms, payload)
             SELECT (SELECT epoch FROM device), i, randomblob(16), 'order_placed', 'filled:' || i, 'pending', 0, i,
                 randomblob(1500) FROM n;
             UPDATE device SET sequence = 10000;",
        )
        .unwrap();
}

#[test]
fn ten_thousand_events_drain_without_growing_slower() {
    let campus = Campus::new();
    fill(&campus);
    let (mut slowest, start) = (Duration::ZERO, Instant::now());
    for left in (0..10_000_u64).rev().step_by(200) {
        let one = Instant::now();
        let batch = campus.ledger.read().outbox_pending(200).unwrap();
        let answers: Vec<_> = batch.iter().map(|event| (event.id, EventOutcome::Acknowledged)).collect();
        campus.ledger.record_answers(&answers, now()).unwrap();
        let backlog = campus.ledger.read().outbox_backlog().unwrap();
        assert_eq!(backlog.pending, left - 199, "each batch is gone");
        slowest = slowest.max(one.elapsed());
    }
    println!("10,000 events took {:?}, the slowest batch of 200 {slowest:?}", start.elapsed());
    // Unoptimised and on busy cores; a scan of the whole outbox a batch would take longer than all of it.
    assert!(slowest < Duration::from_secs(5), "the slowest batch took {slowest:?}");
    assert_eq!(campus.ledger.read().outbox_backlog().unwrap().oldest, None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is answered and lost in whatever order, no event is gone, and each waits, is parked or acknowledged.
    #[test]
    fn no_answer_loses_an_event(steps in prop::collection::vec((0usize..6, 0usize..4, 0u64..8), 1..30)) {
        let campus = Campus::new();
        for n in 1..=6 {
            place(&campus.ledger, n, Approval::Booth, Means::Counter).unwrap();
        }
        let ids = waiting(&campus);
        let epoch = campus.ledger.read().epoch().unwrap();
        for (event, answer, mark) in steps {
            match answer {
                0 => campus.ledger.record_answers(&[(ids[event], EventOutcome::Acknowledged)], now()).unwrap(),
                1 => campus.ledger.record_answers(&[(ids[event], EventOutcome::Parked("gap"))], now()).unwrap(),
                2 => drop(campus.ledger.offer_again(epoch, mark, now()).unwrap()),
                _ => drop(campus.ledger.unpark_all(None, by(Actor::Staff)).unwrap()),
            }
            let waiting = waiting(&campus);
            prop_assert!(waiting.is_sorted_by_key(|id| ids.iter().position(|known| known == id)));
            let counts = campus.ledger.read().counts().unwrap();
            prop_assert_eq!(counts.events_pending, waiting.len() as u64);
            prop_assert_eq!(broken_rule(&campus.path()), None);
        }
        campus.ledger.read().check().unwrap();
    }
}
