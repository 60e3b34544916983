//! Alipay's JSON: what is sent, what is read of an answer, and whether it answers what was asked.

use super::AlipayMerchant;
use crate::{
    BadAnswer, Closed, Doubt, NewRefund, NewTrade, OpenedTrade, OutTradeNumber, PaidTrade, PaymentError,
    RefundStatus, TradeStatus, TransactionId, china_time, error::RefusalCode, numbers::is_safe, wechat, yuan,
};
use domain::Fen;
use reqwest::Url;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
pub(super) struct TradeOrder<'a> {
    out_trade_no: &'a str,
    total_amount: String,
    subject: &'a str,
    time_expire: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    seller_id: Option<&'a str>,
}

impl<'a> TradeOrder<'a> {
    pub(super) fn of(merchant: &'a AlipayMerchant, trade: &'a NewTrade) -> Self {
        Self {
            out_trade_no: trade.number.as_str(),
            total_amount: trade.amount.to_string(),
            subject: trade.description.as_str(),
            time_expire: china_time::civil(trade.expires),
            seller_id: merchant.seller_id.as_deref(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Number<'a> {
    pub out_trade_no: &'a str,
}

#[derive(Serialize)]
pub(super) struct RefundOrder<'a> {
    out_trade_no: &'a str,
    out_request_no: &'a str,
    refund_amount: String,
    refund_reason: &'a str,
}

impl<'a> RefundOrder<'a> {
    pub(super) fn of(refund: &'a NewRefund) -> Self {
        Self {
            out_trade_no: refund.trade.as_str(),
            out_request_no: refund.number.as_str(),
            refund_amount: refund.amount.to_string(),
            refund_reason: refund.reason.as_str(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct RefundQuery<'a> {
    out_trade_no: &'a str,
    out_request_no: &'a str,
    query_options: [&'static str; 1],
}

impl<'a> RefundQuery<'a> {
    pub(super) fn of(refund: &'a NewRefund) -> Self {
        Self {
            out_trade_no: refund.trade.as_str(),
            out_request_no: refund.number.as_str(),
            query_options: ["gmt_refund_pay"],
        }
    }
}

#[derive(Serialize)]
pub(super) struct BillQuery {
    pub bill_type: &'static str,
    pub bill_date: String,
}

#[derive(Deserialize)]
pub(super) struct BillPlace {
    bill_download_url: String,
}

impl BillPlace {
    /// The address, if it is at the provider's hosts or at `gateway`. The provider writes `http`; it is asked by TLS.
    pub(super) fn url(&self, gateway: &Url) -> Option<Url> {
        let mut url = Url::parse(&self.bill_download_url).ok()?;
        let own = url.host_str().is_some_and(|host| host.ends_with(".alipay.com")) && url.port().is_none();
        if own && url.scheme() == "http" {
            url.set_scheme("https").ok()?;
        }
        (is_safe(&url) && (own || url.origin() == gateway.origin())).then_some(url)
    }
}

#[derive(Deserialize)]
struct Code {
    code: String,
    sub_code: Option<String>,
}

/// Whether a verified answer is a success: code 10000.
pub(super) fn judge(answer: &str) -> Result<(), PaymentError> {
    let said: Code =
        serde_json::from_str(answer).map_err(|error| PaymentError::BadAnswer(BadAnswer::from(&error)))?;
    if said.code == "10000" {
        return Ok(());
    }
    let word = said.sub_code.unwrap_or_else(|| said.code.clone());
    let code = RefusalCode::parse(&word).ok_or(PaymentError::wrong("sub_code"))?;
    let own_doubt = matches!(word.as_str(), "ACQ.SYSTEM_ERROR" | "AOP.SYSTEM_ERROR" | "SYSTEM_ERROR");
    if said.code == "20000" || own_doubt {
        Err(PaymentError::Unknown(Doubt::Provider { code }))
    } else {
        Err(PaymentError::Refused { code })
    }
}

/// Whether a trade could not be closed because of where it stands.
pub(super) fn is_state_refusal(error: &PaymentError) -> bool {
    ["ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.REASON_ILLEGAL_STATUS"]
        .iter()
        .any(|code| error.is_refused_with(code))
}

/// An answer that only names its trade.
#[derive(Deserialize)]
pub(super) struct Named {
    out_trade_no: Option<String>,
}

impl Named {
    pub(super) fn check(&self, number: &OutTradeNumber) -> Result<(), PaymentError> {
        let same = self.out_trade_no.as_ref().is_none_or(|found| found == number.as_str());
        if same { Ok(()) } else { Err(PaymentError::wrong("out_trade_no")) }
    }
}

#[derive(Deserialize)]
pub(super) struct Precreated {
    out_trade_no: String,
    qr_code: String,
}

impl Precreated {
    pub(super) fn check(self, number: &OutTradeNumber) -> Result<OpenedTrade, PaymentError> {
        if self.out_trade_no != number.as_str() {
            return Err(PaymentError::wrong("out_trade_no"));
        }
        wechat::code(self.qr_code).ok_or(PaymentError::wrong("qr_code"))
    }
}

/// The answer of `alipay.trade.query`.
#[derive(Deserialize)]
pub(super) struct Queried {
    out_trade_no: String,
    trade_no: Option<String>,
    trade_status: String,
    total_amount: Option<String>,
    send_pay_date: Option<String>,
}

impl Queried {
    /// Where the trade `number` of `amount` stands. A closed trade that has a time of payment was refunded in full.
    pub(super) fn status(&self, number: &OutTradeNumber, amount: Fen) -> Result<TradeStatus, PaymentError> {
        if self.out_trade_no != number.as_str() {
            return Err(PaymentError::wrong("out_trade_no"));
        }
        match self.trade_status.as_str() {
            "WAIT_BUYER_PAY" => Ok(TradeStatus::Waiting),
            "TRADE_SUCCESS" | "TRADE_FINISHED" => self.paid()?.of(amount),
            "TRADE_CLOSED" if self.send_pay_date.is_some() => match self.paid()? {
                paid if paid.amount == amount => Ok(TradeStatus::Refunded(paid)),
                _ => Err(PaymentError::wrong("total_amount")),
            },
            "TRADE_CLOSED" => Ok(TradeStatus::Closed),
            _ => Err(PaymentError::wrong("trade_status")),
        }
    }

    /// Whether money arrived at some time.
    pub(super) fn is_paid(&self) -> bool {
        matches!(self.trade_status.as_str(), "TRADE_SUCCESS" | "TRADE_FINISHED")
            || self.send_pay_date.is_some()
    }

    /// That it is closed, if it is.
    pub(super) fn closed(&self) -> Result<Closed, PaymentError> {
        let closed = self.trade_status == "TRADE_CLOSED";
        if closed { Ok(Closed::Closed) } else { Err(PaymentError::wrong("trade_status")) }
    }

    fn paid(&self) -> Result<PaidTrade, PaymentError> {
        paid(self.trade_no.as_deref(), self.total_amount.as_deref(), self.send_pay_date.as_deref())
            .map_err(PaymentError::wrong)
    }
}

/// The money that three fields tell of; else the field that does not.
pub(super) fn paid(
    trade_no: Option<&str>,
    total_amount: Option<&str>,
    at: Option<&str>,
) -> Result<PaidTrade, &'static str> {
    Ok(PaidTrade {
        transaction_id: trade_no.and_then(|id| TransactionId::parse(id).ok()).ok_or("trade_no")?,
        amount: total_amount.and_then(|yuan| yuan::parse(yuan).ok()).ok_or("total_amount")?,
        at: at.and_then(china_time::parse_civil).ok_or("send_pay_date")?,
    })
}

/// The answer of `alipay.trade.refund`. Its `refund_fee` is the sum of all refunds of the trade, so it tells nothing of
/// this one.
#[derive(Deserialize)]
pub(super) struct Refunded {
    out_trade_no: String,
}

impl Refunded {
    /// Accepted: whether it is done is asked for, as `fund_change` is `N` when a request is repeated.
    pub(super) fn status(&self, asked: &NewRefund) -> Result<RefundStatus, PaymentError> {
        let same = self.out_trade_no == asked.trade.as_str();
        if same { Ok(RefundStatus::Processing) } else { Err(PaymentError::wrong("out_trade_no")) }
    }
}

/// The answer of `alipay.trade.fastpay.refund.query`: without a status, nothing was given back.
#[derive(Deserialize)]
pub(super) struct RefundQueried {
    out_trade_no: Option<String>,
    out_request_no: Option<String>,
    refund_amount: Option<String>,
    total_amount: Option<String>,
    refund_status: Option<String>,
    gmt_refund_pay: Option<String>,
}

impl RefundQueried {
    pub(super) fn status(&self, asked: &NewRefund) -> Result<RefundStatus, PaymentError> {
        match self.refund_status.as_deref() {
            Some("REFUND_SUCCESS") => self.check(asked).map_err(PaymentError::wrong).map(|()| {
                RefundStatus::Done { at: self.gmt_refund_pay.as_deref().and_then(china_time::parse_civil) }
            }),
            Some("REFUND_PROCESSING") => Ok(RefundStatus::Processing),
            Some("REFUND_FAIL") => RefusalCode::parse("REFUND_FAIL")
                .map(|code| RefundStatus::Failed { code })
                .ok_or(PaymentError::wrong("refund_status")),
            None | Some("") => Ok(RefundStatus::NotFound),
            Some(_) => Err(PaymentError::wrong("refund_status")),
        }
    }

    /// Whether it tells of exactly the refund that was asked for.
    fn check(&self, asked: &NewRefund) -> Result<(), &'static str> {
        let is = |found: &Option<String>, amount: Fen| {
            found.as_deref().and_then(|yuan| yuan::parse(yuan).ok()) == Some(amount)
        };
        if self.out_trade_no.as_deref() != Some(asked.trade.as_str()) {
            return Err("out_trade_no");
        }
        if self.out_request_no.as_deref() != Some(asked.number.as_str()) {
            return Err("out_request_no");
        }
        if !is(&self.refund_amount, asked.amount) {
            return Err("refund_amount");
        }
        if is(&self.total_amount, asked.total) { Ok(()) } else { Err("total_amount") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_comes_from_the_provider_by_tls() {
        let gateway = Url::parse("https://openapi.alipay.com/gateway.do").unwrap();
        for (said, asked) in [
            (
                "http://dwbillcenter.alipay.com/d.resource?fileId=1",
                Some("https://dwbillcenter.alipay.com/d.resource?fileId=1"),
            ),
            ("https://dwbillcenter.alipay.com/d", Some("https://dwbillcenter.alipay.com/d")),
            ("https://dwbillcenter.alipay.com.example.com/d", None),
            ("https://alipay.com.example.com/d", None),
            ("http://dwbillcenter.alipay.com:8080/d", None),
            ("https://user@x.alipay.com/d", None),
            ("file:///etc/passwd", None),
            ("http://127.0.0.1/d", None),
        ] {
            let place = BillPlace { bill_download_url: said.to_owned() };
            assert_eq!(place.url(&gateway).as_ref().map(Url::as_str), asked, "{said}");
        }
    }
}
