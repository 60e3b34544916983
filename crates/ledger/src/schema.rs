//! The schema: the migrations of `migrations/booth`, built into the program and applied in one transaction.
//!
//! A migration that has been released is never edited (its checksum is kept in the file); a change is a new one.

use crate::error::{LedgerError, Result};
use rusqlite::{Connection, ErrorCode, OptionalExtension};
use std::error::Error;

mod embedded {
    refinery::embed_migrations!("../../migrations/booth");
}

/// Brings the file's schema up to date; refuses a file that a newer version wrote.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    let found = version(connection)?;
    let known = newest();
    if found > known {
        return Err(LedgerError::NewerSchema { found, known });
    }
    if found < known {
        let migrated = embedded::migrations::runner().set_grouped(true).run(connection);
        migrated.map_err(unmigrated)?;
    }
    Ok(())
}

/// What kept the schema as it was. A migration may need as much room again as the photos take, and the file is whole without it.
fn unmigrated(error: refinery::Error) -> LedgerError {
    let first: &(dyn Error + 'static) = &error;
    let causes = std::iter::successors(Some(first), |error| (*error).source());
    let is_full = |error: &rusqlite::Error| error.sqlite_error_code() == Some(ErrorCode::DiskFull);
    match causes.filter_map(|error| error.downcast_ref()).any(is_full) {
        true => LedgerError::Full { doing: "bring the ledger's schema up to date" },
        false => LedgerError::Migrate { source: Box::new(error) },
    }
}

/// Refuses a file whose schema is not the one known here, which a reader can't change.
pub(crate) fn require(connection: &Connection) -> Result<()> {
    let (found, known) = (version(connection)?, newest());
    match found {
        _ if found > known => Err(LedgerError::NewerSchema { found, known }),
        _ if found < known => Err(LedgerError::OlderSchema { found, known }),
        _ => Ok(()),
    }
}

/// The newest version of the schema known here.
fn newest() -> i64 {
    let runner = embedded::migrations::runner();
    runner.get_migrations().iter().map(|migration| i64::from(migration.version())).max().unwrap_or(0)
}

/// The version of the file's schema; 0 for a new file.
fn version(connection: &Connection) -> Result<i64> {
    let history = "SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history'";
    if connection.query_row(history, [], |_| Ok(())).optional()?.is_none() {
        return Ok(0);
    }
    Ok(connection
        .query_row("SELECT coalesce(max(version), 0) FROM refinery_schema_history", [], |row| row.get(0))?)
}

/// Fails with the first damage that SQLite's quick check finds.
pub(crate) fn check(connection: &Connection) -> Result<()> {
    let finding: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if finding == "ok" { Ok(()) } else { Err(LedgerError::Corrupt { finding }) }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod upgrade;
