//! What the central server answered about events.

use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tables::audit::{self, Actor, Deed, Stamp};
use crate::tables::device::Epoch;
use crate::tables::directory;
use crate::tables::outbox_answers as answers;
use domain::{EventId, UtcMillis};
use rusqlite::Transaction;

/// What the central server answered about an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EventOutcome<'a> {
    /// It has the event, now or already.
    Acknowledged,
    /// It refused the event, for this reason (a code).
    Parked(&'a str),
    /// It asks for the event again.
    Again,
}

impl Ledger {
    /// Keeps what the server answered about events, all in one commit; each counts as an attempt. Saying the same again changes nothing
    /// else, and an event that is acknowledged stays so.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] for an event that isn't there, or a failed write; then nothing is kept.
    pub fn record_answers(&self, answered: &[(EventId, EventOutcome<'_>)], at: UtcMillis) -> Result<()> {
        if answered.is_empty() {
            return Ok(());
        }
        self.write("record the answers", |tx| {
            for (event, outcome) in answered {
                match outcome {
                    EventOutcome::Acknowledged => answers::acknowledge(tx, *event, 1, at)?,
                    EventOutcome::Parked(reason) => {
                        answers::count_attempt(tx, *event)?;
                        answers::park(tx, *event, reason, at)?;
                    }
                    EventOutcome::Again => answers::count_attempt(tx, *event)?,
                }
            }
            Ok(())
        })
    }

    /// Counts an attempt to send the event.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`] or a failed write.
    pub fn count_attempt(&self, event: EventId) -> Result<()> {
        self.write("count an attempt", |tx| answers::count_attempt(tx, event))
    }

    /// The server has the event. Saying so again changes nothing.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`] or a failed write.
    pub fn acknowledge(&self, event: EventId, at: UtcMillis) -> Result<()> {
        self.write("acknowledge the event", |tx| answers::acknowledge(tx, event, 0, at))
    }

    /// The server refused the event, for `reason` (a code): it blocks nothing and waits for staff.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`], also if it is acknowledged already, or a failed write.
    pub fn park(&self, event: EventId, reason: &str, at: UtcMillis) -> Result<()> {
        self.write("park the event", |tx| match answers::park(tx, event, reason, at)? {
            true => Ok(()),
            false => Err(LedgerError::Missing { what: "event" }),
        })
    }

    /// Offers a parked event again.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`] unless it is parked, or a failed write.
    pub fn unpark(&self, event: EventId) -> Result<()> {
        self.write("offer the event again", |tx| answers::unpark(tx, event))
    }

    /// Offers the parked events again, those that were refused for `reason` or all of them; how many they are.
    ///
    /// # Errors
    /// A failed write.
    pub fn unpark_all(&self, reason: Option<&str>, stamp: Stamp) -> Result<u64> {
        self.write("offer the refused events again", |tx| {
            let offered = answers::unpark_all(tx, reason)?;
            note(tx, stamp, "outbox.unpark", offered)?;
            Ok(offered)
        })
    }

    /// The server lost the events of `epoch` behind sequence `mark`: those that it had acknowledged and those that it had refused wait again,
    /// in their old places, because it takes none behind a gap. Where the mark is 0 it may have lost the end of the epochs before too, and
    /// all of their events wait again, to be told first. One whose payload was purged waits without it. How many they are; where there
    /// are any, the directory is taken from its beginning again too, because the server may have given out its positions anew.
    ///
    /// # Errors
    /// A failed write.
    pub fn offer_again(&self, epoch: Epoch, mark: u64, at: UtcMillis) -> Result<u64> {
        self.write("offer lost events again", |tx| {
            let offered = answers::offer_again(tx, epoch, mark)?;
            if offered > 0 {
                directory::set_cursor(tx, 0)?;
            }
            note(tx, Stamp { actor: Actor::Central, at }, "outbox.offer_again", offered)?;
            Ok(offered)
        })
    }
}

fn note(tx: &Transaction<'_>, stamp: Stamp, action: &str, events: u64) -> Result<()> {
    match events {
        0 => Ok(()),
        _ => audit::append(tx, stamp, Deed { action, subject: "", detail: &events.to_string() }),
    }
}
