//! The day's bill, from both.

use crate::bench::{Bench, fen, number};
use domain::CalendarDate;
use payment::{BadAnswer, BillError, Booking, Client, PaymentError, Provider, gateway::Fault};

fn today() -> CalendarDate {
    CalendarDate::new(2026, 11, 22).unwrap()
}

#[tokio::test]
async fn a_bill_has_what_was_booked_and_what_was_planted() {
    let bench = Bench::new().await;
    for provider in Provider::ALL {
        let client = bench.client(provider);
        let error = client.bill(today()).await.unwrap_err();
        assert!(
            matches!(&error, PaymentError::Refused { code } if code.says_no_bill()),
            "{provider:?}: {error:?}"
        );
        for name in ["TRADE_01", "TRADE_02", "TRADE_03"] {
            client.open(&bench.trade(name)).await.unwrap();
        }
        for name in ["TRADE_01", "TRADE_02"] {
            bench.gateway.pay(provider, &number(name), None, false).unwrap();
        }
        let found = amounts(client.bill(today()).await.unwrap());
        assert_eq!(
            found,
            [("TRADE_01".to_owned(), 1500), ("TRADE_02".to_owned(), 1500)],
            "{provider:?}: two were paid"
        );
        bench.gateway.plant_in_bill(provider, &number("TRADE_01"), None);
        bench.gateway.plant_in_bill(provider, &number("TRADE_02"), Some(fen(1400)));
        bench.gateway.plant_in_bill(provider, &number("TRADE_X9"), Some(fen(900)));
        let found = amounts(client.bill(today()).await.unwrap());
        assert_eq!(
            found,
            [("TRADE_02".to_owned(), 1400), ("TRADE_X9".to_owned(), 900)],
            "{provider:?}: planted"
        );
        let yesterday = CalendarDate::new(2026, 11, 21).unwrap();
        let bookings = client.bill(yesterday).await.map(amounts).unwrap_or_default();
        assert!(!bookings.iter().any(|(name, _)| name == "TRADE_02"), "{provider:?}: days are China's");
    }
}

fn amounts(bill: payment::Bill) -> Vec<(String, u64)> {
    assert_eq!(bill.foreign, 0, "all are this system's");
    bill.lines
        .into_iter()
        .map(|line| match line.booking {
            Booking::Paid { amount } | Booking::Refunded { amount, .. } => {
                (line.number.to_string(), amount.fen())
            }
        })
        .collect()
}

#[tokio::test]
async fn the_place_of_a_bill_is_signed() {
    let bench = Bench::new().await;
    for provider in Provider::ALL {
        let client = bench.client(provider);
        client.open(&bench.trade("TRADE_01")).await.unwrap();
        bench.gateway.pay(provider, &number("TRADE_01"), None, false).unwrap();
        bench.gateway.fault(provider, Fault::Altered, 1);
        let error = client.bill(today()).await.unwrap_err();
        assert!(matches!(error, PaymentError::BadAnswer(BadAnswer::Signature(_))), "{provider:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_file_other_than_the_signed_one_is_refused() {
    let bench = Bench::new().await;
    bench.wechat.open(&bench.trade("TRADE_01")).await.unwrap();
    bench.gateway.pay(Provider::WechatPay, &number("TRADE_01"), None, false).unwrap();
    bench.gateway.fault(Provider::WechatPay, Fault::AnotherBill, 2);
    let error = bench.wechat.bill(today()).await.unwrap_err();
    assert!(matches!(error, PaymentError::BadAnswer(BadAnswer::Bill(BillError::Checksum))), "{error:?}");
}
