use crate::support::{Campus, accept, event, now, place, raw, with_candidate};
use domain::EventId;
use domain::payment::Means;
use domain::programme::Approval;
use ledger::{LedgerError, NewOrder, OutboxState, Placement};

#[test]
fn events_wait_in_order_until_answered() {
    let campus = Campus::new();
    let (order, photo) = with_candidate(&campus.ledger, 1, Approval::Booth);
    accept(&campus.ledger, order, photo).unwrap();
    let read = campus.ledger.read();
    let pending = read.outbox_pending(10).unwrap();
    let kinds: Vec<&str> = pending.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["order_placed", "payment_settled", "collection_submitted"], "as it happened");
    assert_eq!(pending[2].payload.as_deref(), Some(&br#"{"v":1}"#[..]), "the payload, byte for byte");
    assert_eq!(read.outbox_pending(2).unwrap().len(), 2, "a batch at a time");

    campus.ledger.count_attempt(pending[0].id).unwrap();
    campus.ledger.acknowledge(pending[0].id, now()).unwrap();
    campus.ledger.acknowledge(pending[0].id, now()).unwrap();
    campus.ledger.park(pending[1].id, "unknown_order", now()).unwrap();
    let left = read.outbox_pending(10).unwrap();
    assert_eq!((left.len(), left[0].id), (1, pending[2].id), "a refused event blocks nothing");
    let all = read.outbox_of(order).unwrap();
    assert_eq!((all[0].state, all[0].attempts), (OutboxState::Acknowledged, 1), "told once");
    assert_eq!(
        (all[1].state, all[1].reason.as_deref()),
        (OutboxState::Parked, Some("unknown_order")),
        "for staff"
    );
    campus.ledger.unpark(pending[1].id).unwrap();
    assert_eq!(read.outbox_pending(10).unwrap()[0].id, pending[1].id, "offered again, in its old place");
}

#[test]
fn an_acknowledged_event_stays_acknowledged() {
    let campus = Campus::new();
    place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let id = campus.ledger.read().outbox_pending(1).unwrap()[0].id;
    campus.ledger.acknowledge(id, now()).unwrap();
    let late = campus.ledger.park(id, "unknown_order", now());
    assert!(matches!(late, Err(LedgerError::Missing { .. })), "a late refusal changes nothing: {late:?}");
    let unknown = campus.ledger.acknowledge(EventId::from_bytes([1; 16]), now());
    assert!(matches!(unknown, Err(LedgerError::Missing { .. })), "{unknown:?}");
}

#[test]
fn the_same_event_is_never_written_twice() {
    let campus = Campus::new();
    let told = event("order_placed");
    let mut results = Vec::new();
    for n in [1, 2] {
        let (person, programme) = (crate::support::person(n), crate::support::programme(Approval::Booth));
        let new = NewOrder {
            id: domain::OrderId::new(now(), crate::support::fresh()),
            number: campus.ledger.reserve_order_number().unwrap(),
            programme: &programme,
            person: &person,
            consents: &[],
            only_once: true,
            code: None,
            at: now(),
        };
        let payment = crate::support::payment(Means::Counter);
        let placement = Placement {
            lines: &crate::support::lines(),
            payment,
            delivery: &ledger::Delivery::here(),
            event: &told,
            at: now(),
        };
        results.push(campus.ledger.place_order(&new, &placement).is_ok());
    }
    assert_eq!(results, [true, false], "the dedupe key is unique, and its change goes with it");
    assert_eq!(campus.ledger.read().counts().unwrap().orders, 1, "the second order isn't there");
}

#[test]
fn a_restored_backup_begins_a_new_epoch() {
    let campus = Campus::new();
    place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let epoch = campus.ledger.read().epoch().unwrap();
    let backup = campus.folder.path().join("backup.db");
    campus.ledger.back_up(&backup).unwrap();
    let after_backup = campus.ledger.reserve_order_number().unwrap();
    let path = campus.path();
    drop(campus.ledger);
    std::fs::rename(&backup, &path).unwrap();
    let ledger = ledger::Ledger::open(&crate::support::opening(&path), now()).unwrap();
    assert_ne!(ledger.read().epoch().unwrap(), epoch, "the server must not take new events for old ones");
    assert!(ledger.reserve_order_number().unwrap() > after_backup, "no order number is given out twice");
    place(&ledger, 2, Approval::Booth, Means::Counter).unwrap();
    let pending = ledger.read().outbox_pending(10).unwrap();
    let places: Vec<_> = pending.iter().map(|event| (event.epoch == epoch, event.sequence)).collect();
    assert_eq!(places, [(true, 1), (false, 1)], "each event keeps its epoch");
    let second = ledger.read().epoch().unwrap();
    drop(ledger);
    let ledger = ledger::Ledger::open(&crate::support::opening(&path), now()).unwrap();
    assert_eq!(ledger.read().epoch().unwrap(), second, "once");
    drop(raw(&path));
}
