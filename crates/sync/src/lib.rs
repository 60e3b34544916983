//! The outbox to the central server, and central's directory to the booth.
//!
//! What is to be sent, and what becomes of what was received, is behind [`Store`], which the booth implements over its ledger; this
//! room knows the network: blobs first, then events in their order, backoff, limits, pins, skew. **Invariant:** an event is
//! acknowledged at the store only after central said that it has it, and its blob was stored before the event was sent.
//!
//! Left out on purpose: the ledger, and what a directory's entry means for the booth.

mod call_error;
mod client;
mod clock;
mod courier;
mod delivery;
mod directory;
mod enrol;
mod fault;
mod line;
mod outgoing;
mod pace;
mod pins;
mod post;
mod random;
mod schedule;
mod settings;
mod skew;
mod status;
mod store;
mod tasks;
mod transport;
mod upload;
mod verdict;

pub use call_error::{BadAnswer, CallError, ClientError};
pub use client::Client;
pub use clock::{Clock, SystemClock};
pub use courier::Courier;
pub use enrol::{EnrolError, enrol};
pub use fault::Fault;
pub use line::Line;
pub use random::{NoRandomness, Random, SystemRandom};
pub use settings::Settings;
pub use status::{Link, Refusal, Status};
pub use store::{Answer, Backlog, Enrolment, Health, Pending, Store, StoreFault, Taken};
