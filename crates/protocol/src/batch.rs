//! Events in the order of the device's sequence: `POST /v1/events`.
//!
//! Each is answered by itself. *Applied* and *duplicate* mean that central has it for good; *rejected* that it never will as it is,
//! so the booth parks it; *retry* that it may be offered again, with all that follow it. `mark` is the greatest sequence up to
//! which every event of the epoch was applied or rejected: where it is lower than the booth's own, central has lost what it had
//! (it was restored from a backup), and the booth offers from there again.

use crate::hex::Epoch;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

/// The most events of one batch.
pub const LARGEST_BATCH: usize = 200;

/// Events of one epoch, in the order of their sequence.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The epoch that all of them were written in.
    pub epoch: Epoch,
    /// Which run of the booth's program sends them; two that take turns are two machines with one key.
    pub instance: Uuid,
    /// The events, [`LARGEST_BATCH`] at most.
    pub events: Vec<Envelope>,
}

/// One event with its place.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Its place in the epoch, from 1.
    pub sequence: u64,
    /// Its id, a UUIDv7.
    pub event_id: Uuid,
    /// What happened, a [`crate::Event`] of [`crate::LARGEST_EVENT`] bytes at most. It is read only once its place is known to be free, so that
    /// one that can't be read does not spoil the batch. Nothing where the booth has purged it: then it had been acknowledged.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::Event>))]
    pub event: Option<Box<RawValue>>,
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchAnswer {
    /// The greatest sequence of the epoch up to which everything was applied or rejected; 0 where nothing was.
    pub mark: u64,
    /// One answer an event, in the order of the batch.
    pub events: Vec<EventAnswer>,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventAnswer {
    /// The event.
    pub event_id: Uuid,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it was rejected or is to be offered again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// What became of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It took effect, in this request.
    Applied,
    /// It had taken effect before, or had been purged after it was acknowledged.
    Duplicate,
    /// It can't take effect as it is.
    Rejected,
    /// It did not take effect yet.
    Retry,
}

/// Why an event was rejected or is to be offered again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It isn't an event of this version. (rejected)
    Unreadable,
    /// Its kind is not known: central is older than the booth. To be offered again once central is newer. (rejected)
    NewerVersion,
    /// It is larger than an event may be. (rejected)
    TooLarge,
    /// A value in it is out of its range. (rejected)
    InvalidValue,
    /// Its photo is not a picture of a permitted size. (rejected)
    NotAPhoto,
    /// It says something else about an order, a payment or a photo than is known. (rejected)
    Contradiction,
    /// It belongs to an epoch that had ended when it was written. (rejected)
    OldEpoch,
    /// Its photo has not arrived. (retry)
    BlobMissing,
    /// Events before it have not arrived. (retry)
    Gap,
    /// Something that central needs is not there at the moment. (retry)
    Unavailable,
    /// A reason of a newer central.
    #[serde(other)]
    Other,
}

impl Reason {
    /// The reason's code, as it stands in the JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NewerVersion => "newer_version",
            Self::TooLarge => "too_large",
            Self::InvalidValue => "invalid_value",
            Self::NotAPhoto => "not_a_photo",
            Self::Contradiction => "contradiction",
            Self::OldEpoch => "old_epoch",
            Self::BlobMissing => "blob_missing",
            Self::Gap => "gap",
            Self::Unavailable => "unavailable",
            Self::Other => "other",
        }
    }
}
