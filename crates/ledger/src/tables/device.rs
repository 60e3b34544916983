//! The one row that this booth knows of itself: the epoch and sequence of its events, and how many orders it has counted.

use crate::error::{LedgerError, Result};
use domain::{BoothNumber, OrderNumber};
use rusqlite::{Connection, OptionalExtension, Transaction};

/// How many order numbers a restored backup skips: more than a booth can take in a day (one a minute is 1440), so that a number
/// given out after the backup was made isn't given out again.
pub(crate) const SKIPPED_BY_A_RESTORE: u32 = 2000;

/// A stretch of a device's life within which its event sequence has no gap and no repetition. Random.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Epoch(pub [u8; 16]);

/// Writes the row if there is none, and starts a new epoch if the file is a backup; `true` if it was one.
pub(crate) fn begin(tx: &Transaction<'_>) -> Result<bool> {
    tx.execute(
        "INSERT INTO device (one, epoch, sequence, orders_counted, is_backup)
         VALUES (1, randomblob(16), 0, 0, 0) ON CONFLICT DO NOTHING",
        [],
    )?;
    let restored = tx.execute(
        "UPDATE device SET epoch = randomblob(16), sequence = 0, is_backup = 0,
             orders_counted = min(orders_counted + ?1, ?2) WHERE is_backup = 1",
        (SKIPPED_BY_A_RESTORE, OrderNumber::LAST),
    )?;
    Ok(restored > 0)
}

/// Begins a new epoch, with a sequence of its own.
pub(crate) fn begin_epoch(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("UPDATE device SET epoch = randomblob(16), sequence = 0", [])?;
    Ok(())
}

/// Marks a copy of the file, so that whoever opens it as the ledger starts a new epoch.
pub(crate) fn mark_as_backup(connection: &Connection) -> Result<()> {
    connection.execute("UPDATE device SET is_backup = 1", [])?;
    Ok(())
}

/// The next place in this epoch's sequence.
pub(crate) fn next_sequence(tx: &Transaction<'_>) -> Result<(Epoch, i64)> {
    let row =
        tx.query_row("UPDATE device SET sequence = sequence + 1 RETURNING epoch, sequence", [], |row| {
            Ok((Epoch(row.get(0)?), row.get(1)?))
        })?;
    Ok(row)
}

/// The next order number of `booth`, never given out before.
pub(crate) fn next_number(tx: &Transaction<'_>, booth: BoothNumber) -> Result<OrderNumber> {
    let counted: u32 = tx.query_row("SELECT orders_counted FROM device", [], |row| row.get(0))?;
    let number =
        OrderNumber::new(booth, counted + 1).map_err(|source| LedgerError::OutOfNumbers { source })?;
    tx.execute("UPDATE device SET orders_counted = ?1", [number.count()])?;
    Ok(number)
}

/// The epoch that events are written in now.
pub(crate) fn epoch(connection: &Connection) -> Result<Epoch> {
    let epoch = connection.query_row("SELECT epoch FROM device", [], |row| row.get(0)).optional()?;
    crate::error::found(epoch, "device").map(Epoch)
}
