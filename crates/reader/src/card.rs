//! The ID card reader on a serial line, in the frames of the SAM_V module (GA 450).
//!
//! A [`CardReader`] is armed while the screen asks for a card, and hands over each card that is laid on it, once. [`SerialReader`] talks
//! to a real one, [`SimulatedReader`] holds cards that somebody lays on it by hand, [`NoReader`] stands where none is installed.
//!
//! A card that lay on the reader before it was armed is not read: it may be the card of the student before. It must be lifted first
//! ([`CardFault::LiftFirst`]). Disarming forgets what was read, and what is being read.
//!
//! Left out on purpose: address, nation, issuer and the photo of a card are not kept (the photo's compression has closed decoders
//! only, and nobody here needs it); fingerprints are not asked for; whether today is within the card's dates is for the caller to ask
//! ([`Card::is_valid_on`]), because this crate knows no date.

mod command;
mod contents;
mod fault;
mod frame;
mod handover;
mod line;
mod no_reader;
mod serial;
mod simulated;
mod text_block;
mod watch;

use std::time::Duration;

pub use contents::{Card, CardKind, NotValid, Validity};
pub use fault::{CardFault, Persistence, ReaderFault};
pub use no_reader::NoReader;
pub use serial::{SerialReader, probe};
pub use simulated::SimulatedReader;
pub use text_block::{CardTextError, TEXT_BLOCK_BYTES};

/// An ID card reader. None of its methods waits for the device; only [`CardReader::wait_newer`] waits at all.
pub trait CardReader: Send + Sync {
    /// What stands behind it.
    fn kind(&self) -> ReaderKind;

    /// What is wrong with the reader now, for staff; none while it answers.
    fn fault(&self) -> Option<ReaderFault>;

    /// Arms it while a screen asks for a card, and disarms it afterwards. Arming twice is arming once. Disarmed, it reads no card and
    /// has forgotten what it read.
    fn arm(&self, armed: bool);

    /// The newest reading of this arming, if its sequence is above `after`.
    fn newest(&self, after: u64) -> Option<Reading>;

    /// As [`CardReader::newest`], waiting up to `wait` for one.
    fn wait_newer(&self, after: u64, wait: Duration) -> Option<Reading>;
}

/// What stands behind a [`CardReader`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReaderKind {
    /// A real reader on a serial line.
    Serial,
    /// Cards are laid on it by hand, for demonstration and tests.
    Simulated,
    /// The booth has no reader.
    None,
}

impl ReaderKind {
    /// The code that files and messages use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Serial => "serial",
            Self::Simulated => "simulated",
            Self::None => "none",
        }
    }
}

/// What became of one laying of a card on the reader. Personal: `Debug` is redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Grows by one a reading, from 1, and never comes twice in a reader's life.
    pub sequence: u64,
    /// The card, or what the student must do.
    pub outcome: Result<Card, CardFault>,
}
