//! What WeChat Pay tells by itself: signed like an answer, and sealed with the APIv3 key.

use super::{
    WechatMerchant,
    sign::{self, PlatformKeys},
    wire::{self, Transaction},
};
use crate::{
    Notification, NotificationError, OutRefundNumber, OutTradeNumber, PaidNotice, link::ANSWER_BYTES,
    sealed::Sealed,
};
use domain::UtcMillis;
use http::HeaderMap;
use serde::{Deserialize, de::DeserializeOwned};

#[derive(Deserialize)]
struct Envelope {
    event_type: String,
    resource: Sealed,
}

#[derive(Deserialize)]
struct Refunded {
    mchid: String,
    out_trade_no: String,
    out_refund_no: String,
    refund_status: String,
    success_time: Option<String>,
}

/// Verifies, opens and reads a notification.
pub(super) fn parse(
    merchant: &WechatMerchant,
    keys: &PlatformKeys,
    headers: &HeaderMap,
    body: &[u8],
    now: UtcMillis,
) -> Result<Notification, NotificationError> {
    if body.len() > ANSWER_BYTES {
        return Err(NotificationError::TooLong { limit: ANSWER_BYTES });
    }
    sign::verify(keys, headers, body, now).map_err(NotificationError::Signature)?;
    let envelope: Envelope = read(body)?;
    let text = merchant.api_key.open(&envelope.resource).ok_or(NotificationError::Sealed)?;
    match envelope.event_type.as_str() {
        "TRANSACTION.SUCCESS" => paid(merchant, &read(&text)?),
        "REFUND.SUCCESS" | "REFUND.ABNORMAL" | "REFUND.CLOSED" => refunded(merchant, &read(&text)?),
        _ => Ok(Notification::Ignored),
    }
}

fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, NotificationError> {
    serde_json::from_slice(text).map_err(|_| NotificationError::Unreadable)
}

fn paid(merchant: &WechatMerchant, told: &Transaction) -> Result<Notification, NotificationError> {
    let wrong = |field| NotificationError::Wrong { field };
    told.check_merchant(merchant).map_err(wrong)?;
    if told.trade_state != "SUCCESS" {
        return Err(wrong("trade_state"));
    }
    let number = OutTradeNumber::parse(&told.out_trade_no).map_err(|_| wrong("out_trade_no"))?;
    Ok(Notification::Paid(PaidNotice { number, paid: told.paid().map_err(wrong)? }))
}

fn refunded(merchant: &WechatMerchant, told: &Refunded) -> Result<Notification, NotificationError> {
    let wrong = |field| NotificationError::Wrong { field };
    if told.mchid != merchant.mchid {
        return Err(wrong("mchid"));
    }
    Ok(Notification::Refunded {
        trade: OutTradeNumber::parse(&told.out_trade_no).map_err(|_| wrong("out_trade_no"))?,
        refund: OutRefundNumber::parse(&told.out_refund_no).map_err(|_| wrong("out_refund_no"))?,
        status: wire::refund_status(&told.refund_status, told.success_time.as_deref()).map_err(wrong)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gateway, link};
    use serde_json::{Value, json};

    const NOW: UtcMillis = UtcMillis(1_795_320_000_000);

    /// What the provider would tell, rightly sealed and signed.
    struct Teller {
        merchant: WechatMerchant,
        platform: crate::rsa::PrivateKey,
    }

    impl Teller {
        fn new() -> Self {
            let dir = tempfile::TempDir::new().unwrap();
            let keys = gateway::keys(dir.path()).unwrap();
            let pem = std::fs::read_to_string(dir.path().join("wechat-platform.pem")).unwrap();
            let merchant = WechatMerchant::parse(&keys.merchants("http://127.0.0.1").0).unwrap();
            Self { merchant, platform: crate::rsa::PrivateKey::parse(&pem).unwrap() }
        }

        fn tell(&self, event: &str, resource: &Value) -> Result<Notification, NotificationError> {
            let body = json!({ "event_type": event, "resource": resource }).to_string();
            let serial = self.merchant.platform_keys.0.keys().next().unwrap();
            let signature =
                self.platform.sign(&sign::answer_text("1795320000", "n", body.as_bytes())).unwrap();
            let mut headers = HeaderMap::new();
            for (name, value) in
                [("timestamp", "1795320000"), ("nonce", "n"), ("serial", serial), ("signature", &signature)]
            {
                headers.insert(
                    http::HeaderName::try_from(format!("wechatpay-{name}")).unwrap(),
                    value.parse().unwrap(),
                );
            }
            parse(&self.merchant, &self.merchant.platform_keys, &headers, body.as_bytes(), NOW)
        }

        fn seal(&self, told: &Value) -> Value {
            let sealed = self.merchant.api_key.seal(
                told.to_string().as_bytes(),
                &link::nonce(6).unwrap(),
                "transaction",
            );
            serde_json::to_value(sealed.unwrap()).unwrap()
        }
    }

    #[test]
    fn what_is_signed_is_still_judged() {
        let teller = Teller::new();
        let right = json!({
            "appid": "wx0000000000000000", "mchid": "1900000000", "out_trade_no": "TRADE_01", "transaction_id": "42",
            "trade_state": "SUCCESS", "success_time": "2026-11-22T12:00:00+08:00",
            "amount": { "total": 1500, "currency": "CNY" },
        });
        let told = teller.tell("TRANSACTION.SUCCESS", &teller.seal(&right));
        assert!(matches!(told, Ok(Notification::Paid(_))), "{told:?}");
        for (field, pointer, value) in [
            ("mchid", "/mchid", json!("1900000001")),
            ("appid", "/appid", json!("wx1")),
            ("trade_state", "/trade_state", json!("NOTPAY")),
            ("out_trade_no", "/out_trade_no", json!("a|b")),
            ("transaction_id", "/transaction_id", json!("")),
            ("success_time", "/success_time", json!("noon")),
            ("currency", "/amount/currency", json!("USD")),
            ("amount", "/amount/total", json!(1_000_001)),
        ] {
            let mut wrong = right.clone();
            *wrong.pointer_mut(pointer).unwrap() = value;
            let told = teller.tell("TRANSACTION.SUCCESS", &teller.seal(&wrong));
            assert!(
                matches!(told, Err(NotificationError::Wrong { field: found }) if found == field),
                "{field}: {told:?}"
            );
        }
        let told = teller.tell("SOMETHING.ELSE", &teller.seal(&json!({})));
        assert!(matches!(told, Ok(Notification::Ignored)), "{told:?}");
    }

    #[test]
    fn what_is_sealed_with_another_nonce_stays_shut() {
        let teller = Teller::new();
        let sealed = teller.seal(&json!({}));
        for (member, value) in
            [("nonce", "000000000000"), ("nonce", "short"), ("associated_data", "x"), ("algorithm", "AES")]
        {
            let mut sealed = sealed.clone();
            sealed[member] = value.into();
            let told = teller.tell("TRANSACTION.SUCCESS", &sealed);
            assert!(matches!(told, Err(NotificationError::Sealed)), "{member}: {told:?}");
        }
    }
}
