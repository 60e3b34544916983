//! Money that goes back: what came too late or twice, what booths, the office and providers gave back.

use crate::batches::{AT, batch, envelope};
use crate::bench::json;
use crate::trades::{BOTH, FEN, Till, number, settled};
use central::trades::{self, Told};
use domain::{Fen, UtcMillis};
use payment::{PaidTrade, Provider, TransactionId};
use protocol::directory::{Item, Page};
use protocol::payment::TradeState;
use std::time::{Duration, Instant};

#[tokio::test]
async fn what_is_paid_after_it_was_given_up_goes_back_by_itself() {
    let till = Till::new().await;
    for (provider, payment) in BOTH.into_iter().zip(1..) {
        till.open(provider, payment, payment).await;
        let closed = till.put(payment, "closing").await;
        assert_eq!((closed.state, closed.code_url), (TradeState::Closed, None));
        till.pay(provider, payment, true);
        till.until(payment, TradeState::Refunded).await;
    }
    let told = till.refunds_told().await;
    assert_eq!(told, [(number(1).to_string(), true), (number(2).to_string(), true)]);
    assert_eq!(
        till.bench.number("SELECT count(*) FROM refunds WHERE cause = 'late' AND state = 'done'", &[]).await,
        2
    );
}

#[tokio::test]
async fn an_order_that_was_paid_twice_gets_one_back() {
    let till = Till::new().await;
    till.open(Provider::WechatPay, 1, 7).await;
    till.open(Provider::Alipay, 2, 7).await;
    till.pay(Provider::WechatPay, 1, false);
    till.pay(Provider::Alipay, 2, false);
    let deadline = Instant::now() + Duration::from_secs(20);
    let states = loop {
        till.look().await;
        let states = [till.find(1).await.state, till.find(2).await.state];
        if states.contains(&TradeState::Refunded) || Instant::now() > deadline {
            break states;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(states.contains(&TradeState::Paid) && states.contains(&TradeState::Refunded), "{states:?}");
}

#[tokio::test]
async fn an_order_that_staff_settled_gives_its_codes_up() {
    let till = Till::new().await;
    till.open(Provider::WechatPay, 1, 7).await;
    till.bench.take(&till.booth, &batch(1, vec![envelope(1, &settled(7, 2, "counter"))])).await;
    assert_eq!(till.find(1).await.state, TradeState::Closed);
    till.pay(Provider::WechatPay, 1, true);
    till.until(1, TradeState::Refunded).await;
}

#[tokio::test]
async fn what_was_paid_before_staff_settled_the_order_otherwise_goes_back() {
    let till = Till::new().await;
    for (provider, payment) in BOTH.into_iter().zip(1..) {
        till.open(provider, payment, 10 + payment).await;
        till.pay(provider, payment, false);
        till.until(payment, TradeState::Paid).await;
        let event = settled(10 + payment, 100 + payment, "counter");
        till.bench.take(&till.booth, &batch(1, vec![envelope(payment, &event)])).await;
        // The booth may ask for the same.
        assert_eq!(till.put(payment, "refund").await.state, TradeState::Refunding);
        till.until(payment, TradeState::Refunded).await;
    }
    let second = "SELECT count(*) FROM refunds WHERE cause = 'second' AND state = 'done'";
    assert_eq!(till.bench.number(second, &[]).await, 2);
    assert_eq!(till.refunds_told().await, [1, 2].map(|n| (number(n).to_string(), true)));
}

#[tokio::test]
async fn what_the_booth_has_booked_or_given_back_itself_is_not_paid_back_again() {
    let till = Till::new().await;
    let paid = async |payment, order| {
        till.open(Provider::WechatPay, payment, order).await;
        till.pay(Provider::WechatPay, payment, false);
        till.until(payment, TradeState::Paid).await;
    };
    // Settled by the trade itself, then by something else.
    paid(1, 11).await;
    till.bench.take(&till.booth, &batch(1, vec![envelope(1, &settled(11, 1, "wechat_pay"))])).await;
    assert_eq!(till.find(1).await.state, TradeState::Paid);
    till.bench.take(&till.booth, &batch(1, vec![envelope(2, &settled(11, 101, "counter"))])).await;
    assert_eq!(till.find(1).await.state, TradeState::Paid, "the booth has booked it and decides");
    // Given back by the booth before it told how the order was settled.
    paid(2, 12).await;
    till.put(2, "refund").await;
    till.bench.take(&till.booth, &batch(1, vec![envelope(3, &settled(12, 102, "counter"))])).await;
    till.until(2, TradeState::Refunded).await;
    assert_eq!(till.bench.number("SELECT count(*) FROM refunds WHERE cause = 'asked'", &[]).await, 1);
    // The first payment goes back and the second one is kept, whatever the order of what is told.
    paid(3, 13).await;
    till.put(3, "refund").await;
    paid(4, 13).await;
    till.bench.take(&till.booth, &batch(1, vec![envelope(4, &settled(13, 3, "wechat_pay"))])).await;
    till.until(3, TradeState::Refunded).await;
    assert_eq!(till.find(4).await.state, TradeState::Paid, "what settled the order is on its way back");
    assert_eq!(till.bench.number("SELECT count(*) FROM refunds", &[]).await, 2);
}

#[tokio::test]
async fn money_that_went_back_before_its_payment_was_told_is_told_as_back() {
    let till = Till::new().await;
    let mut heard_before = 0;
    for (n, provider) in (1..).zip(BOTH) {
        till.open(provider, n, 10 + n).await;
        till.pay(provider, n, false);
        till.until(n, TradeState::Paid).await;
        till.put(n, "refund").await;
        till.until(n, TradeState::Refunded).await;
        let page: Page = json(till.bench.get(&till.booth, "/v1/directory").await).await;
        heard_before = page.entries.last().map_or(heard_before, |entry| entry.position);
        let told = envelope(n, &settled(10 + n, n, provider.as_str()));
        till.bench.take(&till.booth, &batch(1, vec![told])).await;
        let done =
            "SELECT count(*) FROM payments p JOIN refunds r ON r.trade_number = replace(p.id::text, '-', '')
                    WHERE p.refunded_ms = r.done_ms";
        assert_eq!(till.bench.number(done, &[]).await, i64::try_from(n).unwrap(), "{provider:?}");
        let heard: Page = json(till.bench.get(&till.booth, "/v1/directory?after=0").await).await;
        let last = heard.entries.last().unwrap();
        assert!(
            matches!(&last.item, Item::Refund(refund) if refund.done),
            "the booth hears of it after that: {last:?}"
        );
        assert!(last.position > heard_before, "as something new");
        heard_before = last.position;
    }
    let counter = envelope(3, &settled(13, 3, "counter"));
    till.bench.take(&till.booth, &batch(1, vec![counter])).await;
    let kept = "SELECT count(*) FROM payments WHERE refunded_ms IS NULL";
    assert_eq!(till.bench.number(kept, &[]).await, 1, "the counter's money stays");
}

#[tokio::test]
async fn money_that_somebody_gave_back_at_the_provider_is_back_in_the_books() {
    let till = Till::new().await;
    let paid = PaidTrade {
        transaction_id: TransactionId::parse("42990000001").unwrap(),
        amount: Fen::new(FEN).unwrap(),
        at: UtcMillis(AT),
    };
    let tell = async |n: u64| {
        till.bench.take(&till.booth, &batch(1, vec![envelope(n, &settled(10 + n, n, "alipay"))])).await;
    };
    for n in 1..=2 {
        till.open(Provider::Alipay, n, 10 + n).await;
    }
    tell(1).await;
    for n in 1..=2 {
        let told = Told::PaidBack(paid.clone());
        trades::learn(&till.bench.central, till.bench.campus, number(n).as_str(), &told).await.unwrap();
    }
    tell(2).await;
    let kept = "SELECT count(*) FROM payments WHERE refunded_ms IS NULL";
    assert_eq!(till.bench.number(kept, &[]).await, 0, "whether its payment was told before or after");
    assert_eq!(till.refunds_told().await.len(), 2);
    // WeChat Pay says the same where only a part went back.
    till.open(Provider::WechatPay, 3, 13).await;
    let told = Told::PaidBack(paid);
    trades::learn(&till.bench.central, till.bench.campus, number(3).as_str(), &told).await.unwrap();
    assert_eq!(till.find(3).await.state, TradeState::WrongAmount, "staff must look");
}

#[tokio::test]
async fn a_payment_and_the_booths_settling_at_the_same_instant_see_each_other() {
    let till = Till::new().await;
    for n in 1..=20 {
        till.open(Provider::Alipay, n, 100 + n).await;
        let paid = PaidTrade {
            transaction_id: TransactionId::parse(&format!("4299{n:08}")).unwrap(),
            amount: Fen::new(FEN).unwrap(),
            at: UtcMillis(AT),
        };
        let (trade, told) = (number(n), Told::Paid(paid));
        let events = batch(1, vec![envelope(n, &settled(100 + n, 1_000 + n, "counter"))]);
        let learned = async {
            tokio::time::sleep(Duration::from_micros(n * 400)).await;
            trades::learn(&till.bench.central, till.bench.campus, trade.as_str(), &told).await
        };
        let (learned, _) = tokio::join!(learned, till.bench.take(&till.booth, &events));
        learned.unwrap();
    }
    let kept = "SELECT count(*) FROM trades WHERE state NOT IN ('refunding', 'refunded')";
    assert_eq!(till.bench.number(kept, &[]).await, 0, "each order was settled twice");
}

#[tokio::test]
async fn a_refund_that_is_refused_is_tried_for_days_before_it_fails() {
    let till = Till::new().await;
    // The provider has never heard of this trade.
    let sql = "INSERT INTO trades (campus_id, number, provider, device_id, order_id, amount_fen, description, state, opened_ms, expires_ms,
               received_fen, paid_ms) VALUES ($1, $2, 'wechat_pay', $3, $3, 2500, 'x', 'paid', 1, 2, 2500, 1)";
    let client = till.bench.central.pool.get().await.unwrap();
    client.execute(sql, &[&till.bench.campus, &number(1).as_str(), &till.booth.device]).await.unwrap();
    till.put(1, "refund").await;
    till.look().await;
    let stands = async |sql: &str| till.bench.number(sql, &[]).await == 1;
    let soon = "SELECT count(*) FROM refunds WHERE state = 'wanted' AND refusals = 1 AND fault IS NOT NULL
                AND look_ms - extract(epoch FROM now()) * 1000 BETWEEN 50000 AND 61000";
    assert!(stands(soon).await);
    client.execute("UPDATE refunds SET refusals = 50", &[]).await.unwrap();
    till.look().await;
    let hourly = "SELECT count(*) FROM refunds WHERE state = 'wanted' AND refusals = 51
                  AND look_ms - extract(epoch FROM now()) * 1000 BETWEEN 3500000 AND 3600000";
    assert!(stands(hourly).await);
    client.execute("UPDATE refunds SET refusals = 77", &[]).await.unwrap();
    till.look().await;
    assert!(stands("SELECT count(*) FROM refunds WHERE state = 'failed' AND look_ms IS NULL").await);
    assert_eq!(till.find(1).await.state, TradeState::Refunding);
}

#[tokio::test]
async fn a_booth_can_give_back_what_its_order_did_not_need() {
    let till = Till::new().await;
    till.open(Provider::Alipay, 1, 7).await;
    assert_eq!(till.put(1, "refund").await.state, TradeState::Open, "what wasn't paid can't go back");
    till.pay(Provider::Alipay, 1, false);
    till.until(1, TradeState::Paid).await;
    for _ in 0..3 {
        till.put(1, "refund").await;
    }
    till.until(1, TradeState::Refunded).await;
    assert_eq!(
        till.bench.number("SELECT count(*) FROM refunds", &[]).await,
        1,
        "pressed three times, paid back once"
    );
}
