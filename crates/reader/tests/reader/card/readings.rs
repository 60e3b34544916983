//! When a card is read, and when not.

use super::rig::{Fault, RigCard, RigKind, Step};
use super::{armed, each, five_looks, next, resident, until};
use reader::card::{CardFault, CardReader, CardTextError, SerialReader};
use std::time::{Duration, Instant};

#[test]
fn a_card_that_stays_is_read_once() {
    each(&[true, false], |finds_again| {
        let (rig, reader) = armed();
        rig.finds_again(finds_again);
        rig.lay(&resident());
        let first = next(&reader, 0).0;
        assert!(first.outcome.is_ok(), "it is read");
        five_looks(&rig);
        assert_eq!(rig.asked().reads, 1, "and not again while it lies there (finds it again: {finds_again})");
        assert_eq!(reader.newest(first.sequence), None, "so there is nothing newer");
        rig.lift();
        five_looks(&rig);
        rig.lay(&resident());
        assert!(
            next(&reader, first.sequence).0.outcome.is_ok(),
            "lifted and laid on again, it is read again"
        );
    });
}

#[test]
fn a_card_missed_for_a_moment_was_not_lifted() {
    let (rig, reader) = armed();
    rig.lay(&resident());
    let first = next(&reader, 0).0;
    assert!(first.outcome.is_ok(), "it is read");
    for _ in 0..2 {
        rig.play_once(Fault::Refuse(Step::Find, 0x80));
        five_looks(&rig);
    }
    assert_eq!(rig.asked().reads, 1, "a weak answer is no new card");
    assert_eq!(reader.newest(first.sequence), None, "and no reading");
}

#[test]
fn disarmed_it_reads_nothing_and_forgets() {
    let (rig, reader) = armed();
    rig.lay(&resident());
    assert!(next(&reader, 0).0.outcome.is_ok(), "armed, it reads");
    reader.arm(false);
    assert_eq!(reader.newest(0), None, "disarmed, it has forgotten");

    rig.lift();
    five_looks(&rig);
    rig.lay(&RigCard::invented(RigKind::Permit));
    let before = rig.asked();
    until("two more looks", || (rig.asked().finds >= before.finds + 2).then_some(()));
    assert_eq!((rig.asked().selects, rig.asked().reads), (before.selects, before.reads), "nothing was read");
    assert_eq!(reader.newest(0), None, "nor handed over");
}

#[test]
fn a_card_that_lay_there_before_must_be_lifted_first() {
    let (rig, reader) = armed();
    rig.lay(&resident());
    let read = next(&reader, 0).0.sequence;
    reader.arm(false);
    reader.arm(true);
    let (told, _) = next(&reader, read);
    assert_eq!(told.outcome, Err(CardFault::LiftFirst), "it may be the card of the student before");
    rig.lift();
    five_looks(&rig);
    rig.lay(&RigCard::invented(RigKind::Permit));
    let card = next(&reader, told.sequence).0.outcome.unwrap();
    assert_eq!(card.name.as_str(), "陈嘉怡", "the next student's card");
    assert_eq!(rig.asked().reads, 2, "the card that lay there was not read");
}

#[test]
fn what_was_begun_in_one_arming_is_not_told_in_the_next() {
    let (rig, reader) = armed();
    rig.play(Fault::Dribble(Duration::from_micros(300)));
    rig.lay(&resident());
    until("the reading to begin", || (rig.asked().reads == 1).then_some(()));
    reader.arm(false);
    reader.arm(true);
    let told = next(&reader, 0).0;
    assert_eq!(told.outcome, Err(CardFault::LiftFirst), "the card of before is not handed over");
}

#[test]
fn a_card_laid_on_a_moment_before_is_read() {
    let (rig, reader) = armed();
    reader.arm(false);
    let finds = rig.asked().finds;
    until("a look", || (rig.asked().finds > finds).then_some(()));
    // The next look is a second away, unless arming wakes the reader.
    rig.lay(&resident());
    reader.arm(true);
    let (reading, took) = next(&reader, 0);
    println!("laid on a moment before the arming: read {took:?} after it");
    assert!(reading.outcome.is_ok(), "the seat was seen empty just before: {reading:?}");
}

#[test]
fn a_late_answer_is_not_taken_for_the_next_one() {
    let (rig, reader) = armed();
    reader.arm(false);
    // Half a second after the question was given up, and half a second before the next one.
    rig.play_once(Fault::Late(Duration::from_millis(1500)));
    rig.lay(&resident());
    let finds = rig.asked().finds;
    until("the question that is answered late", || (rig.asked().finds > finds).then_some(()));
    rig.lift();
    until("the question after it", || (rig.asked().finds > finds + 1).then_some(()));
    rig.lay(&resident());
    reader.arm(true);
    let reading = next(&reader, 0).0;
    assert!(reading.outcome.is_ok(), "the seat was empty by the newer answer: {reading:?}");
}

#[test]
fn a_card_pulled_away_half_way_is_asked_for_again() {
    let ways = [
        ("before it was selected", Fault::PulledAway(Step::Select)),
        ("before it was read", Fault::PulledAway(Step::Read)),
        ("and the answer ends half way", Fault::HalfAnswer),
    ];
    each(&ways, |(what, fault)| {
        let (rig, reader) = armed();
        rig.play(fault);
        rig.lay(&resident());
        if fault == Fault::HalfAnswer {
            until("the reading to begin", || (rig.asked().reads == 1).then_some(()));
            rig.lift();
        }
        let (reading, took) = next(&reader, 0);
        println!("pulled away {what}: told after {took:?}");
        assert_eq!(reading.outcome, Err(CardFault::PulledAway), "pulled away {what}");
        rig.play(Fault::None);
        rig.lay(&resident());
        let (reading, took) = next(&reader, reading.sequence);
        println!("laid on again: read after {took:?}");
        assert!(reading.outcome.is_ok(), "pulled away {what}, then laid on again, it is read");
        assert_eq!(reader.fault(), None, "the reader is well");
    });
}

#[test]
fn every_refusal_has_its_name() {
    let refusals = [
        (Step::Select, 0x81, CardFault::Unreadable),
        (Step::Read, 0x41, CardFault::Unreadable),
        (Step::Read, 0x31, CardFault::NotAccepted),
        (Step::Read, 0x32, CardFault::NotAccepted),
        (Step::Read, 0x77, CardFault::Unreadable),
    ];
    each(&refusals, |(step, status, fault)| {
        let (rig, reader) = armed();
        rig.play(Fault::Refuse(step, status));
        rig.lay(&resident());
        let (reading, took) = next(&reader, 0);
        println!("{step:?} refused with {status:02x}: {:?} after {took:?}", reading.outcome);
        assert_eq!(reading.outcome, Err(fault), "{step:?} refused with {status:02x}");
        assert_eq!(reader.fault(), None, "the reader itself is well");
    });
}

#[test]
fn a_refusal_that_passes_is_not_told() {
    let (rig, reader) = armed();
    let mut after = 0;
    for (step, status) in [(Step::Select, 0x81), (Step::Read, 0x41), (Step::Read, 0x10), (Step::Find, 0x11)] {
        rig.play_once(Fault::Refuse(step, status));
        rig.lay(&resident());
        let reading = next(&reader, after).0;
        assert!(reading.outcome.is_ok(), "{step:?} refused once with {status:02x}: {reading:?}");
        after = reading.sequence;
        rig.lift();
        five_looks(&rig);
    }
}

#[test]
fn cards_that_say_what_they_cannot_are_told_apart() {
    let (rig, reader) = armed();
    let mut after = 0;
    let mut unknown = resident().text_block();
    unknown[248] = b'Z';
    let wrong_number = RigCard { number: "110105200304123470".into(), ..resident() };
    let wrong_birth = RigCard { birth: "20030413".into(), ..resident() };
    let rare = RigCard { name: "张\u{E863}".into(), ..resident() };
    for (block, fault) in [
        (unknown, CardFault::UnknownKind),
        (
            wrong_number.text_block(),
            CardFault::Damaged(CardTextError::Number(domain::document::DocumentError::WrongCheckDigit)),
        ),
        (wrong_birth.text_block(), CardFault::Damaged(CardTextError::BirthDisagrees)),
        (rare.text_block(), CardFault::NameNotWritable),
    ] {
        rig.lay_block(block);
        let reading = next(&reader, after).0;
        assert_eq!(reading.outcome, Err(fault), "{}", fault.as_str());
        after = reading.sequence;
        rig.lift();
        five_looks(&rig);
    }
}

#[test]
fn the_caller_never_waits_for_the_device() {
    let (rig, reader) = armed();
    rig.play(Fault::Silence);
    let asked = rig.asked().finds;
    until("a question without an answer", || (rig.asked().finds > asked).then_some(()));
    let start = Instant::now();
    for _ in 0..100 {
        reader.arm(false);
        reader.arm(true);
        assert_eq!(reader.newest(0), None, "nothing was read");
        reader.fault();
    }
    let calls = start.elapsed();
    let start = Instant::now();
    drop(reader);
    let dropped = start.elapsed();
    println!("400 calls beside a silent reader: {calls:?}; dropping it: {dropped:?}");
    // A question lasts a second: a caller that waited for one would take longer than that.
    assert!(calls < Duration::from_millis(500), "400 calls took {calls:?}");
    assert!(dropped < Duration::from_millis(500), "dropping took {dropped:?}");
}

#[test]
fn dropping_it_frees_the_port() {
    let (rig, reader) = armed();
    assert_eq!(
        reader::card::probe(&rig.path()),
        Err(reader::card::ReaderFault::Busy),
        "one program at a time"
    );
    drop(reader);
    assert_eq!(reader::card::probe(&rig.path()), Ok(()), "free again");
    let again = SerialReader::open(&rig.path()).unwrap();
    again.arm(true);
    five_looks(&rig);
    rig.lay(&resident());
    assert!(next(&again, 0).0.outcome.is_ok(), "another one reads");
}
