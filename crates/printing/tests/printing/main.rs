//! The printing room from outside: layout, documents, the folder printer, and an IPP printer that misbehaves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod address;
mod folder;
mod ipp_printer;
mod jpeg;
mod layout;
mod receipt_pdf;
mod sample;
mod sheet_pdf;
