use crate::support::{
    Campus, ORIGINAL, accept, acknowledge_all, broken_rule, by, document, now, place, print_all,
    with_candidate,
};
use domain::payment::Means;
use domain::programme::Approval;
use domain::{OrderId, PhotoId, photo};
use ledger::{Actor, Ledger, LedgerError, Purged};

fn completed(ledger: &Ledger, n: u32) -> (OrderId, PhotoId) {
    let (order, photo) = with_candidate(ledger, n, Approval::Booth);
    accept(ledger, order, photo).unwrap();
    print_all(ledger, order);
    (order, photo)
}

#[test]
fn nothing_is_forgotten_before_the_server_has_it() {
    let campus = Campus::new();
    let (_, photo) = completed(&campus.ledger, 1);
    assert_eq!(campus.ledger.purge(now(), now()).unwrap(), Purged::default(), "three events are pending");
    assert_eq!(campus.ledger.read().original_photo(photo).unwrap().unwrap(), ORIGINAL, "the pixels are here");
}

#[test]
fn an_old_and_told_order_is_forgotten_and_a_younger_one_kept() {
    let campus = Campus::new();
    let (old, photo) = completed(&campus.ledger, 1);
    let limit = now();
    let (_, young) = completed(&campus.ledger, 2);
    acknowledge_all(&campus.ledger);
    let read = campus.ledger.read();
    let person = read.order(old).unwrap().person;
    assert_eq!(campus.ledger.purge(limit, now()).unwrap(), Purged { photos: 1, people: 1 }, "one student");
    assert!(matches!(read.person(person), Err(LedgerError::Missing { .. })), "the person is gone");
    let purged = read.photo(photo).unwrap();
    assert_eq!(
        (purged.state, purged.measures.as_str()),
        (photo::State::Purged, "[]"),
        "so are pixels and measures"
    );
    assert_eq!(read.original_photo(photo).unwrap(), None, "the shot");
    assert_eq!(read.official_photo(photo).unwrap(), None, "the official photo");
    assert!(purged.official_sha256.is_some(), "which photo it was can still be told");
    assert_eq!(read.print_document(read.print_jobs_of(old).unwrap()[0].id).unwrap(), None, "the sheet");
    assert!(read.outbox_of(old).unwrap().iter().all(|event| event.payload.is_none()), "the payloads");
    assert_eq!(
        read.open_order_of(&document(1), "degree-booth").unwrap(),
        None,
        "the document is unknown again"
    );
    assert!(read.original_photo(young).unwrap().is_some(), "the other student's stays");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
    read.check().unwrap();
    assert_eq!(campus.ledger.purge(limit, now()).unwrap(), Purged::default(), "once");
}

#[test]
fn a_person_with_an_order_under_way_is_kept() {
    let campus = Campus::new();
    let (done, _) = completed(&campus.ledger, 1);
    place(&campus.ledger, 1, Approval::Central, Means::Counter).unwrap();
    acknowledge_all(&campus.ledger);
    let person = campus.ledger.read().order(done).unwrap().person;
    assert_eq!(
        campus.ledger.purge(now(), now()).unwrap(),
        Purged { photos: 1, people: 0 },
        "the old photo only"
    );
    let refused = campus.ledger.erase_person(person, by(Actor::Staff));
    assert!(matches!(refused, Err(LedgerError::NotYetErasable)), "{refused:?}");
    assert!(campus.ledger.read().person(person).is_ok(), "still known");
}

#[test]
fn who_asks_is_erased_at_once() {
    let campus = Campus::new();
    let (order, _) = completed(&campus.ledger, 1);
    let person = campus.ledger.read().order(order).unwrap().person;
    assert!(campus.ledger.erase_person(person, by(Actor::Staff)).is_err(), "not before the server has it");
    acknowledge_all(&campus.ledger);
    let purged = campus.ledger.erase_person(person, by(Actor::Staff)).unwrap();
    assert_eq!(purged, Purged { photos: 1, people: 1 }, "all of it");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}
