//! What both providers have in common, asked of both.

use crate::bench::{Bench, NOON, fen, number, refund, settings};
use payment::{Booking, Closed, PaymentError, Provider, RefundStatus, TradeStatus, gateway::GatewaySettings};
use std::time::Duration;

#[tokio::test]
async fn a_number_opens_one_trade() {
    let bench = Bench::new().await;
    for provider in Provider::ALL {
        let (client, trade) = (bench.client(provider), bench.trade("TRADE_01"));
        let first = client.open(&trade).await.unwrap();
        assert_eq!(client.open(&trade).await.unwrap(), first, "{provider:?}: the same code");
        let mut dearer = trade.clone();
        dearer.amount = fen(1600);
        let refused = client.open(&dearer).await;
        assert!(
            matches!(refused, Err(PaymentError::Refused { .. })),
            "{provider:?}: other terms, {refused:?}"
        );
        bench.gateway.pay(provider, &trade.number, None, false).unwrap();
        let code = if provider == Provider::WechatPay { "ORDERPAID" } else { "ACQ.TRADE_HAS_SUCCESS" };
        assert!(client.open(&trade).await.unwrap_err().is_refused_with(code), "{provider:?}: it was paid");
    }
}

#[tokio::test]
async fn a_trade_is_paid_with_its_number_amount_and_time() {
    let bench = Bench::new().await;
    for provider in Provider::ALL {
        let (client, trade) = (bench.client(provider), bench.trade("TRADE_01"));
        client.open(&trade).await.unwrap();
        assert_eq!(
            client.query(&trade.number, trade.amount).await.unwrap(),
            TradeStatus::Waiting,
            "{provider:?}"
        );
        bench.gateway.pay(provider, &trade.number, None, false).unwrap();
        match client.query(&trade.number, trade.amount).await.unwrap() {
            TradeStatus::Paid(paid) => {
                assert_eq!((paid.amount, paid.at), (trade.amount, NOON), "{provider:?}")
            }
            status => panic!("{provider:?}: {status:?}"),
        }
    }
}

#[tokio::test]
async fn another_amount_is_never_paid() {
    let bench = Bench::new().await;
    for provider in Provider::ALL {
        let (client, trade) = (bench.client(provider), bench.trade("TRADE_01"));
        client.open(&trade).await.unwrap();
        bench.gateway.pay(provider, &trade.number, Some(fen(1)), false).unwrap();
        let answer = client.query(&trade.number, trade.amount).await;
        assert!(matches!(answer, Err(PaymentError::BadAnswer(_))), "{provider:?}: {answer:?}");
    }
}

#[tokio::test]
async fn closing_tells_whether_it_was_paid() {
    let bench = Bench::new().await;
    for provider in Provider::ALL {
        let client = bench.client(provider);
        let (open, paid, late) =
            (bench.trade("TRADE_OPEN"), bench.trade("TRADE_PAID"), bench.trade("TRADE_LATE"));
        for trade in [&open, &paid, &late] {
            let code = client.open(trade).await.unwrap().code_url;
            reqwest::get(code).await.unwrap();
        }
        assert_eq!(client.close(&open.number).await.unwrap(), Closed::Closed, "{provider:?}");
        assert_eq!(
            client.close(&open.number).await.unwrap(),
            Closed::Closed,
            "{provider:?}: closing repeats"
        );
        assert_eq!(
            client.query(&open.number, open.amount).await.unwrap(),
            TradeStatus::Closed,
            "{provider:?}"
        );
        assert!(
            bench.gateway.pay(provider, &open.number, None, false).is_err(),
            "{provider:?}: closed is unpayable"
        );
        bench.gateway.pay(provider, &paid.number, None, false).unwrap();
        assert_eq!(client.close(&paid.number).await.unwrap(), Closed::AlreadyPaid, "{provider:?}");
        assert_eq!(client.close(&number("NEVER_OPENED")).await.unwrap(), Closed::NoTrade, "{provider:?}");
        client.close(&late.number).await.unwrap();
        bench.gateway.pay(provider, &late.number, None, true).unwrap();
        let status = client.query(&late.number, late.amount).await.unwrap();
        assert!(
            matches!(status, TradeStatus::Paid(_)),
            "{provider:?}: money that came late counts, {status:?}"
        );
    }
}

#[tokio::test]
async fn a_refund_happens_once_a_number() {
    let bench = Bench::new().await;
    for provider in Provider::ALL {
        let (client, trade) = (bench.client(provider), bench.trade("TRADE_01"));
        client.open(&trade).await.unwrap();
        let part = refund(&trade, "REFUND_01", 500);
        assert!(client.refund(&part).await.is_err(), "{provider:?}: nothing was paid");
        bench.gateway.pay(provider, &trade.number, None, false).unwrap();
        assert_eq!(client.query_refund(&part).await.unwrap(), RefundStatus::NotFound, "{provider:?}");
        client.refund(&part).await.unwrap();
        client.refund(&part).await.unwrap();
        assert_eq!(
            client.query_refund(&part).await.unwrap(),
            RefundStatus::Done { at: Some(NOON) },
            "{provider:?}"
        );
        let other = refund(&trade, "REFUND_01", 600);
        assert!(
            matches!(client.refund(&other).await, Err(PaymentError::Refused { .. })),
            "{provider:?}: another amount"
        );
        assert!(
            client.query_refund(&other).await.unwrap_err().leaves_it_unknown(),
            "{provider:?}: not that amount"
        );
        let rest = refund(&trade, "REFUND_02", 1000);
        client.refund(&rest).await.unwrap();
        let status = client.query(&trade.number, trade.amount).await.unwrap();
        assert!(matches!(status, TradeStatus::Refunded(_)), "{provider:?}: all went back, {status:?}");
        let more = refund(&trade, "REFUND_03", 1);
        assert!(
            matches!(client.refund(&more).await, Err(PaymentError::Refused { .. })),
            "{provider:?}: no more is left"
        );
        let bill = client.bill(domain::CalendarDate::new(2026, 11, 22).unwrap()).await.unwrap();
        let back: u64 = bill
            .lines
            .iter()
            .map(|line| match &line.booking {
                Booking::Refunded { amount, .. } => amount.fen(),
                Booking::Paid { .. } => 0,
            })
            .sum();
        assert_eq!(back, 1500, "{provider:?}: the bill has each refund once");
    }
}

#[tokio::test]
async fn a_refund_takes_its_time() {
    let bench = Bench::with(GatewaySettings { refund_takes: Duration::from_secs(60), ..settings() }).await;
    for provider in Provider::ALL {
        let (client, trade) = (bench.client(provider), bench.trade("TRADE_01"));
        client.open(&trade).await.unwrap();
        bench.gateway.pay(provider, &trade.number, None, false).unwrap();
        let all = refund(&trade, "REFUND_01", 1500);
        assert_eq!(client.refund(&all).await.unwrap(), RefundStatus::Processing, "{provider:?}: accepted");
        assert_eq!(
            client.query_refund(&all).await.unwrap(),
            RefundStatus::Processing,
            "{provider:?}: not done"
        );
    }
}
