//! The portrait crate's tests, one module a source module.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod align;
mod backdrop;
mod burst;
mod coach;
mod colour;
mod corpus;
mod encode;
mod face;
mod frame;
mod limits;
mod matte;
mod measures;
mod models;
mod sample;
mod specification;
mod take;
mod threads;
mod white;
