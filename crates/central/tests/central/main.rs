//! The central server over a real PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

#[path = "../../../../tests/src/free_port.rs"]
mod free_port;
#[path = "../../../../tests/src/postgres.rs"]
#[allow(dead_code, reason = "shared with tests that kill it")]
mod postgres;

mod batches;
mod bench;
mod bounds;
mod bundles;
mod check;
mod conformance;
mod crashes;
mod devices;
mod directory;
mod hostile;
mod load;
mod office;
mod openapi;
mod paid_back;
mod program;
mod retention;
mod rosters;
mod s3;
mod trades;
