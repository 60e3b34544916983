//! Whatever network and provider do wrong: never paid, and the caller knows what it does not know.

use crate::bench::{Bench, Inbox, client_settings};
use payment::{
    BadAnswer, Client, Doubt, PaymentError, Provider, SignatureError, TradeStatus, WechatClient,
    WechatMerchant, gateway::Fault,
};
use tokio::{io::AsyncReadExt, net::TcpListener};

const BOTH: [Fault; 10] = [
    Fault::HangBefore,
    Fault::HangAfter,
    Fault::ServerErrorBefore,
    Fault::ServerErrorAfter,
    Fault::Rubbish,
    Fault::Altered,
    Fault::WrongKey,
    Fault::Unsigned,
    Fault::AnotherAmount,
    Fault::AnotherNumber,
];
const WECHATS: [Fault; 5] =
    [Fault::NextKey, Fault::Probe, Fault::Skewed, Fault::AnotherMerchant, Fault::AnotherCurrency];

fn faults(provider: Provider) -> Vec<Fault> {
    let own = if provider == Provider::WechatPay { WECHATS.as_slice() } else { &[] };
    [BOTH.as_slice(), own].concat()
}

/// The client that meets the fault: one that hangs is given up soon.
fn asking(bench: &Bench, provider: Provider, fault: Fault) -> &dyn Client {
    let hangs = matches!(fault, Fault::HangBefore | Fault::HangAfter);
    if hangs { bench.hasty(provider) } else { bench.client(provider) }
}

/// Whether the error is of the kind that the fault should give.
fn is_expected(fault: Fault, error: &PaymentError) -> bool {
    use {BadAnswer as B, PaymentError as P, SignatureError as S};
    match fault {
        Fault::HangBefore | Fault::HangAfter => matches!(error, P::Unknown(Doubt::TimeOut(_))),
        Fault::ServerErrorBefore | Fault::ServerErrorAfter => {
            matches!(error, P::Unknown(Doubt::Server { status: 500 }))
        }
        Fault::Rubbish => matches!(error, P::BadAnswer(B::Json { .. })),
        Fault::Altered | Fault::WrongKey => matches!(error, P::BadAnswer(B::Signature(S::False))),
        Fault::Unsigned | Fault::NextKey => matches!(error, P::Unknown(Doubt::Unverified { .. })),
        Fault::Probe => matches!(error, P::BadAnswer(B::Signature(S::Probe))),
        Fault::Skewed => matches!(error, P::BadAnswer(B::Signature(S::Stale { skew_s: -3600 }))),
        Fault::AnotherAmount => {
            matches!(error, P::BadAnswer(B::OtherAmount(paid)) if paid.amount.fen() == 1)
        }
        _ => matches!(error, P::BadAnswer(B::Wrong { .. })),
    }
}

#[tokio::test]
async fn no_fault_makes_a_trade_look_paid() {
    let bench = Bench::new().await;
    for provider in Provider::ALL {
        let (client, trade) = (bench.client(provider), bench.trade("TRADE_01"));
        client.open(&trade).await.unwrap();
        bench.gateway.pay(provider, &trade.number, None, false).unwrap();
        for fault in faults(provider) {
            bench.gateway.fault(provider, fault, 1);
            let client = asking(&bench, provider, fault);
            let error = client.query(&trade.number, trade.amount).await.expect_err("no fault is an answer");
            assert!(is_expected(fault, &error), "{provider:?}, {fault:?}: {error:?}");
            assert!(error.leaves_it_unknown(), "{provider:?}, {fault:?}: it may be paid");
        }
        let status = client.query(&trade.number, trade.amount).await.unwrap();
        assert!(
            matches!(status, TradeStatus::Paid(_)),
            "{provider:?}: asked again without a fault, {status:?}"
        );
    }
}

#[tokio::test]
async fn opening_again_after_a_doubt_opens_nothing_twice() {
    let bench = Bench::new().await;
    for provider in Provider::ALL {
        let client = bench.client(provider);
        for (index, fault) in
            [Fault::HangAfter, Fault::ServerErrorAfter, Fault::WrongKey].into_iter().enumerate()
        {
            let trade = bench.trade(&format!("TRADE_{index}"));
            bench.gateway.fault(provider, fault, 1);
            while bench.gateway.faults_left(provider) > 0 {
                let error = asking(&bench, provider, fault).open(&trade).await.unwrap_err();
                assert!(error.leaves_it_unknown(), "{provider:?}, {fault:?}: {error:?}");
            }
            let code = client.open(&trade).await.unwrap();
            assert_eq!(client.open(&trade).await.unwrap(), code, "{provider:?}, {fault:?}: one trade");
        }
    }
}

#[tokio::test]
async fn a_refund_after_a_doubt_happens_once() {
    let bench = Bench::new().await;
    for provider in Provider::ALL {
        let (client, trade) = (bench.client(provider), bench.trade("TRADE_01"));
        client.open(&trade).await.unwrap();
        bench.gateway.pay(provider, &trade.number, None, false).unwrap();
        let part = crate::bench::refund(&trade, "REFUND_01", 1000);
        for fault in [Fault::ServerErrorAfter, Fault::WrongKey, Fault::Unsigned] {
            bench.gateway.fault(provider, fault, 1);
            assert!(client.refund(&part).await.unwrap_err().leaves_it_unknown(), "{provider:?}, {fault:?}");
        }
        client.refund(&part).await.unwrap();
        let rest = crate::bench::refund(&trade, "REFUND_02", 500);
        client.refund(&rest).await.expect("four requests gave back once, so the rest is there");
    }
}

/// A client whose provider is at `base`.
async fn at(base: &str) -> (WechatClient, payment::NewTrade) {
    let bench = Bench::new().await;
    let (file, _) = bench.gateway.merchants(base);
    let client = WechatClient::new(WechatMerchant::parse(&file).unwrap(), client_settings()).unwrap();
    let trade = bench.trade("TRADE_01");
    (client, trade)
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_done() {
    let (client, trade) = at("http://127.0.0.1:1").await;
    let error = client.open(&trade).await.unwrap_err();
    assert!(matches!(error, PaymentError::Unreachable(_)) && !error.leaves_it_unknown(), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_it_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut some = [0; 64];
            drop(stream.read(&mut some).await);
        }
    });
    let (client, trade) = at(&base).await;
    let error = client.open(&trade).await.unwrap_err();
    assert!(matches!(error, PaymentError::Unknown(Doubt::Broken(_))), "{error:?}");
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let provider = Inbox::new().await;
    provider.answer(200, vec![b' '; 3 << 20]);
    let (client, trade) = at(provider.url.trim_end_matches("/notify")).await;
    let error = client.open(&trade).await.unwrap_err();
    assert!(matches!(error, PaymentError::BadAnswer(BadAnswer::TooLong { .. })), "{error:?}");
}

#[tokio::test]
async fn errors_say_nothing_of_the_trade() {
    let (client, trade) = at("http://127.0.0.1:1").await;
    let error = client.query(&trade.number, trade.amount).await.unwrap_err();
    let mut text = format!("{error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text += &cause.to_string();
        source = cause.source();
    }
    assert!(!text.contains("TRADE_01") && !text.contains("1900000000"), "{text}");
}
