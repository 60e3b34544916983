//! Whom the school sends, one list a kind of programme. A list is replaced as a whole or changed
//! student by student, and only what differs is written.
//!
//! Left out on purpose: how a list is read from the school's file.

use crate::column::Column;
use crate::error::{LedgerError, Result};
use domain::programme::Kind;
use domain::{DocumentKind, DocumentNumber, PersonName, StudentNumber};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use std::collections::{HashMap, HashSet};
use std::fmt;

/// The most characters of a college's, major's or class's name.
pub const MOST_ROSTER_CHARACTERS: usize = 60;

/// One student on the school's list.
#[derive(Clone, PartialEq, Eq)]
pub struct RosterEntry {
    /// The document, once in a list.
    pub document: DocumentNumber,
    /// The name.
    pub name: PersonName,
    /// The student number.
    pub student_number: StudentNumber,
    /// The college, 0 to 60 characters without control characters.
    pub college: String,
    /// The major, likewise.
    pub major: String,
    /// The class, likewise.
    pub class_name: String,
    /// The year of entering or of graduating, whichever the list is about.
    pub year: Option<u16>,
}

impl fmt::Debug for RosterEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RosterEntry(redacted)")
    }
}

/// What a new list changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RosterChange {
    /// Students who were not on the list before.
    pub added: u32,
    /// Students of whom something differs.
    pub changed: u32,
    /// Students who are no longer on it.
    pub removed: u32,
    /// Students of whom nothing differs.
    pub unchanged: u32,
}

/// Makes the list of `kind` the one of `entries`.
pub(crate) fn replace(tx: &Transaction<'_>, kind: Kind, entries: &[RosterEntry]) -> Result<RosterChange> {
    let mut before = all(tx, kind)?;
    let (mut change, mut seen) = (RosterChange::default(), HashSet::with_capacity(entries.len()));
    for entry in entries {
        if !seen.insert(&entry.document) || !is_fit(entry) {
            return Err(LedgerError::Unfit { what: "roster" });
        }
        match before.remove(&entry.document) {
            Some(known) if known == *entry => {
                change.unchanged += 1;
                continue;
            }
            Some(_) => change.changed += 1,
            None => change.added += 1,
        }
        put(tx, kind, entry)?;
    }
    for document in before.keys() {
        remove(tx, kind, document)?;
        change.removed += 1;
    }
    Ok(change)
}

/// A change of one student on a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RosterEdit {
    /// The student is on the list as this says.
    Put(RosterEntry),
    /// Whoever has this document is not on the list.
    Remove(DocumentNumber),
}

/// Changes one student on the list of `kind`; what changed is added to `change`.
pub(crate) fn edit(
    tx: &Transaction<'_>,
    kind: Kind,
    edit: &RosterEdit,
    change: &mut RosterChange,
) -> Result<()> {
    match edit {
        RosterEdit::Put(entry) if !is_fit(entry) => return Err(LedgerError::Unfit { what: "roster" }),
        RosterEdit::Put(entry) => {
            match get(tx, kind, &entry.document)? {
                Some(known) if known == *entry => {
                    change.unchanged += 1;
                    return Ok(());
                }
                Some(_) => change.changed += 1,
                None => change.added += 1,
            }
            put(tx, kind, entry)?;
        }
        RosterEdit::Remove(document) => {
            let known = get(tx, kind, document)?.is_some();
            change.removed += u32::from(known);
            if known {
                remove(tx, kind, document)?;
            }
        }
    }
    Ok(())
}

/// Forgets every list.
pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM rosters", [])?;
    Ok(())
}

fn is_fit(entry: &RosterEntry) -> bool {
    [&entry.college, &entry.major, &entry.class_name]
        .into_iter()
        .all(|text| text.chars().count() <= MOST_ROSTER_CHARACTERS && !text.chars().any(char::is_control))
}

fn put(tx: &Transaction<'_>, kind: Kind, entry: &RosterEntry) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO rosters (kind, document_kind, document_number, name, student_number, college, major,
             class_name, year)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute((
        kind.as_str(),
        entry.document.kind().as_str(),
        entry.document.as_str(),
        entry.name.as_str(),
        entry.student_number.as_str(),
        &entry.college,
        &entry.major,
        &entry.class_name,
        entry.year,
    ))?;
    Ok(())
}

fn remove(tx: &Transaction<'_>, kind: Kind, document: &DocumentNumber) -> Result<()> {
    tx.prepare_cached("DELETE FROM rosters WHERE kind = ?1 AND document_kind = ?2 AND document_number = ?3")?
        .execute((kind.as_str(), document.kind().as_str(), document.as_str()))?;
    Ok(())
}

fn all(connection: &Connection, kind: Kind) -> Result<HashMap<DocumentNumber, RosterEntry>> {
    let mut statement = connection.prepare_cached("SELECT * FROM rosters WHERE kind = ?1")?;
    let rows = statement
        .query_and_then([kind.as_str()], |row| read(row).map(|entry| (entry.document.clone(), entry)))?;
    rows.collect()
}

/// The student with this document on the list of `kind`.
pub(crate) fn get(
    connection: &Connection,
    kind: Kind,
    document: &DocumentNumber,
) -> Result<Option<RosterEntry>> {
    connection
        .prepare_cached(
            "SELECT * FROM rosters WHERE kind = ?1 AND document_kind = ?2 AND document_number = ?3",
        )?
        .query_row((kind.as_str(), document.kind().as_str(), document.as_str()), |row| Ok(read(row)))
        .optional()?
        .transpose()
}

/// How many students are on the list of `kind`.
pub(crate) fn size(connection: &Connection, kind: Kind) -> Result<u64> {
    let count: i64 = connection
        .prepare_cached("SELECT count(*) FROM rosters WHERE kind = ?1")?
        .query_row([kind.as_str()], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

fn read(row: &Row<'_>) -> Result<RosterEntry> {
    let column = |name| Column { table: "rosters", name };
    let kind = column("document_kind").parsed(row, DocumentKind::parse)?;
    Ok(RosterEntry {
        document: column("document_number").parsed(row, |text| DocumentNumber::parse(kind, text).ok())?,
        name: column("name").parsed(row, |text| PersonName::parse(text).ok())?,
        student_number: column("student_number").parsed(row, |text| StudentNumber::parse(text).ok())?,
        college: row.get("college")?,
        major: row.get("major")?,
        class_name: row.get("class_name")?,
        year: row.get("year")?,
    })
}
