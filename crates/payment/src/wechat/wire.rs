//! WeChat Pay's JSON: what is sent, what is read of an answer, and whether it answers what was asked.

use super::WechatMerchant;
use crate::{
    BillError, Doubt, NewRefund, NewTrade, OpenedTrade, OutTradeNumber, PaidTrade, PaymentError,
    RefundStatus, TradeStatus, TransactionId, china_time, error::RefusalCode, merchant,
};
use data_encoding::HEXLOWER_PERMISSIVE;
use domain::Fen;
use reqwest::Url;
use ring::digest;
use serde::{Deserialize, Serialize};

const CURRENCY: &str = "CNY";

#[derive(Serialize)]
pub(super) struct Order<'a> {
    appid: &'a str,
    mchid: &'a str,
    description: &'a str,
    out_trade_no: &'a str,
    time_expire: String,
    notify_url: &'a str,
    amount: OrderAmount,
}

#[derive(Serialize)]
struct OrderAmount {
    total: u64,
    currency: &'static str,
}

impl<'a> Order<'a> {
    pub(super) fn of(merchant: &'a WechatMerchant, trade: &'a NewTrade) -> Self {
        Self {
            appid: &merchant.appid,
            mchid: &merchant.mchid,
            description: trade.description.as_str(),
            out_trade_no: trade.number.as_str(),
            time_expire: china_time::rfc3339(trade.expires),
            notify_url: trade.notify_url.as_str(),
            amount: OrderAmount { total: trade.amount.fen(), currency: CURRENCY },
        }
    }
}

#[derive(Serialize)]
pub(super) struct Close<'a> {
    pub mchid: &'a str,
}

#[derive(Serialize)]
pub(super) struct RefundOrder<'a> {
    out_trade_no: &'a str,
    out_refund_no: &'a str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_url: Option<&'a str>,
    amount: RefundAmount,
}

#[derive(Serialize)]
struct RefundAmount {
    refund: u64,
    total: u64,
    currency: &'static str,
}

impl<'a> RefundOrder<'a> {
    pub(super) fn of(refund: &'a NewRefund) -> Self {
        Self {
            out_trade_no: refund.trade.as_str(),
            out_refund_no: refund.number.as_str(),
            reason: refund.reason.as_str(),
            notify_url: refund.notify_url.as_ref().map(crate::NotifyUrl::as_str),
            amount: RefundAmount {
                refund: refund.amount.fen(),
                total: refund.total.fen(),
                currency: CURRENCY,
            },
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Opened {
    code_url: String,
}

impl Opened {
    pub(super) fn check(self) -> Result<OpenedTrade, PaymentError> {
        code(self.code_url).ok_or(PaymentError::wrong("code_url"))
    }
}

/// The text of a code: 1 to 512 printable ASCII characters.
pub(crate) fn code(text: String) -> Option<OpenedTrade> {
    let plain = (1..=512).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    plain.then_some(OpenedTrade { code_url: text })
}

/// A trade, in an answer or a notification.
#[derive(Deserialize)]
pub(super) struct Transaction {
    appid: Option<String>,
    mchid: String,
    pub out_trade_no: String,
    transaction_id: Option<String>,
    pub trade_state: String,
    success_time: Option<String>,
    amount: Option<PaidAmount>,
}

#[derive(Deserialize)]
struct PaidAmount {
    total: Option<u64>,
    currency: Option<String>,
}

impl Transaction {
    /// Where the trade `number` of `amount` stands.
    pub(super) fn status(
        &self,
        merchant: &WechatMerchant,
        number: &OutTradeNumber,
        amount: Fen,
    ) -> Result<TradeStatus, PaymentError> {
        self.check_merchant(merchant).map_err(PaymentError::wrong)?;
        if self.out_trade_no != number.as_str() {
            return Err(PaymentError::wrong("out_trade_no"));
        }
        let paid = || self.paid().map_err(PaymentError::wrong);
        Ok(match self.trade_state.as_str() {
            "SUCCESS" => paid()?.of(amount)?,
            "REFUND" => match paid()? {
                paid if paid.amount == amount => TradeStatus::Refunded(paid),
                _ => return Err(PaymentError::wrong("amount")),
            },
            "NOTPAY" | "USERPAYING" | "PAYERROR" => TradeStatus::Waiting,
            "CLOSED" | "REVOKED" => TradeStatus::Closed,
            _ => return Err(PaymentError::wrong("trade_state")),
        })
    }

    /// Whether it is this merchant's; else the field that says otherwise.
    pub(super) fn check_merchant(&self, merchant: &WechatMerchant) -> Result<(), &'static str> {
        if self.mchid != merchant.mchid {
            return Err("mchid");
        }
        if self.appid.as_ref().is_some_and(|appid| *appid != merchant.appid) { Err("appid") } else { Ok(()) }
    }

    /// The money of a trade that was paid; else the field that does not tell it.
    pub(super) fn paid(&self) -> Result<PaidTrade, &'static str> {
        let amount = self.amount.as_ref().ok_or("amount")?;
        if amount.currency.as_ref().is_some_and(|currency| currency != CURRENCY) {
            return Err("currency");
        }
        let id = self.transaction_id.as_deref().and_then(|id| TransactionId::parse(id).ok());
        Ok(PaidTrade {
            transaction_id: id.ok_or("transaction_id")?,
            amount: amount.total.and_then(|fen| Fen::new(fen).ok()).ok_or("amount")?,
            at: self.success_time.as_deref().and_then(china_time::parse_rfc3339).ok_or("success_time")?,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct RefundAnswer {
    out_trade_no: String,
    out_refund_no: String,
    status: String,
    success_time: Option<String>,
    amount: RefundedAmount,
}

#[derive(Deserialize)]
struct RefundedAmount {
    total: u64,
    refund: u64,
    currency: Option<String>,
}

impl RefundAnswer {
    /// Where the refund stands, if the answer is about exactly that one.
    pub(super) fn status(&self, asked: &NewRefund) -> Result<RefundStatus, PaymentError> {
        let wrong = |field| Err(PaymentError::wrong(field));
        if self.out_trade_no != asked.trade.as_str() {
            return wrong("out_trade_no");
        }
        if self.out_refund_no != asked.number.as_str() {
            return wrong("out_refund_no");
        }
        if self.amount.currency.as_ref().is_some_and(|currency| currency != CURRENCY) {
            return wrong("currency");
        }
        if (self.amount.refund, self.amount.total) != (asked.amount.fen(), asked.total.fen()) {
            return wrong("amount");
        }
        refund_status(&self.status, self.success_time.as_deref()).map_err(PaymentError::wrong)
    }
}

/// What a refund's word and time mean; else the field that can't be.
pub(super) fn refund_status(status: &str, success_time: Option<&str>) -> Result<RefundStatus, &'static str> {
    match status {
        "PROCESSING" => Ok(RefundStatus::Processing),
        "SUCCESS" => Ok(RefundStatus::Done { at: success_time.and_then(china_time::parse_rfc3339) }),
        "CLOSED" | "ABNORMAL" => {
            RefusalCode::parse(status).map(|code| RefundStatus::Failed { code }).ok_or("status")
        }
        _ => Err("status"),
    }
}

#[derive(Deserialize)]
pub(super) struct Refusal {
    pub code: String,
}

/// A verified refusal; the provider's own doubt is one.
pub(super) fn judged(code: RefusalCode) -> PaymentError {
    if matches!(code.as_str(), "SYSTEM_ERROR" | "SYSTEMERROR" | "BANK_ERROR") {
        PaymentError::Unknown(Doubt::Provider { code })
    } else {
        PaymentError::Refused { code }
    }
}

/// Whether the provider says that it knows no such order.
pub(super) fn is_unknown_order(error: &PaymentError) -> bool {
    error.is_refused_with("ORDER_NOT_EXIST") || error.is_refused_with("ORDERNOTEXIST")
}

/// Where a bill is, and its checksum.
#[derive(Deserialize)]
pub(super) struct BillPlace {
    hash_type: String,
    hash_value: String,
    download_url: String,
}

impl BillPlace {
    /// The address, if it is at `base` or at the provider's hosts.
    pub(super) fn url(&self, base: &Url) -> Option<Url> {
        let url = Url::parse(&self.download_url).ok()?;
        let own = merchant::is_at(&url, ".mch.weixin.qq.com");
        (own || url.origin() == base.origin()).then_some(url)
    }

    /// Whether `file` is the one whose SHA-1 was signed.
    pub(super) fn check(&self, file: &[u8]) -> Result<(), BillError> {
        let said = HEXLOWER_PERMISSIVE.decode(self.hash_value.as_bytes()).ok();
        let found = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, file);
        let same = self.hash_type == "SHA1" && said.as_deref() == Some(found.as_ref());
        if same { Ok(()) } else { Err(BillError::Checksum) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(hash_type: &str, hash_value: &str, download_url: &str) -> BillPlace {
        let [hash_type, hash_value, download_url] = [hash_type, hash_value, download_url].map(str::to_owned);
        BillPlace { hash_type, hash_value, download_url }
    }

    #[test]
    fn a_bill_has_the_signed_checksum() {
        // SHA-1 of "abc": FIPS 180-4's example.
        for (kind, sum, file, right) in [
            ("SHA1", "a9993e364706816aba3e25717850c26c9cd0d89d", "abc", true),
            ("SHA1", "A9993E364706816ABA3E25717850C26C9CD0D89D", "abc", true),
            ("SHA1", "a9993e364706816aba3e25717850c26c9cd0d89d", "abd", false),
            ("MD5", "a9993e364706816aba3e25717850c26c9cd0d89d", "abc", false),
            ("SHA1", "", "", false),
        ] {
            assert_eq!(place(kind, sum, "").check(file.as_bytes()).is_ok(), right, "{kind} {sum} of {file}");
        }
    }

    #[test]
    fn a_bill_comes_from_the_provider() {
        let base = Url::parse("https://api.mch.weixin.qq.com").unwrap();
        for (url, own) in [
            ("https://api.mch.weixin.qq.com/v3/billdownload/file?token=x", true),
            ("https://api2.mch.weixin.qq.com/v3/billdownload/file?token=x", true),
            ("http://api.mch.weixin.qq.com/v3/billdownload/file?token=x", false),
            ("https://mch.weixin.qq.com.example.com/x", false),
            ("http://127.0.0.1/x", false),
        ] {
            assert_eq!(place("SHA1", "", url).url(&base).is_some(), own, "{url}");
        }
    }

    #[test]
    fn an_answer_in_doubt_is_no_refusal() {
        let judged = |word| judged(RefusalCode::parse(word).unwrap());
        assert!(judged("SYSTEM_ERROR").leaves_it_unknown(), "the provider does not know");
        assert!(!judged("ORDERPAID").leaves_it_unknown(), "the provider said no");
    }
}
