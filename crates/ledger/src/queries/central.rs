//! What the way to the central server asks.

use crate::error::Result;
use crate::reader::Reader;
use crate::tables::commands::{self, CommandOutcome};
use crate::tables::device::{self, Epoch};
use crate::tables::directory::{self, DirectoryValue};
use crate::tables::enrolment::{self, Enrolment};
use crate::tables::outbox::OutboxState;
use crate::tables::outbox_answers::{self as answers, ParkedEvent};
use crate::tables::{photos, rejections};
use domain::{OrderId, UtcMillis};

/// What waits for the central server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutboxBacklog {
    /// The epoch in which events are written now.
    pub epoch: Epoch,
    /// The greatest sequence of this epoch before the first event that waits which the server has; 0 where there is none.
    pub acknowledged: u64,
    /// Events that it hasn't answered for.
    pub pending: u64,
    /// Events that it refused.
    pub parked: u64,
    /// When the oldest that waits was written.
    pub oldest: Option<UtcMillis>,
}

/// Each fails with a failed read.
impl Reader {
    /// Which device of which central server this booth is, if it has enrolled.
    pub fn enrolment(&self) -> Result<Option<Enrolment>> {
        self.ask("read the enrolment", enrolment::get)
    }

    /// What waits. Read over indexes, so that it costs little however long the outbox is.
    pub fn outbox_backlog(&self) -> Result<OutboxBacklog> {
        self.ask("count what waits", |connection| {
            let epoch = device::epoch(connection)?;
            Ok(OutboxBacklog {
                epoch,
                acknowledged: answers::acknowledged(connection, epoch)?,
                pending: answers::count(connection, OutboxState::Pending)?,
                parked: answers::count(connection, OutboxState::Parked)?,
                oldest: answers::oldest_pending(connection)?,
            })
        })
    }

    /// The events that the server refused, in the order in which they happened.
    pub fn parked_events(&self) -> Result<Vec<ParkedEvent>> {
        self.ask("read the refused events", answers::parked)
    }

    /// The bytes of an official photo with this hash; none once purged.
    pub fn official_by_hash(&self, sha256: &[u8; 32]) -> Result<Option<Vec<u8>>> {
        self.ask("read the photo's pixels", |connection| photos::official_by_hash(connection, sha256))
    }

    /// How far the directory was taken; 0 at first.
    pub fn directory_cursor(&self) -> Result<u64> {
        self.ask("read the directory's cursor", directory::cursor)
    }

    /// Every value of the directory that holds.
    pub fn directory_values(&self) -> Result<Vec<DirectoryValue>> {
        self.ask("read the directory", directory::all)
    }

    /// What became of commands, and central hasn't been told.
    pub fn untold_outcomes(&self) -> Result<Vec<CommandOutcome>> {
        self.ask("read what became of commands", commands::untold)
    }

    /// Why the order's photo was rejected, until another one was accepted.
    pub fn rejection_of(&self, order: OrderId) -> Result<Option<String>> {
        self.ask("read the rejection", |connection| rejections::of_order(connection, order))
    }
}
