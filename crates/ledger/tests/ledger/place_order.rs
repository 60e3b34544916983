use crate::support::{
    Campus, broken_rule, by, consent, document, draft, event, fresh, lines, now, pay, payment, person, place,
    place_draft, programme,
};
use domain::order::State;
use domain::payment::{self as pay_machine, Means};
use domain::programme::Approval;
use domain::{Fen, OrderId, PersonName};
use ledger::{Actor, LedgerError, NewOrder, Placement};

#[test]
fn an_order_is_placed_with_all_that_belongs_to_it() {
    let campus = Campus::new();
    let (id, payment) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let read = campus.ledger.read();
    let order = read.order(id).unwrap();
    assert_eq!(
        (order.state, order.amount.fen()),
        (State::AwaitingPayment, 2500),
        "1 photo and 2 sheets are due"
    );
    assert_eq!(
        read.order_by_number(order.number).unwrap(),
        Some(order.clone()),
        "staff find it by its number"
    );
    assert_eq!(read.lines_of(id).unwrap(), lines(), "the lines");
    assert_eq!(read.person(order.person).unwrap().document, document(1), "the person");
    assert_eq!(read.consents_of(id).unwrap()[0].text_sha256, [3; 32], "the consent, by the text's hash");
    let payments = read.payments_of(id).unwrap();
    assert_eq!(
        (payments.len(), payments[0].id, payments[0].amount.fen()),
        (1, payment, 2500),
        "one payment is open"
    );
    let told = read.outbox_of(id).unwrap();
    assert_eq!((told.len(), told[0].kind.as_str(), told[0].sequence), (1, "order_placed", 1), "one event");
    assert_eq!(told[0].epoch, read.epoch().unwrap(), "of this epoch");
}

#[test]
fn what_the_school_pays_is_settled_at_once() {
    let campus = Campus::new();
    let (id, _) = place(&campus.ledger, 1, Approval::Booth, Means::School).unwrap();
    let read = campus.ledger.read();
    assert_eq!(read.order(id).unwrap().state, State::Paid, "nothing is due from the student");
    assert_eq!(
        read.payments_of(id).unwrap()[0].state,
        pay_machine::State::Settled,
        "the payment says who paid"
    );
}

#[test]
fn a_person_is_known_again_by_the_document() {
    let campus = Campus::new();
    let (first, _) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    campus.ledger.cancel_order(first, None, by(Actor::Student)).unwrap();
    let number = campus.ledger.reserve_order_number().unwrap();
    let mut again = person(1);
    again.name = PersonName::parse("张三丰").unwrap();
    again.phone = None;
    let new = NewOrder {
        id: OrderId::new(now(), fresh()),
        number,
        programme: &programme(Approval::Booth),
        person: &again,
        consents: &[consent()],
        only_once: true,
        code: None,
        at: now(),
    };
    let placed = campus.ledger.draft_order(&new).unwrap();
    assert_eq!(placed.person, campus.ledger.read().order(first).unwrap().person, "one person, one id");
    let known = campus.ledger.read().person(placed.person).unwrap();
    assert_eq!(known.name, again.name, "the newest name counts");
    assert!(known.phone.is_some(), "a number given before isn't lost");
}

#[test]
fn a_second_order_is_refused_while_one_is_under_way_or_has_its_photo() {
    let campus = Campus::new();
    let (id, payment) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let twice = place(&campus.ledger, 1, Approval::Booth, Means::Counter);
    assert!(matches!(twice, Err(LedgerError::OrderUnderWay { order }) if order == id), "{twice:?}");
    pay(&campus.ledger, payment, pay_machine::Event::Settle).unwrap();
    let photo = crate::support::shoot(&campus.ledger, id, true).unwrap();
    crate::support::accept(&campus.ledger, id, photo).unwrap();
    let twice = place(&campus.ledger, 1, Approval::Booth, Means::Counter);
    assert!(matches!(twice, Err(LedgerError::AlreadyCollected { order }) if order == id), "{twice:?}");
    place(&campus.ledger, 2, Approval::Booth, Means::Counter).unwrap();
    place(&campus.ledger, 1, Approval::Central, Means::Counter).unwrap();
    assert_eq!(campus.ledger.read().counts().unwrap().orders, 3, "others, and other programmes, are free");
}

#[test]
fn a_failed_placing_leaves_nothing() {
    let campus = Campus::new();
    let before = campus.ledger.read().audit_head().unwrap();
    let told = event("order_placed");
    let number = campus.ledger.reserve_order_number().unwrap();
    let new = NewOrder {
        id: OrderId::new(now(), fresh()),
        number,
        programme: &programme(Approval::Booth),
        person: &person(1),
        consents: &[consent()],
        only_once: true,
        code: None,
        at: now(),
    };
    let mut dear = lines();
    dear[0].unit = Fen::MOST;
    dear[1].unit = Fen::MOST;
    let placement = Placement {
        lines: &dear,
        payment: payment(Means::Counter),
        delivery: &ledger::Delivery::here(),
        event: &told,
        at: now(),
    };
    let refused = campus.ledger.place_order(&new, &placement);
    assert!(matches!(refused, Err(LedgerError::Amount { .. })), "{refused:?}");
    let counts = campus.ledger.read().counts().unwrap();
    assert_eq!((counts.orders, counts.people, counts.events_pending), (0, 0, 0), "no part of it stays");
    assert_eq!(campus.ledger.read().audit_head().unwrap(), before, "nor in the audit");
}

#[test]
fn a_draft_is_placed_later_and_once() {
    let campus = Campus::new();
    let id = draft(&campus.ledger, 1).unwrap();
    assert_eq!(campus.ledger.read().order(id).unwrap().state, State::Draft, "shoot first");
    place_draft(&campus.ledger, id).unwrap();
    assert_eq!(campus.ledger.read().order(id).unwrap().state, State::AwaitingPayment, "then order");
    let twice = place_draft(&campus.ledger, id);
    assert!(matches!(twice, Err(LedgerError::Refused(_))), "a placed order isn't placed again: {twice:?}");
    assert_eq!(campus.ledger.read().payments_of(id).unwrap().len(), 1, "one payment");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn order_numbers_are_never_given_out_twice() {
    let campus = Campus::new();
    let first = campus.ledger.reserve_order_number().unwrap();
    let campus = campus.reopen();
    let second = campus.ledger.reserve_order_number().unwrap();
    assert_eq!((first.count(), second.count()), (1, 2), "the count goes on after a restart");
    crate::support::raw(&campus.path()).execute("UPDATE device SET orders_counted = 999999", []).unwrap();
    let none = campus.ledger.reserve_order_number();
    assert!(matches!(none, Err(LedgerError::OutOfNumbers { .. })), "{none:?}");
}
