//! From a file's bytes to rows of cells: spreadsheets of three forms, and CSV in UTF-8 or GBK. Limits come before everything else.

use super::{HEADER_WITHIN, MOST_ROWS, RosterError};
use calamine::{Data, DataRef, Ods, Range, Reader as _, Xls, Xlsx};
use std::borrow::Cow;
use std::io::Cursor;
use std::path::Path;

/// The most columns that are looked at; what stands further right is passed over.
const MOST_COLUMNS: usize = 256;
/// The most parts of a packed spreadsheet, and the most bytes of them unpacked. A list of 200,000 students has some 200 MB.
const MOST_PARTS: usize = 10_000;
const MOST_UNPACKED: u64 = 400_000_000;

/// The form of a list's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Office Open XML, from Excel 2007 on.
    Xlsx,
    /// Excel 97 to 2003.
    Xls,
    /// OpenDocument.
    Ods,
    /// Text, with commas, semicolons or tabs.
    Csv,
}

impl Form {
    /// The form by the end of the file's name.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "xlsx" => Some(Self::Xlsx),
            "xls" => Some(Self::Xls),
            "ods" => Some(Self::Ods),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// What a cell holds. Without `Debug`: it may be personal.
#[derive(Clone, PartialEq)]
pub(super) enum Cell {
    Text(String),
    Number(f64),
    Other,
    Empty,
}

/// A row, numbered as a person would.
pub(super) struct Row {
    pub number: u32,
    pub cells: Vec<Cell>,
}

impl Row {
    pub(super) fn is_empty(&self) -> bool {
        let blank = |cell: &Cell| match cell {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        };
        self.cells.iter().all(blank)
    }
}

/// The rows of the file, or of its first sheet.
///
/// The library expects of some parts of a workbook that they are as its writer made them, and panics where they are not: a damaged
/// file is no reason to end.
pub(super) fn rows(bytes: &[u8], form: Form) -> Result<Vec<Row>, RosterError> {
    std::panic::catch_unwind(|| of_form(bytes, form)).unwrap_or(Err(RosterError::Damaged))
}

fn of_form(bytes: &[u8], form: Form) -> Result<Vec<Row>, RosterError> {
    match form {
        Form::Xlsx => xlsx(bytes),
        Form::Xls => {
            let mut book = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
            dense(book.worksheet_range_at(0))
        }
        Form::Ods => {
            measure(bytes)?;
            let mut book = Ods::new(Cursor::new(bytes)).map_err(damaged)?;
            dense(book.worksheet_range_at(0))
        }
        Form::Csv => csv(&decode(bytes)?),
    }
}

/// A library's words may hold what stands in a cell, so they are left out.
fn damaged<E>(_: E) -> RosterError {
    RosterError::Damaged
}

/// Refuses a packed file that says that it unpacks to too much.
fn measure(bytes: &[u8]) -> Result<(), RosterError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(RosterError::TooLarge);
    }
    let mut unpacked = 0_u64;
    for part in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(part).map_err(damaged)?.size());
    }
    if unpacked > MOST_UNPACKED { Err(RosterError::TooLarge) } else { Ok(()) }
}

/// Cell by cell: a sheet with two cells in opposite corners would be gigabytes as a grid.
fn xlsx(bytes: &[u8]) -> Result<Vec<Row>, RosterError> {
    measure(bytes)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let first = book.sheet_names().into_iter().next().ok_or(RosterError::NoHeader)?;
    let mut reader = book.worksheet_cells_reader(&first).map_err(damaged)?;
    let mut rows = Rows::default();
    while let Some(cell) = reader.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        let value = match cell.get_value() {
            DataRef::String(text) => Cell::Text(text.clone()),
            DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
            DataRef::Float(number) => Cell::Number(*number),
            DataRef::Int(number) => Cell::Number(*number as f64),
            DataRef::Empty => Cell::Empty,
            _ => Cell::Other,
        };
        rows.put(row, column as usize, value)?;
    }
    Ok(rows.0)
}

#[derive(Default)]
struct Rows(Vec<Row>);

impl Rows {
    fn put(&mut self, row: u32, column: usize, value: Cell) -> Result<(), RosterError> {
        if column >= MOST_COLUMNS || value == Cell::Empty {
            return Ok(());
        }
        let number = row.saturating_add(1);
        if self.0.last().is_none_or(|last| last.number != number) {
            self.push(Row { number, cells: Vec::new() })?;
        }
        if let Some(last) = self.0.last_mut() {
            last.cells.resize(last.cells.len().max(column + 1), Cell::Empty);
            last.cells[column] = value;
        }
        Ok(())
    }

    fn push(&mut self, row: Row) -> Result<(), RosterError> {
        if self.0.len() >= MOST_ROWS + HEADER_WITHIN {
            return Err(RosterError::TooManyRows);
        }
        self.0.push(row);
        Ok(())
    }
}

fn dense<E>(range: Option<Result<Range<Data>, E>>) -> Result<Vec<Row>, RosterError> {
    let range = range.ok_or(RosterError::NoHeader)?.map_err(damaged)?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut rows = Rows::default();
    for (row, column, value) in range.used_cells() {
        let value = match value {
            Data::String(text) => Cell::Text(text.clone()),
            Data::Float(number) => Cell::Number(*number),
            Data::Int(number) => Cell::Number(*number as f64),
            Data::Empty => Cell::Empty,
            _ => Cell::Other,
        };
        let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(first_row);
        rows.put(row, column.saturating_add(first_column as usize), value)?;
    }
    Ok(rows.0)
}

/// UTF-8, with or without a byte order mark, or else GBK (as its superset GB 18030).
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, RosterError> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(text) {
        return Ok(Cow::Borrowed(text));
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or(RosterError::UnknownEncoding)
}

fn csv(text: &str) -> Result<Vec<Row>, RosterError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut rows = Rows::default();
    for record in reader.records() {
        let record = record.map_err(damaged)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().take(MOST_COLUMNS).map(unquoted).collect();
        let row = Row { number: u32::try_from(line).unwrap_or(u32::MAX), cells };
        if !row.is_empty() {
            rows.push(row)?;
        }
    }
    Ok(rows.0)
}

/// What separates the columns of the first line that has one of the three.
fn delimiter(text: &str) -> u8 {
    let of_line = |line: &str| [b',', b'\t', b';'].into_iter().find(|mark| line.as_bytes().contains(mark));
    text.lines().take(HEADER_WITHIN).find_map(of_line).unwrap_or(b',')
}

/// A cell's text without what keeps a spreadsheet from reading it as a number: `="..."`, or an apostrophe before it.
fn unquoted(text: &str) -> Cell {
    let text = text.trim();
    let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let text = inner.or_else(|| text.strip_prefix('\'')).unwrap_or(text);
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}
