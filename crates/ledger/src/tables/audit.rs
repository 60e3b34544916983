//! Who did what. Each row's hash covers the row before it, so that a change or a gap shows; triggers refuse both.
//!
//! Left out on purpose: names and numbers of people. A subject is an id. A cut-off end shows only to whoever kept the head.

use crate::error::{LedgerError, Result};
use domain::UtcMillis;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use sha2::{Digest, Sha256};

/// Who did it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Actor {
    /// The student at the screen.
    Student,
    /// A member of staff, by PIN.
    Staff,
    /// The booth itself.
    Booth,
    /// The central server.
    Central,
}

impl Actor {
    /// The code in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Staff => "staff",
            Self::Booth => "booth",
            Self::Central => "central",
        }
    }
}

/// Who does something, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: UtcMillis,
}

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deed<'a> {
    /// What, as a dotted code such as `order.settle` or `photo.viewed`.
    pub action: &'a str,
    /// The id of what it was done to, or nothing.
    pub subject: &'a str,
    /// More, never personal.
    pub detail: &'a str,
}

/// The newest row. Whoever keeps it elsewhere can tell later that the end was not cut off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AuditHead {
    /// Its place, from 1; 0 if there is no row.
    pub sequence: i64,
    /// Its hash (SHA-256); zeros if there is no row.
    pub hash: [u8; 32],
}

/// Appends a row.
pub(crate) fn append(tx: &Transaction<'_>, stamp: Stamp, deed: Deed<'_>) -> Result<()> {
    let before = head(tx)?;
    let sequence = before.sequence + 1;
    let hash = hash_of(&before.hash, sequence, stamp.at.0, stamp.actor.as_str(), deed);
    tx.prepare_cached(
        "INSERT INTO audit (sequence, at_ms, actor, action, subject, detail, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute((
        sequence,
        stamp.at.0,
        stamp.actor.as_str(),
        deed.action,
        deed.subject,
        deed.detail,
        before.hash,
        hash,
    ))?;
    Ok(())
}

/// The newest row.
pub(crate) fn head(connection: &Connection) -> Result<AuditHead> {
    let newest = connection
        .prepare_cached("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")?
        .query_row([], |row| Ok(AuditHead { sequence: row.get(0)?, hash: row.get(1)? }))
        .optional()?;
    Ok(newest.unwrap_or(AuditHead { sequence: 0, hash: [0; 32] }))
}

/// Recomputes the whole chain; the head it ends in.
pub(crate) fn verify(connection: &Connection) -> Result<AuditHead> {
    let mut statement = connection.prepare(
        "SELECT sequence, at_ms, actor, action, subject, detail, previous, hash FROM audit ORDER BY sequence",
    )?;
    let mut rows = statement.query([])?;
    let mut head = AuditHead { sequence: 0, hash: [0; 32] };
    while let Some(row) = rows.next()? {
        head = follow(head, row)?;
    }
    Ok(head)
}

fn follow(before: AuditHead, row: &Row<'_>) -> Result<AuditHead> {
    let sequence: i64 = row.get(0)?;
    let (actor, action): (String, String) = (row.get(2)?, row.get(3)?);
    let (subject, detail): (String, String) = (row.get(4)?, row.get(5)?);
    let deed = Deed { action: &action, subject: &subject, detail: &detail };
    let hash = hash_of(&before.hash, sequence, row.get(1)?, &actor, deed);
    let (previous, written): ([u8; 32], [u8; 32]) = (row.get(6)?, row.get(7)?);
    if sequence != before.sequence + 1 || previous != before.hash || written != hash {
        return Err(LedgerError::AuditBroken { sequence: before.sequence + 1 });
    }
    Ok(AuditHead { sequence, hash })
}

/// SHA-256 over the hash before, the place and the time as 8 bytes each, and each text after its length in 4 (big-endian).
fn hash_of(previous: &[u8; 32], sequence: i64, at_ms: i64, actor: &str, deed: Deed<'_>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    hasher.update(sequence.to_be_bytes());
    hasher.update(at_ms.to_be_bytes());
    for text in [actor, deed.action, deed.subject, deed.detail] {
        hasher.update(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        hasher.update(text);
    }
    hasher.finalize().into()
}
