//! Stands where a booth has no reader, so that what stands above needs no exception. It has no fault either: nothing is missing.

use super::handover::Handover;
use super::{CardReader, ReaderFault, ReaderKind, Reading};
use std::time::Duration;

/// No reader: nothing can be laid on it, and nothing is wrong with it.
#[derive(Debug, Default)]
pub struct NoReader {
    handover: Handover,
}

impl NoReader {
    /// No reader.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl CardReader for NoReader {
    fn kind(&self) -> ReaderKind {
        ReaderKind::None
    }

    fn fault(&self) -> Option<ReaderFault> {
        None
    }

    fn arm(&self, _armed: bool) {}

    fn newest(&self, after: u64) -> Option<Reading> {
        self.handover.newest(after)
    }

    /// Waits the whole time, because nothing will come.
    fn wait_newer(&self, after: u64, wait: Duration) -> Option<Reading> {
        self.handover.wait_newer(after, wait)
    }
}
