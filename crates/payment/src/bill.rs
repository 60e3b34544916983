//! What a provider says it booked in a day, to be compared with what was recorded.

use crate::{OutRefundNumber, OutTradeNumber, TransactionId};
use domain::{Fen, UtcMillis};
use thiserror::Error;

/// A day's bookings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bill {
    /// Those whose numbers and amounts are of this system's form, in the bill's order.
    pub lines: Vec<BillLine>,
    /// How many others there were: a merchant's account may serve more than the booths.
    pub foreign: usize,
}

/// A booking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BillLine {
    /// The merchant's number of the trade.
    pub number: OutTradeNumber,
    /// The provider's number of the trade.
    pub transaction_id: TransactionId,
    /// When it was booked.
    pub at: UtcMillis,
    /// What was booked.
    pub booking: Booking,
}

/// Money in or out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Booking {
    /// The trade was paid.
    Paid {
        /// The trade's whole amount.
        amount: Fen,
    },
    /// Money went, or goes, back.
    Refunded {
        /// The merchant's number of the refund.
        refund: OutRefundNumber,
        /// What went back.
        amount: Fen,
    },
}

/// A bill that can't be read, by its rows (the heading is row 1).
#[derive(Debug, Error)]
pub enum BillError {
    /// Its sum is not the one that was signed.
    #[error("the file is not the one whose checksum the provider signed")]
    Checksum,
    /// Longer than the limit, packed or unpacked.
    #[error("the file is longer than the limit")]
    TooLong,
    /// Not a zip, or one with what a bill has not.
    #[error("the archive cannot be opened")]
    Archive(#[source] zip::result::ZipError),
    /// The archive's file can't be unpacked.
    #[error("the archive cannot be unpacked")]
    Unpack(#[source] std::io::Error),
    /// No file of bookings in the archive, or several.
    #[error("the archive does not hold one file of bookings")]
    Files,
    /// Not in the encoding that it should be in.
    #[error("the text is not in the provider's encoding")]
    Encoding,
    /// Not CSV.
    #[error("row {row} is not CSV")]
    Csv {
        /// Counted from 1.
        row: usize,
    },
    /// A column that is needed is missing.
    #[error("the heading lacks the column {column}")]
    Column {
        /// Its name in the heading.
        column: &'static str,
    },
    /// A field can't be read.
    #[error("row {row}: {column} cannot be read")]
    Field {
        /// Counted from 1.
        row: usize,
        /// Its name in the heading.
        column: &'static str,
    },
    /// The summary counts other rows than the bill has.
    #[error("the summary counts {said} rows, the bill has {found}")]
    Count {
        /// The summary's count.
        said: usize,
        /// The rows.
        found: usize,
    },
}
