use crate::support::{Campus, accept, by, document, draft, pay, place, print_all, shoot};
use domain::order::State;
use domain::payment::{Event, Means};
use domain::programme::Approval;
use ledger::Actor;

#[test]
fn an_interrupted_student_finds_the_order_at_every_point() {
    let mut campus = Campus::new();
    let find = |campus: &Campus| campus.ledger.read().open_order_of(&document(1), "degree-booth").unwrap();
    assert_eq!(find(&campus), None, "nobody is known yet");
    let (order, payment) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    campus = campus.reopen();
    let open = find(&campus).unwrap();
    assert_eq!((open.id, open.state, open.settled), (order, State::AwaitingPayment, false), "to be paid");
    assert_eq!(open.payment.unwrap().id, payment, "by this payment");
    pay(&campus.ledger, payment, Event::Settle).unwrap();
    campus = campus.reopen();
    let open = find(&campus).unwrap();
    assert_eq!(
        (open.state, open.settled, open.shots_taken, open.candidate),
        (State::Paid, true, 0, None),
        "paid"
    );
    let first = shoot(&campus.ledger, order, true).unwrap();
    shoot(&campus.ledger, order, false).unwrap();
    campus = campus.reopen();
    let open = find(&campus).unwrap();
    assert_eq!((open.shots_taken, open.candidate), (2, Some(first)), "two shots used, one to choose");
    accept(&campus.ledger, order, first).unwrap();
    campus = campus.reopen();
    let open = find(&campus).unwrap();
    assert_eq!(
        (open.state, open.photo, open.unfinished_jobs),
        (State::Approved, Some(first), 2),
        "prints to come"
    );
    print_all(&campus.ledger, order);
    assert_eq!(find(&campus), None, "nothing is open any more");
    let accepted = campus.ledger.read().accepted_order_of(&document(1), "degree-booth").unwrap().unwrap();
    assert_eq!((accepted.id, accepted.state), (order, State::Completed), "but the photo was collected");
}

#[test]
fn others_and_other_programmes_are_not_found() {
    let campus = Campus::new();
    draft(&campus.ledger, 1).unwrap();
    for (who, programme) in [(2, "degree-booth"), (1, "degree-central"), (1, "")] {
        let found = campus.ledger.read().open_order_of(&document(who), programme).unwrap();
        assert_eq!(found, None, "person {who} in {programme:?}");
    }
}

#[test]
fn a_given_up_order_is_not_taken_up_again() {
    let campus = Campus::new();
    let order = draft(&campus.ledger, 1).unwrap();
    campus.ledger.cancel_order(order, by(Actor::Student)).unwrap();
    assert_eq!(
        campus.ledger.read().open_order_of(&document(1), "degree-booth").unwrap(),
        None,
        "it is closed"
    );
    assert_eq!(
        campus.ledger.read().accepted_order_of(&document(1), "degree-booth").unwrap(),
        None,
        "without photo"
    );
}
