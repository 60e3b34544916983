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
