//! `boothctl prints`.

use crate::support::{Place, assets, somebody};
use booth::{Clock as _, SystemClock};
use domain::print_job::{Event, Kind};
use domain::{EventId, OrderId, PaymentId, PhotoId, PrintJobId, payment::Means};
use ledger::{
    Acceptance, Actor, Delivery, Item, Ledger, NewEvent, NewOrder, NewPayment, NewPrintJob, NewShot,
    OrderLine, Placement, PrintJobChange, Stamp,
};

/// A booth whose one print only the tray can decide.
fn with_an_uncertain_print() -> (Place, PrintJobId) {
    let place = Place::new();
    let at = SystemClock::default().now();
    let ledger = Ledger::open(&place.opening(), at).unwrap();
    let programmes = booth::load_programmes(&assets().join("programmes")).unwrap();
    let programme = programmes.iter().find(|p| p.id == "freshman").unwrap();
    let (order, photo, job) =
        (OrderId::new(at, [1; 10]), PhotoId::new(at, [2; 10]), PrintJobId::new(at, [3; 10]));
    let person = somebody(at);
    let event = |n: u8, kind: &str| NewEvent {
        id: EventId::new(at, [n; 10]),
        kind: kind.into(),
        dedupe_key: kind.into(),
        payload: b"{}".to_vec(),
        blob_sha256: None,
    };
    let number = ledger.reserve_order_number().unwrap();
    let new = NewOrder {
        id: order,
        number,
        programme,
        person: &person,
        consents: &[],
        only_once: true,
        code: None,
        at,
    };
    let unit = domain::Fen::ZERO;
    let lines = [OrderLine { item: Item::ElectronicPhoto, print: String::new(), quantity: 1, unit }];
    let payment = NewPayment { id: PaymentId::new(at, [5; 10]), means: Means::School };
    ledger
        .place_order(
            &new,
            &Placement {
                lines: &lines,
                payment,
                delivery: &Delivery::here(),
                event: &event(6, "placed"),
                at,
            },
        )
        .unwrap();
    let (original, official) = (&b"shot"[..], Some(&b"photo"[..]));
    ledger
        .record_shot(&NewShot {
            order,
            id: photo,
            original,
            official,
            measures: "[]",
            reasons: &[],
            at,
            alternative_to: None,
        })
        .unwrap();
    let jobs = [NewPrintJob { id: job, kind: Kind::Sheet, copies: 1, document: b"%PDF".to_vec() }];
    ledger.accept_photo(&Acceptance { order, photo, jobs: &jobs, event: &event(7, "accepted"), at }).unwrap();
    for (event, fault) in [(Event::Send, None), (Event::Hold, Some("print_uncertain"))] {
        let change = PrintJobChange { id: job, event, fault, printer_job: None };
        ledger.move_print_job(&change, Stamp { actor: Actor::Booth, at }).unwrap();
    }
    (place, job)
}

#[test]
fn staff_decide_what_only_the_tray_tells() {
    let (place, job) = with_an_uncertain_print();
    let listed = place.run(&["prints"]);
    assert_eq!(listed.status, 1, "something waits");
    assert!(
        listed.stdout.contains(&job.to_string()) && listed.stdout.contains("print_uncertain"),
        "{}",
        listed.stdout
    );
    let again = place.run(&["prints", "again", &job.to_string()]);
    assert!(again.stdout.contains("queued"), "{}{}", again.stdout, again.stderr);
    let done = place.run(&["prints", "done", &job.to_string()]);
    assert_eq!(done.status, 2, "a print that waits for the printer isn't done: {}", done.stdout);
}

#[test]
fn a_print_that_lies_in_the_tray_is_done() {
    let (place, job) = with_an_uncertain_print();
    assert_eq!(place.run(&["prints", "done", &job.to_string()]).status, 0);
    let listed = place.run(&["prints"]);
    assert_eq!((listed.status, listed.stdout.as_str()), (0, ""), "nothing waits");
}
