use super::*;
use domain::DocumentKind;
use domain::document::DocumentError;
use proptest::prelude::*;
use std::io::{Cursor, Write as _};

const SAMPLE: &str = include_str!("../../../assets/sample/roster.csv");
/// An invented number whose check digit is right.
const NUMBER: &str = "11010519491231002X";

fn csv(text: &str) -> Result<Vec<RosterEntry>, RosterError> {
    parse(text.as_bytes(), Form::Csv)
}

fn faults(text: &str) -> Vec<(u32, RosterColumn, RowReason)> {
    match csv(text) {
        Err(RosterError::Rows(faults)) => faults.into_iter().map(|f| (f.row, f.column, f.reason)).collect(),
        other => panic!("rows are bad: {other:?}"),
    }
}

/// A workbook of one sheet; a cell is its reference, its type and its content.
fn xlsx(cells: &[&[(&str, &str, &str)]]) -> Vec<u8> {
    let mut sheet = String::from("<worksheet><sheetData>");
    for row in cells {
        sheet.push_str("<row>");
        for (at, kind, content) in *row {
            let value = match *kind {
                "n" => format!("<v>{content}</v>"),
                _ => format!("<is><t>{content}</t></is>"),
            };
            sheet.push_str(&format!(r#"<c r="{at}" t="{kind}">{value}</c>"#));
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let parts = [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships><Relationship Id="r0" Type="{main}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships><Relationship Id="r1" Type="{main}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns:r="{main}"><sheets><sheet name="名单" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const HEAD: &[(&str, &str, &str)] =
    &[("A1", "inlineStr", "姓名"), ("B1", "inlineStr", "身份证号"), ("C1", "inlineStr", "学号")];

#[test]
fn the_sample_is_read_in_both_encodings() {
    let entries = csv(SAMPLE).unwrap();
    assert_eq!(entries.len(), 8, "every student");
    assert_eq!(entries[0].name.as_str(), "王小明");
    assert_eq!((entries[0].college.as_str(), entries[0].year), ("文学院", Some(2026)), "with what is known");
    let kinds = |kind| entries.iter().filter(|entry| entry.document.kind() == kind).count();
    assert_eq!(kinds(DocumentKind::ResidentId), 6, "residents");
    assert_eq!(kinds(DocumentKind::Passport), 1, "and a passport");
    let marked = [b"\xEF\xBB\xBF".as_slice(), SAMPLE.as_bytes()].concat();
    assert_eq!(parse(&marked, Form::Csv).unwrap(), entries, "with a byte order mark");
    let (gbk, _, lost) = encoding_rs::GB18030.encode(SAMPLE);
    assert!(!lost, "the sample has no character that GB 18030 lacks");
    assert_eq!(parse(&gbk, Form::Csv).unwrap(), entries, "in the encoding of a Chinese Windows");
}

#[test]
fn columns_are_known_by_many_names_below_a_title() {
    for head in [
        "学号,姓名,证件号码",
        "Student No.,Name,ID Number",
        "* 学号（必填）,姓 名,居民身份证号",
        "student_id,Full name,Document Number",
    ] {
        let entries = csv(&format!("2026 届毕业生名单,,\n\n{head}\n2026001,张三,{NUMBER}\n")).unwrap();
        assert_eq!(entries[0].document.as_str(), NUMBER, "{head}");
        assert_eq!(
            entries[0].document.kind(),
            DocumentKind::ResidentId,
            "without a kind it is a resident's card"
        );
    }
    for (mark, form) in [("\t", "tabs"), (";", "semicolons")] {
        let text = format!("姓名,证件号码,学号\n张三,{NUMBER},2026001").replace(',', mark);
        assert_eq!(csv(&text).unwrap().len(), 1, "{form}");
    }
    let kept = format!("姓名,证件号码,学号\n张三,=\"{NUMBER}\",'2026001");
    assert_eq!(csv(&kept).unwrap()[0].student_number.as_str(), "2026001", "marks that keep a text a text");
}

#[test]
fn every_bad_cell_is_told_by_row_column_and_reason() {
    let text = format!(
        "姓名,证件类型,证件号码,学号,专业,毕业年份\n\
         张三,,{NUMBER},2026001,,2026届\n\
         ,图书证,X,12,,26\n\
         李四,,110105194912310021,2026002,{},\n\
         王五,居民身份证,{NUMBER},2026003,,\n",
        "长".repeat(61)
    );
    use RosterColumn as C;
    assert_eq!(
        faults(&text),
        [
            (3, C::DocumentKind, RowReason::UnknownKind),
            (3, C::Name, RowReason::Missing),
            (
                3,
                C::StudentNumber,
                RowReason::StudentNumber(domain::student_number::StudentNumberError::WrongLength)
            ),
            (3, C::Year, RowReason::Year),
            (4, C::Document, RowReason::Document(DocumentError::WrongCheckDigit)),
            (4, C::Major, RowReason::TooLong),
            (5, C::Document, RowReason::Again { first: 2 }),
        ],
        "all at once, so that the list is put right once"
    );
}

#[test]
fn a_list_that_can_not_be_one_is_named() {
    let row = format!("张三,{NUMBER},2026001");
    for (text, expect) in [
        (String::new(), "none of the first ten rows names the columns"),
        (row.clone(), "none of the first ten rows names the columns"),
        (format!("姓名,证件号码\n{row}"), "there is no column 学号"),
        (format!("姓名,证件号码,学号,Name\n{row}"), "there are two columns 姓名"),
        ("姓名,证件号码,学号\n,,\n".to_owned(), "the list has no students"),
    ] {
        let error = csv(&text).unwrap_err().to_string();
        assert!(error.starts_with(expect), "{error} for {text:?}");
    }
    assert!(
        matches!(parse(b"\x81\xFF\xFF", Form::Csv), Err(RosterError::UnknownEncoding)),
        "neither encoding"
    );
    assert!(matches!(read(Path::new("list.pdf")), Err(RosterError::UnknownForm)), "a form that is none");
    assert!(matches!(read(Path::new("no/such.csv")), Err(RosterError::Read(_))), "no file");
}

#[test]
fn a_number_that_the_spreadsheet_kept_as_a_number_is_refused() {
    let good: &[(&str, &str, &str)] =
        &[("A2", "inlineStr", "张三"), ("B2", "inlineStr", NUMBER), ("C2", "n", "2026001")];
    let entries = parse(&xlsx(&[HEAD, good]), Form::Xlsx).unwrap();
    assert_eq!(entries[0].student_number.as_str(), "2026001", "a short whole number is its digits");
    let lost: &[(&str, &str, &str)] =
        &[("A7", "inlineStr", "李四"), ("B7", "n", "110105194912310000"), ("C7", "n", "2026002")];
    let Err(RosterError::Rows(faults)) = parse(&xlsx(&[HEAD, good, lost]), Form::Xlsx) else {
        panic!("a number's cell can't hold eighteen digits")
    };
    let expect = RowFault { row: 7, column: RosterColumn::Document, reason: RowReason::Numeric };
    assert_eq!(faults, [expect], "told by the row's number in the sheet");
}

/// A sheet of one column of text a cell, as OpenDocument writes it.
fn ods(rows: &[&[&str]]) -> Vec<u8> {
    let mut table = String::new();
    for row in rows {
        table.push_str("<table:table-row>");
        for text in *row {
            let open = r#"<table:table-cell office:value-type="string" office:string-value=""#;
            table.push_str(&format!(r#"{open}{text}"><text:p>{text}</text:p></table:table-cell>"#));
        }
        table.push_str("</table:table-row>");
    }
    let content = format!(
        r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>
        <table:table table:name="名单">{table}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", r#"<manifest:manifest xmlns:manifest="m"></manifest:manifest>"#),
        ("content.xml", &content),
    ];
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_sheet_of_opendocument_is_read() {
    let bytes = ods(&[
        &["", "名单"],
        &["", "姓名", "证件号码", "学号"],
        &["", "张三", NUMBER, "2026001"],
        &["", "李四"],
    ]);
    let Err(RosterError::Rows(faults)) = parse(&bytes, Form::Ods) else { panic!("one row is bad") };
    let expect = |column| RowFault { row: 4, column, reason: RowReason::Missing };
    assert_eq!(
        faults,
        [expect(RosterColumn::Document), expect(RosterColumn::StudentNumber)],
        "told by the row's number in the sheet"
    );
}

#[test]
fn limits_come_first() {
    let far: &[(&str, &str, &str)] = &[("XFD1048576", "inlineStr", "far")];
    let near: &[(&str, &str, &str)] =
        &[("A2", "inlineStr", "张三"), ("B2", "inlineStr", NUMBER), ("C2", "inlineStr", "2026001")];
    assert_eq!(parse(&xlsx(&[HEAD, near, far]), Form::Xlsx).unwrap().len(), 1, "no grid to the far corner");
    let long = format!("姓名,证件号码,学号\n{}", "张三,x,1\n".repeat(MOST_ROWS + HEADER_WITHIN));
    assert!(matches!(csv(&long), Err(RosterError::TooManyRows)), "a list has an end");
    let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.as_file().set_len(MOST_BYTES + 1).unwrap();
    assert!(matches!(read(file.path()), Err(RosterError::TooLarge)), "and so has a file");
}

#[test]
fn a_damaged_spreadsheet_is_named() {
    let whole = xlsx(&[HEAD]);
    for form in [Form::Xlsx, Form::Xls, Form::Ods] {
        for bytes in [b"".as_slice(), b"PK\x03\x04", &whole[..whole.len() / 2], SAMPLE.as_bytes()] {
            assert!(
                matches!(parse(bytes, form), Err(RosterError::Damaged)),
                "{form:?}, {} bytes",
                bytes.len()
            );
        }
    }
}

/// Nothing of what the list holds may stand in what is printed.
fn shows_nothing(result: &Result<Vec<RosterEntry>, RosterError>, secret: &str) {
    let shown = match result {
        Ok(entries) => format!("{entries:?}"),
        Err(error @ RosterError::Rows(rows)) => {
            format!("{error} {error:?} {}", rows.iter().map(RowFault::to_string).collect::<String>())
        }
        Err(error) => format!("{error} {error:?}"),
    };
    assert!(!shown.contains(secret), "{shown} shows what a cell holds");
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for bytes in [text.as_bytes(), &bytes] {
            for form in [Form::Csv, Form::Xlsx, Form::Xls, Form::Ods] {
                drop(parse(bytes, form));
            }
        }
    }

    #[test]
    fn any_cell_is_read_or_told_without_its_content(
        column in 0usize..6, cell in "[^\",\r\n;\t]{0,70}", secret in "[a-z]{7}[0-9]{5}",
    ) {
        let mut cells = ["张三", "", NUMBER, "2026001", "", ""].map(str::to_owned);
        cells[column] = format!("{cell}{secret}");
        let text = format!("姓名,证件类型,证件号码,学号,专业,毕业年份\n{}\n", cells.join(","));
        shows_nothing(&csv(&text), &secret);
    }

    #[test]
    fn a_spreadsheet_with_a_changed_byte_is_answered(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let row: &[(&str, &str, &str)] =
            &[("A2", "inlineStr", "张三"), ("B2", "inlineStr", NUMBER), ("C2", "inlineStr", "2026001")];
        let mut bytes = xlsx(&[HEAD, row]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        shows_nothing(&parse(&bytes, Form::Xlsx), NUMBER);
    }
}
