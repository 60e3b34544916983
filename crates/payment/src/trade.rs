//! What is asked of a provider and what it may answer, without either's wire format.

use crate::{
    BadAnswer, Bill, Description, Notification, NotificationError, NotifyUrl, OutRefundNumber,
    OutTradeNumber, PaymentError, RefundReason, RefusalCode, TransactionId,
};
use async_trait::async_trait;
use domain::{CalendarDate, Fen, UtcMillis};

/// Who takes the money.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Provider {
    /// WeChat Pay, APIv3, Native.
    WechatPay,
    /// Alipay, precreate.
    Alipay,
}

impl Provider {
    /// Both, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::WechatPay, Self::Alipay];

    /// The name that ledger and wire use, as in `domain::payment::Means`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WechatPay => "wechat_pay",
            Self::Alipay => "alipay",
        }
    }

    /// The provider of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.as_str() == name)
    }

    /// The body that tells the provider, with status 200, that a notification was taken.
    #[must_use]
    pub const fn acknowledgement(self) -> &'static str {
        match self {
            Self::WechatPay => r#"{"code":"SUCCESS"}"#,
            Self::Alipay => "success",
        }
    }
}

/// A trade to open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewTrade {
    /// The merchant's number: asking again with the same one opens nothing twice.
    pub number: OutTradeNumber,
    /// What is to be paid, more than nothing.
    pub amount: Fen,
    /// What the payer reads.
    pub description: Description,
    /// When it stops being payable; at least a minute ahead. Both providers end a code after two hours at the latest.
    pub expires: UtcMillis,
    /// Where the provider tells that it was paid.
    pub notify_url: NotifyUrl,
}

/// A trade that can be paid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenedTrade {
    /// The text of the QR code: printable ASCII, at most 512 characters.
    pub code_url: String,
}

/// A trade's money.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaidTrade {
    /// The provider's number.
    pub transaction_id: TransactionId,
    /// The trade's whole amount.
    pub amount: Fen,
    /// When it was paid.
    pub at: UtcMillis,
}

impl PaidTrade {
    /// A paid trade that was opened for `amount`; another amount is an answer that can't be taken for paid.
    pub(crate) fn of(self, amount: Fen) -> Result<TradeStatus, PaymentError> {
        if self.amount == amount {
            return Ok(TradeStatus::Paid(self));
        }
        Err(PaymentError::BadAnswer(BadAnswer::OtherAmount(Box::new(self))))
    }
}

/// Where a trade stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TradeStatus {
    /// Not paid yet. For Alipay also: nobody scanned the code, so the trade does not exist yet.
    Waiting,
    /// The whole amount arrived.
    Paid(PaidTrade),
    /// Closed without money.
    Closed,
    /// It was paid, and money went back: at WeChat Pay some of it, at Alipay all. The refunds are asked for one by one.
    Refunded(PaidTrade),
    /// WeChat Pay knows no such trade: it was never opened.
    NotFound,
}

/// What became of closing a trade.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Closed {
    /// Nobody can pay it any more.
    Closed,
    /// It was paid before it could be closed.
    AlreadyPaid,
    /// The provider knows no such trade: it was never opened, or, at Alipay, nobody scanned its code, **which stays
    /// payable until it expires**. Go on asking until then.
    NoTrade,
}

/// Money to give back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewRefund {
    /// The trade that was paid.
    pub trade: OutTradeNumber,
    /// The merchant's number of the refund: asking again with the same one gives nothing back twice.
    pub number: OutRefundNumber,
    /// What goes back, at most `total`.
    pub amount: Fen,
    /// The trade's whole amount.
    pub total: Fen,
    /// What the payer reads.
    pub reason: RefundReason,
    /// Where WeChat Pay tells that it is done. Alipay uses the trade's own address.
    pub notify_url: Option<NotifyUrl>,
}

/// Where a refund stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RefundStatus {
    /// Accepted, not done: ask again later.
    Processing,
    /// The money went back.
    Done {
        /// When, if the provider says.
        at: Option<UtcMillis>,
    },
    /// It did not go back and will not by itself; the provider's word for why.
    Failed {
        /// Such as `ABNORMAL`, when the payer's bank does not take it.
        code: RefusalCode,
    },
    /// The provider knows no such refund. It may be asked for again, with the same number.
    NotFound,
}

/// One merchant at one provider.
///
/// Every call fails as [`PaymentError`] says: what is unreachable or refused was not done, the rest may have been. Each
/// call is one exchange within the [`crate::ClientSettings`]' time, never repeated by itself; only closing an Alipay
/// trade that can't be closed, and fetching a bill, take two.
#[async_trait]
pub trait Client: Send + Sync {
    /// Which provider it is.
    fn provider(&self) -> Provider;

    /// Whether its address is a stand-in's, so that whoever is asked to pay must be told that no money moves.
    fn is_demonstration(&self) -> bool;

    /// Fetches the provider's current keys where it has several over time; to be called about twice a day. How many were new.
    async fn refresh_keys(&self) -> Result<usize, PaymentError>;

    /// Opens a trade, or finds the code of one that was opened with the same number and terms. With other terms, or once
    /// it is paid or closed, it is refused.
    async fn open(&self, trade: &NewTrade) -> Result<OpenedTrade, PaymentError>;

    /// Where the trade stands that was opened for `amount`; another amount in the answer is [`crate::BadAnswer::OtherAmount`]
    /// where it was paid, else [`crate::BadAnswer::Wrong`].
    async fn query(&self, number: &OutTradeNumber, amount: Fen) -> Result<TradeStatus, PaymentError>;

    /// Closes a trade that nobody paid.
    async fn close(&self, number: &OutTradeNumber) -> Result<Closed, PaymentError>;

    /// Asks for money to go back. An answer means accepted, not done: [`Client::query_refund`] tells when it is.
    async fn refund(&self, refund: &NewRefund) -> Result<RefundStatus, PaymentError>;

    /// Where a refund stands that was asked for with exactly this.
    async fn query_refund(&self, refund: &NewRefund) -> Result<RefundStatus, PaymentError>;

    /// What the provider booked on a day in China. There is none before 10:00 of the next day, nor of a
    /// day without bookings: then it is refused with a code that [`RefusalCode::says_no_bill`].
    async fn bill(&self, day: CalendarDate) -> Result<Bill, PaymentError>;

    /// Verifies what came to the address of notification, then says what it tells. Deliveries repeat: the caller
    /// deduplicates by number, and compares the amount ([`crate::PaidNotice::check`]). `headers` and `body` are exactly
    /// what came; what is refused here is not to be acknowledged.
    fn notification(
        &self,
        headers: &http::HeaderMap,
        body: &[u8],
        now: UtcMillis,
    ) -> Result<Notification, NotificationError>;
}
