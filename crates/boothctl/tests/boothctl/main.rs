//! Runs the real program on real files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod central;
mod check;
mod coach;
mod devices;
mod gallery;
mod password;
mod photo;
mod pictures;
mod pin;
mod prints;
mod refunds;
mod sheet;
mod support;
