//! What booths and the campus's central server say to each other: version 1.
//!
//! JSON over HTTPS. A booth enrols once ([`enrolment`]), then tells what happened ([`event`], [`batch`]) with its photos beside
//! ([`blob`]), says how it is ([`heartbeat`]), pulls what the campus decided ([`directory`]) and asks for payments ([`payment`]).
//! `docs/protocol.md` tells the story, `docs/openapi.json` is generated from these types.
//!
//! **Invariant:** these are the only types that both sides import, and within a version no field is removed or given another meaning.
//! What booths send refuses fields that it does not know; what central answers may gain fields, and a booth passes over them.
//!
//! Left out on purpose: HTTP itself, the server's tables, the booth's ledger.

pub mod batch;
pub mod blob;
pub mod campus_settings;
pub mod directory;
pub mod enrolment;
pub mod event;
pub mod heartbeat;
mod hex;
mod invitation;
pub mod payment;
pub mod problem;

pub use event::{
    CollectionReviewed, CollectionSubmitted, DeletionRequested, Event, EventError, LARGEST_EVENT, Measure,
    OrderEnded, OrderPlaced, PaymentRefunded, PaymentSettled, Person, Photo, Prints, ReprintMade,
};
pub use hex::{Digest, Epoch, InvalidHex, Key};
pub use problem::{Code, Problem};

/// The version of the types below, the first segment of every address.
pub const VERSION: &str = "v1";

/// The largest body of a request that isn't a blob, in bytes.
pub const LARGEST_BODY: usize = 4 * 1024 * 1024;
