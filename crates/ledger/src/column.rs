//! From columns to the domain's types, refusing what the domain refuses.

use crate::error::{LedgerError, Result};
use domain::{Fen, UtcMillis};
use rusqlite::Row;

/// One column of a table, for reading it and for saying that it can't be read.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub table: &'static str,
    pub name: &'static str,
}

impl Column {
    fn unreadable(self) -> LedgerError {
        LedgerError::Unreadable { table: self.table, column: self.name }
    }

    /// A text that `parse` understands.
    pub(crate) fn parsed<T>(self, row: &Row<'_>, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
        let text: String = row.get(self.name)?;
        parse(&text).ok_or_else(|| self.unreadable())
    }

    /// A text that `parse` understands, or nothing.
    pub(crate) fn parsed_if_any<T>(
        self,
        row: &Row<'_>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        let text: Option<String> = row.get(self.name)?;
        text.map(|text| parse(&text).ok_or_else(|| self.unreadable())).transpose()
    }

    /// An amount.
    pub(crate) fn fen(self, row: &Row<'_>) -> Result<Fen> {
        let fen: i64 = row.get(self.name)?;
        u64::try_from(fen).ok().and_then(|fen| Fen::new(fen).ok()).ok_or_else(|| self.unreadable())
    }

    /// A point in time.
    pub(crate) fn time(self, row: &Row<'_>) -> Result<UtcMillis> {
        Ok(UtcMillis(row.get(self.name)?))
    }
}

/// An amount as SQLite holds it. No [`Fen`] is above `i64`.
pub(crate) fn fen(amount: Fen) -> i64 {
    i64::try_from(amount.fen()).unwrap_or(i64::MAX)
}
