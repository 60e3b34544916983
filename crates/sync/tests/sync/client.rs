//! The calls for payments, and what a caller learns from their errors.

use crate::bench::{Bench, HASTY};
use crate::server::Fault;
use protocol::Code;
use protocol::payment::{OpenTrade, TradeState};
use std::sync::Arc;
use std::time::Duration;
use sync::{BadAnswer, CallError, Client, Clock, Store};
use uuid::Uuid;

pub fn client(bench: &Bench) -> Client {
    let enrolment = bench.store.rows.lock().enrolment.clone().unwrap();
    let clock = Arc::new(crate::bench::Sundial(Arc::clone(&bench.sky))) as Arc<dyn Clock>;
    Client::new(enrolment, Arc::clone(&bench.store) as Arc<dyn Store>, &bench.settings, clock).unwrap()
}

pub fn open() -> OpenTrade {
    OpenTrade {
        number: "038000001243".to_owned(),
        order_id: Uuid::from_u128(5),
        means: "alipay".to_owned(),
        amount_fen: 1_500,
        description: "Photo".to_owned(),
    }
}

#[tokio::test]
async fn a_trade_is_opened_asked_about_closed_and_paid_back() {
    let bench = Bench::new().await;
    let client = client(&bench);
    assert_eq!(client.open_trade(&open()).await.unwrap().state, TradeState::Open);
    assert_eq!(client.trade(&open().number).await.unwrap().amount_fen, 1_500);
    assert_eq!(client.close_trade(&open().number).await.unwrap().state, TradeState::Closed);
    assert_eq!(client.refund_trade(&open().number).await.unwrap().state, TradeState::Refunding);
    assert_eq!(client.trade("unknown").await.unwrap_err().code(), Some(Code::NotFound));
}

#[tokio::test]
async fn a_trade_of_another_amount_or_number_is_not_believed() {
    let bench = Bench::new().await;
    let client = client(&bench);
    client.open_trade(&open()).await.unwrap();
    let dearer = OpenTrade { amount_fen: 1_600, ..open() };
    let error = client.open_trade(&dearer).await.unwrap_err();
    assert!(matches!(error, CallError::BadAnswer(BadAnswer::NotAsked)));
    let other = bench.server.central.state.lock().trades[&open().number].clone();
    bench.server.central.state.lock().trades.insert("other".to_owned(), other);
    assert!(matches!(client.trade("other").await, Err(CallError::BadAnswer(BadAnswer::NotAsked))));
}

#[tokio::test]
async fn a_number_stays_one_segment_of_the_address() {
    let bench = Bench::new().await;
    for number in ["../heartbeat", "a/refund", "a?b=c", "a#b", "%2e%2e"] {
        assert!(client(&bench).trade(number).await.is_err());
    }
    let state = bench.server.central.state.lock();
    assert!(
        state
            .requests
            .iter()
            .all(|request| request.starts_with("GET /v1/payments/") && request.matches('/').count() == 3),
        "{:?}",
        state.requests
    );
}

#[tokio::test]
async fn each_error_tells_what_to_do() {
    let mut bench = Bench::new().await;
    let client = client(&bench);
    for fault in
        [Fault::Cut, Fault::DropAnswer, Fault::Huge, Fault::Rubbish, Fault::Page(302), Fault::Wait(9)]
    {
        bench.server.script(move |_| fault);
        let error = client.trade("x").await.unwrap_err();
        let right = match fault {
            Fault::Cut | Fault::DropAnswer => matches!(error, CallError::Unreachable(_)),
            Fault::Huge => matches!(error, CallError::BadAnswer(BadAnswer::TooLarge { .. })),
            Fault::Rubbish => matches!(error, CallError::BadAnswer(BadAnswer::Json { .. })),
            Fault::Page(_) => matches!(error, CallError::BadAnswer(BadAnswer::Status(302))),
            _ => {
                error.retry_after() == Some(Duration::from_secs(9))
                    && error.code() == Some(Code::TooManyRequests)
            }
        };
        assert!(right, "{fault:?}: {error:?}");
        assert!(!format!("{error:?}").contains("payments"), "an address isn't logged: {error:?}");
    }
    bench.settings.answer_timeout = HASTY;
    let client = self::client(&bench);
    bench.server.script(|_| Fault::Delay(2_500));
    assert!(matches!(client.trade("x").await, Err(CallError::TimedOut(_))));
}

#[tokio::test]
async fn no_key_is_shown() {
    let bench = Bench::new().await;
    assert!(!format!("{:?}", client(&bench)).contains(&"1".repeat(8)));
}
