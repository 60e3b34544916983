//! What is WeChat Pay's own.

use crate::bench::{Bench, Inbox, client_settings, fen, keys_dir, number};
use payment::{
    Client, Doubt, PaymentError, Provider, SignatureError, TradeStatus, WechatClient, WechatMerchant,
    gateway::Fault,
    wechat::sign::{Stamp, answer_text, request_text},
};

#[test]
fn texts_to_sign_are_as_documented() {
    let stamp = Stamp { timestamp: 1_795_320_000, nonce: "0123456789abcdef" };
    assert_eq!(
        request_text("POST", "/v3/pay/transactions/native", stamp, "{\"mchid\":\"1900000000\"}"),
        "POST\n/v3/pay/transactions/native\n1795320000\n0123456789abcdef\n{\"mchid\":\"1900000000\"}\n",
        "METHOD, path and query, timestamp, nonce, body, a line each"
    );
    assert_eq!(
        request_text("GET", "/v3/bill/tradebill?bill_date=2026-11-21&bill_type=ALL", stamp, ""),
        "GET\n/v3/bill/tradebill?bill_date=2026-11-21&bill_type=ALL\n1795320000\n0123456789abcdef\n\n",
        "an empty body keeps its line"
    );
    assert_eq!(answer_text("1795320000", "n", b"{}"), b"1795320000\nn\n{}\n", "an answer's three lines");
}

#[tokio::test]
async fn a_trade_that_was_never_opened_is_not_found() {
    let bench = Bench::new().await;
    assert_eq!(bench.wechat.query(&number("NEVER_OPENED"), fen(1)).await.unwrap(), TradeStatus::NotFound);
}

#[tokio::test]
async fn a_new_certificate_is_trusted_once_an_old_one_vouched_for_it() {
    let bench = Bench::new().await;
    let trade = bench.trade("TRADE_01");
    bench.wechat.open(&trade).await.unwrap();
    bench.gateway.fault(Provider::WechatPay, Fault::NextKey, 1);
    let answer = bench.wechat.query(&trade.number, trade.amount).await;
    let unknown = matches!(
        answer,
        Err(PaymentError::Unknown(Doubt::Unverified { source: SignatureError::UnknownKey, .. }))
    );
    assert!(unknown, "before: {answer:?}");
    assert_eq!(bench.wechat.refresh_platform_keys().await.unwrap(), 1, "one was new");
    assert_eq!(bench.wechat.refresh_platform_keys().await.unwrap(), 0, "none is new");
    bench.gateway.fault(Provider::WechatPay, Fault::NextKey, 1);
    assert_eq!(bench.wechat.query(&trade.number, trade.amount).await.unwrap(), TradeStatus::Waiting, "after");
}

#[tokio::test]
async fn a_public_key_replaces_certificates() {
    let bench = Bench::new().await;
    let (file, _) = bench.gateway.merchants(&bench.base);
    let (head, certificate) = file.split_once("[platform_keys]\n").unwrap();
    let (_, pem) = certificate.split_once(" = ").unwrap();
    let file = format!("{head}[platform_keys]\nPUB_KEY_ID_0100000000000000000000000000000000 = {pem}");
    let client = WechatClient::new(WechatMerchant::parse(&file).unwrap(), client_settings()).unwrap();
    client.open(&bench.trade("TRADE_01")).await.unwrap();
}

#[tokio::test]
async fn a_merchant_with_another_key_is_refused() {
    let bench = Bench::new().await;
    let (file, _) = bench.gateway.merchants(&bench.base);
    let own = std::fs::read_to_string(keys_dir().join("wechat-merchant.pem")).unwrap();
    let other = std::fs::read_to_string(keys_dir().join("stranger.pem")).unwrap();
    let merchant = WechatMerchant::parse(&file.replace(&own, &other)).unwrap();
    let client = WechatClient::new(merchant, client_settings()).unwrap();
    let error = client.open(&bench.trade("TRADE_01")).await.unwrap_err();
    assert!(error.is_refused_with("SIGN_ERROR"), "{error:?}");
}

#[tokio::test]
async fn a_request_carries_what_is_documented() {
    let bench = Bench::new().await;
    let mut provider = Inbox::new().await;
    let (file, _) = bench.gateway.merchants(provider.url.trim_end_matches("/notify"));
    let client = WechatClient::new(WechatMerchant::parse(&file).unwrap(), client_settings()).unwrap();
    assert!(client.open(&bench.trade("TRADE_01")).await.is_err(), "the inbox signs nothing");
    let letter = provider.next().await;
    assert_eq!((letter.method.as_str(), letter.target.as_str()), ("POST", "/v3/pay/transactions/native"));
    let body: serde_json::Value = serde_json::from_slice(&letter.body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "appid": "wx0000000000000000", "mchid": "1900000000", "description": "证件照 ID photo",
            "out_trade_no": "TRADE_01", "time_expire": "2026-11-22T12:10:00+08:00", "notify_url": bench.inbox.url,
            "amount": { "total": 1500, "currency": "CNY" },
        })
    );
}
