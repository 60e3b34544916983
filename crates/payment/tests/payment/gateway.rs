//! The stand-in itself: what a payer sees, what a test can ask for, and what it keeps.

use crate::bench::{Bench, fen, settings};
use payment::{Client, Provider, TradeStatus, gateway::GatewaySettings};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_payer_pays_by_one_button_and_is_told_that_no_money_moves() {
    let bench = Bench::new().await;
    let http = reqwest::Client::new();
    for provider in Provider::ALL {
        let (client, mut trade) = (bench.client(provider), bench.trade("TRADE_01"));
        trade.description = payment::Description::parse("photo <b>\"1\"").unwrap();
        let code = client.open(&trade).await.unwrap().code_url;
        let page = http.get(&code).send().await.unwrap().text().await.unwrap();
        assert!(
            page.contains("演示，不会扣款") && page.contains("no money moves"),
            "{provider:?}: it is labelled"
        );
        assert!(page.contains("15.00") && page.contains("photo &lt;b&gt;"), "{provider:?}: {page}");
        assert_eq!(
            client.query(&trade.number, trade.amount).await.unwrap(),
            TradeStatus::Waiting,
            "{provider:?}"
        );
        assert_eq!(http.post(&code).send().await.unwrap().status(), 200, "{provider:?}: paid");
        assert_eq!(http.post(&code).send().await.unwrap().status(), 409, "{provider:?}: not twice");
        let status = client.query(&trade.number, trade.amount).await.unwrap();
        assert!(matches!(status, TradeStatus::Paid(_)), "{provider:?}: {status:?}");
    }
    let unknown = http.get(format!("{}/pay/nothing", bench.base)).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
}

#[tokio::test]
async fn control_is_there_only_if_the_settings_say_so() {
    let bench = Bench::new().await;
    let http = reqwest::Client::new();
    let closed = http.get(format!("{}/control/trades", bench.base)).send().await.unwrap();
    assert_eq!(closed.status(), 404, "not by default");
    let bench = Bench::with(GatewaySettings { control: true, ..settings() }).await;
    let trade = bench.trade("TRADE_01");
    bench.wechat.open(&trade).await.unwrap();
    let ask = async |what: &str, wish: serde_json::Value| {
        let url = format!("{}/control/{what}", bench.base);
        http.post(url).body(wish.to_string()).send().await.unwrap().status().as_u16()
    };
    assert_eq!(
        ask("fault", json!({ "provider": "wechat_pay", "fault": "server_error_before", "times": 1 })).await,
        200
    );
    assert!(bench.wechat.query(&trade.number, trade.amount).await.is_err(), "once");
    assert!(bench.wechat.query(&trade.number, trade.amount).await.is_ok(), "not twice");
    assert_eq!(ask("pay", json!({ "provider": "wechat_pay", "number": "TRADE_01", "amount": 3 })).await, 200);
    assert_eq!(
        ask("pay", json!({ "provider": "wechat_pay", "number": "TRADE_01" })).await,
        409,
        "paid already"
    );
    assert_eq!(
        ask("pay", json!({ "provider": "cash", "number": "TRADE_01" })).await,
        400,
        "no such provider"
    );
    assert_eq!(ask("bill", json!({ "provider": "wechat_pay", "number": "TRADE_01" })).await, 200);
    assert_eq!(
        ask("notify", json!({ "provider": "wechat_pay", "number": "TRADE_01", "times": 2 })).await,
        200
    );
    let list = http.get(format!("{}/control/trades", bench.base)).send().await.unwrap().text().await.unwrap();
    assert!(list.contains("TRADE_01"), "{list}");
    assert!(bench.wechat.query(&trade.number, fen(3)).await.is_ok(), "three fen were paid");
}

#[tokio::test]
async fn trades_outlive_a_restart() {
    let dir = tempfile::TempDir::new().unwrap();
    let kept = || GatewaySettings { file: Some(dir.path().join("trades.json")), ..settings() };
    let first = Bench::with(kept()).await;
    for provider in Provider::ALL {
        let trade = first.trade("TRADE_01");
        first.client(provider).open(&trade).await.unwrap();
        first.gateway.pay(provider, &trade.number, None, false).unwrap();
    }
    drop(first);
    let second = Bench::with(kept()).await;
    for provider in Provider::ALL {
        let trade = second.trade("TRADE_01");
        let status = second.client(provider).query(&trade.number, trade.amount).await.unwrap();
        assert!(matches!(status, TradeStatus::Paid(_)), "{provider:?}: {status:?}");
    }
}

#[tokio::test]
async fn it_can_pay_by_itself() {
    let after = Some(Duration::from_millis(100));
    let mut bench = Bench::with(GatewaySettings { pays_by_itself_after: after, ..settings() }).await;
    for provider in Provider::ALL {
        let trade = bench.trade("TRADE_01");
        bench.client(provider).open(&trade).await.unwrap();
        bench.inbox.next().await;
        let status = bench.client(provider).query(&trade.number, trade.amount).await.unwrap();
        assert!(matches!(status, TradeStatus::Paid(_)), "{provider:?}: {status:?}");
    }
}
