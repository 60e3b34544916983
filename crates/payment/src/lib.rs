//! WeChat Pay APIv3 (Native) and Alipay (precreate): what the central server asks of them, and a stand-in that speaks
//! both with real signatures.
//!
//! A [`Client`] is one merchant at one provider: it opens, queries, closes and refunds trades, fetches the day's
//! [`Bill`], and reads [`Notification`]s. The booth never sees any of it: a kiosk in public holds no merchant's key.
//! [`gateway`] is a **demonstration** that no money moves through; it stands in for the providers in rehearsals and
//! tests.
//!
//! Left out on purpose: retries and deduplication, which are the caller's, who knows what was recorded; and every way
//! to pay but a code on the booth's screen.
//!
//! **Invariant:** nothing that a provider says is used before its signature is verified, errors too; of Alipay's answers
//! only the envelope is opened before, to find the signed bytes (the two files of
//! bills are the exception that the providers make: WeChat Pay's is checked against a signed checksum, Alipay's only
//! comes over TLS from a signed address, so bills are compared and never booked). A [`TradeStatus::Paid`] is for the
//! asked number and the whole amount. A call whose outcome is not known says so ([`PaymentError::leaves_it_unknown`])
//! and is repeated with the same number, never with a new one.

pub mod alipay;
mod bill;
mod china_time;
mod error;
pub mod gateway;
mod link;
mod merchant;
mod notification;
mod numbers;
pub mod rsa;
mod sealed;
mod trade;
pub mod wechat;
pub mod yuan;

pub use alipay::{AlipayClient, AlipayMerchant};
pub use bill::{Bill, BillError, BillLine, Booking};
pub use error::{BadAnswer, Doubt, PaymentError, RefusalCode, RequestError, SignatureError};
pub use link::ClientSettings;
pub use merchant::MerchantError;
pub use notification::{Notification, NotificationError, PaidNotice};
pub use numbers::{
    Description, NotifyUrl, OutRefundNumber, OutTradeNumber, RefundReason, TextError, TransactionId,
};
pub use trade::{
    Client, Closed, NewRefund, NewTrade, OpenedTrade, PaidTrade, Provider, RefundStatus, TradeStatus,
};
pub use wechat::{WechatClient, WechatMerchant};
