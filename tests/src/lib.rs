//! What the end-to-end tests stand on: a display, the real window driven by WebDriver, and the printer and its paper.
//!
//! Everything here starts a real program and stops it when dropped; nothing waits by the clock, only for the thing itself.

pub mod booth_rig;
pub mod card_reader;
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a rig can't do ends the test"
)]
pub mod central;
pub mod chance;
pub mod courier;
pub mod driver;
pub mod free_port;
pub mod geometry;
pub mod memory;
pub mod orders;
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a rig can't do ends the test"
)]
pub mod postgres;
pub mod printer;
pub mod process;
pub mod student;
