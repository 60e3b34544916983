//! The ledger as the workflow uses it, on real encrypted files. Every person is invented.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod accept_photo;
mod audit;
mod backup;
mod close_order;
mod crash;
mod full_disk;
mod illegal_states;
mod open;
mod open_order;
mod outbox;
mod place_order;
mod print_jobs;
mod record_payment;
mod retention;
mod review;
mod sequences;
mod support;
