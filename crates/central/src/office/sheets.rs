//! Tables for a spreadsheet. Every value is text: digits survive, and nothing that somebody typed is a formula.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// The media type of a workbook.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A table that can't be written.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// As a workbook.
    #[error("the workbook can't be written")]
    Workbook(#[from] XlsxError),
    /// As CSV.
    #[error("the CSV can't be written")]
    Csv(#[from] csv::Error),
    /// As CSV, at its end.
    #[error("the CSV's end can't be written")]
    CsvEnd,
    /// There are more rows than a sheet has.
    #[error("a sheet has no more rows")]
    Full,
}

/// A workbook with one sheet of text.
///
/// # Errors
/// [`SheetError`].
pub(super) fn xlsx(title: &str, head: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name(title)?;
    let (bold, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    for (column, name) in (0..).zip(head) {
        sheet.set_column_width(column, 18)?;
        sheet.write_string_with_format(0, column, *name, &bold)?;
    }
    for (at, row) in rows.iter().enumerate() {
        let line = u32::try_from(at + 1).map_err(|_| SheetError::Full)?;
        for (column, value) in (0..).zip(row) {
            sheet.write_string_with_format(line, column, value, &text)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

/// CSV as spreadsheets in China read it: UTF-8 with its mark, lines ended by CR LF.
///
/// # Errors
/// [`SheetError`].
pub(super) fn csv(head: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, SheetError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row.iter().map(|value| harmless(value)))?;
    }
    writer.into_inner().map_err(|_| SheetError::CsvEnd)
}

/// A value that a spreadsheet takes for text: one that looks like a formula has an apostrophe before it, as OWASP advises.
fn harmless(value: &str) -> String {
    if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{value}") } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn csv_holds_no_formula() {
        let rows = [["=1+1", "王,小明"], ["00123", "-5"]].map(|row| row.map(str::to_owned).to_vec());
        let text = String::from_utf8(csv(&["a", "b"], &rows).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}a,b\r\n'=1+1,\"王,小明\"\r\n00123,'-5\r\n");
    }

    #[test]
    fn a_workbook_holds_text_alone() {
        let rows = [["=HYPERLINK(1)", "00123"].map(str::to_owned).to_vec()];
        let bytes = xlsx("list", &["a", "b"], &rows).unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut sheet = String::new();
        let mut file = zip.by_name("xl/worksheets/sheet1.xml").unwrap();
        std::io::Read::read_to_string(&mut file, &mut sheet).unwrap();
        assert!(!sheet.contains("<f>"), "no formula: {sheet}");
        assert!(sheet.contains("00123"), "leading zeros stay: {sheet}");
    }

    proptest! {
        #[test]
        fn no_value_begins_as_a_formula(value in "\\PC{0,20}") {
            prop_assert!(!harmless(&value).starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
