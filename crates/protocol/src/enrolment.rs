//! How a booth becomes a device of a campus, by a code that works once.
//!
//! `central enrol` prints the code with the address and the SHA-256 of the certificate's public key, so the booth knows from its
//! first connection that it speaks to the right server. The booth draws its own key and sends the hash of it; central never
//! holds a key that it could lose. The same code with the same hash is answered again, because an answer may be lost.

use crate::hex::Digest;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::invitation::{InvalidInvitation, Invitation};

/// A booth introduces itself: `POST /v1/enrolment`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// The code, as `central enrol` printed it.
    pub code: String,
    /// SHA-256 of the key that the booth drew.
    pub key_sha256: Digest,
    /// The booth's number on its campus, 1 to 999: part of its order numbers.
    pub booth_number: u16,
    /// The booth's version.
    pub software: String,
}

impl std::fmt::Debug for Enrol {
    /// Without the code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrol").field("booth_number", &self.booth_number).finish_non_exhaustive()
    }
}

/// The booth is a device of the campus from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Enrolled {
    /// The device. With its key it is the bearer token of every other request: `Authorization: Bearer DEVICE.KEY`.
    pub device_id: Uuid,
    /// The campus's code.
    pub campus: String,
    /// The name that `central enrol` gave the device.
    pub name: String,
    /// The certificates that the booth is to trust (see [`crate::heartbeat::HeartbeatAnswer::pins`]).
    pub pins: Vec<Digest>,
}

/// The device will use another key: `PUT /v1/device/key`. Both work until the new one is used for the first time; then the old one is void.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NextKey {
    /// SHA-256 of the key that the booth drew.
    pub key_sha256: Digest,
}
