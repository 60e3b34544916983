//! Every number here is invented; the resident's is the example printed in GB 11643 itself.

use super::eighteen::check_character;
use super::*;
use proptest::prelude::*;

const EXAMPLE: &str = "11010519491231002X";

fn checked(seventeen: &str) -> String {
    let digits: [u8; 17] = std::array::from_fn(|i| seventeen.as_bytes()[i] - b'0');
    format!("{seventeen}{}", char::from(check_character(&digits)))
}

fn check(kind: DocumentKind, typed: &str, expect: Result<&str, DocumentError>) {
    let parsed = DocumentNumber::parse(kind, typed);
    assert_eq!(parsed.as_ref().map(DocumentNumber::as_str), expect.as_ref().copied(), "{kind:?} {typed}");
}

#[test]
fn resident_ids_pass_every_rule_or_name_the_broken_one() {
    let kind = DocumentKind::ResidentId;
    check(kind, EXAMPLE, Ok(EXAMPLE));
    check(kind, " 110105 19491231 002x", Ok(EXAMPLE));
    check(kind, "１１０１０５１９４９１２３１００２Ｘ", Ok(EXAMPLE));
    check(kind, "110105194912310021", Err(DocumentError::WrongCheckDigit));
    check(kind, "11010519491231002", Err(DocumentError::WrongLength));
    check(kind, "", Err(DocumentError::WrongLength));
    check(kind, "1101051949123100XX", Err(DocumentError::UnexpectedCharacter));
    check(kind, "一一一一一一一一一一一一一一一一一一", Err(DocumentError::UnexpectedCharacter));
    check(kind, &checked("11010520230229002"), Err(DocumentError::ImpossibleBirthDate));
    check(kind, &checked("99010519491231002"), Err(DocumentError::UnknownRegion));
    check(kind, &checked("83010519491231002"), Err(DocumentError::UnknownRegion));
    let permit = DocumentError::OtherKind(DocumentKind::HkMacaoTaiwanResidence);
    check(kind, &checked("81000020050615001"), Err(permit));
}

#[test]
fn a_number_rounded_by_a_spreadsheet_is_refused() {
    let exact = checked("11010519991231075");
    let rounded = format!("{}{}", &exact[..15], "000");
    check(DocumentKind::ResidentId, &rounded, Err(DocumentError::WrongCheckDigit));
}

#[test]
fn residence_permits_have_three_regions() {
    let kind = DocumentKind::HkMacaoTaiwanResidence;
    for region in ["810000", "820000", "830000"] {
        let number = checked(&format!("{region}20050615001"));
        check(kind, &number, Ok(&number));
    }
    check(kind, EXAMPLE, Err(DocumentError::UnknownRegion));
}

#[test]
fn both_versions_of_the_permanent_resident_card_are_read() {
    let kind = DocumentKind::ForeignPermanentResident;
    let of_2023 = checked("91184019990708012");
    check(kind, &of_2023, Ok(&of_2023));
    check(kind, "usa 110099070801", Ok("USA110099070801"));
    check(kind, "US1110099070801", Err(DocumentError::UnexpectedCharacter));
    check(kind, "USA11009907080", Err(DocumentError::WrongLength));
    check(kind, EXAMPLE, Err(DocumentError::UnknownRegion));
}

#[test]
fn passports_and_permits_follow_their_patterns() {
    for (kind, typed, expect) in [
        (DocumentKind::Passport, "e12345678", Ok("E12345678")),
        (DocumentKind::Passport, "EA1234567", Ok("EA1234567")),
        (DocumentKind::Passport, "123456", Ok("123456")),
        (DocumentKind::Passport, "12345", Err(DocumentError::WrongLength)),
        (DocumentKind::Passport, "E123456789", Err(DocumentError::WrongLength)),
        (DocumentKind::Passport, "ABCDEFG", Err(DocumentError::UnexpectedCharacter)),
        (DocumentKind::Passport, "E1234-678", Err(DocumentError::UnexpectedCharacter)),
        (DocumentKind::HomeReturnPermit, "h12345678", Ok("H12345678")),
        (DocumentKind::HomeReturnPermit, "M 1234 5678", Ok("M12345678")),
        (DocumentKind::HomeReturnPermit, "K12345678", Err(DocumentError::UnknownRegion)),
        (DocumentKind::HomeReturnPermit, "H1234567", Err(DocumentError::WrongLength)),
        (DocumentKind::HomeReturnPermit, "HH2345678", Err(DocumentError::UnexpectedCharacter)),
        (DocumentKind::TaiwanCompatriotPermit, "１２３４５６７８", Ok("12345678")),
        (DocumentKind::TaiwanCompatriotPermit, "1234567A", Err(DocumentError::UnexpectedCharacter)),
        (DocumentKind::TaiwanCompatriotPermit, "123456789", Err(DocumentError::WrongLength)),
    ] {
        check(kind, typed, expect);
    }
}

#[test]
fn a_chinese_passport_is_known_by_its_form() {
    for (number, chinese) in [
        ("E12345678", true),
        ("G12345678", true),
        ("EA1234567", true),
        ("EI1234567", false),
        ("EO1234567", false),
        ("P12345678", false),
        ("E1234567", false),
    ] {
        assert_eq!(PassportNumber::parse(number).unwrap().has_chinese_form(), chinese, "{number}");
    }
}

#[test]
fn a_number_tells_birth_sex_and_age() {
    let day = |text| CalendarDate::parse_compact(text).unwrap();
    let number = DocumentNumber::parse(DocumentKind::ResidentId, &checked("11010520101015001")).unwrap();
    assert_eq!(number.birth_date(), Some(day("20101015")), "digits 7 to 14");
    assert_eq!(number.sex(), Some(Sex::Male), "an odd 17th digit");
    assert_eq!(number.age_on(day("20241014")), Some(13), "the day before the fourteenth birthday");
    assert_eq!(number.age_on(day("20241015")), Some(14), "the fourteenth birthday");
    let woman = DocumentNumber::parse(DocumentKind::ResidentId, EXAMPLE).unwrap();
    assert_eq!(woman.sex(), Some(Sex::Female), "an even 17th digit");
    let passport = DocumentNumber::parse(DocumentKind::Passport, "E12345678").unwrap();
    assert_eq!((passport.birth_date(), passport.sex()), (None, None), "a passport's number tells neither");
}

#[test]
fn screens_see_masks_and_logs_see_nothing() {
    for (kind, number, masked) in [
        (DocumentKind::ResidentId, EXAMPLE, "110***********002X"),
        (DocumentKind::Passport, "E12345678", "E*****678"),
        (DocumentKind::Passport, "123456", "1***56"),
        (DocumentKind::TaiwanCompatriotPermit, "12345678", "1****678"),
    ] {
        let parsed = DocumentNumber::parse(kind, number).unwrap();
        assert_eq!(parsed.masked(), masked, "{number}");
        let debug = format!("{parsed:?}");
        assert!(
            !debug.contains(&number[..4]) && !debug.contains(parsed.last_six()),
            "{debug} shows the number"
        );
    }
    let parsed = DocumentNumber::parse(DocumentKind::ResidentId, EXAMPLE).unwrap();
    assert_eq!(parsed.last_six(), "31002X", "the last six characters");
}

#[test]
fn kinds_have_codes() {
    for kind in DocumentKind::ALL {
        assert_eq!(DocumentKind::parse(kind.as_str()), Some(kind), "{kind:?}");
    }
    assert_eq!(DocumentKind::parse("driving_licence"), None, "other codes are refused");
}

proptest! {
    #[test]
    fn any_text_is_answered(text in any::<String>(), near in "[0-9A-Zx ０-９]{0,20}") {
        for kind in DocumentKind::ALL {
            for typed in [&text, &near] {
                if let Ok(number) = DocumentNumber::parse(kind, typed) {
                    let again = DocumentNumber::parse(kind, number.as_str());
                    prop_assert_eq!(again, Ok(number.clone()), "parsing again changes nothing");
                    prop_assert_eq!(number.kind(), kind, "the kind is the one asked for");
                    prop_assert_eq!(number.last_six().len(), 6, "six characters");
                    prop_assert_ne!(number.masked(), number.as_str(), "a mask hides something");
                }
            }
        }
    }

    #[test]
    fn the_check_catches_every_single_error_and_neighbour_swap(
        province in prop::sample::select(vec!["11", "31", "44", "53", "65", "82"]),
        district in "[0-9]{4}",
        year in 1950u16..2010,
        month in 1u8..=12,
        day in 1u8..=28,
        sequence in "[0-9]{3}",
        place in 0usize..17,
        change in 1u8..10,
    ) {
        let number = checked(&format!("{province}{district}{year}{month:02}{day:02}{sequence}"));
        prop_assume!(!number.starts_with("820000"));
        let parsed = DocumentNumber::parse(DocumentKind::ResidentId, &number);
        prop_assert_eq!(parsed.as_ref().map(DocumentNumber::as_str), Ok(number.as_str()), "a right number passes");

        let mut wrong = number.clone().into_bytes();
        wrong[place] = b'0' + (wrong[place] - b'0' + change) % 10;
        let wrong = DocumentNumber::parse(DocumentKind::ResidentId, std::str::from_utf8(&wrong).unwrap());
        prop_assert_eq!(wrong, Err(DocumentError::WrongCheckDigit), "one wrong digit");

        let mut swapped = number.clone().into_bytes();
        swapped.swap(place, place + 1);
        if swapped != number.as_bytes() {
            let swapped = DocumentNumber::parse(DocumentKind::ResidentId, std::str::from_utf8(&swapped).unwrap());
            prop_assert!(swapped.is_err(), "two neighbours swapped");
        }
    }
}
