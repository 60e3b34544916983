//! The central server of a campus, or of many: what booths send arrives here once, payments are opened here, and the office works here.
//!
//! One stateless program over PostgreSQL and an object store; any number of them may run beside each other. `api` is what booths and
//! payment providers speak to, `office` what people do. **Invariant:** an event and its effects are one transaction, and every
//! question names the campus that asks.
//!
//! Left out on purpose: the payment providers' protocols (`payment`), and the types on the wire (`protocol`).

pub mod api;
pub mod blobs;
pub mod campuses;
mod clock;
pub mod commands;
mod connections;
pub mod database;
pub mod demo;
pub mod devices;
pub mod directory;
pub mod events;
mod failure;
pub mod load;
pub mod merchants;
mod metrics;
pub mod office;
mod pace;
mod picture;
pub mod retention;
pub mod rosters;
pub mod seal;
pub mod serve;
pub mod settings;
pub mod state;
pub mod tls;
pub mod trades;

pub use failure::{Failure, chain};
pub use state::{Central, StartError};

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> protocol::Digest {
    use sha2::Digest as _;
    protocol::Digest(sha2::Sha256::digest(bytes).into())
}
