//! Booth, central and PostgreSQL over a network that fails, and all of them killed: at the end both sides' books agree to the fen and
//! the byte, and nothing happened twice.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

#[path = "../src/postgres.rs"]
#[allow(dead_code, reason = "shared with tests that need less of it")]
mod postgres;

mod books;
mod central;
mod central_book;
mod forks;
mod newer;
mod offline;
mod repeater;
mod restored;
mod rig;
mod storm;
mod wire;
mod witness;
