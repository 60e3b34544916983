use crate::support::{Campus, broken_rule, by, pay, place};
use domain::order::State;
use domain::payment::{Event, Means};
use domain::programme::Approval;
use domain::{Fen, payment};
use ledger::{Actor, LedgerError};

#[test]
fn money_settles_the_order_once() {
    let campus = Campus::new();
    let (id, payment) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let recorded = pay(&campus.ledger, payment, Event::Settle).unwrap();
    assert_eq!((recorded.order, recorded.order_id, recorded.settled_order), (State::Paid, id, true), "paid");
    let twice = pay(&campus.ledger, payment, Event::Settle);
    assert!(matches!(twice, Err(LedgerError::Refused(_))), "{twice:?}");
    assert_eq!(campus.ledger.read().outbox_of(id).unwrap().len(), 2, "a refused change tells nobody");
    let settled = &campus.ledger.read().payments_of(id).unwrap()[0];
    assert!(settled.settled.is_some() && settled.amount == Fen::new(2500).unwrap(), "when and how much");
}

#[test]
fn money_that_comes_after_the_cancel_counts() {
    let campus = Campus::new();
    let (id, payment) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    campus.ledger.cancel_order(id, None, by(Actor::Student)).unwrap();
    place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let recorded = pay(&campus.ledger, payment, Event::Settle).unwrap();
    assert_eq!(recorded.order, State::Paid, "the money is there, so the photo can be taken");
    let open =
        campus.ledger.read().open_order_of(&crate::support::document(1), "degree-booth").unwrap().unwrap();
    assert_eq!(open.id, id, "the paid order goes before the unpaid one");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn money_that_came_twice_is_due_back_until_it_went() {
    let campus = Campus::new();
    let (id, counter) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    crate::support::open_online(&campus.ledger, id).unwrap();
    let online = campus.ledger.read().online_payments_of(id).unwrap()[0].payment.id;
    pay(&campus.ledger, counter, Event::Settle).unwrap();
    assert_eq!(campus.ledger.read().refunds_due().unwrap(), [], "paid once");
    let twice = pay(&campus.ledger, online, Event::Settle).unwrap();
    assert!(!twice.settled_order, "the order was settled already");
    let due = campus.ledger.read().refunds_due().unwrap();
    assert_eq!(due.len(), 1, "one of the two goes back");
    assert_eq!((due[0].payment, due[0].amount), (online, Fen::new(2500).unwrap()), "the later one");
    pay(&campus.ledger, online, Event::RequestRefund).unwrap();
    assert_eq!(campus.ledger.read().refunds_due().unwrap().len(), 1, "asked for is not yet gone");
    let told = crate::support::event("payment_refunded");
    let back = campus.ledger.pay_back(online, &told, by(Actor::Staff)).unwrap();
    assert_eq!((back.order, back.payment), (State::Paid, payment::State::Refunded), "still paid");
    let twice =
        campus.ledger.pay_back(online, &crate::support::event("payment_refunded_2"), by(Actor::Staff));
    assert!(matches!(twice, Err(LedgerError::Refused(_))), "it goes back once: {twice:?}");
    let told: Vec<_> = campus.ledger.read().outbox_of(id).unwrap().into_iter().map(|e| e.kind).collect();
    assert_eq!(told.iter().filter(|kind| kind.starts_with("payment_refunded")).count(), 1, "{told:?}");
    assert_eq!(campus.ledger.read().refunds_due().unwrap(), [], "it went");
}

#[test]
fn a_refund_ends_the_order_only_when_the_money_is_back() {
    let campus = Campus::new();
    let (id, payment) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    pay(&campus.ledger, payment, Event::Settle).unwrap();
    for (event, order) in [
        (Event::RequestRefund, State::Paid),
        (Event::RefuseRefund, State::Paid),
        (Event::RequestRefund, State::Paid),
        (Event::ConfirmRefund, State::Refunded),
    ] {
        assert_eq!(pay(&campus.ledger, payment, event).unwrap().order, order, "after {}", event.as_str());
    }
    let payment = &campus.ledger.read().payments_of(id).unwrap()[0];
    assert_eq!(payment.state, payment::State::Refunded, "the payment says so too");
    assert!(payment.settled.is_some(), "when the money had come is kept");
}

#[test]
fn a_refund_cancels_what_is_still_queued() {
    let campus = Campus::new();
    let (id, payment) = place(&campus.ledger, 1, Approval::Central, Means::Counter).unwrap();
    pay(&campus.ledger, payment, Event::Settle).unwrap();
    let photo = crate::support::shoot(&campus.ledger, id, true).unwrap();
    crate::support::accept(&campus.ledger, id, photo).unwrap();
    pay(&campus.ledger, payment, Event::RequestRefund).unwrap();
    pay(&campus.ledger, payment, Event::ConfirmRefund).unwrap();
    assert!(
        campus.ledger.read().print_jobs_to_do().unwrap().is_empty(),
        "nothing is printed for a refunded order"
    );
}
