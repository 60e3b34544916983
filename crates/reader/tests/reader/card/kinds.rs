//! The four kinds of card, read over the pseudo-terminal.

use super::rig::{RigCard, RigKind};
use super::{armed, next};
use domain::document::Sex;
use reader::card::{Card, CardKind, Validity};

#[test]
fn every_kind_is_read() {
    let (rig, reader) = armed();
    let mut after = 0;
    for (kind, expect, name, latin, sex) in [
        (RigKind::Resident, CardKind::Resident, "林晓晨", None, Sex::Male),
        (RigKind::Permit, CardKind::HkMacaoTaiwanResidence, "陈嘉怡", None, Sex::Female),
        (
            RigKind::Foreign2017,
            CardKind::ForeignPermanentResident2017,
            "安娜",
            Some("EXAMPLE ANNA MARIA"),
            Sex::Female,
        ),
        (
            RigKind::Foreign2023,
            CardKind::ForeignPermanentResident2023,
            "SAMPLE JOHN ALBERT",
            Some("SAMPLE JOHN ALBERT"),
            Sex::Male,
        ),
    ] {
        let laid = RigCard::invented(kind);
        rig.lay(&laid);
        let (reading, took) = next(&reader, after);
        println!("{kind:?} was read {took:?} after it was laid on");
        after = reading.sequence;
        let card = reading.outcome.unwrap();
        let day = |d: domain::CalendarDate| format!("{:04}{:02}{:02}", d.year(), d.month(), d.day());
        assert_eq!(card.kind, expect, "the kind");
        assert_eq!(card.document.as_str(), laid.number, "the number of {kind:?}");
        assert_eq!(card.document.kind(), expect.document_kind(), "the kind of document");
        assert_eq!(card.name.as_str(), name, "the name of {kind:?}");
        assert_eq!(card.latin_name.as_ref().map(|n| n.as_str()), latin, "the Latin name of {kind:?}");
        assert_eq!(card.sex, sex, "the sex of {kind:?}");
        assert_eq!(day(card.birth), laid.birth, "the birth of {kind:?}");
        assert_eq!(day(card.valid_from), laid.valid_from, "the first day of {kind:?}");
        let Validity::Until(last) = card.valid_until else { panic!("it ends") };
        assert_eq!(day(last), laid.valid_until, "the last day of {kind:?}");
        rig.lift();
        super::five_looks(&rig);
    }
    assert_eq!(rig.asked().reads, 4, "each card is read once");
}

#[test]
fn a_card_from_the_reader_is_the_one_of_its_block() {
    let (rig, reader) = armed();
    let laid = RigCard { valid_until: "长期".into(), ..RigCard::invented(RigKind::Resident) };
    rig.lay(&laid);
    let card = next(&reader, 0).0.outcome.unwrap();
    assert_eq!(Ok(&card), Card::parse(&laid.text_block()).as_ref(), "the line adds and takes nothing");
    assert_eq!(card.valid_until, Validity::LongTerm, "长期");
}
