//! The zones of ICAO 9303's own examples, what a camera makes of them, and anything at all.

use super::*;
use proptest::prelude::*;

const PASSPORT: [&str; 2] =
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
const CARD: [&str; 3] =
    ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"];
const CHINESE: [&str; 2] =
    ["POCHNLIN<<XIAOYU<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "EJ12345673CHN0405177F3204061MOLFOLNKKMAGA930"];

fn day(text: &str) -> Option<CalendarDate> {
    CalendarDate::parse_compact(text)
}

#[test]
fn the_passport_of_the_standard_is_read() {
    let zone = read(&PASSPORT).unwrap();
    assert_eq!((zone.form, zone.code.as_str(), zone.issuer.as_str()), (Form::Td3, "P", "UTO"), "line 1");
    assert_eq!((zone.number.as_str(), zone.nationality.as_str()), ("L898902C3", "UTO"), "line 2");
    assert_eq!(zone.names, "ERIKSSON ANNA MARIA", "family name first");
    assert_eq!(zone.sex, Some(Sex::Female), "F");
    assert_eq!(
        (zone.birth, zone.expires),
        (day("19740812"), day("20120415")),
        "the century before the expiry"
    );
}

#[test]
fn the_card_of_the_standard_is_read() {
    let zone = read(&CARD).unwrap();
    assert_eq!(
        (zone.form, zone.code.as_str(), zone.number.as_str()),
        (Form::Td1, "I", "D23145890"),
        "line 1"
    );
    assert_eq!(zone.names, "ERIKSSON ANNA MARIA", "line 3");
    assert_eq!((zone.birth, zone.sex), (day("19740812"), Some(Sex::Female)), "line 2");
}

#[test]
fn lines_around_a_zone_do_no_harm() {
    let page = ["REPUBLIC<OF<UTOPIA", PASSPORT[0], "NOTHING0000000", PASSPORT[1], "12345678901234567890"];
    assert_eq!(read(&page).unwrap().number, "L898902C3", "the two lines are found");
    assert_eq!(read(&[PASSPORT[1], PASSPORT[0]]), Err(ZoneError::NoZone), "a page is read from its top");
}

#[test]
fn a_field_of_one_sort_forgives_the_resembling_character() {
    for (from, to) in
        [("7408122", "74O8I2Z"), ("UTO7408", "UT07408"), ("1204159", "I2O4IS9"), ("<<<<<10", "<<<<<IO")]
    {
        let lower = PASSPORT[1].replacen(from, to, 1);
        let zone = read(&[PASSPORT[0], lower.as_str()]).unwrap();
        assert_eq!(zone, read(&PASSPORT).unwrap(), "{to} can only mean {from}");
    }
    let lower = CHINESE[1].replacen("1234567", "I23AS67", 1);
    assert_eq!(
        read(&[CHINESE[0], lower.as_str()]).unwrap().number,
        "EJ1234567",
        "digits by the form of a Chinese number"
    );
}

#[test]
fn a_number_that_may_hold_both_is_not_guessed_at() {
    let lower = PASSPORT[1].replacen("L898902C3", "L8989O2C3", 1);
    let error = read(&[PASSPORT[0], lower.as_str()]).unwrap_err();
    assert_eq!(error, ZoneError::WrongCheckDigit(Field::Number), "an O may be an O");
}

#[test]
fn every_field_is_checked() {
    for (from, to, field) in [
        ("L898902C36", "L898902C37", Field::Number),
        ("7408122", "7408132", Field::Birth),
        ("1204159", "1204259", Field::Expiry),
        ("ZE184226B", "ZE184226C", Field::Personal),
        ("<<<<<10", "<<<<<11", Field::Composite),
    ] {
        let lower = PASSPORT[1].replacen(from, to, 1);
        assert_eq!(read(&[PASSPORT[0], lower.as_str()]), Err(ZoneError::WrongCheckDigit(field)), "{to}");
    }
}

#[test]
fn fillers_are_counted_again() {
    let whole = read(&PASSPORT).unwrap();
    for (upper, lower) in [
        ("P<UTOERIKSSON<<ANNA<MARIA", PASSPORT[1]),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<<<<<<<<", PASSPORT[1]),
        (PASSPORT[0], "L898902C36UTO7408122F1204159ZE184226B<<10"),
        (PASSPORT[0], "L898902C36UTO7408122F1204159ZE184226B<<<<<<<10"),
        ("P‹UTOERIKSSON«ANNA<MARIA", PASSPORT[1]),
    ] {
        assert_eq!(read(&[upper, lower]).unwrap(), whole, "{upper} {lower}");
    }
    let short = ["P<KORKIM<<MINJUN", "M1234567<0KOR0111300M3107128<<2"];
    assert_eq!(
        read(&short).unwrap().number,
        "M1234567",
        "the run whose check digits hold is the one that lost fillers"
    );
}

#[test]
fn fillers_lost_twice_are_counted_again() {
    let german = ["P<D<<MUSTERMANN<<ERIKA", "C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4"];
    let whole = read(&german).unwrap();
    assert_eq!(
        (whole.issuer.as_str(), whole.names.as_str()),
        ("D", "MUSTERMANN ERIKA"),
        "the example of its issuer"
    );
    let lost = ["P<D<MUSTERMANN<<ERIKA", "C01X00T478D<6408125F2702283<<<<<<<<<<4"];
    assert_eq!(read(&lost).unwrap(), whole, "one of the short run, more of the long one");
}

#[test]
fn names_are_given_only_where_the_line_surely_begins_where_it_should() {
    let names = |upper: &str| read(&[upper, PASSPORT[1]]).unwrap().names;
    assert_eq!(
        names("PUTOERIKSSON<<ANNA<MARIA"),
        "ERIKSSON ANNA MARIA",
        "a lost filler is noticed by the nationality"
    );
    assert_eq!(names("P<<UTOERIKSSON<<ANNA<MARIA"), "ERIKSSON ANNA MARIA", "so is a doubled one");
    assert_eq!(names("P<UTERIKSSON<<ANNA<MARIA"), "", "a lost letter leaves no names");
}

#[test]
fn what_is_no_zone_is_refused() {
    for lines in
        [&[][..], &["P"], &["P<<<<<<<<<<<<<", "<<<<<<<<<<<<<<<<<<"], &["V<UTOERIKSSON<<ANNA", PASSPORT[1]]]
    {
        assert_eq!(read(lines), Err(ZoneError::NoZone), "{lines:?}");
    }
    assert!(read(&["P<<<<<<<<<<<<<", &"<".repeat(44)]).is_err(), "fillers alone check to nothing");
}

#[test]
fn nothing_of_a_zone_is_printed() {
    let printed = format!("{:?}", read(&PASSPORT).unwrap());
    assert_eq!(printed, "Zone(redacted)", "logs see nothing");
}

proptest! {
    #[test]
    fn any_lines_are_answered(lines in prop::collection::vec(".{0,70}", 0..10), near in prop::collection::vec("[A-Z0-9<]{28,46}", 0..5)) {
        for error in [read(&lines).err(), read(&near).err()].into_iter().flatten() {
            let printed = format!("{error} {error:?}");
            prop_assert!(near.iter().all(|line| !printed.contains(line.as_str())), "an error holds nothing of the lines");
        }
    }

    #[test]
    fn a_damaged_passport_is_never_read_as_another(place in 0usize..9, other in "[A-Z0-9<]", cut in 0usize..3) {
        let mut lower = PASSPORT[1].as_bytes().to_vec();
        lower[place] = other.as_bytes()[0];
        let at = 37 + cut;
        lower.drain(37..at);
        if let Ok(zone) = read(&[PASSPORT[0], std::str::from_utf8(&lower).unwrap()]) {
            // One check digit lets one wrong character in ten pass: those whose values differ by ten.
            let differs = |c: u8| (i32::from(value_of(c)) - i32::from(value_of(PASSPORT[1].as_bytes()[place]))) % 10;
            prop_assert_eq!(differs(other.as_bytes()[0]), 0, "only what the check digit cannot tell apart passes");
            prop_assert_eq!(zone.number.len() + usize::from(other == "<" && place == 8), 9, "the number keeps its length");
        }
    }
}

fn value_of(c: u8) -> u8 {
    match c {
        b'0'..=b'9' => c - b'0',
        b'A'..=b'Z' => c - b'A' + 10,
        _ => 0,
    }
}
