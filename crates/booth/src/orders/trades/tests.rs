//! Trades and a provider that says what it is told to say.

use super::*;
use crate::central::CentralStore;
use crate::online::{Opened, ProviderFault};
use crate::rig::Rig;
use domain::payment::Means;
use domain::{Fen, PaymentId, UtcMillis};
use parking_lot::Mutex;
use protocol::directory::{Entry, Item, Page, Refund};
use sync::Store;

/// A provider in whose book a trade stands as the test says, and what it was asked.
struct Book {
    state: TradeState,
    asked: Mutex<Vec<&'static str>>,
}

impl Book {
    fn saying(state: TradeState) -> Self {
        Self { state, asked: Mutex::default() }
    }

    fn say(&self, what: &'static str) -> Result<TradeState, ProviderFault> {
        self.asked.lock().push(what);
        Ok(self.state)
    }

    /// What it was asked, since the last time.
    fn asked(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.asked.lock())
    }
}

impl OnlinePayments for Book {
    fn means(&self) -> Vec<Means> {
        vec![Means::WechatPay]
    }
    fn is_simulated(&self) -> bool {
        false
    }
    fn open(&self, _: &Trade, _: &str, _: UtcMillis) -> Result<Opened, ProviderFault> {
        Err(ProviderFault::Refused)
    }
    fn query(&self, _: &Trade) -> Result<TradeState, ProviderFault> {
        self.say("query")
    }
    fn close(&self, _: &Trade) -> Result<TradeState, ProviderFault> {
        self.say("close")
    }
    fn refund(&self, _: &Trade) -> Result<Option<TradeState>, ProviderFault> {
        self.say("refund").map(Some)
    }
}

fn stands(rig: &Rig, order: OrderId, payment: PaymentId) -> payment::State {
    let payments = rig.ledger.read().payments_of(order).unwrap();
    payments.iter().find(|known| known.id == payment).unwrap().state
}

/// An order with a code, which was paid at the counter then.
fn paid_another_way(rig: &Rig) -> (OrderId, PaymentId, String) {
    let (order, counter) = rig.ordered(1);
    let (code, number) = rig.coded(order, 1);
    rig.paid(counter);
    (order, code, number)
}

/// The whole amount came.
fn due() -> TradeState {
    TradeState::Paid(Fen::new(1500).unwrap())
}

#[test]
fn a_trade_of_an_order_that_was_paid_another_way_is_given_up_once() {
    let rig = Rig::new();
    paid_another_way(&rig);
    let (waiting, closed) = (Book::saying(TradeState::Waiting), Book::saying(TradeState::Closed));
    poll(&rig.inner, &waiting, 0);
    assert_eq!(waiting.asked(), ["close"], "and not asked about");
    poll(&rig.inner, &closed, 0);
    poll(&rig.inner, &closed, 0);
    assert_eq!(closed.asked(), ["close"], "until it is closed");
}

#[test]
fn a_trade_whose_order_waits_is_asked_about_and_its_code_goes_with_it() {
    let rig = Rig::new();
    let (order, _) = rig.ordered(1);
    let (code, _) = rig.coded(order, 1);
    let book = Book::saying(TradeState::Waiting);
    poll(&rig.inner, &book, 0);
    assert_eq!((book.asked(), stands(&rig, order, code)), (vec!["query"], payment::State::Pending));
    for state in [TradeState::Refunding, TradeState::Refunded, TradeState::Closed] {
        poll(&rig.inner, &Book::saying(state), 0);
        assert_eq!(stands(&rig, order, code), payment::State::Closed, "{state:?}: another code is needed");
    }
    poll(&rig.inner, &Book::saying(due()), 0);
    assert_eq!(stands(&rig, order, code), payment::State::Settled, "money that came counts");
    assert_eq!(rig.ledger.read().order(order).unwrap().state, order::State::Paid);
}

#[test]
fn another_amount_than_is_due_is_for_staff() {
    for state in [TradeState::WrongAmount, TradeState::Paid(Fen::ZERO)] {
        let rig = Rig::new();
        let (order, _) = rig.ordered(1);
        let (code, _) = rig.coded(order, 1);
        poll(&rig.inner, &Book::saying(state), 0);
        assert_eq!(stands(&rig, order, code), payment::State::Pending, "it isn't paid");
        assert!(rig.refund_due.load(Ordering::Relaxed));
    }
}

#[test]
fn money_that_no_order_needed_is_asked_back_and_goes_back_when_central_says_so() {
    let rig = Rig::new();
    let (order, code, number) = paid_another_way(&rig);
    poll(&rig.inner, &Book::saying(due()), 0);
    assert_eq!(stands(&rig, order, code), payment::State::Settled, "it came all the same");
    assert!(rig.refund_due.load(Ordering::Relaxed), "the strip says so");
    let book = Book::saying(TradeState::Refunding);
    poll(&rig.inner, &book, 0);
    poll(&rig.inner, &book, 0);
    assert_eq!(
        (book.asked(), stands(&rig, order, code)),
        (vec!["refund"], payment::State::Refunding),
        "once"
    );

    let order_id = uuid::Uuid::from_bytes(*order.as_bytes());
    let done = Refund { number, order_id, amount_fen: 1500, done: true, at_ms: 1 };
    let entries = vec![Entry { position: 1, item: Item::Refund(done) }];
    CentralStore::running(Arc::clone(&rig.inner)).take(&Page { entries, cursor: 1, more: false }).unwrap();
    assert_eq!(stands(&rig, order, code), payment::State::Refunded);
    assert!(!rig.refund_due.load(Ordering::Relaxed), "nothing is left to do");
    assert_eq!(
        rig.ledger.read().order(order).unwrap().state,
        order::State::Paid,
        "the order keeps its other money"
    );
}
