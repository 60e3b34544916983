//! What the central server asked the booth to do, each kept by its id so that it is done once, and whether central knows what became of it.

use crate::column::Column;
use crate::error::{LedgerError, Result};
use domain::UtcMillis;
use rusqlite::{Connection, Transaction};

/// What became of a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommandOutcome {
    /// The command.
    pub id: [u8; 16],
    /// Why it was not done, a code; nothing where it was done.
    pub reason: Option<String>,
    /// When.
    pub at: UtcMillis,
}

/// Whether the command was looked at before.
pub(crate) fn is_known(connection: &Connection, id: &[u8; 16]) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM commands WHERE id = ?1")?.exists([id])?)
}

/// Keeps what became of a command.
pub(crate) fn insert(
    tx: &Transaction<'_>,
    id: &[u8; 16],
    action: &str,
    reason: Option<&str>,
    at: UtcMillis,
) -> Result<()> {
    tx.prepare_cached("INSERT INTO commands (id, action, reason, at_ms, told) VALUES (?1, ?2, ?3, ?4, 0)")?
        .execute((id, action, reason, at.0))?;
    Ok(())
}

/// It was not done after all.
pub(crate) fn set_reason(tx: &Transaction<'_>, id: &[u8; 16], reason: &str) -> Result<()> {
    tx.prepare_cached("UPDATE commands SET reason = ?2 WHERE id = ?1")?.execute((id, reason))?;
    Ok(())
}

/// What central hasn't been told, the oldest first.
pub(crate) fn untold(connection: &Connection) -> Result<Vec<CommandOutcome>> {
    let mut statement = connection
        .prepare_cached("SELECT id, reason, at_ms FROM commands WHERE told = 0 ORDER BY at_ms, id")?;
    let at = Column { table: "commands", name: "at_ms" };
    let rows = statement.query_and_then([], |row| {
        Ok(CommandOutcome { id: row.get("id")?, reason: row.get("reason")?, at: at.time(row)? })
    })?;
    rows.collect()
}

/// Central knows what became of it.
pub(crate) fn told(tx: &Transaction<'_>, id: &[u8; 16]) -> Result<()> {
    let changed = tx.prepare_cached("UPDATE commands SET told = 1 WHERE id = ?1")?.execute([id])?;
    if changed == 1 { Ok(()) } else { Err(LedgerError::Missing { what: "command" }) }
}
