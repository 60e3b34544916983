//! What the end-to-end tests stand on: a display, the real window driven by WebDriver, and the printer and its paper.
//!
//! Everything here starts a real program and stops it when dropped; nothing waits by the clock, only for the thing itself.

pub mod booth_rig;
pub mod card_reader;
pub mod chance;
pub mod courier;
pub mod driver;
pub mod geometry;
pub mod memory;
pub mod orders;
pub mod printer;
pub mod process;
pub mod student;
