//! The school's list of students, read from the file that the school sends: a spreadsheet or CSV, its columns named in Chinese or
//! English. Nothing of a list is used unless all of it is good, and what is wrong is told by row and column, never by content.
//!
//! Only the first sheet is read. The row that names the columns may stand below a title, in the first ten rows. Left out on purpose:
//! guessing. A number that a spreadsheet keeps as a number has lost its last digits and is refused.

mod columns;
mod entry;
mod table;
#[cfg(test)]
mod tests;

pub use columns::RosterColumn;
pub use entry::RowReason;
pub use table::Form;

use domain::DocumentNumber;
use domain::roster::RosterEntry;
use std::collections::HashMap;
use std::io::Read as _;
use std::path::Path;
use table::{Cell, Row};

/// The most bytes of a list's file.
pub const MOST_BYTES: u64 = 50_000_000;
/// The most students of a list.
pub const MOST_ROWS: usize = 200_000;
/// Within how many rows from the top the columns' names are looked for.
const HEADER_WITHIN: usize = 10;

/// A row that can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// The row as the spreadsheet counts it, from 1; of a CSV file the line on which the row begins.
    pub row: u32,
    /// The column.
    pub column: RosterColumn,
    /// What is wrong.
    pub reason: RowReason,
}

impl std::fmt::Display for RowFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "row {}, {}: {}", self.row, self.column, self.reason)
    }
}

/// A list that can't be used. Never holds anything of its content, which is why a library's own words about it are left out.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The file can't be read.
    #[error("the file can't be read")]
    Read(#[source] std::io::Error),
    /// Above [`MOST_BYTES`], or a spreadsheet that unpacks to far more.
    #[error("the file is too large: 50 MB at most, and 400 MB unpacked")]
    TooLarge,
    /// Above [`MOST_ROWS`].
    #[error("the list has more than 200000 rows")]
    TooManyRows,
    /// The file's name doesn't end in a form that is known.
    #[error("the file's name must end in .xlsx, .xls, .ods or .csv")]
    UnknownForm,
    /// The file isn't a spreadsheet of its form.
    #[error("the file is damaged, protected by a password, or of another form than its name says")]
    Damaged,
    /// A CSV file that is text neither in UTF-8 nor in GBK.
    #[error("the text is neither UTF-8 nor GBK")]
    UnknownEncoding,
    /// No row names the columns.
    #[error("none of the first ten rows names the columns 姓名 (name) and 证件号码 (document number)")]
    NoHeader,
    /// A column is missing.
    #[error("there is no column {0}")]
    MissingColumn(RosterColumn),
    /// Two columns have the same meaning.
    #[error("there are two columns {0}")]
    DoubledColumn(RosterColumn),
    /// No student is on it.
    #[error("the list has no students")]
    Empty,
    /// Rows that can't be used.
    #[error("{} cells of the list can't be used", .0.len())]
    Rows(Vec<RowFault>),
}

/// Reads a school's list.
///
/// # Errors
/// [`RosterError`]; of bad rows all are told.
pub fn read(path: &Path) -> Result<Vec<RosterEntry>, RosterError> {
    let form = Form::of(path).ok_or(RosterError::UnknownForm)?;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(RosterError::Read)?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(RosterError::Read)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(RosterError::TooLarge);
    }
    parse(&bytes, form)
}

/// Reads a school's list from a file's bytes.
///
/// # Errors
/// As [`read`].
pub fn parse(bytes: &[u8], form: Form) -> Result<Vec<RosterEntry>, RosterError> {
    let rows = table::rows(bytes, form)?;
    let header = rows.iter().take(HEADER_WITHIN).position(|row| columns::names_columns(&row.cells));
    let header = header.ok_or(RosterError::NoHeader)?;
    let columns = columns::Columns::of(&rows[header].cells)?;
    let students = rows[header + 1..].iter().filter(|row| !row.is_empty());
    entries(&columns, students)
}

fn entries<'a>(
    columns: &columns::Columns,
    rows: impl Iterator<Item = &'a Row>,
) -> Result<Vec<RosterEntry>, RosterError> {
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    let mut first_rows: HashMap<DocumentNumber, u32> = HashMap::new();
    for row in rows {
        let Some(entry) = entry::of(columns, row, &mut faults) else { continue };
        if let Some(first) = first_rows.insert(entry.document.clone(), row.number) {
            let reason = RowReason::Again { first };
            faults.push(RowFault { row: row.number, column: RosterColumn::Document, reason });
        }
        entries.push(entry);
    }
    match () {
        () if !faults.is_empty() => Err(RosterError::Rows(faults)),
        () if entries.is_empty() => Err(RosterError::Empty),
        () => Ok(entries),
    }
}
