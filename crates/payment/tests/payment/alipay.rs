//! What is Alipay's own.

use crate::bench::{Bench, Inbox, client_settings};
use payment::{
    AlipayClient, AlipayMerchant, Client, Closed, TradeStatus,
    alipay::sign::{notification_text, request_text},
};

#[test]
fn texts_to_sign_are_as_documented() {
    let fields =
        [("sign_type", "RSA2"), ("biz_content", "{\"a\":1}"), ("app_id", "2021"), ("sign", "x"), ("b", "")];
    assert_eq!(
        request_text(fields),
        "app_id=2021&biz_content={\"a\":1}&sign_type=RSA2",
        "a request drops the sign and what is empty, and keeps sign_type"
    );
    assert_eq!(
        notification_text(fields),
        "app_id=2021&b=&biz_content={\"a\":1}",
        "a notification drops both"
    );
}

#[tokio::test]
async fn a_code_that_nobody_scanned_is_no_trade_yet() {
    let bench = Bench::new().await;
    let trade = bench.trade("TRADE_01");
    let opened = bench.alipay.open(&trade).await.unwrap();
    let status = bench.alipay.query(&trade.number, trade.amount).await.unwrap();
    assert_eq!(status, TradeStatus::Waiting, "TRADE_NOT_EXIST means not paid yet");
    assert_eq!(bench.alipay.close(&trade.number).await.unwrap(), Closed::NoTrade, "its code stays payable");
    reqwest::get(opened.code_url).await.unwrap();
    assert_eq!(bench.alipay.close(&trade.number).await.unwrap(), Closed::Closed, "a scanned one is closed");
}

#[tokio::test]
async fn a_request_carries_what_is_documented() {
    let bench = Bench::new().await;
    let mut provider = Inbox::new().await;
    let (_, file) = bench.gateway.merchants(provider.url.trim_end_matches("/notify"));
    let client = AlipayClient::new(AlipayMerchant::parse(&file).unwrap(), client_settings()).unwrap();
    assert!(client.open(&bench.trade("TRADE_01")).await.is_err(), "the inbox signs nothing");
    let letter = provider.next().await;
    for part in [
        "app_id=2021000000000000",
        "method=alipay.trade.precreate",
        "charset=utf-8",
        "sign_type=RSA2",
        "version=1.0",
        "timestamp=2026-11-22%2012%3A00%3A00",
    ] {
        assert!(letter.target.contains(part), "{part} in {}", letter.target);
    }
    let body = percent_encoding::percent_decode(&letter.body).decode_utf8().unwrap();
    let content: serde_json::Value =
        serde_json::from_str(body.strip_prefix("biz_content=").unwrap()).unwrap();
    assert_eq!(
        content,
        serde_json::json!({
            "out_trade_no": "TRADE_01", "total_amount": "15.00", "subject": "证件照 ID photo",
            "time_expire": "2026-11-22 12:10:00", "seller_id": "2088000000000000",
        })
    );
}
