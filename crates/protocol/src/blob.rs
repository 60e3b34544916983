//! Photos travel beside the events: `PUT /v1/blobs/{sha256}`, the bytes as the body. The same blob again changes nothing.
//!
//! A blob belongs to the campus of the device that sent it. No address reads one back, and whether another campus has the same
//! bytes can't be found out: the body is always read.

use crate::hex::Digest;
use serde::{Deserialize, Serialize};

/// The largest blob, in bytes: an official photo has 40 KiB as a rule.
pub const LARGEST_BLOB: u64 = 8 * 1024 * 1024;

/// The blob is stored durably.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredBlob {
    /// Its hash.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
}
