//! The ledger as the workflow uses it, on real encrypted files. Every person is invented.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod accept_photo;
mod accounts;
mod audit;
mod backup;
mod close_order;
mod collection_codes;
mod crash;
mod deletion;
mod directory;
mod enrolment;
mod full_disk;
mod hand_out;
mod illegal_states;
mod online;
mod open;
mod open_order;
mod outbox;
mod outbox_answers;
mod place_order;
mod print_jobs;
mod record_payment;
mod reprint;
mod retention;
mod review;
mod roster;
mod rules;
mod sequences;
mod support;
