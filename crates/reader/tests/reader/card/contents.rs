//! What a card's text may say, and how it is refused.

use super::rig::{RigCard, RigKind, with_check};
use domain::CalendarDate;
use domain::document::{DocumentError, Sex};
use domain::person_name::NameError;
use proptest::prelude::*;
use reader::card::{Card, CardFault, CardTextError, NotValid, TEXT_BLOCK_BYTES, Validity};

fn parse(card: &RigCard) -> Result<Card, CardTextError> {
    Card::parse(&card.text_block())
}

fn day(text: &str) -> CalendarDate {
    CalendarDate::parse_compact(text).unwrap()
}

fn of(kind: RigKind, change: impl FnOnce(&mut RigCard)) -> RigCard {
    let mut card = RigCard::invented(kind);
    change(&mut card);
    card
}

#[test]
fn names_of_every_sort_are_kept() {
    for (kind, chinese, latin, name, latin_name) in [
        (RigKind::Resident, "张  三", "", "张三", None),
        (RigKind::Resident, "𠮷田𬱖", "", "𠮷田𬱖", None),
        (RigKind::Resident, "阿卜杜拉·买买提江艾合买提", "", "阿卜杜拉·买买提江艾合买提", None),
        (RigKind::Resident, "一二三四五六七八九十甲乙丙丁戊", "", "一二三四五六七八九十甲乙丙丁戊", None),
        (RigKind::Foreign2017, "", "O'NEIL, MARY-ANN", "O'NEIL MARY-ANN", Some("O'NEIL MARY-ANN")),
        (RigKind::Foreign2017, "安", "MÜLLER, J. R.", "安", Some("MÜLLER J R")),
        (
            RigKind::Foreign2023,
            "",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ ABCDEFG HIJKL",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ ABCDEFG HIJKL",
            Some("ABCDEFGHIJKLMNOPQRSTUVWXYZ ABCDEFG HIJKL"),
        ),
        // A word's end at the end of the first place: the space between the two places is a space of the name.
        (
            RigKind::Foreign2023,
            "安",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ ABCDEFG HI",
            "安",
            Some("ABCDEFGHIJKLMNOPQRSTUVWXYZ ABCDEFG HI"),
        ),
        // A Latin name that is longer than names are here is left out where there is a Chinese one.
        (RigKind::Foreign2023, "安", "ABCDEFGHIJKLMNOPQRSTUVWXYZ ABCDEFG HIJKLM", "安", None),
    ] {
        let card = of(kind, |card| (card.name, card.latin_name) = (chinese.into(), latin.into()));
        let card = parse(&card).unwrap();
        assert_eq!(card.name.as_str(), name, "{chinese} {latin}");
        assert_eq!(card.latin_name.as_ref().map(|name| name.as_str()), latin_name, "{chinese} {latin}");
    }
}

#[test]
fn what_a_card_cannot_say_is_refused_by_name() {
    use CardTextError as E;
    let resident = |change: fn(&mut RigCard)| of(RigKind::Resident, change);
    for (card, error) in [
        (resident(|c| c.number = "11010520030412347".into()), E::Number(DocumentError::WrongLength)),
        (resident(|c| c.number.replace_range(17.., "A")), E::Number(DocumentError::UnexpectedCharacter)),
        (resident(|c| c.number.replace_range(3..4, "2")), E::Number(DocumentError::WrongCheckDigit)),
        (
            resident(|c| c.number = with_check("11010520030431347")),
            E::Number(DocumentError::ImpossibleBirthDate),
        ),
        (
            of(RigKind::Permit, |c| c.number = with_check("11010520030920128")),
            E::Number(DocumentError::UnknownRegion),
        ),
        (resident(|c| c.name = String::new()), E::Name(NameError::Empty)),
        // A rare character that a chip keeps in the private use area: no font and no form of this booth has it.
        (resident(|c| c.name = "张\u{E863}".into()), E::Name(NameError::UnexpectedCharacter)),
        (resident(|c| c.name = "张😀".into()), E::Name(NameError::UnexpectedCharacter)),
        (of(RigKind::Foreign2023, |c| c.latin_name = "A".repeat(41)), E::Name(NameError::TooLong)),
        (of(RigKind::Foreign2017, |c| c.sex = "9".into()), E::Sex),
        (resident(|c| c.birth = "20030431".into()), E::Birth),
        (resident(|c| c.birth = "20030413".into()), E::BirthDisagrees),
        (resident(|c| c.valid_from = "2020-1-1".into()), E::Validity),
        (resident(|c| c.valid_until = "永远".into()), E::Validity),
        (resident(|c| c.valid_until = "20191231".into()), E::ValidityDisagrees),
        (resident(|c| c.valid_from = "20030411".into()), E::ValidityDisagrees),
    ] {
        assert_eq!(parse(&card), Err(error), "{card:?}");
    }
}

#[test]
fn blocks_that_are_no_card_are_refused() {
    let sound = RigCard::invented(RigKind::Resident).text_block();
    let with = |at: usize, bytes: [u8; 2]| {
        let mut block = sound;
        block[at..at + 2].copy_from_slice(&bytes);
        Card::parse(&block)
    };
    assert_eq!(with(248, [b'Z', 0]), Err(CardTextError::UnknownKind), "another letter");
    assert_eq!(with(0, [0x42, 0xD8]), Err(CardTextError::NotText), "half a surrogate pair");
    assert_eq!(Card::parse(&sound[..255]), Err(CardTextError::WrongLength), "a byte short");
    assert_eq!(
        CardFault::from(CardTextError::UnknownKind),
        CardFault::UnknownKind,
        "the student's word for it"
    );
    let number_of_2023 = of(RigKind::Foreign2017, |card| card.number = "11010120030731".into());
    assert!(parse(&number_of_2023).is_err(), "a number of another version");
}

#[test]
fn a_sex_that_the_card_leaves_open_is_the_numbers() {
    let card = of(RigKind::Resident, |card| card.sex = "0".into());
    assert_eq!(parse(&card).map(|card| card.sex), Ok(Sex::Male), "the 17th digit is odd");
}

#[test]
fn first_and_last_day_count() {
    let card = parse(&RigCard::invented(RigKind::Resident)).unwrap();
    let for_life = Card { valid_until: Validity::LongTerm, ..card.clone() };
    for (on, expect, for_life_expect) in [
        ("20191231", Err(NotValid::NotYet), Err(NotValid::NotYet)),
        ("20200101", Ok(()), Ok(())),
        ("20400101", Ok(()), Ok(())),
        ("20400102", Err(NotValid::Expired), Ok(())),
    ] {
        assert_eq!(card.is_valid_on(day(on)), expect, "on {on}");
        assert_eq!(for_life.is_valid_on(day(on)), for_life_expect, "for life, on {on}");
    }
}

#[test]
fn nothing_of_a_card_is_printed() {
    for kind in RigKind::ALL {
        let laid = RigCard::invented(kind);
        let printed = format!("{:?}", parse(&laid).unwrap());
        for part in [&laid.number[3..9], &laid.birth, &laid.name, &laid.latin_name, &laid.valid_from] {
            assert!(part.is_empty() || !printed.contains(part), "{printed} shows {part}");
        }
    }
}

/// Blocks that are sound but for some bytes.
fn nearly_sound() -> impl Strategy<Value = [u8; TEXT_BLOCK_BYTES]> {
    let changes = prop::collection::vec((0..TEXT_BLOCK_BYTES, any::<u8>()), 0..6);
    (prop::sample::select(RigKind::ALL.to_vec()), changes).prop_map(|(kind, changes)| {
        let mut block = RigCard::invented(kind).text_block();
        for (at, byte) in changes {
            block[at] = byte;
        }
        block
    })
}

proptest! {
    #[test]
    fn any_block_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..300), near in nearly_sound()) {
        for block in [bytes.as_slice(), &near] {
            match Card::parse(block) {
                Ok(card) => {
                    prop_assert!(card.document.birth_date().is_none_or(|birth| birth == card.birth), "births agree");
                    prop_assert!(format!("{card:?}").ends_with(", redacted)"), "nothing is printed");
                    prop_assert_eq!(card.clone().checked(), Ok(card), "checking again changes nothing");
                }
                Err(error) => {
                    let said = format!("{error} {error:?} {:?}", CardFault::from(error));
                    prop_assert!(!said.contains("1101"), "errors name rules, not numbers");
                }
            }
        }
    }

    #[test]
    fn what_a_card_says_comes_back(
        year in 1950u16..2010, month in 1u8..=12, date in 1u8..=28, sequence in 0u16..1000, name in "[一-龥𠀀-𠀿]{1,7}",
    ) {
        let birth = format!("{year}{month:02}{date:02}");
        let number = with_check(&format!("440106{birth}{sequence:03}"));
        let laid = of(RigKind::Resident, |card| (card.birth, card.number, card.name) = (birth, number, name));
        let card = parse(&laid).unwrap();
        prop_assert_eq!(card.document.as_str(), laid.number, "the number");
        prop_assert_eq!(card.name.as_str(), laid.name, "the name");
        prop_assert_eq!(card.birth, day(&laid.birth), "the birth");
    }
}
