//! Payments at both providers, over the stand-in gateway, whose signatures are real.

use crate::batches::{AT, id};
use crate::bench::{Bench, Booth, json, refused};
use central::{campuses, devices, merchants, trades};
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

pub const BOTH: [Provider; 2] = Provider::ALL;
/// What an order costs here.
pub const FEN: u64 = 2_500;

/// Keys take openssl a second or two, so that they are made once, beside what is built.
fn keys() -> GatewayKeys {
    static MADE: Once = Once::new();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("central-gateway-keys");
    MADE.call_once(|| drop(gateway::keys(&folder).unwrap()));
    gateway::keys(&folder).unwrap()
}

/// A central with accounts at a gateway.
pub struct Till {
    pub bench: Bench,
    pub booth: Booth,
    pub gateway: Gateway,
}

impl Till {
    pub async fn new() -> Self {
        Self::of(GatewaySettings::default()).await
    }

    pub async fn of(settings: GatewaySettings) -> Self {
        let bench = Bench::new().await;
        let booth = bench.booth("library").await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = Gateway::start(listener, keys(), settings).unwrap();
        let (wechat, alipay) = gateway.merchants(&format!("http://{}", gateway.address()));
        for (provider, file) in [(Provider::WechatPay, wechat), (Provider::Alipay, alipay)] {
            merchants::keep(&bench.central, bench.campus, provider, &file).await.unwrap();
        }
        Self { bench, booth, gateway }
    }

    pub fn asked(provider: Provider, payment: u64, order: u64) -> OpenTrade {
        OpenTrade {
            number: number(payment).as_str().to_owned(),
            order_id: id(order),
            means: provider.as_str().into(),
            amount_fen: FEN,
            description: "毕业证件照".into(),
        }
    }

    pub async fn post(&self, asked: &OpenTrade) -> reqwest::Response {
        self.bench.send(&self.booth, Method::POST, "/v1/payments", asked).await
    }

    pub async fn open(&self, provider: Provider, payment: u64, order: u64) -> Trade {
        json(self.post(&Self::asked(provider, payment, order)).await).await
    }

    pub async fn find(&self, payment: u64) -> Trade {
        json(self.bench.get(&self.booth, &format!("/v1/payments/{}", number(payment))).await).await
    }

    pub async fn put(&self, payment: u64, what: &str) -> Trade {
        let path = format!("/v1/payments/{}/{what}", number(payment));
        json(self.bench.send(&self.booth, Method::PUT, &path, &()).await).await
    }

    pub fn pay(&self, provider: Provider, payment: u64, even_if_closed: bool) {
        self.gateway.pay(provider, &number(payment), None, even_if_closed).unwrap();
    }

    /// Lets every trade and refund be due at once, and the worker look at them.
    pub async fn look(&self) {
        let client = self.bench.central.pool.get().await.unwrap();
        for table in ["trades", "refunds"] {
            // In one order, as central locks an order's trades.
            let sql = format!(
                "UPDATE {table} SET look_ms = 0 WHERE (campus_id, number) IN
                     (SELECT campus_id, number FROM {table} WHERE look_ms IS NOT NULL ORDER BY number FOR UPDATE)"
            );
            client.execute(&sql, &[]).await.unwrap();
        }
        trades::turn(&self.bench.central).await.unwrap();
    }

    /// Looks until the trade stands so: notifications come when they come.
    pub async fn until(&self, payment: u64, state: TradeState) -> Trade {
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
    pub async fn refunds_told(&self) -> Vec<(String, bool)> {
        let page: Page = json(self.bench.get(&self.booth, "/v1/directory").await).await;
        let refund =
            |item| if let Item::Refund(refund) = item { Some((refund.number, refund.done)) } else { None };
        page.entries.into_iter().filter_map(|entry| refund(entry.item)).collect()
    }
}

/// Today where the providers are. The day doesn't end within the next two minutes: what a test does then is on one day's bill.
pub async fn today_of_bills() -> jiff::civil::Date {
    let china = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let far = || jiff::Timestamp::now() + jiff::SignedDuration::from_mins(2);
    while far().to_zoned(china.clone()).date() != jiff::Timestamp::now().to_zoned(china.clone()).date() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    jiff::Timestamp::now().to_zoned(china).date()
}

pub fn number(payment: u64) -> OutTradeNumber {
    OutTradeNumber::parse(&id(payment).simple().to_string()).unwrap()
}

pub fn settled(order: u64, payment: u64, means: &str) -> Event {
    Event::PaymentSettled(protocol::PaymentSettled {
        order_id: id(order).to_string(),
        payment_id: id(payment).to_string(),
        means: means.into(),
        amount_fen: FEN,
        at_ms: AT,
    })
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
}

#[tokio::test]
async fn a_booth_that_enrolled_anew_keeps_its_trades_and_another_campus_has_none_of_them() {
    let mut till = Till::new().await;
    let opened = till.open(Provider::WechatPay, 1, 7).await;
    till.open(Provider::WechatPay, 2, 8).await;
    let client = till.bench.central.pool.get().await.unwrap();
    let far = campuses::add(&**client, "far", "远校区", "Far campus").await.unwrap().id;
    assert!(devices::revoke(&**client, till.bench.campus, "library").await.unwrap());
    drop(client);
    let stranger = till.bench.booth_of(far, "gate").await;
    let path = format!("/v1/payments/{}", number(1));
    refused(till.bench.get(&stranger, &path).await, StatusCode::NOT_FOUND).await;
    for act in ["closing", "refund"] {
        let path = format!("/v1/payments/{}/{act}", number(1));
        let answer = till.bench.send(&stranger, Method::PUT, &path, &()).await;
        refused(answer, StatusCode::NOT_FOUND).await;
    }

    till.booth = till.bench.booth("library").await;
    assert_eq!(till.find(1).await, opened, "nobody has touched it");
    assert_eq!(till.open(Provider::WechatPay, 1, 7).await, opened, "the same number is the same trade");
    assert_eq!(till.put(2, "closing").await.state, TradeState::Closed);
    till.pay(Provider::WechatPay, 1, false);
    till.until(1, TradeState::Paid).await;
    till.put(1, "refund").await;
    till.until(1, TradeState::Refunded).await;
    assert_eq!(till.refunds_told().await, [(number(1).to_string(), true)]);
    till.booth = stranger;
    assert_eq!(till.refunds_told().await, []);
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
        let trade = till.until(payment, TradeState::WrongAmount).await;
        assert_eq!(trade.received_fen, Some(1), "so that the office can give it back");
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
    let today = today_of_bills().await;
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
        trades::bills::want_up_to(&till.bench.central, today).await.unwrap();
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
async fn a_bill_that_is_not_there_yet_is_asked_for_again_where_trades_must_be_in_it() {
    let till = Till::new().await;
    let china = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let (today, noon) =
        (jiff::Timestamp::now().to_zoned(china.clone()).date(), jiff::civil::time(12, 0, 0, 0));
    let day = today.saturating_sub(jiff::Span::new().days(3));
    let paid = day.to_datetime(noon).to_zoned(china).unwrap().timestamp().as_millisecond();
    // A payment of that day at WeChat Pay; of Alipay there is nothing.
    let sql = "INSERT INTO trades (campus_id, number, provider, device_id, order_id, amount_fen, description, state, opened_ms, expires_ms,
               received_fen, paid_ms) VALUES ($1, $2, 'wechat_pay', $3, $3, 2500, 'x', 'paid', $4, $4, 2500, $4)";
    let client = till.bench.central.pool.get().await.unwrap();
    client.execute(sql, &[&till.bench.campus, &number(1).as_str(), &till.booth.device, &paid]).await.unwrap();
    trades::bills::want_up_to(&till.bench.central, day).await.unwrap();
    trades::bills::turn(&till.bench.central).await.unwrap();
    let stands = async |sql: &str| {
        till.bench.number(&format!("SELECT count(*) FROM bills WHERE {sql}"), &[]).await == 1
    };
    assert!(stands("provider = 'alipay' AND state = 'agrees' AND look_ms IS NULL").await);
    let later =
        "provider = 'wechat_pay' AND state = 'wanted' AND look_ms - wanted_ms BETWEEN 3500000 AND 3700000";
    assert!(stands(later).await);
    trades::bills::want_up_to(&till.bench.central, day).await.unwrap();
    assert!(stands(later).await, "it is wanted once");
    client
        .execute("UPDATE bills SET wanted_ms = wanted_ms - 86400000, look_ms = 0 WHERE state = 'wanted'", &[])
        .await
        .unwrap();
    trades::bills::turn(&till.bench.central).await.unwrap();
    assert!(stands("provider = 'wechat_pay' AND state = 'differs' AND look_ms IS NULL").await);
    assert_eq!(
        till.bench.number("SELECT count(*) FROM bill_differences WHERE sort = 'only_here'", &[]).await,
        1
    );
}

#[tokio::test]
async fn what_was_paid_and_not_booked_or_booked_and_not_paid_differs_after_a_day() {
    let till = Till::new().await;
    let (now, hour) = (jiff::Timestamp::now().as_millisecond(), 3_600_000);
    let client = till.bench.central.pool.get().await.unwrap();
    let trade = async |payment: u64, paid: i64| {
        let sql = "INSERT INTO trades (campus_id, number, provider, device_id, order_id, amount_fen, description, state, opened_ms,
                   expires_ms, received_fen, paid_ms) VALUES ($1, $2, 'alipay', $3, $3, 2500, 'x', 'paid', $4, $4, 2500, $4)";
        client
            .execute(sql, &[&till.bench.campus, &number(payment).as_str(), &till.booth.device, &paid])
            .await
            .unwrap();
    };
    let payment = async |payment: u64, means: &str, at: i64| {
        let sql = "INSERT INTO payments (campus_id, id, order_id, device_id, means, amount_fen, settled_ms) VALUES ($1, $2, $3, $3, $4, 2500, $5)";
        client
            .execute(sql, &[&till.bench.campus, &id(payment), &till.booth.device, &means, &at])
            .await
            .unwrap();
    };
    let (old, new) = (now - 25 * hour, now - 23 * hour);
    trade(1, old).await;
    trade(2, new).await;
    trade(3, old).await;
    payment(3, "alipay", old).await;
    trade(4, old).await;
    payment(4, "wechat_pay", old).await;
    payment(5, "wechat_pay", old).await;
    payment(6, "wechat_pay", new).await;
    payment(7, "counter", old).await;
    let open = async || {
        trades::unbooked::turn(&till.bench.central, now).await.unwrap();
        let sql = "SELECT sort || ' ' || provider || ' ' || number || ' ' || here_fen FROM bill_differences WHERE settled_ms IS NULL ORDER BY number";
        let rows = client.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect::<Vec<String>>()
    };
    let differs = |sort: &str, provider: &str, n| format!("{sort} {provider} {} 2500", number(n));
    let expected = [
        differs("unbooked", "alipay", 1),
        differs("no_trade", "wechat_pay", 4),
        differs("no_trade", "wechat_pay", 5),
    ];
    assert_eq!(open().await, expected);
    assert_eq!(open().await, expected, "the same are found once");
    let settle = "UPDATE bill_differences SET settled_ms = 1, settled_by = 'x', note = 'x' WHERE number = $1";
    client.execute(settle, &[&number(5).as_str()]).await.unwrap();
    // The booth's event comes at last.
    payment(1, "alipay", old).await;
    assert_eq!(open().await, [differs("no_trade", "wechat_pay", 4)]);
}

#[tokio::test]
async fn days_without_central_have_their_bills_too() {
    let till = Till::new().await;
    let central = &till.bench.central;
    let day = |day: i8| jiff::civil::date(2026, 11, day);
    let days = async || {
        let sql = "SELECT string_agg(day::text, ' ' ORDER BY day) FROM bills WHERE provider = $1";
        let client = central.pool.get().await.unwrap();
        client.query_one(sql, &[&"alipay"]).await.unwrap().get::<_, String>(0)
    };
    trades::bills::want_up_to(central, day(20)).await.unwrap();
    assert_eq!(days().await, "2026-11-20", "a merchant's first");
    // From Friday evening to Monday nobody was there.
    trades::bills::want_up_to(central, day(23)).await.unwrap();
    trades::bills::want_up_to(central, day(23)).await.unwrap();
    assert_eq!(days().await, "2026-11-20 2026-11-21 2026-11-22 2026-11-23");
    // After months, those of the last one.
    trades::bills::want_up_to(central, jiff::civil::date(2027, 3, 1)).await.unwrap();
    let sql =
        "SELECT count(*) FROM bills WHERE provider = 'alipay' AND day BETWEEN '2027-01-30' AND '2027-03-01'";
    assert_eq!(till.bench.number(sql, &[]).await, 31);
    assert_eq!(till.bench.number("SELECT count(*) FROM bills WHERE provider = 'alipay'", &[]).await, 35);
}

#[tokio::test]
async fn campuses_that_share_a_merchant_compare_their_own_trades() {
    let mut till = Till::new().await;
    let today = today_of_bills().await;
    let client = till.bench.central.pool.get().await.unwrap();
    let far = campuses::add(&**client, "far", "远校区", "Far campus").await.unwrap().id;
    drop(client);
    let (wechat, alipay) = till.gateway.merchants(&format!("http://{}", till.gateway.address()));
    for (provider, file) in [(Provider::WechatPay, wechat), (Provider::Alipay, alipay)] {
        merchants::keep(&till.bench.central, far, provider, &file).await.unwrap();
    }
    let there = till.bench.booth_of(far, "gate").await;
    for (booth, base) in [(till.booth.clone(), 10), (there, 20)] {
        till.booth = booth;
        for (provider, payment) in BOTH.into_iter().zip(base..) {
            till.open(provider, payment, payment).await;
            till.pay(provider, payment, false);
            till.until(payment, TradeState::Paid).await;
            till.put(payment, "refund").await;
            till.until(payment, TradeState::Refunded).await;
        }
    }
    // A trade of neither is still found, by both.
    till.gateway.plant_in_bill(Provider::Alipay, &number(30), Some(Fen::new(FEN).unwrap()));
    trades::bills::want_up_to(&till.bench.central, today).await.unwrap();
    for _ in 0..4 {
        trades::bills::turn(&till.bench.central).await.unwrap();
    }
    let sql = "SELECT count(*) FROM bills WHERE provider = 'wechat_pay' AND state = 'agrees' AND payments = 1 AND paid_fen = 2500
               AND refunds = 1 AND refunded_fen = 2500";
    assert_eq!(till.bench.number(sql, &[]).await, 2, "each has its own sums");
    let sql = "SELECT count(*) FROM bill_differences WHERE provider = 'alipay' AND sort = 'only_there' AND number = $1";
    assert_eq!(till.bench.number(sql, &[&number(30).as_str()]).await, 2);
    assert_eq!(till.bench.number("SELECT count(*) FROM bill_differences", &[]).await, 2);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_holds_up_no_other() {
    let till = Till::new().await;
    for n in 1..=3 {
        till.open(Provider::Alipay, n, n).await;
    }
    till.open(Provider::WechatPay, 10, 10).await;
    let client = till.bench.central.pool.get().await.unwrap();
    client.execute("UPDATE trades SET look_ms = 0", &[]).await.unwrap();
    till.gateway.fault(Provider::Alipay, Fault::HangBefore, 1_000);
    let worker = tokio::spawn(trades::run(till.bench.central.clone()));
    let come = async |sql: &str| {
        let deadline = Instant::now() + Duration::from_secs(30);
        while till.bench.number(sql, &[]).await == 0 {
            assert!(Instant::now() < deadline, "not seen: {sql}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    come("SELECT count(*) / 3 FROM trades WHERE provider = 'alipay' AND looks = 1").await;
    let claimed =
        "SELECT coalesce(sum(look_ms), 0)::bigint FROM trades WHERE provider = 'alipay' AND looks = 1";
    let hanging = till.bench.number(claimed, &[]).await;
    // Looks that come after Alipay was asked, while that still hangs: its claims stand until its first call ends.
    client.execute("UPDATE trades SET look_ms = 0 WHERE provider = 'wechat_pay'", &[]).await.unwrap();
    come("SELECT count(*) FROM trades WHERE provider = 'wechat_pay' AND looks >= 2").await;
    till.put(10, "closing").await;
    come("SELECT count(*) FROM trades WHERE state = 'closed'").await;
    assert_eq!(till.bench.number(claimed, &[]).await, hanging, "WeChat Pay isn't asked while Alipay hangs");
    worker.abort();
}

#[tokio::test]
async fn a_trade_given_up_while_it_is_asked_about_is_closed_without_a_wait() {
    let till = Till::new().await;
    till.open(Provider::WechatPay, 1, 1).await;
    let client = till.bench.central.pool.get().await.unwrap();
    client.execute("UPDATE trades SET look_ms = 0", &[]).await.unwrap();
    till.gateway.fault(Provider::WechatPay, Fault::HangBefore, 1);
    let central = till.bench.central.clone();
    let look = tokio::spawn(async move { trades::turn(&central).await });
    let deadline = Instant::now() + Duration::from_secs(30);
    while till.bench.number("SELECT looks::bigint FROM trades", &[]).await == 0 {
        assert!(Instant::now() < deadline, "it is not looked at");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    till.put(1, "closing").await;
    let wanted = till.bench.number("SELECT look_ms FROM trades", &[]).await;
    look.await.unwrap().unwrap();
    assert_eq!(
        till.bench.number("SELECT look_ms FROM trades", &[]).await,
        wanted,
        "the look's end puts it off"
    );
    trades::turn(&till.bench.central).await.unwrap();
    assert_eq!(till.find(1).await.state, TradeState::Closed);
}

#[tokio::test]
async fn a_code_may_be_as_long_as_the_clients_take_it() {
    let till = Till::new().await;
    till.open(Provider::WechatPay, 1, 1).await;
    let client = till.bench.central.pool.get().await.unwrap();
    let sql = "UPDATE trades SET code_url = repeat('x', $1)";
    assert_eq!(client.execute(sql, &[&512]).await.unwrap(), 1);
    client.execute(sql, &[&513]).await.unwrap_err();
    assert_eq!(till.find(1).await.code_url.unwrap().len(), 512);
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
