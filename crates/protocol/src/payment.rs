//! Payments by a code on the screen. Central alone holds the merchant's keys: it opens the trade at the provider, hears or asks what
//! became of it, and pays back what nobody needed.
//!
//! `POST /v1/payments` opens (the same number and amount again is the same trade), `GET /v1/payments/{number}` asks,
//! `PUT /v1/payments/{number}/closing` gives up, `PUT /v1/payments/{number}/refund` pays back. Each answers with the [`Trade`].

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A trade to be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenTrade {
    /// The merchant's own number of it (`out_trade_no`): 6 to 32 of `0-9A-Za-z_`. A new trade, a new number; a repeated request, the same one.
    pub number: String,
    /// The order that it pays, a UUID.
    pub order_id: Uuid,
    /// `wechat_pay` or `alipay`.
    pub means: String,
    /// What is due, in fen, at least 1.
    pub amount_fen: u64,
    /// What the payer reads, such as the programme's title: 1 to 40 characters, nothing personal.
    pub description: String,
}

/// Where a trade stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trade {
    /// Its number.
    pub number: String,
    /// The order that it pays, a UUID.
    pub order_id: Uuid,
    /// `wechat_pay` or `alipay`.
    pub means: String,
    /// What is due, in fen.
    pub amount_fen: u64,
    /// Where it stands.
    pub state: TradeState,
    /// What the QR says (`code_url`, `qr_code`), while it can be paid.
    pub code_url: Option<String>,
    /// When the code is void, in milliseconds since the Unix epoch.
    pub expires_ms: i64,
    /// What was received, in fen; another amount than is due is never taken for paid.
    pub received_fen: Option<u64>,
}

/// Where a trade stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TradeState {
    /// Whether the provider has it is not known yet. Asking again with the same number is safe.
    Opening,
    /// It can be paid.
    Open,
    /// The whole amount was received.
    Paid,
    /// The provider reports another amount than is due: staff must look.
    WrongAmount,
    /// It can't be paid any more. Money that arrives all the same goes back by itself.
    Closed,
    /// The money is on its way back.
    Refunding,
    /// The money went back.
    Refunded,
}
