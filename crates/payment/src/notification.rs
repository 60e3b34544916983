//! What a provider tells by itself.

use crate::{BadAnswer, OutRefundNumber, OutTradeNumber, PaidTrade, RefundStatus, SignatureError};
use domain::Fen;
use thiserror::Error;

/// A verified notification. It may come several times, late, or never.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notification {
    /// A trade was paid.
    Paid(PaidNotice),
    /// A refund came to an end.
    Refunded {
        /// The trade's number.
        trade: OutTradeNumber,
        /// The refund's number.
        refund: OutRefundNumber,
        /// How it ended.
        status: RefundStatus,
    },
    /// Verified, and of no interest here. It is acknowledged as the others are.
    Ignored,
}

/// That a trade was paid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaidNotice {
    /// The trade's number.
    pub number: OutTradeNumber,
    /// Its money.
    pub paid: PaidTrade,
}

impl PaidNotice {
    /// The money, if it is what the trade was opened for.
    ///
    /// # Errors
    /// [`BadAnswer::Wrong`] naming the amount.
    pub fn check(self, expected: Fen) -> Result<PaidTrade, BadAnswer> {
        if self.paid.amount == expected { Ok(self.paid) } else { Err(BadAnswer::Wrong { field: "amount" }) }
    }
}

/// A notification that is not acted on, and not acknowledged.
#[derive(Debug, Error)]
pub enum NotificationError {
    /// Not signed by the provider, or not now.
    #[error("its signature does not hold")]
    Signature(#[source] SignatureError),
    /// Longer than the limit.
    #[error("it is longer than {limit} bytes")]
    TooLong {
        /// In bytes.
        limit: usize,
    },
    /// What is sealed in it can't be opened.
    #[error("what is sealed in it cannot be opened")]
    Sealed,
    /// Verified, but it can't be parsed.
    #[error("it cannot be parsed")]
    Unreadable,
    /// Verified, but it is for somebody else or tells what can't be.
    #[error("its {field} is not what it must be")]
    Wrong {
        /// The provider's name of the field.
        field: &'static str,
    },
}
