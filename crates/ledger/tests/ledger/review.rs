use crate::support::{Campus, accept, broken_rule, by, document, event, print_all, shoot, with_candidate};
use domain::order::State;
use domain::photo;
use domain::programme::Approval;
use ledger::{Actor, Decision, LedgerError};

#[test]
fn an_approval_completes_what_is_printed() {
    let campus = Campus::new();
    let (order, photo) = with_candidate(&campus.ledger, 1, Approval::Central);
    accept(&campus.ledger, order, photo).unwrap();
    let state = campus.ledger.review_order(order, Decision::Approve, None, by(Actor::Central)).unwrap();
    assert_eq!(state, State::Approved, "the prints may go");
    print_all(&campus.ledger, order);
    assert_eq!(campus.ledger.read().order(order).unwrap().state, State::Completed, "nothing is left to do");
    let told = [event("collection_reviewed")];
    let twice = campus.ledger.review_order(order, Decision::Approve, told.first(), by(Actor::Central));
    assert!(matches!(twice, Err(LedgerError::Refused(_))), "{twice:?}");
    let events = campus.ledger.read().outbox_of(order).unwrap();
    assert!(events.iter().all(|e| e.kind != "collection_reviewed"), "a refused decision tells nobody");
}

#[test]
fn a_rejected_student_sits_down_again_at_no_cost() {
    let campus = Campus::new();
    let (order, rejected) = with_candidate(&campus.ledger, 1, Approval::Central);
    shoot(&campus.ledger, order, false).unwrap();
    accept(&campus.ledger, order, rejected).unwrap();
    campus.ledger.review_order(order, Decision::Reject, None, by(Actor::Central)).unwrap();
    let read = campus.ledger.read();
    assert!(read.print_jobs_to_do().unwrap().is_empty(), "a rejected photo isn't printed any more");
    assert_eq!(
        read.accepted_order_of(&document(1), "degree-central").unwrap(),
        None,
        "no photo is collected"
    );
    let open = read.open_order_of(&document(1), "degree-central").unwrap().unwrap();
    assert_eq!((open.id, open.state), (order, State::Rejected), "the student finds the order again");

    assert_eq!(campus.ledger.reshoot(order, by(Actor::Student)).unwrap(), State::Paid, "nothing is due");
    assert_eq!(read.photo(rejected).unwrap().state, photo::State::Superseded, "the rejected photo is out");
    let open = read.describe_order(order).unwrap();
    assert_eq!((open.shots_taken, open.candidate, open.photo), (0, None, None), "every shot is there again");
    let better = shoot(&campus.ledger, order, true).unwrap();
    assert_eq!(read.describe_order(order).unwrap().candidate, Some(better), "the new shot counts");
    assert_eq!(accept(&campus.ledger, order, better).unwrap(), State::Submitted, "and goes to the office");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}
