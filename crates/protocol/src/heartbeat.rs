//! How a booth is, and what is new for it: `POST /v1/heartbeat`, twice a minute.

use crate::hex::{Digest, Epoch};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A booth says how it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// Which run of the booth's program this is, drawn at its start.
    pub instance: Uuid,
    /// The booth's clock, in milliseconds since the Unix epoch.
    pub now_ms: i64,
    /// The epoch in which events are written now.
    pub epoch: Epoch,
    /// The greatest sequence of this epoch before the first event that waits which central has acknowledged; 0 where there is none.
    pub acknowledged: u64,
    /// Events that wait.
    pub pending: u64,
    /// Events that were rejected and wait for staff.
    pub parked: u64,
    /// When the oldest event that waits was written, in milliseconds since the Unix epoch.
    pub oldest_pending_ms: Option<i64>,
    /// What the booth does: `idle`, `busy`, `limited` or `closed`.
    pub state: String,
    /// What staff must see to, by the codes of the booth's screen.
    pub faults: Vec<String>,
    /// Prints that wait or are held.
    pub prints_waiting: u32,
    /// How far the booth has read the directory.
    pub directory_cursor: u64,
    /// How far the booth's clock was behind central's when it last measured, in milliseconds; negative where it was ahead.
    pub skew_ms: Option<i64>,
    /// The booth's version.
    pub software: String,
}

/// What is new for the booth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeartbeatAnswer {
    /// Central's clock, in milliseconds since the Unix epoch.
    pub now_ms: i64,
    /// The directory's end: where the booth's cursor is lower, there is something to pull.
    pub directory_end: u64,
    /// The greatest sequence of the booth's epoch up to which everything was applied or rejected. Where it is lower than what the booth
    /// says was acknowledged, central was restored from a backup, and the booth offers again what stands behind it.
    pub mark: u64,
    /// SHA-256 of the public keys (SubjectPublicKeyInfo, DER) of the certificates that central may show, now and next. The booth
    /// replaces its list by it, so that a certificate can be changed without a visit; an empty list changes nothing.
    pub pins: Vec<Digest>,
    /// Whether the booth is to draw another key now ([`crate::enrolment::NextKey`]).
    pub rotate_key: bool,
    /// Central's version. Where it has changed, parked events with [`crate::batch::Reason::NewerVersion`] may be offered again.
    pub software: String,
    /// With which applications one can pay through central: `wechat_pay`, `alipay`.
    pub means: Vec<String>,
    /// Whether these payments are a demonstration in which no money moves.
    pub demonstration: bool,
}
