use crate::support::{
    Campus, accept, acknowledge_all, broken_rule, by, document, draft, event, now, pay, place_with, posted,
    print_all, raw, shoot, with_candidate,
};
use domain::order::State;
use domain::payment::{self, Means};
use domain::programme::Approval;
use domain::{OrderId, PersonId, UtcMillis};
use ledger::{Actor, Deletion, LedgerError, NewCode, Purged};

fn person_of(campus: &Campus, order: OrderId) -> PersonId {
    campus.ledger.read().order(order).unwrap().person
}

/// Everything that one order can hold of a person: a code, an address, an account, a password.
fn posted_and_done(campus: &Campus, n: u32) -> OrderId {
    let ledger = &campus.ledger;
    let code = NewCode { payload: b"payload", picture: Some(b"picture") };
    let (order, payment) =
        place_with(ledger, n, Approval::Booth, Means::Counter, &posted(), Some(code)).unwrap();
    ledger.set_password(person_of(campus, order), "$argon2id$v=19$c2FsdA$aGFzaA", now()).unwrap();
    pay(ledger, payment, payment::Event::Settle).unwrap();
    let photo = shoot(ledger, order, true).unwrap();
    accept(ledger, order, photo).unwrap();
    print_all(ledger, order);
    ledger.hand_out(order, by(Actor::Staff)).unwrap();
    order
}

fn is_forgotten(campus: &Campus, order: OrderId) {
    let read = campus.ledger.read();
    assert_eq!(read.known(&document(1)).unwrap(), None, "the document is unknown again");
    assert_eq!(read.collection_code(order).unwrap(), None, "code and picture are gone");
    assert!(read.code_used(b"payload", None).unwrap().is_some(), "but a second use is still known");
    let delivery = read.delivery_of(order).unwrap().unwrap();
    assert_eq!(
        (delivery.way, delivery.mail, delivery.note.as_str()),
        (posted().way, None, ""),
        "so is the address"
    );
    let connection = raw(&campus.path());
    let left = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(left("SELECT count(*) FROM accounts"), 0, "the account");
    assert_eq!(left("SELECT count(*) FROM deletion_requests"), 0, "and that it was asked for");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
    read.check().unwrap();
}

#[test]
fn a_purge_leaves_nothing_of_a_posted_order() {
    let campus = Campus::new();
    let order = posted_and_done(&campus, 1);
    acknowledge_all(&campus.ledger);
    assert_eq!(campus.ledger.purge(now(), now()).unwrap(), Purged { photos: 1, people: 1 }, "one student");
    is_forgotten(&campus, order);
    let listed = campus.ledger.read().orders_of_person(person_of(&campus, order)).unwrap();
    assert!(listed[0].purged && listed[0].photo.is_some(), "the list says what became of the photo");
}

#[test]
fn who_asks_is_forgotten_at_once_where_nothing_is_open() {
    let campus = Campus::new();
    let order = posted_and_done(&campus, 1);
    acknowledge_all(&campus.ledger);
    let person = person_of(&campus, order);
    let told = event("deletion_requested");
    assert_eq!(campus.ledger.request_deletion(person, &told, now()).unwrap(), Deletion::Done, "at once");
    is_forgotten(&campus, order);
    let pending = campus.ledger.read().outbox_pending(9).unwrap();
    assert_eq!((pending.len(), pending[0].id, pending[0].order), (1, told.id, None), "the server is told");
    let twice = campus.ledger.request_deletion(person, &told, now());
    assert!(matches!(twice, Err(LedgerError::Missing { .. })), "nobody is there any more: {twice:?}");
    acknowledge_all(&campus.ledger);
    campus.ledger.purge(now(), now()).unwrap();
    let payloads: i64 = raw(&campus.path())
        .query_row("SELECT count(*) FROM outbox WHERE payload IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(payloads, 0, "and what it was told is deleted in its time");
}

#[test]
fn who_asks_too_early_is_forgotten_by_the_first_purge_that_may() {
    let campus = Campus::new();
    let order = posted_and_done(&campus, 1);
    let person = person_of(&campus, order);
    let told = event("deletion_requested");
    assert_eq!(
        campus.ledger.request_deletion(person, &told, now()).unwrap(),
        Deletion::Waits,
        "the server hasn't everything"
    );
    let again = event("deletion_requested");
    assert_eq!(
        campus.ledger.request_deletion(person, &again, now()).unwrap(),
        Deletion::Waits,
        "asked again"
    );
    let told = campus.ledger.read().outbox_pending(99).unwrap();
    let requests = told.iter().filter(|event| event.kind == "deletion_requested").count();
    assert_eq!(requests, 1, "and told once");
    let long_ago = UtcMillis(0);
    assert_eq!(campus.ledger.purge(long_ago, now()).unwrap(), Purged::default(), "not yet");
    let campus = campus.reopen();
    acknowledge_all(&campus.ledger);
    assert_eq!(
        campus.ledger.purge(long_ago, now()).unwrap(),
        Purged { photos: 1, people: 1 },
        "without the retention time"
    );
    is_forgotten(&campus, order);
}

#[test]
fn unpaid_orders_are_cancelled_and_paid_ones_finished_first() {
    let campus = Campus::new();
    let unplaced = draft(&campus.ledger, 1).unwrap();
    let person = person_of(&campus, unplaced);
    let (paid, photo) = with_candidate(&campus.ledger, 1, Approval::Central);
    acknowledge_all(&campus.ledger);
    let told = event("deletion_requested");
    assert_eq!(campus.ledger.request_deletion(person, &told, now()).unwrap(), Deletion::Waits, "one is paid");
    let read = campus.ledger.read();
    assert_eq!(read.order(unplaced).unwrap().state, State::Cancelled, "the draft is given up");
    assert_eq!(read.order(paid).unwrap().state, State::Paid, "the money is not");
    accept(&campus.ledger, paid, photo).unwrap();
    campus.ledger.review_order(paid, ledger::Decision::Approve, None, by(Actor::Central)).unwrap();
    print_all(&campus.ledger, paid);
    acknowledge_all(&campus.ledger);
    assert_eq!(
        campus.ledger.purge(UtcMillis(0), now()).unwrap(),
        Purged { photos: 1, people: 1 },
        "then it is done"
    );
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn a_list_has_what_a_student_would_miss() {
    let campus = Campus::new();
    let nothing = draft(&campus.ledger, 1).unwrap();
    let person = person_of(&campus, nothing);
    campus.ledger.expire_orders(now(), now(), &crate::support::ended).unwrap();
    let shot = draft(&campus.ledger, 1).unwrap();
    let candidate = shoot(&campus.ledger, shot, true).unwrap();
    campus.ledger.expire_orders(now(), now(), &crate::support::ended).unwrap();
    let (unpaid, _) =
        place_with(&campus.ledger, 1, Approval::Booth, Means::Counter, &posted(), None).unwrap();
    let listed = campus.ledger.read().orders_of_person(person).unwrap();
    assert_eq!(
        listed.iter().map(|order| order.id).collect::<Vec<_>>(),
        [unpaid, shot],
        "not the empty draft"
    );
    assert_eq!((listed[1].candidate, listed[1].delivery), (Some(candidate), None), "a shot is shown");
    assert_eq!(
        (listed[0].settled, listed[0].title_en.as_str()),
        (false, "Degree photo"),
        "what is to be paid"
    );
    assert_eq!(listed[0].amount.fen(), 2500, "and how much");
    let told = campus.ledger.read().outbox_pending(99).unwrap();
    assert!(told.iter().all(|event| event.kind != "order_ended"), "of a draft the server never heard");
}
