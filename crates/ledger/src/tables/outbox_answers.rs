//! What the central server answers about events, and what waits for an answer. No answer deletes an event.

use super::device::Epoch;
use super::outbox::OutboxState;
use crate::column::Column;
use crate::error::{LedgerError, Result};
use domain::{EventId, OrderId, UtcMillis};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

/// Counts an attempt to send the event.
pub(crate) fn count_attempt(tx: &Transaction<'_>, id: EventId) -> Result<()> {
    let changed = tx
        .prepare_cached("UPDATE outbox SET attempts = attempts + 1 WHERE event_id = ?1")?
        .execute([id.as_bytes()])?;
    one(changed)
}

/// The server has the event, now or already, after so many more attempts.
pub(crate) fn acknowledge(tx: &Transaction<'_>, id: EventId, attempts: u8, at: UtcMillis) -> Result<()> {
    let changed = tx
        .prepare_cached(
            "UPDATE outbox SET state = 'acknowledged', reason = NULL, answered_ms = coalesce(answered_ms, ?2),
                 had_ms = coalesce(had_ms, ?2), attempts = attempts + ?3
             WHERE event_id = ?1",
        )?
        .execute((id.as_bytes(), at.0, attempts))?;
    one(changed)
}

/// The server refused the event; whether it is parked now: one that was acknowledged stays acknowledged.
pub(crate) fn park(tx: &Transaction<'_>, id: EventId, reason: &str, at: UtcMillis) -> Result<bool> {
    let changed = tx
        .prepare_cached(
            "UPDATE outbox SET state = 'parked', reason = ?2, answered_ms = ?3
             WHERE event_id = ?1 AND state <> 'acknowledged'",
        )?
        .execute((id.as_bytes(), reason, at.0))?;
    Ok(changed == 1)
}

/// Offers a parked event again.
pub(crate) fn unpark(tx: &Transaction<'_>, id: EventId) -> Result<()> {
    let changed = tx
        .prepare_cached(
            "UPDATE outbox SET state = 'pending', reason = NULL, answered_ms = NULL
             WHERE event_id = ?1 AND state = 'parked'",
        )?
        .execute([id.as_bytes()])?;
    one(changed)
}

/// Offers the parked events again, those with this reason or all; how many.
pub(crate) fn unpark_all(tx: &Transaction<'_>, reason: Option<&str>) -> Result<u64> {
    let changed = tx
        .prepare_cached(
            "UPDATE outbox SET state = 'pending', reason = NULL, answered_ms = NULL
             WHERE state = 'parked' AND (?1 IS NULL OR reason = ?1)",
        )?
        .execute([reason])?;
    Ok(changed as u64)
}

/// Offers the answered events of `epoch` behind `mark` again; how many. Where the mark is 0 the server may lack the end of the epochs
/// before as well, so all of theirs are offered first.
pub(crate) fn offer_again(tx: &Transaction<'_>, epoch: Epoch, mark: u64) -> Result<u64> {
    let Ok(mark) = i64::try_from(mark) else { return Ok(0) };
    let changed = tx
        .prepare_cached(
            "UPDATE outbox SET state = 'pending', reason = NULL, answered_ms = NULL
             WHERE state <> 'pending' AND (epoch = ?1 AND sequence > ?2
                 OR ?2 = 0 AND place < (SELECT min(place) FROM outbox WHERE epoch = ?1))",
        )?
        .execute((epoch.0, mark))?;
    Ok(changed as u64)
}

fn one(changed: usize) -> Result<()> {
    if changed == 1 { Ok(()) } else { Err(LedgerError::Missing { what: "event" }) }
}

/// An event that the server refused, without its payload.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParkedEvent {
    /// The id.
    pub id: EventId,
    /// The epoch in which it was written.
    pub epoch: Epoch,
    /// Its place in the epoch.
    pub sequence: i64,
    /// The order it is about.
    pub order: Option<OrderId>,
    /// The kind's code.
    pub kind: String,
    /// Why it was refused, a code.
    pub reason: String,
    /// How often it was sent.
    pub attempts: u32,
    /// When it was written.
    pub created: UtcMillis,
}

/// The parked events, in the order in which they happened.
pub(crate) fn parked(connection: &Connection) -> Result<Vec<ParkedEvent>> {
    let mut statement = connection.prepare_cached(
        "SELECT event_id, epoch, sequence, order_id, kind, reason, attempts, created_ms FROM outbox
         WHERE state = 'parked' ORDER BY place",
    )?;
    statement.query_and_then([], read_parked)?.collect()
}

fn read_parked(row: &Row<'_>) -> Result<ParkedEvent> {
    Ok(ParkedEvent {
        id: EventId::from_bytes(row.get("event_id")?),
        epoch: Epoch(row.get("epoch")?),
        sequence: row.get("sequence")?,
        order: row.get::<_, Option<[u8; 16]>>("order_id")?.map(OrderId::from_bytes),
        kind: row.get("kind")?,
        reason: row.get("reason")?,
        attempts: row.get("attempts")?,
        created: Column { table: "outbox", name: "created_ms" }.time(row)?,
    })
}

/// How many events stand in `state`, counted over the state's own index where it has one.
pub(crate) fn count(connection: &Connection, state: OutboxState) -> Result<u64> {
    let sql = match state {
        OutboxState::Pending => "SELECT count(*) FROM outbox WHERE state = 'pending'",
        OutboxState::Parked => "SELECT count(*) FROM outbox WHERE state = 'parked'",
        OutboxState::Acknowledged => "SELECT count(*) FROM outbox WHERE state = 'acknowledged'",
    };
    let count: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// The greatest sequence of the epoch before the first event that waits which the server has; 0 where there is none.
pub(crate) fn acknowledged(connection: &Connection, epoch: Epoch) -> Result<u64> {
    // From the first that waits, one step back along the epoch's index, however long the outbox is. Where one of an earlier epoch
    // waits, all of this one stands behind it.
    let sql =
        "SELECT sequence FROM outbox WHERE epoch = ?1 AND state = 'acknowledged' AND sequence < coalesce(
                   (SELECT CASE WHEN epoch = ?1 THEN sequence ELSE 0 END FROM outbox
                        WHERE place = (SELECT min(place) FROM outbox WHERE state = 'pending')), ?2)
               ORDER BY sequence DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let sequence: Option<i64> = statement.query_row((epoch.0, i64::MAX), |row| row.get(0)).optional()?;
    Ok(sequence.unwrap_or(0).unsigned_abs())
}

/// When the oldest event that waits was written.
pub(crate) fn oldest_pending(connection: &Connection) -> Result<Option<UtcMillis>> {
    let sql = "SELECT created_ms FROM outbox WHERE state = 'pending' ORDER BY place LIMIT 1";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0).map(UtcMillis)).optional()?)
}
