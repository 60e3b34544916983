//! What comes by itself: taken when it is the provider's, refused when anything is altered.

use crate::bench::{Bench, Letter, NOON, fen, refund, settings};
use http::HeaderValue;
use payment::{
    Client, Notification, NotificationError, PaidNotice, Provider, RefundStatus, SignatureError,
    gateway::GatewaySettings,
};
use proptest::prelude::*;
use std::time::Duration;

/// The notification of a trade that was paid.
async fn paid(bench: &mut Bench, provider: Provider, amount: Option<u64>) -> Letter {
    let trade = bench.trade("TRADE_01");
    bench.client(provider).open(&trade).await.unwrap();
    bench.gateway.pay(provider, &trade.number, amount.map(fen), false).unwrap();
    bench.inbox.next().await
}

fn read(bench: &Bench, provider: Provider, letter: &Letter) -> Result<Notification, NotificationError> {
    bench.client(provider).notification(&letter.headers, &letter.body, NOON)
}

fn notice(told: Notification) -> PaidNotice {
    match told {
        Notification::Paid(notice) => notice,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_payment_is_told_and_may_be_told_again() {
    let mut bench = Bench::new().await;
    for provider in Provider::ALL {
        let letter = paid(&mut bench, provider, None).await;
        let notice = notice(read(&bench, provider, &letter).unwrap());
        assert_eq!(notice.number.as_str(), "TRADE_01", "{provider:?}");
        assert_eq!(notice.paid.at, NOON, "{provider:?}");
        assert_eq!(
            self::notice(read(&bench, provider, &letter).unwrap()),
            notice,
            "{provider:?}: a replay reads the same"
        );
        assert_eq!(notice.check(fen(1500)).unwrap().amount, fen(1500), "{provider:?}");
    }
}

#[tokio::test]
async fn another_amount_is_detected() {
    let mut bench = Bench::new().await;
    for provider in Provider::ALL {
        let letter = paid(&mut bench, provider, Some(1)).await;
        let notice = notice(read(&bench, provider, &letter).unwrap());
        assert!(notice.check(fen(1500)).is_err(), "{provider:?}: one fen arrived");
    }
}

#[tokio::test]
async fn a_forged_one_of_wechat_pay_is_refused() {
    let mut bench = Bench::new().await;
    let letter = paid(&mut bench, Provider::WechatPay, None).await;
    let forged = |name: &'static str, value: &str| {
        let mut letter = letter.clone();
        letter.headers.insert(name, HeaderValue::from_str(value).unwrap());
        letter
    };
    let signature = letter.headers["wechatpay-signature"].to_str().unwrap().to_owned();
    let mut altered = letter.clone();
    altered.body = String::from_utf8(letter.body.to_vec())
        .unwrap()
        .replace("TRANSACTION.SUCCESS", "REFUND.SUCCESS")
        .into();
    let mut doubled = letter.clone();
    doubled.headers.append("wechatpay-signature", HeaderValue::from_str(&signature).unwrap());
    let mut unsigned = letter.clone();
    unsigned.headers.remove("wechatpay-signature");
    for (letter, expect) in [
        (altered, SignatureError::False),
        (forged("wechatpay-nonce", "0123456789abcdef"), SignatureError::False),
        (forged("wechatpay-timestamp", "1795320001"), SignatureError::False),
        (forged("wechatpay-timestamp", "1795319699"), SignatureError::Stale { skew_s: -301 }),
        (forged("wechatpay-signature", &format!("WECHATPAY/SIGNTEST/{signature}")), SignatureError::Probe),
        (forged("wechatpay-signature", "bm8="), SignatureError::False),
        (forged("wechatpay-serial", "ABCDEF"), SignatureError::UnknownKey),
        (unsigned, SignatureError::Missing { name: "wechatpay-signature" }),
        (doubled, SignatureError::Missing { name: "wechatpay-signature" }),
    ] {
        let refused = read(&bench, Provider::WechatPay, &letter);
        assert!(
            matches!(refused, Err(NotificationError::Signature(error)) if error == expect),
            "{expect:?}: {refused:?}"
        );
    }
    let late = bench.wechat.notification(&letter.headers, &letter.body, NOON.plus_ms(301_000));
    assert!(
        matches!(late, Err(NotificationError::Signature(SignatureError::Stale { skew_s: -301 }))),
        "{late:?}"
    );
    assert!(
        bench.wechat.notification(&letter.headers, &letter.body, NOON.plus_ms(300_000)).is_ok(),
        "300 s are allowed"
    );
}

#[tokio::test]
async fn a_forged_one_of_alipay_is_refused() {
    let mut bench = Bench::new().await;
    let letter = paid(&mut bench, Provider::Alipay, None).await;
    let body = String::from_utf8(letter.body.to_vec()).unwrap();
    for (from, to) in [
        ("total_amount=15.00", "total_amount=16.00"),
        ("out_trade_no=TRADE_01", "out_trade_no=TRADE_02"),
        ("trade_status=TRADE_SUCCESS", "trade_status=TRADE_FINISHED"),
        ("app_id=2021", "app_id=2022"),
        ("sign_type=RSA2", "sign_type=RSA"),
        ("&sign=", "&sign_="),
    ] {
        assert!(body.contains(from), "{from} in {body}");
        let refused = bench.alipay.notification(&letter.headers, body.replacen(from, to, 1).as_bytes(), NOON);
        assert!(matches!(refused, Err(NotificationError::Signature(_))), "{to}: {refused:?}");
    }
    let doubled = format!("{body}&total_amount=15.00");
    let refused = bench.alipay.notification(&letter.headers, doubled.as_bytes(), NOON);
    assert!(matches!(refused, Err(NotificationError::Unreadable)), "a field twice: {refused:?}");
}

#[tokio::test]
async fn a_refund_is_told() {
    let mut bench = Bench::new().await;
    for provider in Provider::ALL {
        paid(&mut bench, provider, None).await;
        let part = refund(&bench.trade("TRADE_01"), "REFUND_01", 500);
        bench.client(provider).refund(&part).await.unwrap();
        let letter = bench.inbox.next().await;
        let expect = Notification::Refunded {
            trade: part.trade.clone(),
            refund: part.number.clone(),
            status: RefundStatus::Done { at: Some(NOON) },
        };
        assert_eq!(read(&bench, provider, &letter).unwrap(), expect, "{provider:?}");
    }
}

#[tokio::test]
async fn duplicates_come_if_they_are_wanted() {
    let mut bench = Bench::with(GatewaySettings { notify_times: 3, ..settings() }).await;
    for provider in Provider::ALL {
        paid(&mut bench, provider, None).await;
        bench.inbox.next().await;
        bench.inbox.next().await;
        assert!(bench.inbox.is_quiet().await, "{provider:?}: three, and no more");
    }
}

#[tokio::test]
async fn they_repeat_until_they_are_taken() {
    let mut bench = Bench::new().await;
    for provider in Provider::ALL {
        bench.inbox.answer(500, "");
        let first = paid(&mut bench, provider, None).await;
        let second = bench.inbox.next().await;
        assert_eq!(first.body, second.body, "{provider:?}: the same once more");
        assert!(bench.inbox.is_quiet().await, "{provider:?}: it was taken");
        bench.gateway.notify_again(provider, &crate::bench::number("TRADE_01"), 3);
        for _ in 0..3 {
            let letter = bench.inbox.next().await;
            notice(read(&bench, provider, &letter).unwrap());
        }
    }
    bench.inbox.answer(200, "fail");
    let trade = bench.trade("TRADE_02");
    bench.alipay.open(&trade).await.unwrap();
    bench.gateway.pay(Provider::Alipay, &trade.number, None, false).unwrap();
    for attempt in 1..=2 {
        tokio::time::timeout(Duration::from_secs(5), bench.inbox.next())
            .await
            .expect("Alipay wants the word success");
        assert!(attempt <= 2);
    }
}

#[test]
fn junk_is_answered() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut bench = runtime.block_on(Bench::new());
    let letter = runtime.block_on(paid(&mut bench, Provider::WechatPay, None));
    proptest!(|(body in any::<Vec<u8>>(), form in "([a-z_]{1,9}=[A-Za-z0-9%+]{0,9}&){0,6}", values in prop::collection::vec("[ -~]{0,40}", 4))| {
        let mut headers = letter.headers.clone();
        for provider in Provider::ALL {
            prop_assert!(bench.client(provider).notification(&headers, &body, NOON).is_err(), "junk is no notification");
            prop_assert!(bench.client(provider).notification(&headers, form.as_bytes(), NOON).is_err(), "nor is a form");
        }
        for (name, value) in ["wechatpay-timestamp", "wechatpay-nonce", "wechatpay-signature", "wechatpay-serial"].into_iter().zip(&values) {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        prop_assert!(bench.wechat.notification(&headers, &letter.body, NOON).is_err(), "nor are junk headers");
    });
}
