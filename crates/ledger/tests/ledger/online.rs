use crate::support::{Campus, broken_rule, by, event, now, pay, payment, place};
use domain::order::State;
use domain::payment::{self, Means};
use domain::programme::Approval;
use domain::{OrderId, UtcMillis};
use ledger::{Actor, LedgerError, NewOnline, PaymentChange};

fn online(means: Means, trade_number: &str) -> NewOnline<'_> {
    let code_url = "weixin://wxpay/bizpayurl?pr=example";
    NewOnline { payment: payment(means), trade_number, code_url, expires: now().plus_ms(300_000) }
}

fn awaiting(campus: &Campus) -> OrderId {
    place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap().0
}

#[test]
fn one_payment_is_open_at_a_time() {
    let campus = Campus::new();
    let order = awaiting(&campus);
    let since = now();
    let first = online(Means::WechatPay, "TRADE-0001");
    campus.ledger.open_online(order, &first, now()).unwrap();
    let second = online(Means::Alipay, "TRADE_0002|*");
    campus.ledger.open_online(order, &second, now()).unwrap();
    let read = campus.ledger.read();
    let states = |order| -> Vec<_> {
        read.payments_of(order).unwrap().iter().map(|payment| (payment.means, payment.state)).collect()
    };
    use payment::State as S;
    assert_eq!(
        states(order),
        [(Means::Counter, S::Closed), (Means::WechatPay, S::Closed), (Means::Alipay, S::Pending)],
        "the newest is open"
    );
    let told = read.online_payments_of(order).unwrap();
    assert_eq!(
        (told[1].payment.id, told[1].trade_number.as_str(), told[1].expires),
        (second.payment.id, "TRADE_0002|*", second.expires),
        "as the server opened it"
    );
    assert_eq!(told[0].payment.amount, read.order(order).unwrap().amount, "for the whole amount");
    campus.ledger.reopen_counter(order, payment(Means::Counter), now()).unwrap();
    assert_eq!(states(order)[3], (Means::Counter, S::Pending), "and back to the counter");
    assert_eq!(read.online_unsettled_since(since).unwrap().len(), 2, "both are still asked about");
    assert_eq!(read.online_unsettled_since(now()).unwrap(), [], "not for ever");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn money_that_comes_late_counts_once() {
    let campus = Campus::new();
    let order = awaiting(&campus);
    let (first, second) = (online(Means::WechatPay, "TRADE-0001"), online(Means::Alipay, "TRADE-0002"));
    campus.ledger.open_online(order, &first, now()).unwrap();
    campus.ledger.open_online(order, &second, now()).unwrap();
    let paid = pay(&campus.ledger, first.payment.id, payment::Event::Settle).unwrap();
    assert_eq!(
        (paid.order, paid.settled_order),
        (State::Paid, true),
        "a closed payment's money settles the order"
    );
    let read = campus.ledger.read();
    let open =
        read.payments_of(order).unwrap().iter().any(|payment| payment.state == payment::State::Pending);
    assert!(!open, "nothing more is waited for");
    let told = event("payment_settled");
    let twice = PaymentChange {
        id: second.payment.id,
        event: payment::Event::Settle,
        outbox: Some(&told),
        stamp: by(Actor::Central),
    };
    let paid = campus.ledger.record_payment(&twice).unwrap();
    assert_eq!(
        (paid.payment, paid.order, paid.settled_order),
        (payment::State::Settled, State::Paid, false),
        "a second payment is recorded, to be paid back"
    );
    assert_eq!(read.online_unsettled_since(UtcMillis(0)).unwrap(), [], "nothing is asked about any more");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn only_an_order_that_awaits_payment_is_paid_for() {
    let campus = Campus::new();
    let (paid, _) = place(&campus.ledger, 2, Approval::Booth, Means::School).unwrap();
    let refused = campus.ledger.open_online(paid, &online(Means::Alipay, "TRADE-0001"), now());
    assert!(matches!(refused, Err(LedgerError::NotNow { state: "paid", .. })), "{refused:?}");
    let refused = campus.ledger.reopen_counter(paid, payment(Means::Counter), now());
    assert!(matches!(refused, Err(LedgerError::NotNow { .. })), "{refused:?}");
}

#[test]
fn what_is_outside_its_limits_changes_nothing() {
    let campus = Campus::new();
    let order = awaiting(&campus);
    let long = "weixin:".repeat(80);
    let good = online(Means::WechatPay, "TRADE-0001");
    for (rule, wrong) in [
        ("a payment at the counter", online(Means::Counter, "TRADE-0001")),
        ("a short trade number", online(Means::Alipay, "T1")),
        ("a long one", online(Means::Alipay, "T12345678901234567890123456789012")),
        ("one with a space", online(Means::Alipay, "TRADE 0001")),
        ("nothing to show", NewOnline { code_url: "", ..good }),
        ("too much to show", NewOnline { code_url: &long, ..good }),
    ] {
        let refused = campus.ledger.open_online(order, &wrong, now());
        assert!(matches!(refused, Err(LedgerError::Unfit { .. })), "{rule}: {refused:?}");
    }
    campus.ledger.open_online(order, &good, now()).unwrap();
    assert!(
        campus.ledger.open_online(order, &online(Means::WechatPay, "TRADE-0001"), now()).is_err(),
        "a trade's number is used once"
    );
    let payments = campus.ledger.read().payments_of(order).unwrap();
    assert_eq!(payments.len(), 2, "the counter's, closed, and the good one");
    assert_eq!(payments[1].state, payment::State::Pending, "which is still open");
    let refused = campus.ledger.reopen_counter(order, payment(Means::School), now());
    assert!(matches!(refused, Err(LedgerError::Unfit { .. })), "{refused:?}");
}
