//! `boothctl refunds`.

use crate::support::{Place, assets, somebody};
use booth::{Clock as _, SystemClock};
use domain::payment::{Event, Means};
use domain::{EventId, OrderId, PaymentId, UtcMillis};
use ledger::{
    Actor, Delivery, Item, Ledger, NewEvent, NewOnline, NewOrder, NewPayment, Opening, OrderLine,
    PaymentChange, Placement, Reader, Stamp,
};

#[test]
fn a_ledger_without_money_to_return_lists_none_and_returns_none() {
    let place = Place::new();
    let at = SystemClock::default().now();
    drop(Ledger::open(&place.opening(), at).unwrap());
    let listed = place.run(&["refunds"]);
    assert_eq!((listed.status, listed.stdout.as_str()), (0, ""), "{}", listed.stderr);
    let unknown = place.run(&["refunds", "done", &PaymentId::new(at, [1; 10]).to_string()]);
    assert_eq!(unknown.status, 2, "nothing is due: {}", unknown.stdout);
    assert!(unknown.stderr.contains("refund that is due"), "{}", unknown.stderr);
}

#[test]
fn money_that_came_twice_is_listed_until_it_was_given_back() {
    let place = Place::new();
    let opening = place.opening();
    let (order, twice) = paid_twice(&opening);
    let listed = place.run(&["refunds"]);
    assert_eq!(listed.status, 1, "something is due");
    let line = format!("{twice}  order 001 000 00");
    assert!(listed.stdout.starts_with(&line) && listed.stdout.contains("CNY 15.00"), "{}", listed.stdout);
    let done = place.run(&["refunds", "done", &twice.to_string()]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert_eq!(place.run(&["refunds"]).stdout, "");
    let reader = Reader::open(&opening.path, &opening.key).unwrap();
    let told: Vec<String> = reader.outbox_of(order).unwrap().into_iter().map(|event| event.kind).collect();
    assert_eq!(told, ["placed", "payment_refunded"], "central hears it");
    assert_eq!(place.run(&["refunds", "done", &twice.to_string()]).status, 2, "it goes back once");
}

/// An order that was paid at the counter and by a code, and the payment that came second.
fn paid_twice(opening: &Opening) -> (OrderId, PaymentId) {
    let at = SystemClock::default().now();
    let ledger = Ledger::open(opening, at).unwrap();
    let order = OrderId::new(at, [1; 10]);
    place_order(&ledger, order, at);
    let counter = ledger.read().payments_of(order).unwrap()[0].id;
    let payment = NewPayment { id: PaymentId::new(at, [3; 10]), means: Means::WechatPay };
    let expires = at.plus_ms(60_000);
    let new = NewOnline { payment, trade_number: "T00000001", code_url: "weixin://wxpay/x", expires };
    ledger.open_online(order, &new, at).unwrap();
    for (id, later_ms) in [(counter, 1), (payment.id, 2)] {
        let stamp = Stamp { actor: Actor::Booth, at: at.plus_ms(later_ms) };
        ledger.record_payment(&PaymentChange { id, event: Event::Settle, outbox: None, stamp }).unwrap();
    }
    (order, payment.id)
}

fn place_order(ledger: &Ledger, order: OrderId, at: UtcMillis) {
    let programmes = booth::load_programmes(&assets().join("programmes")).unwrap();
    let programme = programmes.iter().find(|p| p.id == "degree").unwrap();
    let person = somebody(at);
    let new = NewOrder {
        id: order,
        number: ledger.reserve_order_number().unwrap(),
        programme,
        person: &person,
        consents: &[],
        only_once: true,
        code: None,
        at,
    };
    let unit = programme.photo_price;
    let event = NewEvent {
        id: EventId::new(at, [6; 10]),
        kind: "placed".into(),
        dedupe_key: "placed".into(),
        payload: b"{}".to_vec(),
        blob_sha256: None,
    };
    let placement = Placement {
        lines: &[OrderLine { item: Item::ElectronicPhoto, print: String::new(), quantity: 1, unit }],
        payment: NewPayment { id: PaymentId::new(at, [5; 10]), means: Means::Counter },
        delivery: &Delivery::here(),
        event: &event,
        at,
    };
    ledger.place_order(&new, &placement).unwrap();
}
