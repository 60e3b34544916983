//! One row of a school's list: its cells read into a student, or what is wrong with each.

use super::columns::{Columns, simplified};
use super::{Cell, RosterColumn, Row, RowFault};
use domain::document::DocumentError;
use domain::person_name::NameError;
use domain::roster::{MOST_ROSTER_CHARACTERS, RosterEntry};
use domain::student_number::StudentNumberError;
use domain::{DocumentKind, DocumentNumber, PersonName, StudentNumber};

/// Why a cell can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowReason {
    /// Nothing stands there.
    #[error("it is empty")]
    Missing,
    /// A number that a spreadsheet has kept as a number, which holds 15 digits at most.
    #[error("the cell is a number and may have lost digits; format the column as text and enter it again")]
    Numeric,
    /// A date, a truth value or an error.
    #[error("the cell is neither text nor a number")]
    NotText,
    /// A kind of document that isn't known.
    #[error("the kind of document is not known")]
    UnknownKind,
    /// The document's number breaks a rule of its kind.
    #[error(transparent)]
    Document(DocumentError),
    /// The name breaks a rule.
    #[error(transparent)]
    Name(NameError),
    /// The student number breaks a rule.
    #[error(transparent)]
    StudentNumber(StudentNumberError),
    /// A text above 60 characters.
    #[error("it is longer than 60 characters")]
    TooLong,
    /// A control character in a text.
    #[error("it has a control character")]
    ControlCharacter,
    /// Not a year.
    #[error("it is no year of four digits")]
    Year,
    /// The same document stands in a row above.
    #[error("the same document stands in row {first}")]
    Again {
        /// The row above.
        first: u32,
    },
}

/// The student of a row; what is wrong is added to `faults`, one a cell.
pub(super) fn of(columns: &Columns, row: &Row, faults: &mut Vec<RowFault>) -> Option<RosterEntry> {
    let mut reading = Reading { columns, row, faults };
    let kind = reading.take(RosterColumn::DocumentKind, document_kind);
    let document = kind.and_then(|kind| reading.take(RosterColumn::Document, |cell| document(kind, cell)));
    let name = reading.take(RosterColumn::Name, name);
    let student_number = reading.take(RosterColumn::StudentNumber, student_number);
    let college = reading.take(RosterColumn::College, words);
    let major = reading.take(RosterColumn::Major, words);
    let class_name = reading.take(RosterColumn::Class, words);
    let year = reading.take(RosterColumn::Year, year);
    Some(RosterEntry {
        document: document?,
        name: name?,
        student_number: student_number?,
        college: college?,
        major: major?,
        class_name: class_name?,
        year: year?,
    })
}

struct Reading<'a> {
    columns: &'a Columns,
    row: &'a Row,
    faults: &'a mut Vec<RowFault>,
}

impl Reading<'_> {
    fn take<T>(
        &mut self,
        column: RosterColumn,
        read: impl FnOnce(&Cell) -> Result<T, RowReason>,
    ) -> Option<T> {
        let value = read(self.columns.cell(&self.row.cells, column));
        value.map_err(|reason| self.faults.push(RowFault { row: self.row.number, column, reason })).ok()
    }
}

fn document_kind(cell: &Cell) -> Result<DocumentKind, RowReason> {
    let name = simplified(&text(cell)?);
    Ok(match name.as_str() {
        "" | "居民身份证" | "身份证" | "二代身份证" | "第二代居民身份证" | "residentid" | "idcard" => {
            DocumentKind::ResidentId
        }
        "港澳台居民居住证" | "港澳居民居住证" | "台湾居民居住证" | "居住证" => {
            DocumentKind::HkMacaoTaiwanResidence
        }
        "外国人永久居留身份证" | "外国人永久居留证" | "永久居留证" => {
            DocumentKind::ForeignPermanentResident
        }
        "护照" | "中国护照" | "外国护照" | "passport" => DocumentKind::Passport,
        "港澳居民来往内地通行证" | "回乡证" => DocumentKind::HomeReturnPermit,
        "台湾居民来往大陆通行证" | "台胞证" => DocumentKind::TaiwanCompatriotPermit,
        _ => DocumentKind::ALL
            .into_iter()
            .find(|kind| simplified(kind.as_str()) == name)
            .ok_or(RowReason::UnknownKind)?,
    })
}

/// Never from a number's cell: it holds 15 digits, so the last ones of a longer number are wrong, and zeros before it are gone.
fn document(kind: DocumentKind, cell: &Cell) -> Result<DocumentNumber, RowReason> {
    match cell {
        Cell::Number(_) => Err(RowReason::Numeric),
        cell => DocumentNumber::parse(kind, &needed(cell)?).map_err(RowReason::Document),
    }
}

fn name(cell: &Cell) -> Result<PersonName, RowReason> {
    PersonName::parse(&needed(cell)?).map_err(RowReason::Name)
}

fn student_number(cell: &Cell) -> Result<StudentNumber, RowReason> {
    StudentNumber::parse(&needed(cell)?).map_err(RowReason::StudentNumber)
}

fn words(cell: &Cell) -> Result<String, RowReason> {
    let text = text(cell)?;
    match () {
        () if text.chars().any(char::is_control) => Err(RowReason::ControlCharacter),
        () if text.chars().count() > MOST_ROSTER_CHARACTERS => Err(RowReason::TooLong),
        () => Ok(text),
    }
}

/// Such as 2026, 2026年, 2026届 or 2026级.
fn year(cell: &Cell) -> Result<Option<u16>, RowReason> {
    let text = text(cell)?;
    let digits = text.trim_end_matches(['年', '届', '级']);
    match digits.parse() {
        _ if text.is_empty() => Ok(None),
        Ok(year @ 1900..=2200) if digits.len() == 4 => Ok(Some(year)),
        _ => Err(RowReason::Year),
    }
}

fn needed(cell: &Cell) -> Result<String, RowReason> {
    let text = text(cell)?;
    if text.is_empty() { Err(RowReason::Missing) } else { Ok(text) }
}

/// The cell's text without spaces around it; a whole number of 15 digits at most is its digits.
fn text(cell: &Cell) -> Result<String, RowReason> {
    match cell {
        Cell::Empty => Ok(String::new()),
        Cell::Text(text) => Ok(text.trim().to_owned()),
        Cell::Number(number) if number.fract() == 0.0 && (0.0..1e15).contains(number) => {
            Ok(format!("{number:.0}"))
        }
        Cell::Number(_) => Err(RowReason::Numeric),
        Cell::Other => Err(RowReason::NotText),
    }
}
