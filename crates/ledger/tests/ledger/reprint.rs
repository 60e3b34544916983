use crate::support::{
    Campus, OFFICIAL, ORIGINAL, accept, broken_rule, by, document, pay, print_all, reprint, with_candidate,
};
use domain::order::State;
use domain::programme::Approval;
use domain::{payment, photo};
use ledger::{Actor, Decision, LedgerError};

#[test]
fn a_reprint_is_an_order_with_a_copy_of_the_photo() {
    let campus = Campus::new();
    let (of, taken) = with_candidate(&campus.ledger, 1, Approval::Central);
    accept(&campus.ledger, of, taken).unwrap();
    campus.ledger.review_order(of, Decision::Approve, None, by(Actor::Central)).unwrap();
    print_all(&campus.ledger, of);
    let (order, payment, copy) = reprint(&campus.ledger, 1, of).unwrap();
    let read = campus.ledger.read();
    let open = read.open_order_of(&document(1), "degree-central").unwrap().unwrap();
    assert_eq!((open.id, open.reprint_of, open.candidate), (order, Some(of), Some(copy)), "found again");
    assert_eq!(read.original_photo(copy).unwrap().unwrap(), ORIGINAL, "the shot");
    assert_eq!(read.official_photo(copy).unwrap().unwrap(), OFFICIAL, "and the photo, byte for byte");
    let (first, second) = (read.photo(taken).unwrap(), read.photo(copy).unwrap());
    assert_eq!((second.shot, second.state), (1, photo::State::Candidate), "as the first shot");
    assert_eq!(
        (first.measures, first.official_sha256, first.taken),
        (second.measures, second.official_sha256, second.taken),
        "with what was measured"
    );
    let early = accept(&campus.ledger, order, copy);
    assert!(matches!(early, Err(LedgerError::Refused(_))), "not before it is paid: {early:?}");
    pay(&campus.ledger, payment, payment::Event::Settle).unwrap();
    assert_eq!(accept(&campus.ledger, order, copy).unwrap(), State::Approved, "approved once is enough");
    print_all(&campus.ledger, order);
    assert_eq!(read.order(order).unwrap().state, State::Completed, "and printed");
    let listed = read.orders_of_person(open.person).unwrap();
    assert_eq!(
        listed.iter().map(|order| (order.id, order.reprint_of)).collect::<Vec<_>>(),
        [(order, Some(of)), (of, None)],
        "the newest first"
    );
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn a_photo_that_waits_for_its_approval_waits_in_its_reprint_too() {
    let campus = Campus::new();
    let (of, taken) = with_candidate(&campus.ledger, 1, Approval::Staff);
    accept(&campus.ledger, of, taken).unwrap();
    let (order, payment, copy) = reprint(&campus.ledger, 1, of).unwrap();
    pay(&campus.ledger, payment, payment::Event::Settle).unwrap();
    assert_eq!(accept(&campus.ledger, order, copy).unwrap(), State::Submitted, "nobody has approved it");
}

#[test]
fn only_ones_own_accepted_photo_is_printed_again() {
    let campus = Campus::new();
    let (of, taken) = with_candidate(&campus.ledger, 1, Approval::Central);
    let refused = reprint(&campus.ledger, 1, of);
    assert!(matches!(refused, Err(LedgerError::OrderUnderWay { .. })), "not while it is made: {refused:?}");
    let refused = reprint(&campus.ledger, 2, of);
    assert!(matches!(refused, Err(LedgerError::OrderOfAnotherPerson)), "{refused:?}");
    accept(&campus.ledger, of, taken).unwrap();
    let refused = reprint(&campus.ledger, 2, of);
    assert!(matches!(refused, Err(LedgerError::OrderOfAnotherPerson)), "{refused:?}");
    let (order, ..) = reprint(&campus.ledger, 1, of).unwrap();
    let twice = reprint(&campus.ledger, 1, of);
    assert!(matches!(twice, Err(LedgerError::OrderUnderWay { .. })), "one unpaid order at a time: {twice:?}");
    campus.ledger.cancel_order(order, None, by(Actor::Student)).unwrap();
    let of_none = reprint(&campus.ledger, 1, order);
    assert!(
        matches!(of_none, Err(LedgerError::NotNow { .. })),
        "a cancelled order has no photo: {of_none:?}"
    );
    assert_eq!(campus.ledger.read().photos_of(order).unwrap().len(), 1, "what was refused left nothing");
}
