//! What can go wrong with a provider, sorted by what the caller knows afterwards.

use crate::bill::BillError;
use crate::trade::PaidTrade;
use std::fmt;
use thiserror::Error;

/// A call that gave no answer to act on.
#[derive(Debug, Error)]
pub enum PaymentError {
    /// No connection: nothing was sent, so nothing was done.
    #[error("the provider could not be reached, nothing was sent")]
    Unreachable(#[source] reqwest::Error),
    /// It was sent, and whether it was done is not known: query, or repeat with the same number, never with a new one.
    #[error("whether the provider did it is unknown")]
    Unknown(#[source] Doubt),
    /// The provider said no, and it was verifiably the provider.
    #[error("the provider refused: {code}")]
    Refused {
        /// Its word for why.
        code: RefusalCode,
    },
    /// An answer that must not be believed: as unknown as [`PaymentError::Unknown`], and somebody should look.
    #[error("the provider's answer is not to be believed")]
    BadAnswer(#[source] BadAnswer),
    /// The request could not be signed or written; nothing was sent.
    #[error("the request could not be made")]
    Request(#[source] RequestError),
}

impl PaymentError {
    /// Whether the provider may have done what was asked.
    #[must_use]
    pub fn leaves_it_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_) | Self::BadAnswer(_))
    }

    /// Whether the provider refused with `code`.
    #[must_use]
    pub fn is_refused_with(&self, code: &str) -> bool {
        matches!(self, Self::Refused { code: said } if said.as_str() == code)
    }

    /// A field of an answer that is not what it must be.
    pub(crate) fn wrong(field: &'static str) -> Self {
        Self::BadAnswer(BadAnswer::Wrong { field })
    }
}

/// Why it is unknown whether something was done.
#[derive(Debug, Error)]
pub enum Doubt {
    /// The time limit passed.
    #[error("no answer came in time")]
    TimeOut(#[source] reqwest::Error),
    /// The connection broke.
    #[error("the connection broke before the answer was complete")]
    Broken(#[source] reqwest::Error),
    /// The provider's server failed.
    #[error("the provider answered with status {status}")]
    Server {
        /// 500 to 599.
        status: u16,
    },
    /// The provider itself does not know yet.
    #[error("the provider does not know itself: {code}")]
    Provider {
        /// Its word, such as `SYSTEM_ERROR`.
        code: RefusalCode,
    },
    /// Nothing says who answered.
    #[error("an answer with status {status} cannot be verified")]
    Unverified {
        /// Its status.
        status: u16,
        /// What is missing.
        source: SignatureError,
    },
}

/// Why an answer must not be believed.
#[derive(Debug, Error)]
pub enum BadAnswer {
    /// Not signed by the provider, or not now.
    #[error("its signature does not hold")]
    Signature(#[source] SignatureError),
    /// Longer than the limit.
    #[error("it is longer than {limit} bytes")]
    TooLong {
        /// In bytes.
        limit: usize,
    },
    /// Verified, but not what it should be.
    #[error("it cannot be parsed, at line {line}, column {column}")]
    Json {
        /// Counted from 1; 0 if unknown.
        line: usize,
        /// Counted from 1; 0 if unknown.
        column: usize,
    },
    /// Verified, but it tells of something else than was asked.
    #[error("its {field} is not what it must be")]
    Wrong {
        /// The provider's name of the field.
        field: &'static str,
    },
    /// Verified: the trade was paid, with another amount than it was opened for.
    #[error("another amount than was asked for was paid")]
    OtherAmount(Box<PaidTrade>),
    /// A status that no document gives.
    #[error("status {status} was not expected")]
    Status {
        /// Its status.
        status: u16,
    },
    /// The bill that it led to.
    #[error("the bill cannot be read")]
    Bill(#[source] BillError),
}

impl From<&serde_json::Error> for BadAnswer {
    /// Where it is, not what it is: the text could hold something of the payer.
    fn from(error: &serde_json::Error) -> Self {
        Self::Json { line: error.line(), column: error.column() }
    }
}

/// Why a signature does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum SignatureError {
    /// A part is missing, double or not text.
    #[error("{name} is missing or unreadable")]
    Missing {
        /// The header's or field's name.
        name: &'static str,
    },
    /// Signed with a key that nobody gave us.
    #[error("it names a key that is not known")]
    UnknownKey,
    /// The provider's own probe whether signatures are verified: it must fail.
    #[error("it is a probe")]
    Probe,
    /// Too old or too new.
    #[error("its time is {skew_s} s off")]
    Stale {
        /// Its time less ours.
        skew_s: i64,
    },
    /// Another key, or another text.
    #[error("it is false")]
    False,
}

impl SignatureError {
    /// Whether nothing was claimed that could be tested, rather than something false.
    pub(crate) fn is_untestable(self) -> bool {
        matches!(self, Self::Missing { .. } | Self::UnknownKey)
    }

    /// As the failure of a call that was answered with `status`.
    pub(crate) fn of_answer(self, status: u16) -> PaymentError {
        if self.is_untestable() {
            PaymentError::Unknown(Doubt::Unverified { status, source: self })
        } else {
            PaymentError::BadAnswer(BadAnswer::Signature(self))
        }
    }
}

/// Why nothing could be sent.
#[derive(Debug, Error)]
pub enum RequestError {
    /// The private key can't sign.
    #[error("it could not be signed")]
    Sign,
    /// The system has no randomness.
    #[error("no random number could be drawn")]
    Random(#[source] getrandom::Error),
    /// The body can't be written.
    #[error("it could not be written")]
    Write(#[source] serde_json::Error),
    /// The HTTP client can't be built.
    #[error("the HTTP client could not be built")]
    Client(#[source] reqwest::Error),
    /// The provider names an address that is not one of its own.
    #[error("the address of the bill is not the provider's")]
    Address,
}

impl From<RequestError> for PaymentError {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

/// A provider's word for a refusal: 1 to 80 of `[0-9A-Za-z_.-]`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RefusalCode(String);

impl RefusalCode {
    /// Parses the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let form = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
        ((1..=80).contains(&text.len()) && text.bytes().all(form)).then(|| Self(text.to_owned()))
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it says that there is no bill: nothing was booked that day, or the bill is not written yet.
    #[must_use]
    pub fn says_no_bill(&self) -> bool {
        matches!(self.as_str(), "NO_STATEMENT_EXIST" | "isp.bill_not_exist" | "BILL_NOT_EXIST")
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
