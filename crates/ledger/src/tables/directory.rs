//! What the central server said that holds until it says otherwise, as JSON that is not read here, and how far its directory was taken.

use crate::column::Column;
use crate::error::{LedgerError, Result};
use rusqlite::{Connection, OptionalExtension, Transaction};

/// The most characters of a value's key.
pub const MOST_KEY_CHARACTERS: usize = 200;

/// What a value is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum ValueKind {
    /// A programme's file, by its name.
    Programme,
    /// The price of one thing.
    Price,
    /// Something to be read on the welcome screen.
    Notice,
    /// A setting of the booth, by its name.
    Setting,
    /// A message to whoever stands before the booth; there is one at most.
    Message,
    /// That the booth takes no more students; there is one at most.
    Closed,
}

impl ValueKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Programme, Self::Price, Self::Notice, Self::Setting, Self::Message, Self::Closed];

    /// The code in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Programme => "programme",
            Self::Price => "price",
            Self::Notice => "notice",
            Self::Setting => "setting",
            Self::Message => "message",
            Self::Closed => "closed",
        }
    }

    /// The kind of this code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == code)
    }
}

/// A value that holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DirectoryValue {
    /// What it is about.
    pub kind: ValueKind,
    /// Which of its kind.
    pub key: String,
    /// What it says, JSON.
    pub json: String,
}

/// Writes or removes a value.
pub(crate) fn set(tx: &Transaction<'_>, kind: ValueKind, key: &str, json: Option<&str>) -> Result<()> {
    let length = key.chars().count();
    if !(1..=MOST_KEY_CHARACTERS).contains(&length) || key.contains('\0') {
        return Err(LedgerError::Unfit { what: "directory's key" });
    }
    match json {
        Some(json) => tx
            .prepare_cached("INSERT OR REPLACE INTO directory (kind, key, value) VALUES (?1, ?2, ?3)")?
            .execute((kind.as_str(), key, json))?,
        None => tx
            .prepare_cached("DELETE FROM directory WHERE kind = ?1 AND key = ?2")?
            .execute((kind.as_str(), key))?,
    };
    Ok(())
}

/// Every value, by kind and key.
pub(crate) fn all(connection: &Connection) -> Result<Vec<DirectoryValue>> {
    let mut statement =
        connection.prepare_cached("SELECT kind, key, value FROM directory ORDER BY kind, key")?;
    let kind = Column { table: "directory", name: "kind" };
    let rows = statement.query_and_then([], |row| {
        Ok(DirectoryValue {
            kind: kind.parsed(row, ValueKind::parse)?,
            key: row.get("key")?,
            json: row.get("value")?,
        })
    })?;
    rows.collect()
}

/// How far the directory was taken; 0 at first.
pub(crate) fn cursor(connection: &Connection) -> Result<u64> {
    let cursor: Option<i64> = connection
        .prepare_cached("SELECT cursor FROM directory_cursor")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(cursor.unwrap_or(0).unsigned_abs())
}

/// The directory was taken so far.
pub(crate) fn set_cursor(tx: &Transaction<'_>, cursor: u64) -> Result<()> {
    let cursor = i64::try_from(cursor).map_err(|_| LedgerError::Unfit { what: "directory's cursor" })?;
    tx.prepare_cached("INSERT OR REPLACE INTO directory_cursor (one, cursor) VALUES (1, ?1)")?
        .execute([cursor])?;
    Ok(())
}

/// Forgets every value, and how far the directory was taken.
pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM directory", [])?;
    tx.execute("DELETE FROM directory_cursor", [])?;
    Ok(())
}
