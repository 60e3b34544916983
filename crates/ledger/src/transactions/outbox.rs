//! What the central server answered about an event.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::tables::outbox;
use domain::{EventId, UtcMillis};

impl Ledger {
    /// Counts an attempt to send the event.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`] or a failed write.
    pub fn count_attempt(&self, event: EventId) -> Result<()> {
        self.write("count an attempt", |tx| outbox::count_attempt(tx, event))
    }

    /// The server has the event. Saying so again changes nothing.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`] or a failed write.
    pub fn acknowledge(&self, event: EventId, at: UtcMillis) -> Result<()> {
        self.write("acknowledge the event", |tx| outbox::acknowledge(tx, event, at))
    }

    /// The server refused the event, for `reason` (a code): it blocks nothing and waits for staff.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`], also if it is acknowledged already, or a failed write.
    pub fn park(&self, event: EventId, reason: &str, at: UtcMillis) -> Result<()> {
        self.write("park the event", |tx| outbox::park(tx, event, reason, at))
    }

    /// Offers a parked event again.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`] unless it is parked, or a failed write.
    pub fn unpark(&self, event: EventId) -> Result<()> {
        self.write("unpark the event", |tx| outbox::unpark(tx, event))
    }
}
