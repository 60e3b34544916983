use crate::support::{Campus, accept, by, document, draft, pay, place, print_all, shoot, shoot_beside};
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
    campus.ledger.cancel_order(order, None, by(Actor::Student)).unwrap();
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

#[test]
fn a_bursts_alternatives_are_one_shot_with_the_photo_they_stand_beside() {
    let mut campus = Campus::new();
    let (order, payment) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    pay(&campus.ledger, payment, Event::Settle).unwrap();
    let best = shoot(&campus.ledger, order, true).unwrap();
    let second = shoot_beside(&campus.ledger, order, true, Some(best)).unwrap();
    let third = shoot_beside(&campus.ledger, order, true, Some(best)).unwrap();
    campus = campus.reopen();
    let open = campus.ledger.read().open_order_of(&document(1), "degree-booth").unwrap().unwrap();
    assert_eq!(open.shots_taken, 1, "three photos of one burst are one shot");
    assert_eq!(
        (open.candidate, open.alternatives),
        (Some(best), vec![second, third]),
        "the best is offered first"
    );
    accept(&campus.ledger, order, second).unwrap();
    let states = campus.ledger.read().photos_of(order).unwrap().into_iter().map(|photo| photo.state);
    assert_eq!(
        states.collect::<Vec<_>>(),
        [domain::photo::State::Superseded, domain::photo::State::Accepted, domain::photo::State::Superseded],
        "the chosen one counts"
    );
    assert!(shoot_beside(&campus.ledger, order, true, Some(best)).is_err(), "none comes after the choice");
}

#[test]
fn an_alternative_stands_beside_a_photo_of_its_own_order_that_passed() {
    let campus = Campus::new();
    let order = draft(&campus.ledger, 1).unwrap();
    let other = draft(&campus.ledger, 2).unwrap();
    let failed = shoot(&campus.ledger, order, false).unwrap();
    let best = shoot(&campus.ledger, order, true).unwrap();
    let second = shoot_beside(&campus.ledger, order, true, Some(best)).unwrap();
    for (order, passes, beside, rule) in [
        (order, true, failed, "not beside a failed shot"),
        (other, true, best, "not beside another student's"),
        (order, true, second, "not beside an alternative"),
        (order, false, best, "only one that passed"),
    ] {
        assert!(shoot_beside(&campus.ledger, order, passes, Some(beside)).is_err(), "{rule}");
    }
    assert_eq!(campus.ledger.read().photos_of(order).unwrap().len(), 3, "what was refused left nothing");
}
