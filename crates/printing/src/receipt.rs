//! A receipt as data. Every word of it is the caller's: the booth prints in the student's language.

use crate::{FontError, Paper};
use domain::money::{Fen, TooMuch};
use std::fmt;

/// What a receipt says. The name is already masked by the caller; a whole name never comes here.
#[derive(Clone, PartialEq)]
pub struct Receipt {
    /// What it is printed on.
    pub paper: ReceiptPaper,
    /// The words beside the figures.
    pub labels: ReceiptLabels,
    /// The heading, such as the school's name and "receipt".
    pub title: String,
    /// The order's number, as people read it.
    pub order_number: String,
    /// The programme's title.
    pub programme: String,
    /// The student's masked name, such as `李*`.
    pub masked_name: String,
    /// When it was paid, as people read it.
    pub time: String,
    /// What was sold.
    pub lines: Vec<ReceiptLine>,
    /// Whom to ask on campus; may wrap, and breaks at each newline.
    pub contact: String,
    /// What a QR under the lines holds, to follow the order with; none is printed without it. Never anything personal.
    pub follow: Option<String>,
    /// Further sentences at the end, such as how to get the electronic photo.
    pub notes: Vec<String>,
}

/// The words beside a receipt's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLabels {
    /// Beside the order's number.
    pub order_number: String,
    /// Beside the programme.
    pub programme: String,
    /// Beside the masked name.
    pub name: String,
    /// Beside the time.
    pub time: String,
    /// Above what was sold.
    pub item: String,
    /// Above the quantities.
    pub quantity: String,
    /// Above the amounts.
    pub amount: String,
    /// Beside the total.
    pub total: String,
    /// Above the contact.
    pub contact: String,
    /// Under the QR to follow the order with.
    pub follow: String,
    /// Before the total's figure, such as `¥`.
    pub currency: String,
}

/// One thing that was sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLine {
    /// What.
    pub item: String,
    /// How many.
    pub quantity: u32,
    /// What all of them cost together.
    pub amount: Fen,
}

/// What a receipt is printed on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReceiptPaper {
    /// A thermal printer's roll: the page is as long as the receipt.
    Roll(RollWidth),
    /// A sheet, such as the photo printer's own 6-inch paper: the page is the sheet.
    Sheet(Paper),
}

/// The usual widths of thermal rolls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RollWidth {
    /// 58 mm.
    Mm58,
    /// 80 mm.
    Mm80,
}

/// Why a receipt can't be made.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// It is longer than the sheet.
    #[error("the receipt is {needed_mm:.0} mm long and the paper has {free_mm:.0} mm")]
    TooLong {
        /// Its length.
        needed_mm: f64,
        /// The sheet's length inside its margins.
        free_mm: f64,
    },
    /// The lines add up to more than an order may come to.
    #[error("the receipt's lines can't be added up")]
    Total(#[from] TooMuch),
    /// What the QR is to hold needs a wider one than the paper.
    #[error("the code to follow the order with doesn't fit on the paper")]
    Follow,
    /// The font can't be embedded.
    #[error("the receipt can't be set")]
    Font(#[from] FontError),
}

impl ReceiptPaper {
    /// The page's width in millimetres.
    #[must_use]
    pub fn width_mm(&self) -> f64 {
        match self {
            Self::Roll(RollWidth::Mm58) => 58.0,
            Self::Roll(RollWidth::Mm80) => 80.0,
            Self::Sheet(paper) => paper.width_mm(),
        }
    }
}

impl fmt::Debug for Receipt {
    /// Leaves out whose it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receipt")
            .field("paper", &self.paper)
            .field("programme", &self.programme)
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}
