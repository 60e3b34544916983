//! Numbers for the technician and for the staff's strip. Nothing personal.

use crate::error::Result;
use crate::reader::Reader;
use crate::tables::outbox::OutboxState;
use crate::tables::outbox_answers as answers;
use crate::tables::print_jobs;
use rusqlite::Connection;

/// How much the ledger holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Orders of every state.
    pub orders: u64,
    /// Photos whose pixels are kept.
    pub photos: u64,
    /// People whose data are kept.
    pub people: u64,
    /// Print jobs that have not ended.
    pub print_jobs_to_do: u64,
    /// Events that the central server hasn't answered for.
    pub events_pending: u64,
    /// Events that it refused.
    pub events_parked: u64,
}

impl Reader {
    /// Counts the ledger's rows.
    ///
    /// # Errors
    /// A failed read.
    pub fn counts(&self) -> Result<Counts> {
        self.ask("count the rows", |connection| {
            Ok(Counts {
                orders: count(connection, "SELECT count(*) FROM orders")?,
                photos: count(connection, "SELECT count(*) FROM photos WHERE state <> 'purged'")?,
                people: count(connection, "SELECT count(*) FROM people WHERE purged_ms IS NULL")?,
                print_jobs_to_do: print_jobs::to_do(connection)?.len() as u64,
                events_pending: answers::count(connection, OutboxState::Pending)?,
                events_parked: answers::count(connection, OutboxState::Parked)?,
            })
        })
    }
}

fn count(connection: &Connection, sql: &str) -> Result<u64> {
    Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
}
