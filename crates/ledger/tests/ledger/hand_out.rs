use crate::support::{
    Campus, accept, at_counter, broken_rule, by, event, now, pay, place_with, posted, print_all, shoot,
};
use domain::order::State;
use domain::payment::{self, Means};
use domain::programme::{Approval, DeliveryWay};
use domain::{OrderId, PersonName};
use ledger::{Acceptance, Actor, Delivery, Ledger, LedgerError, MailTo};

fn approved(ledger: &Ledger, n: u32, delivery: &Delivery) -> OrderId {
    let (order, payment) = place_with(ledger, n, Approval::Booth, Means::Counter, delivery, None).unwrap();
    pay(ledger, payment, payment::Event::Settle).unwrap();
    let photo = shoot(ledger, order, true).unwrap();
    assert_eq!(accept(ledger, order, photo).unwrap(), State::Approved, "prints are to come");
    order
}

#[test]
fn prints_that_are_collected_or_posted_complete_the_order_when_they_are_handed_out() {
    let campus = Campus::new();
    for (n, delivery) in [(1, at_counter()), (2, posted())] {
        let order = approved(&campus.ledger, n, &delivery);
        let early = campus.ledger.hand_out(order, by(Actor::Staff));
        assert!(matches!(early, Err(LedgerError::NotNow { .. })), "while it prints: {early:?}");
        print_all(&campus.ledger, order);
        let read = campus.ledger.read();
        assert_eq!(read.order(order).unwrap().state, State::Approved, "the last print isn't the end");
        assert_eq!(read.delivery_of(order).unwrap(), Some(delivery.clone()), "as the student wished");
        let listed = &read.orders_of_person(read.order(order).unwrap().person).unwrap()[0];
        assert_eq!(listed.delivery, Some(delivery.way), "and sees in the list");
        assert_eq!(
            campus.ledger.hand_out(order, by(Actor::Staff)).unwrap(),
            State::Completed,
            "then it is done"
        );
        assert!(campus.ledger.hand_out(order, by(Actor::Staff)).is_err(), "once");
    }
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn what_is_printed_here_is_not_handed_out() {
    let campus = Campus::new();
    let order = approved(&campus.ledger, 1, &Delivery::here());
    let refused = campus.ledger.hand_out(order, by(Actor::Staff));
    assert!(matches!(refused, Err(LedgerError::NotNow { .. })), "{refused:?}");
    print_all(&campus.ledger, order);
    assert_eq!(
        campus.ledger.read().order(order).unwrap().state,
        State::Completed,
        "the last print is the end"
    );
}

#[test]
fn an_order_without_jobs_waits_for_its_posting() {
    let campus = Campus::new();
    let (order, payment) =
        place_with(&campus.ledger, 1, Approval::Staff, Means::Counter, &posted(), None).unwrap();
    let refused = campus.ledger.hand_out(order, by(Actor::Staff));
    assert!(matches!(refused, Err(LedgerError::Refused(_))), "not before it is approved: {refused:?}");
    pay(&campus.ledger, payment, payment::Event::Settle).unwrap();
    let photo = shoot(&campus.ledger, order, true).unwrap();
    let told = event("collection_submitted");
    let nothing = Acceptance { order, photo, jobs: &[], event: &told, at: now() };
    assert_eq!(campus.ledger.accept_photo(&nothing).unwrap(), State::Submitted, "staff decide");
    let state = campus.ledger.review_order(order, ledger::Decision::Approve, None, by(Actor::Staff)).unwrap();
    assert_eq!(state, State::Approved, "and post it");
    assert_eq!(campus.ledger.hand_out(order, by(Actor::Staff)).unwrap(), State::Completed, "in the end");
}

#[test]
fn a_delivery_outside_its_limits_is_refused() {
    let campus = Campus::new();
    let whole = posted();
    let to = |change: fn(&mut MailTo)| {
        let mut mail = whole.mail.clone().unwrap();
        change(&mut mail);
        Delivery { mail: Some(mail), ..whole.clone() }
    };
    for (rule, delivery) in [
        ("an address for what is printed here", Delivery { way: DeliveryWay::Here, ..whole.clone() }),
        ("nothing to post to", Delivery { mail: None, ..whole.clone() }),
        ("a long note", Delivery { note: "长".repeat(201), ..whole.clone() }),
        ("a note with a bell", Delivery { note: "\u{7}".into(), ..whole.clone() }),
        ("a short area code", to(|mail| mail.area_code = "33010".into())),
        ("letters for digits", to(|mail| mail.area_code = "33010a".into())),
        ("no area", to(|mail| mail.area.clear())),
        ("no street", to(|mail| mail.street.clear())),
        ("a long street", to(|mail| mail.street = "长".repeat(81))),
    ] {
        let refused = place_with(&campus.ledger, 1, Approval::Booth, Means::Counter, &delivery, None);
        assert!(matches!(refused, Err(LedgerError::Unfit { .. })), "{rule}: {refused:?}");
    }
    let longest = to(|mail| {
        mail.name = PersonName::parse(&"长".repeat(40)).unwrap();
        mail.street = "长".repeat(80);
    });
    place_with(&campus.ledger, 1, Approval::Booth, Means::Counter, &longest, None).unwrap();
    let shown = format!("{longest:?} {:?}", longest.mail);
    assert!(!shown.contains('长') && !shown.contains("放在"), "a log sees no address: {shown}");
}
