//! What the central server must hear. A row is written in the transaction of the change that it tells, and is never deleted
//! before the server has acknowledged it.

use super::device::{self, Epoch};
use crate::column::Column;
use crate::error::Result;
use domain::{EventId, OrderId, UtcMillis};
use rusqlite::{Connection, Row, Transaction};

/// An event to tell.
#[derive(Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The id, by which the server knows a repetition.
    pub id: EventId,
    /// The kind's code.
    pub kind: String,
    /// What makes it the same event if it were told twice, such as `collection_submitted:<order>`. Unique.
    pub dedupe_key: String,
    /// The payload, which is not read here.
    pub payload: Vec<u8>,
    /// SHA-256 of the official photo that the server must have before the event.
    pub blob_sha256: Option<[u8; 32]>,
}

/// Where an event stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OutboxState {
    /// The server hasn't answered for it.
    Pending,
    /// The server has it.
    Acknowledged,
    /// The server refused it: staff must look.
    Parked,
}

impl OutboxState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Acknowledged, Self::Parked];

    /// The code in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Acknowledged => "acknowledged",
            Self::Parked => "parked",
        }
    }

    /// The state of this code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == code)
    }
}

/// An event as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxEvent {
    /// The epoch of the device in which it was written.
    pub epoch: Epoch,
    /// Its place in the epoch, from 1, without gaps.
    pub sequence: i64,
    /// The id.
    pub id: EventId,
    /// The order it is about.
    pub order: Option<OrderId>,
    /// The kind's code.
    pub kind: String,
    /// The dedupe key.
    pub dedupe_key: String,
    /// Where it stands.
    pub state: OutboxState,
    /// How often it was sent.
    pub attempts: u32,
    /// Why the server refused it.
    pub reason: Option<String>,
    /// When it was written.
    pub created: UtcMillis,
    /// The payload; none once purged.
    pub payload: Option<Vec<u8>>,
    /// SHA-256 of the official photo that the server must have before the event.
    pub blob_sha256: Option<[u8; 32]>,
}

/// Writes an event at the next place of the sequence.
pub(crate) fn insert(
    tx: &Transaction<'_>,
    order: Option<OrderId>,
    new: &NewEvent,
    at: UtcMillis,
) -> Result<()> {
    let (epoch, sequence) = device::next_sequence(tx)?;
    tx.prepare_cached(
        "INSERT INTO outbox (epoch, sequence, event_id, order_id, kind, dedupe_key, state, attempts, created_ms, payload,
             blob_sha256)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, ?10)",
    )?
    .execute((
        epoch.0,
        sequence,
        new.id.as_bytes(),
        order.as_ref().map(OrderId::as_bytes),
        &new.kind,
        &new.dedupe_key,
        OutboxState::Pending.as_str(),
        at.0,
        &new.payload,
        new.blob_sha256,
    ))?;
    Ok(())
}

/// The events without an answer, in the order in which they happened, `limit` at most.
pub(crate) fn pending(connection: &Connection, limit: u32) -> Result<Vec<OutboxEvent>> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM outbox WHERE state = 'pending' ORDER BY place LIMIT ?1")?;
    statement.query_and_then([limit], read)?.collect()
}

/// The events about an order, in the order in which they happened.
pub(crate) fn of_order(connection: &Connection, order: OrderId) -> Result<Vec<OutboxEvent>> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM outbox WHERE order_id = ?1 ORDER BY place")?;
    statement.query_and_then([order.as_bytes()], read)?.collect()
}

/// Every event that was ever written, in the order in which they happened, without their payloads.
pub(crate) fn all(connection: &Connection) -> Result<Vec<OutboxEvent>> {
    let mut statement = connection.prepare(
        "SELECT epoch, sequence, event_id, order_id, kind, dedupe_key, state, attempts, reason, created_ms,
             NULL AS payload, blob_sha256 FROM outbox ORDER BY place",
    )?;
    statement.query_and_then([], read)?.collect()
}

/// Whether the server has everything about an order.
pub(crate) fn all_acknowledged(connection: &Connection, order: OrderId) -> Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE order_id = ?1 AND state <> 'acknowledged')";
    Ok(connection.prepare_cached(sql)?.query_row([order.as_bytes()], |row| row.get(0))?)
}

fn read(row: &Row<'_>) -> Result<OutboxEvent> {
    let column = |name| Column { table: "outbox", name };
    Ok(OutboxEvent {
        epoch: Epoch(row.get("epoch")?),
        sequence: row.get("sequence")?,
        id: EventId::from_bytes(row.get("event_id")?),
        order: row.get::<_, Option<[u8; 16]>>("order_id")?.map(OrderId::from_bytes),
        kind: row.get("kind")?,
        dedupe_key: row.get("dedupe_key")?,
        state: column("state").parsed(row, OutboxState::parse)?,
        attempts: row.get("attempts")?,
        reason: row.get("reason")?,
        created: column("created_ms").time(row)?,
        payload: row.get("payload")?,
        blob_sha256: row.get("blob_sha256")?,
    })
}

/// Deletes the payloads of an order's acknowledged events.
pub(crate) fn purge(tx: &Transaction<'_>, order: OrderId) -> Result<()> {
    tx.prepare_cached("UPDATE outbox SET payload = NULL WHERE order_id = ?1 AND state = 'acknowledged'")?
        .execute([order.as_bytes()])?;
    Ok(())
}

/// Deletes the payloads of events of no order that were acknowledged before `before`.
pub(crate) fn purge_of_no_order(tx: &Transaction<'_>, before: UtcMillis) -> Result<()> {
    tx.prepare_cached(
        "UPDATE outbox SET payload = NULL WHERE order_id IS NULL AND state = 'acknowledged' AND answered_ms < ?1
         AND payload IS NOT NULL",
    )?
    .execute([before.0])?;
    Ok(())
}
