//! What Alipay tells by itself: a signed form.

use super::{AlipayMerchant, form, sign, wire};
use crate::{
    Notification, NotificationError, OutRefundNumber, OutTradeNumber, PaidNotice, RefundStatus,
    SignatureError, china_time, link::ANSWER_BYTES,
};
use std::collections::BTreeMap;

/// Verifies and reads a notification.
pub(super) fn parse(merchant: &AlipayMerchant, body: &[u8]) -> Result<Notification, NotificationError> {
    if body.len() > ANSWER_BYTES {
        return Err(NotificationError::TooLong { limit: ANSWER_BYTES });
    }
    let fields = Fields(form::decode(body).ok_or(NotificationError::Unreadable)?);
    fields.verify(merchant).map_err(NotificationError::Signature)?;
    fields.check_merchant(merchant)?;
    let refund = fields.get("out_biz_no").filter(|_| fields.get("refund_fee").is_some());
    match (fields.get("trade_status"), refund) {
        (Some("TRADE_SUCCESS" | "TRADE_FINISHED" | "TRADE_CLOSED"), Some(refund)) => fields.refunded(refund),
        (Some("TRADE_SUCCESS" | "TRADE_FINISHED"), None) => fields.paid(),
        _ => Ok(Notification::Ignored),
    }
}

struct Fields(BTreeMap<String, String>);

impl Fields {
    /// A field that is there and not empty.
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn verify(&self, merchant: &AlipayMerchant) -> Result<(), SignatureError> {
        let signature = self.get("sign").ok_or(SignatureError::Missing { name: "sign" })?;
        if self.get("sign_type") != Some("RSA2") {
            return Err(SignatureError::Missing { name: "sign_type" });
        }
        let text =
            sign::notification_text(self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let holds = merchant.alipay_key.verifies(text.as_bytes(), signature);
        if holds { Ok(()) } else { Err(SignatureError::False) }
    }

    /// Whether it is for this application, and for its seller where the merchant's file names one.
    fn check_merchant(&self, merchant: &AlipayMerchant) -> Result<(), NotificationError> {
        if self.get("app_id") != Some(&merchant.app_id) {
            return Err(NotificationError::Wrong { field: "app_id" });
        }
        let seller = merchant.seller_id.as_deref();
        let same = seller.is_none() || self.get("seller_id") == seller;
        if same { Ok(()) } else { Err(NotificationError::Wrong { field: "seller_id" }) }
    }

    fn number(&self) -> Result<OutTradeNumber, NotificationError> {
        let number = self.get("out_trade_no").and_then(|text| OutTradeNumber::parse(text).ok());
        number.ok_or(NotificationError::Wrong { field: "out_trade_no" })
    }

    fn paid(&self) -> Result<Notification, NotificationError> {
        let paid = wire::paid(self.get("trade_no"), self.get("total_amount"), self.get("gmt_payment"))
            .map_err(|field| NotificationError::Wrong { field })?;
        Ok(Notification::Paid(PaidNotice { number: self.number()?, paid }))
    }

    fn refunded(&self, refund: &str) -> Result<Notification, NotificationError> {
        let wrong = NotificationError::Wrong { field: "out_biz_no" };
        Ok(Notification::Refunded {
            trade: self.number()?,
            refund: OutRefundNumber::parse(refund).map_err(|_| wrong)?,
            status: RefundStatus::Done { at: self.get("gmt_refund").and_then(china_time::parse_civil) },
        })
    }
}
