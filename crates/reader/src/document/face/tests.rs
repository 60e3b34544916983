//! Lines as the network could give them, and anything at all.

use super::*;
use proptest::prelude::*;

/// The example of GB 11643.
const NUMBER: &str = "11010519491231002X";

fn line_at(text: &str, left: f32, top: f32, width: f32) -> Line {
    let corners = [(left, top), (left + width, top), (left + width, top + 20.0), (left, top + 20.0)];
    let glyphs = text.chars().map(|character| Glyph { character, confidence: 0.99 }).collect();
    Line { quad: Quad::new(corners), glyphs, zone: Vec::new() }
}

fn line(text: &str) -> Line {
    line_at(text, 270.0, 480.0, 457.0)
}

fn read_number(text: &str) -> Option<String> {
    number(&line(text)).map(|number| number.document.as_str().to_owned())
}

#[test]
fn a_number_is_read_alone_and_behind_its_word() {
    for text in
        [NUMBER, "公民身份号码11010519491231002X", "公民身份号码 11010519491231002x", "11O1O519491231OO2X"]
    {
        assert_eq!(read_number(text).as_deref(), Some(NUMBER), "{text}");
    }
}

#[test]
fn what_is_no_sound_number_is_not_read() {
    for text in
        ["110105194912310021", "1101051949123100", "911010519491231002X", "住址北京市朝阳区建国路1号", ""]
    {
        assert_eq!(read_number(text), None, "{text}");
    }
    let mut unsure = line(NUMBER);
    unsure.glyphs[4].confidence = 0.3;
    assert!(number(&unsure).is_none(), "one unsure character is enough to doubt the number");
}

#[test]
fn a_name_stands_behind_beside_or_under_its_word() {
    let number = number(&line(NUMBER)).unwrap();
    let read = |lines: &[Line]| {
        names(&number, lines).into_iter().map(|name| name.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(read(&[line_at("姓名林晓雨", 50.0, 100.0, 200.0)]), ["林晓雨"], "one line");
    let beside = [
        line_at("姓名", 50.0, 100.0, 50.0),
        line_at("王 芳", 140.0, 102.0, 60.0),
        line_at("女", 140.0, 170.0, 20.0),
    ];
    assert_eq!(read(&beside), ["王芳"], "two lines side by side");
    let under = [
        line_at("姓名/Name", 290.0, 100.0, 90.0),
        line_at("ERIKSSON ANNA", 290.0, 135.0, 200.0),
        line_at("李安娜", 640.0, 135.0, 80.0),
        line_at("性别/Sex", 290.0, 170.0, 90.0),
    ];
    assert_eq!(read(&under), ["ERIKSSON ANNA", "李安娜"], "under its word");
    assert_eq!(read(&[line_at("林晓雨", 140.0, 100.0, 60.0)]), [""; 0], "no word, no name");
}

#[test]
fn the_end_of_validity_is_the_second_day() {
    let day = CalendarDate::parse_compact("20340228");
    assert_eq!(expiry("2024.03.01-2034.02.28"), day, "two days");
    for text in ["2034.02.28", "2034.03.01-2024.02.28", "a2024.03.01-2034.02.28", "2024.13.01-2034.02.28"] {
        assert_eq!(expiry(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn any_line_is_answered(texts in prop::collection::vec(".{0,30}|[0-9OIXx姓名]{15,24}", 1..5), left in -50f32..900.0, top in -50f32..700.0, width in 0f32..900.0) {
        let lines: Vec<Line> = texts.iter().map(|text| line_at(text, left, top, width)).collect();
        for line in &lines {
            let _ = expiry(&line.text());
            if let Some(number) = number(line) {
                prop_assert!(KINDS.contains(&number.document.kind()), "one of the kinds with a check digit");
                let _ = names(&number, &lines);
            }
        }
    }
}
