//! Booth, central and PostgreSQL over a network that fails, and all of them killed: at the end both sides' books agree to the fen and
//! the byte, and nothing happened twice.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod bank;
mod books;
mod central_book;
mod forks;
mod kills;
mod newer;
mod offline;
mod repeater;
mod restored;
mod rig;
mod storm;
mod till;
mod wire;
mod witness;
