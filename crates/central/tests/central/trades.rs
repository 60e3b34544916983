//! Payments at both providers, over the stand-in gateway, whose signatures are real.

use crate::batches::{AT, batch, envelope, id};
use crate::bench::{Bench, Booth, json, refused};
use central::{merchants, trades};
use domain::Fen;
use payment::gateway::{self, Fault, Gateway, GatewayKeys, GatewaySettings};
use payment::{OutTradeNumber, Provider};
use protocol::directory::{Item, Page};
use protocol::payment::{OpenTrade, Trade, TradeState};
use protocol::{Code, Event};
use reqwest::{Method, StatusCode};
use std::path::Path;
use std::sync::Once;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

const BOTH: [Provider; 2] = Provider::ALL;
/// What an order costs here.
const FEN: u64 = 2_500;

/// Keys take openssl a second or two, so that they are made once, beside what is built.
fn keys() -> GatewayKeys {
    static MADE: Once = Once::new();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("central-gateway-keys");
    MADE.call_once(|| drop(gateway::keys(&folder).unwrap()));
    gateway::keys(&folder).unwrap()
}

/// A central with accounts at a gateway.
struct Till {
    bench: Bench,
    booth: Booth,
    gateway: Gateway,
}

impl Till {
    async fn new() -> Self {
        Self::of(GatewaySettings::default()).await
    }

    async fn of(settings: GatewaySettings) -> Self {
        let bench = Bench::new().await;
        let booth = bench.booth("library").await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = Gateway::start(listener, keys(), settings).unwrap();
        let (wechat, alipay) = gateway.merchants(&format!("http://{}", gateway.address()));
        for (provider, file) in [(Provider::WechatPay, wechat), (Provider::Alipay, alipay)] {
            merchants::keep(&bench.central, bench.campus, provider, &file, true).await.unwrap();
        }
        Self { bench, booth, gateway }
    }

    fn asked(provider: Provider, payment: u64, order: u64) -> OpenTrade {
        OpenTrade {
            number: number(payment).as_str().to_owned(),
            order_id: id(order),
            means: provider.as_str().into(),
            amount_fen: FEN,
            description: "毕业证件照".into(),
        }
    }

    async fn post(&self, asked: &OpenTrade) -> reqwest::Response {
        self.bench.send(&self.booth, Method::POST, "/v1/payments", asked).await
    }

    async fn open(&self, provider: Provider, payment: u64, order: u64) -> Trade {
        json(self.post(&Self::asked(provider, payment, order)).await).await
    }

    async fn find(&self, payment: u64) -> Trade {
        json(self.bench.get(&self.booth, &format!("/v1/payments/{}", number(payment))).await).await
    }

    async fn put(&self, payment: u64, what: &str) -> Trade {
        let path = format!("/v1/payments/{}/{what}", number(payment));
        json(self.bench.send(&self.booth, Method::PUT, &path, &()).await).await
    }

    fn pay(&self, provider: Provider, payment: u64, even_if_closed: bool) {
        self.gateway.pay(provider, &number(payment), None, even_if_closed).unwrap();
    }

    /// Lets every trade and refund be due at once, and the worker look at them.
    async fn look(&self) {
        let client = self.bench.central.pool.get().await.unwrap();
        for table in ["trades", "refunds"] {
            client
                .execute(&format!("UPDATE {table} SET look_ms = 0 WHERE look_ms IS NOT NULL"), &[])
                .await
                .unwrap();
        }
        trades::turn(&self.bench.central).await.unwrap();
    }

    /// Looks until the trade stands so: notifications come when they come.
    async fn until(&self, payment: u64, state: TradeState) -> Trade {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let trade = self.find(payment).await;
            if trade.state == state {
                return trade;
            }
            assert!(Instant::now() < deadline, "{trade:?} should become {state:?}");
            self.look().await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The refunds that the booth hears of: trade's number and whether it was done.
    async fn refunds_told(&self) -> Vec<(String, bool)> {
        let page: Page = json(self.bench.get(&self.booth, "/v1/directory").await).await;
        let refund =
            |item| if let Item::Refund(refund) = item { Some((refund.number, refund.done)) } else { None };
        page.entries.into_iter().filter_map(|entry| refund(entry.item)).collect()
    }
}

fn number(payment: u64) -> OutTradeNumber {
    OutTradeNumber::parse(&id(payment).simple().to_string()).unwrap()
}

#[tokio::test]
async fn a_trade_is_opened_once_and_paid_once_by_either_provider() {
    let till = Till::of(GatewaySettings { notify_times: 3, ..Default::default() }).await;
    for (provider, payment) in BOTH.into_iter().zip(1..) {
        let opened = till.open(provider, payment, payment).await;
        assert_eq!(opened.state, TradeState::Open);
        assert!(opened.code_url.as_ref().is_some_and(|url| url.starts_with("http")), "{opened:?}");
        assert_eq!(till.open(provider, payment, payment).await, opened, "the same number is the same trade");
        till.look().await;
        assert_eq!(till.find(payment).await.state, TradeState::Open, "nobody has paid");
        till.pay(provider, payment, false);
        let paid = till.until(payment, TradeState::Paid).await;
        assert_eq!((paid.received_fen, paid.code_url), (Some(FEN), None));
        till.gateway.notify_again(provider, &number(payment), 3);
        till.look().await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(
        till.bench.number("SELECT count(*) FROM refunds", &[]).await,
        0,
        "no notification counted twice"
    );
    assert_eq!(till.bench.number("SELECT count(*) FROM trades WHERE state = 'paid'", &[]).await, 2);
}

#[tokio::test]
async fn a_number_is_one_trades_alone() {
    let till = Till::new().await;
    till.open(Provider::WechatPay, 1, 1).await;
    for other in [
        OpenTrade { amount_fen: FEN + 1, ..Till::asked(Provider::WechatPay, 1, 1) },
        OpenTrade { order_id: id(9), ..Till::asked(Provider::WechatPay, 1, 1) },
        Till::asked(Provider::Alipay, 1, 1),
    ] {
        assert_eq!(refused(till.post(&other).await, StatusCode::CONFLICT).await.code, Code::NumberTaken);
    }
    for wrong in [
        OpenTrade { number: "'; DROP TABLE trades; --".into(), ..Till::asked(Provider::Alipay, 2, 2) },
        OpenTrade { amount_fen: 0, ..Till::asked(Provider::Alipay, 2, 2) },
        OpenTrade { amount_fen: u64::MAX, ..Till::asked(Provider::Alipay, 2, 2) },
        OpenTrade { description: "a\u{0}b".into(), ..Till::asked(Provider::Alipay, 2, 2) },
    ] {
        refused(till.post(&wrong).await, StatusCode::BAD_REQUEST).await;
    }
    let other = till.bench.booth("gate").await;
    let path = format!("/v1/payments/{}", number(1));
    refused(till.bench.get(&other, &path).await, StatusCode::NOT_FOUND).await;
}

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
    let settled = protocol::PaymentSettled {
        order_id: id(7).to_string(),
        payment_id: id(2).to_string(),
        means: "counter".into(),
        amount_fen: FEN,
        at_ms: AT,
    };
    till.bench.take(&till.booth, &batch(1, vec![envelope(1, &Event::PaymentSettled(settled))])).await;
    assert_eq!(till.find(1).await.state, TradeState::Closed);
    till.pay(Provider::WechatPay, 1, true);
    till.until(1, TradeState::Refunded).await;
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

#[tokio::test]
async fn a_provider_that_cannot_be_believed_is_never_taken_for_paid() {
    let till = Till::new().await;
    let faults = [
        Fault::ServerErrorBefore,
        Fault::ServerErrorAfter,
        Fault::Rubbish,
        Fault::Altered,
        Fault::WrongKey,
        Fault::Unsigned,
        Fault::Probe,
        Fault::Skewed,
        Fault::AnotherAmount,
        Fault::AnotherNumber,
        Fault::AnotherMerchant,
        Fault::AnotherCurrency,
    ];
    for (provider, base) in BOTH.into_iter().zip([100, 200]) {
        for (fault, n) in faults.into_iter().zip(base..) {
            till.open(provider, n, n).await;
            till.gateway.fault(provider, fault, 1);
            till.look().await;
            let state = till.find(n).await.state;
            assert!(
                [TradeState::Open, TradeState::WrongAmount].contains(&state),
                "{fault:?} of {provider:?}: {state:?}"
            );
            till.put(n, "closing").await;
            till.look().await;
        }
    }
}

#[tokio::test]
async fn an_opening_whose_answer_is_lost_is_known_when_it_is_asked_for_again() {
    let till = Till::new().await;
    for (provider, payment) in BOTH.into_iter().zip(1..) {
        till.gateway.fault(provider, Fault::ServerErrorAfter, 1);
        let problem = refused(
            till.post(&Till::asked(provider, payment, payment)).await,
            StatusCode::SERVICE_UNAVAILABLE,
        )
        .await;
        assert_eq!(problem.code, Code::ProviderUnreachable);
        assert_eq!(till.find(payment).await.state, TradeState::Opening, "unknown is not failed");
        assert_eq!(till.open(provider, payment, payment).await.state, TradeState::Open);
    }
}

#[tokio::test]
async fn a_wrong_amount_is_for_staff() {
    let till = Till::new().await;
    for (provider, payment) in BOTH.into_iter().zip(1..) {
        till.open(provider, payment, payment).await;
        till.gateway.pay(provider, &number(payment), Some(Fen::new(1).unwrap()), false).unwrap();
        till.until(payment, TradeState::WrongAmount).await;
    }
    assert_eq!(till.bench.number("SELECT count(*) FROM refunds", &[]).await, 0);
}

#[tokio::test]
async fn a_forged_notification_changes_nothing() {
    let till = Till::new().await;
    till.open(Provider::WechatPay, 1, 1).await;
    till.open(Provider::Alipay, 2, 2).await;
    let forged = format!(
        "out_trade_no={}&trade_status=TRADE_SUCCESS&total_amount=25.00&sign=AAAA&sign_type=RSA2",
        number(2)
    );
    let bodies = ["{}".to_owned(), String::new(), forged, "x".repeat(100_000)];
    for body in bodies {
        for provider in BOTH {
            let url = till.bench.url(&format!("/notify/{}/main", provider.as_str()));
            let answer = till.bench.http.post(url).body(body.clone()).send().await.unwrap();
            assert!(answer.status().is_client_error(), "{provider:?}: {}", answer.status());
        }
    }
    for path in ["/notify/wechat_pay/nowhere", "/notify/paypal/main"] {
        let answer = till.bench.http.post(till.bench.url(path)).body("{}").send().await.unwrap();
        refused(answer, StatusCode::NOT_FOUND).await;
    }
    assert_eq!([till.find(1).await.state, till.find(2).await.state], [TradeState::Open; 2]);
}

#[tokio::test]
async fn a_planted_difference_is_found_in_the_days_bill() {
    let till = Till::new().await;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date();
    for (provider, base) in BOTH.into_iter().zip([10, 20]) {
        for payment in base..base + 4 {
            till.open(provider, payment, payment).await;
            till.pay(provider, payment, false);
            till.until(payment, TradeState::Paid).await;
        }
        till.put(base + 3, "refund").await;
        till.until(base + 3, TradeState::Refunded).await;
    }
    let compare = async || {
        let client = till.bench.central.pool.get().await.unwrap();
        client.execute("DELETE FROM bill_differences", &[]).await.unwrap();
        client.execute("DELETE FROM bills", &[]).await.unwrap();
        trades::bills::want(&till.bench.central, today).await.unwrap();
        // Yesterday's bills are wanted too where their hour has come.
        for _ in 0..4 {
            trades::bills::turn(&till.bench.central).await.unwrap();
        }
        let sql = "SELECT b.provider || ' ' || b.state || coalesce(' ' || d.sort || ' ' || d.number, '') FROM bills b
                   LEFT JOIN bill_differences d USING (campus_id, provider, day) WHERE b.day = $1::text::date ORDER BY 1";
        client
            .query(sql, &[&today.to_string()])
            .await
            .unwrap()
            .iter()
            .map(|row| row.get(0))
            .collect::<Vec<String>>()
    };
    assert_eq!(compare().await, ["alipay agrees", "wechat_pay agrees"]);
    for (provider, base) in BOTH.into_iter().zip([10, 20]) {
        till.gateway.plant_in_bill(provider, &number(base), None);
        till.gateway.plant_in_bill(provider, &number(base + 1), Some(Fen::new(FEN - 1).unwrap()));
        till.gateway.plant_in_bill(provider, &number(base + 9), Some(Fen::new(FEN).unwrap()));
    }
    let expected = [("alipay", 20), ("wechat_pay", 10)].into_iter().flat_map(|(provider, base)| {
        let planted = [("amount", base + 1), ("only_here", base), ("only_there", base + 9)];
        planted.map(|(sort, payment)| format!("{provider} differs {sort} {}", number(payment)))
    });
    assert_eq!(compare().await, expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn two_notifications_and_a_look_at_the_same_instant_count_once() {
    let till = Till::of(GatewaySettings { notify_times: 2, ..Default::default() }).await;
    for n in 0..10 {
        let (wechat, alipay) = (1_000 + 2 * n, 1_001 + 2 * n);
        till.open(Provider::WechatPay, wechat, n).await;
        till.open(Provider::Alipay, alipay, n).await;
        till.pay(Provider::WechatPay, wechat, false);
        till.pay(Provider::Alipay, alipay, false);
        tokio::join!(till.look(), till.look());
    }
    let deadline = Instant::now() + Duration::from_secs(20);
    let paid = async |state: &str| {
        till.bench.number(&format!("SELECT count(*) FROM trades WHERE state = '{state}'"), &[]).await
    };
    while paid("refunded").await < 10 && Instant::now() < deadline {
        till.look().await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((paid("paid").await, paid("refunded").await), (10, 10), "each order is paid for once");
}
