//! Alipay's precreate (当面付): the merchant shows a code, the payer scans it.

mod bill;
mod form;
mod merchant;
mod notification;
pub mod sign;
mod wire;

pub use merchant::AlipayMerchant;

use crate::{
    Bill, Client, ClientSettings, Closed, NewRefund, NewTrade, Notification, NotificationError, OpenedTrade,
    OutTradeNumber, PaymentError, Provider, RefundStatus, TradeStatus, china_time,
    error::{BadAnswer, RequestError},
    link,
};
use async_trait::async_trait;
use domain::{CalendarDate, Fen, UtcMillis};
use http::HeaderMap;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;
use wire::{
    BillPlace, BillQuery, Precreated, Queried, RefundOrder, RefundQueried, RefundQuery, Refunded, TradeOrder,
};

pub(crate) use form::{decode as decode_form, encode as encode_form};

/// A merchant at Alipay.
#[derive(Debug)]
pub struct AlipayClient {
    merchant: AlipayMerchant,
    http: reqwest::Client,
    settings: ClientSettings,
}

impl AlipayClient {
    /// The client of `merchant`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`RequestError::Client`] if no HTTP client can be built.
    pub fn new(merchant: AlipayMerchant, settings: ClientSettings) -> Result<Self, PaymentError> {
        Ok(Self { http: link::client(&settings)?, merchant, settings })
    }

    /// Calls `method` and parses its verified answer, which is then judged by its code.
    async fn call<T: DeserializeOwned>(
        &self,
        method: &'static str,
        content: &impl Serialize,
        notify_url: Option<&str>,
    ) -> Result<T, PaymentError> {
        let content = serde_json::to_string(content).map_err(RequestError::Write)?;
        let answer = link::exchange(self.signed(method, content, notify_url)?, link::ANSWER_BYTES).await?;
        let verified = sign::verified(&self.merchant.alipay_key, method, &answer.body)
            .map_err(|error| error.of_answer(answer.status))?;
        if answer.status != 200 {
            return Err(PaymentError::BadAnswer(BadAnswer::Status { status: answer.status }));
        }
        wire::judge(verified)?;
        serde_json::from_str(verified).map_err(|error| PaymentError::BadAnswer(BadAnswer::from(&error)))
    }

    /// A signed request: the system's parameters in the query, so that the charset is known before the body is read.
    fn signed(
        &self,
        method: &str,
        content: String,
        notify_url: Option<&str>,
    ) -> Result<reqwest::RequestBuilder, PaymentError> {
        let now = china_time::civil((self.settings.now)());
        let mut fields = BTreeMap::from([
            ("app_id", self.merchant.app_id.as_str()),
            ("method", method),
            ("format", "JSON"),
            ("charset", "utf-8"),
            ("sign_type", "RSA2"),
            ("timestamp", &now),
            ("version", "1.0"),
            ("notify_url", notify_url.unwrap_or_default()),
            ("biz_content", &content),
        ]);
        let text = sign::request_text(fields.iter().map(|(&name, &value)| (name, value)));
        let signature = self.merchant.key.sign(text.as_bytes()).ok_or(RequestError::Sign)?;
        fields.insert("sign", &signature);
        fields.retain(|name, value| *name != "biz_content" && !value.is_empty());
        let mut url = self.merchant.gateway_url.clone();
        url.set_query(Some(&form::encode(fields)));
        let body = form::encode([("biz_content", content.as_str())]);
        let kind = "application/x-www-form-urlencoded;charset=utf-8";
        Ok(self.http.post(url).header("content-type", kind).body(body))
    }

    async fn ask(&self, number: &OutTradeNumber) -> Result<Queried, PaymentError> {
        self.call("alipay.trade.query", &wire::Number { out_trade_no: number.as_str() }, None).await
    }

    /// Whether a trade that can't be closed is closed already, or paid.
    async fn why_not_closed(&self, number: &OutTradeNumber) -> Result<Closed, PaymentError> {
        let answer = self.ask(number).await?;
        if answer.is_paid() { Ok(Closed::AlreadyPaid) } else { answer.closed() }
    }
}

#[async_trait]
impl Client for AlipayClient {
    fn provider(&self) -> Provider {
        Provider::Alipay
    }

    async fn open(&self, trade: &NewTrade) -> Result<OpenedTrade, PaymentError> {
        let order = TradeOrder::of(&self.merchant, trade);
        let answer: Precreated =
            self.call("alipay.trade.precreate", &order, Some(trade.notify_url.as_str())).await?;
        answer.check(&trade.number)
    }

    async fn query(&self, number: &OutTradeNumber, amount: Fen) -> Result<TradeStatus, PaymentError> {
        match self.ask(number).await {
            Ok(answer) => answer.status(number, amount),
            Err(error) if error.is_refused_with("ACQ.TRADE_NOT_EXIST") => Ok(TradeStatus::Waiting),
            Err(error) => Err(error),
        }
    }

    async fn close(&self, number: &OutTradeNumber) -> Result<Closed, PaymentError> {
        let content = wire::Number { out_trade_no: number.as_str() };
        match self.call::<wire::Named>("alipay.trade.close", &content, None).await {
            Ok(answer) => answer.check(number).map(|()| Closed::Closed),
            Err(error) if error.is_refused_with("ACQ.TRADE_NOT_EXIST") => Ok(Closed::NoTrade),
            Err(error) if wire::is_state_refusal(&error) => self.why_not_closed(number).await,
            Err(error) => Err(error),
        }
    }

    async fn refund(&self, refund: &NewRefund) -> Result<RefundStatus, PaymentError> {
        let answer: Refunded = self.call("alipay.trade.refund", &RefundOrder::of(refund), None).await?;
        answer.status(refund)
    }

    async fn query_refund(&self, refund: &NewRefund) -> Result<RefundStatus, PaymentError> {
        let asked = RefundQuery::of(refund);
        let answer: RefundQueried = self.call("alipay.trade.fastpay.refund.query", &asked, None).await?;
        answer.status(refund)
    }

    async fn bill(&self, day: CalendarDate) -> Result<Bill, PaymentError> {
        let asked = BillQuery { bill_type: "trade", bill_date: china_time::iso_day(day) };
        let place: BillPlace =
            self.call("alipay.data.dataservice.bill.downloadurl.query", &asked, None).await?;
        let url = place.url(&self.merchant.gateway_url).ok_or(RequestError::Address)?;
        let request = self.http.get(url).timeout(self.settings.bill);
        let answer = link::exchange(request, link::BILL_BYTES).await?;
        if answer.status != 200 {
            return Err(PaymentError::BadAnswer(BadAnswer::Status { status: answer.status }));
        }
        bill::parse(&answer.body).map_err(|error| PaymentError::BadAnswer(BadAnswer::Bill(error)))
    }

    fn notification(
        &self,
        _: &HeaderMap,
        body: &[u8],
        _: UtcMillis,
    ) -> Result<Notification, NotificationError> {
        notification::parse(&self.merchant, body)
    }
}
