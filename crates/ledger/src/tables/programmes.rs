//! Programmes as they were when an order last named them. The campus's files are the truth; this keeps old orders readable.

use crate::column::Column;
use crate::error::{Result, found};
use domain::UtcMillis;
use domain::programme::{Approval, Programme, Text};
use rusqlite::{Connection, OptionalExtension, Transaction};

/// Writes the programme, or its newer form.
pub(crate) fn see(tx: &Transaction<'_>, programme: &Programme, at: UtcMillis) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO programmes (id, kind, title_zh, title_en, specification, pay_when, approval, seen_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title_zh = excluded.title_zh,
             title_en = excluded.title_en, specification = excluded.specification, pay_when = excluded.pay_when,
             approval = excluded.approval, seen_ms = excluded.seen_ms",
    )?
    .execute((
        &programme.id,
        programme.kind.as_str(),
        &programme.title.zh,
        &programme.title.en,
        &programme.specification,
        programme.pay_when.as_str(),
        programme.approval.as_str(),
        at.0,
    ))?;
    Ok(())
}

/// Who approves the photos of programme `id`.
pub(crate) fn approval(connection: &Connection, id: &str) -> Result<Approval> {
    let column = Column { table: "programmes", name: "approval" };
    let row = connection
        .prepare_cached("SELECT approval FROM programmes WHERE id = ?1")?
        .query_row([id], |row| Ok(column.parsed(row, Approval::parse)))
        .optional()?;
    found(row, "programme")?
}

/// What students read as the title of programme `id`.
pub(crate) fn title(connection: &Connection, id: &str) -> Result<Text> {
    let title = connection
        .prepare_cached("SELECT title_zh, title_en FROM programmes WHERE id = ?1")?
        .query_row([id], |row| Ok(Text { zh: row.get(0)?, en: row.get(1)? }))
        .optional()?;
    found(title, "programme")
}
