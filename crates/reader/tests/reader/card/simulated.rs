//! The reader that is played by hand, and the one that is not there.

use super::rig::{RigCard, RigKind};
use reader::card::{
    Card, CardFault, CardKind, CardReader, CardTextError, NoReader, ReaderFault, ReaderKind, SimulatedReader,
};
use std::time::Duration;

fn card() -> Card {
    Card::parse(&RigCard::invented(RigKind::Resident).text_block()).unwrap()
}

#[test]
fn it_keeps_the_rules_of_a_real_one() {
    let reader = SimulatedReader::new();
    assert_eq!(reader.kind(), ReaderKind::Simulated, "it is labelled");
    reader.lay(card());
    assert_eq!(reader.newest(0), None, "disarmed, it reads nothing");
    reader.arm(true);
    assert_eq!(reader.newest(0).unwrap().outcome, Err(CardFault::LiftFirst), "what lay there must be lifted");
    reader.lift();
    reader.lay(card());
    let reading = reader.newest(1).unwrap();
    assert_eq!((reading.sequence, reading.outcome), (2, Ok(card())), "laid on while armed, it is read");
    assert_eq!(reader.wait_newer(2, Duration::from_millis(1)), None, "once");
    reader.lift();
    reader.arm(false);
    assert_eq!(reader.newest(0), None, "disarmed, it has forgotten");
    reader.arm(true);
    assert_eq!(reader.newest(0), None, "nothing lies there");
}

#[test]
fn it_plays_faults() {
    let reader = SimulatedReader::new();
    reader.arm(true);
    reader.lay_faulty(CardFault::PulledAway);
    assert_eq!(reader.newest(0).unwrap().outcome, Err(CardFault::PulledAway), "of a card");
    reader.lay(Card { kind: CardKind::ForeignPermanentResident2023, ..card() });
    let damaged = CardFault::Damaged(CardTextError::NumberOfOtherKind);
    assert_eq!(reader.newest(1).unwrap().outcome, Err(damaged), "a card that contradicts itself");
    reader.set_fault(Some(ReaderFault::Unplugged));
    assert_eq!(reader.fault(), Some(ReaderFault::Unplugged), "of the reader");
    reader.lay(card());
    assert_eq!(reader.newest(2), None, "with one it reads nothing");
}

#[test]
fn no_reader_reads_nothing_and_has_no_fault() {
    let reader: &dyn CardReader = &NoReader::new();
    reader.arm(true);
    assert_eq!(reader.kind(), ReaderKind::None, "it is labelled");
    assert_eq!((reader.fault(), reader.newest(0)), (None, None), "nothing is wrong, nothing comes");
    assert_eq!(reader.wait_newer(0, Duration::from_millis(1)), None, "nor later");
}
