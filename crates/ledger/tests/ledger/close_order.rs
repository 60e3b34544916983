use crate::support::{Campus, broken_rule, by, draft, ended, now, pay, place};
use domain::order::State;
use domain::payment::{self, Event, Means};
use domain::programme::Approval;
use ledger::{Actor, LedgerError};

#[test]
fn an_unpaid_order_is_cancelled_with_its_payment() {
    let campus = Campus::new();
    let (id, _) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    assert_eq!(
        campus.ledger.cancel_order(id, None, by(Actor::Student)).unwrap(),
        State::Cancelled,
        "given up"
    );
    assert_eq!(
        campus.ledger.read().payments_of(id).unwrap()[0].state,
        payment::State::Closed,
        "nothing is awaited"
    );
}

#[test]
fn a_paid_order_is_not_cancelled() {
    let campus = Campus::new();
    let (id, payment) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    pay(&campus.ledger, payment, Event::Settle).unwrap();
    let refused = campus.ledger.cancel_order(id, None, by(Actor::Staff));
    assert!(matches!(refused, Err(LedgerError::Refused(_))), "{refused:?}");
}

#[test]
fn old_unpaid_orders_expire_and_others_stay() {
    let campus = Campus::new();
    let old = draft(&campus.ledger, 1).unwrap();
    let (unpaid, _) = place(&campus.ledger, 2, Approval::Booth, Means::Counter).unwrap();
    let (paid, _) = place(&campus.ledger, 3, Approval::Booth, Means::School).unwrap();
    let limit = now();
    let (young, _) = place(&campus.ledger, 4, Approval::Booth, Means::Counter).unwrap();
    assert_eq!(campus.ledger.expire_orders(limit, now(), &ended).unwrap(), 2, "the two old ones");
    for (order, state) in [
        (old, State::Expired),
        (unpaid, State::Expired),
        (paid, State::Paid),
        (young, State::AwaitingPayment),
    ] {
        assert_eq!(campus.ledger.read().order(order).unwrap().state, state, "{}", state.as_str());
    }
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
    let told = campus.ledger.read().outbox_of(unpaid).unwrap();
    assert_eq!(told[1].kind, "order_ended", "the server is told of an order that it knows");
    assert_eq!(campus.ledger.read().outbox_of(old).unwrap().len(), 0, "and not of a draft");
}

#[test]
fn a_cancel_is_told() {
    let campus = Campus::new();
    let (id, _) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let told = ended(id).unwrap();
    campus.ledger.cancel_order(id, Some(&told), by(Actor::Student)).unwrap();
    assert_eq!(campus.ledger.read().outbox_of(id).unwrap()[1].id, told.id, "in the same commit");
    let refused = campus.ledger.cancel_order(id, Some(&ended(id).unwrap()), by(Actor::Student));
    assert!(matches!(refused, Err(LedgerError::Refused(_))), "{refused:?}");
    assert_eq!(campus.ledger.read().outbox_of(id).unwrap().len(), 2, "a refused cancel tells nobody");
}

#[test]
fn an_event_that_can_not_be_made_expires_nothing() {
    let campus = Campus::new();
    let (id, _) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let refused = campus
        .ledger
        .expire_orders(now(), now(), &|_| Err(LedgerError::Event { source: "not as JSON".into() }));
    assert!(matches!(refused, Err(LedgerError::Event { .. })), "{refused:?}");
    assert_eq!(campus.ledger.read().order(id).unwrap().state, State::AwaitingPayment, "it waits");
}
