//! Who asked to be forgotten and waits for it.

use crate::error::Result;
use domain::{PersonId, UtcMillis};
use rusqlite::{Connection, Transaction};

/// Remembers that the person asked; `false` if they had asked before.
pub(crate) fn insert(tx: &Transaction<'_>, person: PersonId, at: UtcMillis) -> Result<bool> {
    let changed = tx
        .prepare_cached(
            "INSERT INTO deletion_requests (person_id, asked_ms) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute((person.as_bytes(), at.0))?;
    Ok(changed > 0)
}

/// Everybody who waits, who asked first first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<PersonId>> {
    let mut statement =
        connection.prepare_cached("SELECT person_id FROM deletion_requests ORDER BY asked_ms, person_id")?;
    let rows = statement.query_map([], |row| Ok(PersonId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The person was forgotten.
pub(crate) fn remove(tx: &Transaction<'_>, person: PersonId) -> Result<()> {
    tx.prepare_cached("DELETE FROM deletion_requests WHERE person_id = ?1")?.execute([person.as_bytes()])?;
    Ok(())
}
