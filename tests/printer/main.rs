//! Paper: what the booth prints, measured on the rasterised page, and a real IPP printer with everything that goes wrong.
//!
//! The printer's tests run where `BOOTH_PRINTER_RIG=1` chooses them; those of the page need only poppler and qpdf.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod bench;
mod faults;
mod lost_answers;
mod page;
mod printing_jobs;
mod sample;
