//! What goes wrong, as RFC 9457 has it: `application/problem+json`.

use serde::{Deserialize, Serialize};

/// The media type of a [`Problem`].
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was refused. A code that a booth does not know is to be taken by the answer's HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request isn't one of this version (400, 404, 405, 415, 422).
    InvalidRequest,
    /// No device, or none that is known, asks (401).
    UnknownDevice,
    /// The device's key was revoked: nothing is read and nothing is written (403).
    Revoked,
    /// Two machines use the device's key; it is suspended until staff decide (403).
    Forked,
    /// The enrolment code isn't good: unknown, used, or too old (403).
    InvalidCode,
    /// There is no such thing on this campus (404).
    NotFound,
    /// The body isn't what its hash says (422).
    HashMismatch,
    /// The body is larger than it may be (413).
    TooLarge,
    /// Another trade has this number (409).
    NumberTaken,
    /// The campus takes no payments of this kind (409).
    PaymentUnavailable,
    /// The payment provider does not answer, or not so that it can be believed; ask again (503).
    ProviderUnreachable,
    /// The payment provider refuses (409).
    ProviderRefused,
    /// Too many requests; `Retry-After` says when (429).
    TooManyRequests,
    /// The body did not come in time (408).
    Timeout,
    /// Something central needs is not there at the moment; ask again (503).
    Unavailable,
    /// A fault of central's, which says no more (500).
    Internal,
    /// A code of a newer central.
    #[serde(other)]
    Other,
}

/// The body of every answer that isn't a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// The HTTP status again.
    pub status: u16,
    /// What a program acts on.
    pub code: Code,
    /// What a technician reads, in English, without personal data.
    pub title: String,
}
