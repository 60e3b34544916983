use crate::support::{Campus, accept, broken_rule, by, pay, place_with, shoot};
use domain::payment::{self, Means};
use domain::programme::Approval;
use ledger::{
    Actor, Decision, Delivery, KeptCode, LedgerError, MOST_CODE_BYTES, MOST_CODE_PICTURE_BYTES, NewCode,
};

const CODE: NewCode<'_> = NewCode { payload: b"an opaque \xFF payload", picture: Some(b"\x89PNG a picture") };

fn place(campus: &Campus, n: u32, code: NewCode<'_>) -> ledger::Result<(domain::OrderId, domain::PaymentId)> {
    place_with(&campus.ledger, n, Approval::Central, Means::Counter, &Delivery::here(), Some(code))
}

#[test]
fn a_code_is_used_once() {
    let campus = Campus::new();
    let (order, payment) = place(&campus, 1, CODE).unwrap();
    let read = campus.ledger.read();
    let KeptCode { payload, picture } = read.collection_code(order).unwrap().unwrap();
    assert_eq!((payload.as_slice(), picture.as_deref()), (CODE.payload, CODE.picture), "byte for byte");
    let first = read.code_used(CODE.payload, None).unwrap().unwrap();
    assert_eq!(read.code_used(CODE.payload, Some(order)).unwrap(), None, "its own order may ask again");
    let refused = place(&campus, 2, CODE);
    assert!(matches!(refused, Err(LedgerError::CodeUsed { at }) if at == first), "{refused:?}");
    assert_eq!(read.known(&crate::support::document(2)).unwrap(), None, "what was refused left nothing");

    pay(&campus.ledger, payment, payment::Event::Settle).unwrap();
    let photo = shoot(&campus.ledger, order, true).unwrap();
    accept(&campus.ledger, order, photo).unwrap();
    campus.ledger.review_order(order, Decision::Reject, None, by(Actor::Central)).unwrap();
    campus.ledger.reshoot(order, by(Actor::Student)).unwrap();
    assert!(read.collection_code(order).unwrap().is_some(), "a reshoot is the same order");
    assert!(place(&campus, 2, CODE).is_err(), "and still has it");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn a_code_of_a_given_up_order_is_free_again() {
    let campus = Campus::new();
    let (order, _) = place(&campus, 1, CODE).unwrap();
    campus.ledger.cancel_order(order, None, by(Actor::Student)).unwrap();
    assert_eq!(campus.ledger.read().code_used(CODE.payload, None).unwrap(), None, "nobody collected with it");
    place(&campus, 2, CODE).unwrap();
}

#[test]
fn a_code_outside_its_limits_is_refused() {
    let campus = Campus::new();
    let (long, large) = (vec![1; MOST_CODE_BYTES + 1], vec![1; MOST_CODE_PICTURE_BYTES + 1]);
    for code in [
        NewCode { payload: b"", ..CODE },
        NewCode { payload: &long, ..CODE },
        NewCode { picture: Some(b""), ..CODE },
        NewCode { picture: Some(&large), ..CODE },
    ] {
        let refused = place(&campus, 1, code);
        assert!(matches!(refused, Err(LedgerError::Unfit { .. })), "{refused:?}");
    }
    let widest = NewCode { payload: &long[1..], picture: Some(&large[1..]) };
    place(&campus, 1, widest).unwrap();
}
