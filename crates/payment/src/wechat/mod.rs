//! WeChat Pay APIv3, Native: the merchant shows a code, the payer scans it.

mod bill;
mod certificates;
mod merchant;
mod notification;
pub mod sign;
mod wire;

pub(crate) use bill::amount as bill_amount;
pub use merchant::WechatMerchant;
pub(crate) use wire::code;

use crate::{
    Bill, Client, ClientSettings, Closed, NewRefund, NewTrade, Notification, NotificationError, OpenedTrade,
    OutTradeNumber, PaymentError, Provider, RefundStatus, TradeStatus, china_time,
    error::{BadAnswer, RefusalCode, RequestError},
    link::{self, RawAnswer},
};
use async_trait::async_trait;
use bytes::Bytes;
use domain::{CalendarDate, Fen, UtcMillis};
use http::{HeaderMap, Method};
use parking_lot::RwLock;
use serde::{Serialize, de::DeserializeOwned};
use sign::PlatformKeys;
use wire::{Opened, Order, RefundAnswer, RefundOrder, Refusal, Transaction};

/// A merchant at WeChat Pay.
#[derive(Debug)]
pub struct WechatClient {
    merchant: WechatMerchant,
    keys: RwLock<PlatformKeys>,
    http: reqwest::Client,
    settings: ClientSettings,
}

impl WechatClient {
    /// The client of `merchant`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`RequestError::Client`] if no HTTP client can be built.
    pub fn new(merchant: WechatMerchant, settings: ClientSettings) -> Result<Self, PaymentError> {
        let http = link::client(&settings)?;
        Ok(Self { keys: RwLock::new(merchant.platform_keys.clone()), merchant, http, settings })
    }

    async fn get(&self, path_and_query: &str) -> Result<Bytes, PaymentError> {
        self.call(Method::GET, path_and_query, String::new()).await
    }

    async fn post(&self, path: &str, body: &impl Serialize) -> Result<Bytes, PaymentError> {
        let body = serde_json::to_string(body).map_err(RequestError::Write)?;
        self.call(Method::POST, path, body).await
    }

    /// The verified body of a success; any other status is an error.
    async fn call(&self, method: Method, path_and_query: &str, body: String) -> Result<Bytes, PaymentError> {
        let answer = link::exchange(self.signed(method, path_and_query, body)?, link::ANSWER_BYTES).await?;
        let now = (self.settings.now)();
        sign::verify(&self.keys.read(), &answer.headers, &answer.body, now)
            .map_err(|error| error.of_answer(answer.status))?;
        success(answer)
    }

    /// A signed request. `path_and_query` begins with a slash and is appended to the merchant's address.
    fn signed(
        &self,
        method: Method,
        path_and_query: &str,
        body: String,
    ) -> Result<reqwest::RequestBuilder, PaymentError> {
        let base = self.merchant.base_url.as_str().trim_end_matches('/');
        let url =
            reqwest::Url::parse(&format!("{base}{path_and_query}")).map_err(|_| RequestError::Address)?;
        let stamp =
            sign::Stamp { timestamp: (self.settings.now)().0.div_euclid(1000), nonce: &link::nonce(16)? };
        let authorization = sign::authorization(&self.merchant, &method, &sign::target(&url), stamp, &body)
            .ok_or(RequestError::Sign)?;
        let mut request = self
            .http
            .request(method, url)
            .header("authorization", authorization)
            .header("accept", "application/json");
        if let Some(id) = self.keys.read().public_key_id() {
            request = request.header("wechatpay-serial", id);
        }
        let has_body = !body.is_empty();
        Ok(if has_body { request.header("content-type", "application/json").body(body) } else { request })
    }
}

#[async_trait]
impl Client for WechatClient {
    fn provider(&self) -> Provider {
        Provider::WechatPay
    }

    async fn open(&self, trade: &NewTrade) -> Result<OpenedTrade, PaymentError> {
        let answer = self.post("/v3/pay/transactions/native", &Order::of(&self.merchant, trade)).await?;
        parse::<Opened>(&answer)?.check()
    }

    async fn query(&self, number: &OutTradeNumber, amount: Fen) -> Result<TradeStatus, PaymentError> {
        let path = format!("/v3/pay/transactions/out-trade-no/{number}?mchid={}", self.merchant.mchid);
        match self.get(&path).await {
            Ok(answer) => parse::<Transaction>(&answer)?.status(&self.merchant, number, amount),
            Err(error) if wire::is_unknown_order(&error) => Ok(TradeStatus::NotFound),
            Err(error) => Err(error),
        }
    }

    async fn close(&self, number: &OutTradeNumber) -> Result<Closed, PaymentError> {
        let path = format!("/v3/pay/transactions/out-trade-no/{number}/close");
        match self.post(&path, &wire::Close { mchid: &self.merchant.mchid }).await {
            Ok(_) => Ok(Closed::Closed),
            Err(error) if error.is_refused_with("ORDERPAID") => Ok(Closed::AlreadyPaid),
            Err(error) if error.is_refused_with("ORDER_CLOSED") => Ok(Closed::Closed),
            Err(error) if wire::is_unknown_order(&error) => Ok(Closed::NoTrade),
            Err(error) => Err(error),
        }
    }

    async fn refund(&self, refund: &NewRefund) -> Result<RefundStatus, PaymentError> {
        let answer = self.post("/v3/refund/domestic/refunds", &RefundOrder::of(refund)).await?;
        parse::<RefundAnswer>(&answer)?.status(refund)
    }

    async fn query_refund(&self, refund: &NewRefund) -> Result<RefundStatus, PaymentError> {
        match self.get(&format!("/v3/refund/domestic/refunds/{}", refund.number)).await {
            Ok(answer) => parse::<RefundAnswer>(&answer)?.status(refund),
            Err(error) if error.is_refused_with("RESOURCE_NOT_EXISTS") => Ok(RefundStatus::NotFound),
            Err(error) => Err(error),
        }
    }

    async fn bill(&self, day: CalendarDate) -> Result<Bill, PaymentError> {
        let path = format!("/v3/bill/tradebill?bill_date={}&bill_type=ALL", china_time::iso_day(day));
        let place: wire::BillPlace = parse(&self.get(&path).await?)?;
        bill::parse(&self.download(&place).await?, &self.merchant.mchid)
            .map_err(|error| PaymentError::BadAnswer(BadAnswer::Bill(error)))
    }

    fn notification(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: UtcMillis,
    ) -> Result<Notification, NotificationError> {
        notification::parse(&self.merchant, &self.keys.read(), headers, body, now)
    }
}

impl WechatClient {
    /// The file that `place` names, if it has the signed checksum. The file itself is not signed.
    async fn download(&self, place: &wire::BillPlace) -> Result<Bytes, PaymentError> {
        let url = place.url(&self.merchant.base_url).ok_or(RequestError::Address)?;
        let target = sign::target(&url);
        let stamp =
            sign::Stamp { timestamp: (self.settings.now)().0.div_euclid(1000), nonce: &link::nonce(16)? };
        let authorization = sign::authorization(&self.merchant, &Method::GET, &target, stamp, "")
            .ok_or(RequestError::Sign)?;
        let request = self.http.get(url).header("authorization", authorization).timeout(self.settings.bill);
        let answer = link::exchange(request, link::BILL_BYTES).await?;
        if answer.status != 200 {
            return Err(PaymentError::BadAnswer(BadAnswer::Status { status: answer.status }));
        }
        place.check(&answer.body).map_err(|error| PaymentError::BadAnswer(BadAnswer::Bill(error)))?;
        Ok(answer.body)
    }
}

/// The body of a verified success, or what the provider refused with.
fn success(answer: RawAnswer) -> Result<Bytes, PaymentError> {
    match answer.status {
        200..=299 => Ok(answer.body),
        400..=499 => {
            let said: Refusal = parse(&answer.body)?;
            let code = RefusalCode::parse(&said.code).ok_or(PaymentError::wrong("code"))?;
            Err(wire::judged(code))
        }
        status => Err(PaymentError::BadAnswer(BadAnswer::Status { status })),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, PaymentError> {
    serde_json::from_slice(body).map_err(|error| PaymentError::BadAnswer(BadAnswer::from(&error)))
}
