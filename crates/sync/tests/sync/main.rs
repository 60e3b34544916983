//! The way to central, over real TLS on the loopback to a small central in memory that can be told to misbehave.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod bench;
mod central;
mod client;
mod delivery;
mod directory;
mod enrol;
mod faults;
mod keys;
mod offline;
mod pace;
mod server;
mod store;
