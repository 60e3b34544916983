//! The outbox to the central server, and central's directory to the booth.
//!
//! What is to be sent, and what becomes of what was received, is behind [`Store`], which the booth implements over its ledger; this
//! room knows the network: blobs first, then events in their order, backoff, limits, pins, skew. **Invariant:** an event is
//! acknowledged at the store only after central said that it has it, and its blob was stored before the event was sent.
//!
//! Left out on purpose: the ledger, and what a directory's entry means for the booth.

mod store;

pub use store::{Answer, Backlog, Enrolment, Health, Pending, Store, StoreFault, Taken};
