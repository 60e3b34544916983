//! How the way to central is, for the booth's strip and for the technician.

use crate::call_error::CallError;
use crate::store::Backlog;
use domain::UtcMillis;
use protocol::Code;

/// How the way to central is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Whether central is there and lets the booth in.
    pub link: Link,
    /// What waits, when it was last looked at.
    pub backlog: Option<Backlog>,
    /// How far the booth's clock is behind central's, in milliseconds; negative where it is ahead.
    pub skew_ms: Option<i64>,
    /// When central last answered a heartbeat, by the booth's clock.
    pub last_success: Option<UtcMillis>,
    /// Since when events can't be delivered although central is there.
    pub stalled_since: Option<UtcMillis>,
    /// With which applications one can pay through central, as it last said: `wechat_pay`, `alipay`.
    pub means: Vec<String>,
    /// Whether these payments are a demonstration in which no money moves.
    pub demonstration: bool,
}

/// Whether central is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The booth isn't a device of a campus.
    NotEnrolled,
    /// Central does not answer; at the program's start, it hasn't been asked yet.
    Offline {
        /// Since when, by the booth's clock.
        since: UtcMillis,
    },
    /// Central answers.
    Online,
    /// Central answers, and does not let the booth in. Nothing is sent; it is asked again now and then.
    Refused(Refusal),
    /// Somebody else than central answers.
    PinMismatch,
}

/// Why central does not let a booth in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Staff revoked the device's key.
    Revoked,
    /// Two machines use the device's key.
    Forked,
    /// Central knows no such device, or not this key.
    UnknownDevice,
}

impl Status {
    /// Nothing is known yet.
    pub(crate) fn new() -> Self {
        Self {
            link: Link::NotEnrolled,
            backlog: None,
            skew_ms: None,
            last_success: None,
            stalled_since: None,
            means: Vec::new(),
            demonstration: false,
        }
    }
}

impl Refusal {
    /// The refusal of the whole device, if it is one.
    pub(crate) fn of(error: &CallError) -> Option<Self> {
        match error.code()? {
            Code::Revoked => Some(Self::Revoked),
            Code::Forked => Some(Self::Forked),
            Code::UnknownDevice => Some(Self::UnknownDevice),
            _ => None,
        }
    }
}
