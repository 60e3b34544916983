//! A line that disturbs, a reader that fails, and how soon it is named and over.

use super::rig::{CardReaderRig, Fault, RigCard, RigKind, Step};
use super::{armed, each, five_looks, next, resident, until};
use reader::card::{CardFault, CardReader, ReaderFault, SerialReader, probe};
use std::time::{Duration, Instant};

/// How soon a fault may be named: two questions without an answer, a second each, and the pause between two looks of a disarmed reader.
const NAMED: Duration = Duration::from_millis(3500);
/// How soon it may be over: the longest pause between two openings, and the time to open and ask; never more than three seconds.
const OVER: Duration = Duration::from_secs(3);

/// Waits until the reader's fault is `fault`; how long it took.
fn fault_is(reader: &SerialReader, fault: Option<ReaderFault>) -> Duration {
    let start = Instant::now();
    until(&format!("{fault:?}"), || (reader.fault() == fault).then_some(()));
    start.elapsed()
}

#[test]
fn disturbances_are_read_through() {
    let faults =
        [Fault::Noise, Fault::Dribble(Duration::from_micros(200)), Fault::Dribble(Duration::from_millis(1))];
    each(&faults, |fault| {
        let (rig, reader) = armed();
        rig.play(fault);
        rig.lay(&RigCard::invented(RigKind::Foreign2023));
        let (reading, took) = next(&reader, 0);
        println!("{fault:?}: read after {took:?}");
        assert!(reading.outcome.is_ok(), "{fault:?}: {reading:?}");
        assert_eq!(reader.fault(), None, "{fault:?} is no fault");
    });
}

#[test]
fn one_spoilt_answer_is_no_fault() {
    let faults = [
        Fault::WrongCheck,
        Fault::WrongLength,
        Fault::Oversize,
        Fault::Rubbish,
        Fault::Flood,
        Fault::Silence,
    ];
    each(&faults, |fault| {
        let (rig, reader) = armed();
        rig.play_once(fault);
        rig.lay(&resident());
        let (reading, took) = next(&reader, 0);
        println!("{fault:?} once: read after {took:?}");
        assert!(reading.outcome.is_ok(), "{fault:?} once: {reading:?}");
        assert_eq!(reader.fault(), None, "{fault:?} once is no fault");
    });
}

#[test]
fn a_lasting_fault_is_named_and_ends_with_its_cause() {
    let faults = [
        (Fault::Silence, ReaderFault::Silent),
        (Fault::Rubbish, ReaderFault::Rubbish),
        (Fault::Flood, ReaderFault::Rubbish),
        (Fault::WrongCheck, ReaderFault::Rubbish),
        (Fault::WrongLength, ReaderFault::Rubbish),
        (Fault::Oversize, ReaderFault::Rubbish),
        (Fault::Refuse(Step::Find, 0x10), ReaderFault::Rubbish),
        (Fault::Refuse(Step::Find, 0x11), ReaderFault::Rubbish),
        (Fault::Refuse(Step::Find, 0x21), ReaderFault::Rubbish),
    ];
    each(&faults, |(fault, name)| {
        let (rig, reader) = armed();
        rig.play(fault);
        let named = fault_is(&reader, Some(name));
        rig.play(Fault::None);
        let over = fault_is(&reader, None);
        println!("{fault:?}: {name:?} after {named:?}, over {over:?} after its cause");
        assert!(named < NAMED, "{fault:?} was named after {named:?}");
        assert!(over < OVER, "{fault:?} was over after {over:?}");
        five_looks(&rig);
        rig.lay(&resident());
        assert!(next(&reader, 0).0.outcome.is_ok(), "after {fault:?} it reads again");
    });
}

#[test]
fn a_reader_that_fails_in_the_midst_is_named_and_the_card_asked_for_again() {
    let (rig, reader) = armed();
    rig.play(Fault::BreakDown);
    rig.lay(&resident());
    let named = fault_is(&reader, Some(ReaderFault::Silent));
    println!("broken down in the midst of reading: named after {named:?}");
    assert_eq!(reader.newest(0), None, "half an answer is none, and the card is not to blame");
    rig.play(Fault::None);
    let told = next(&reader, 0).0;
    assert_eq!(told.outcome, Err(CardFault::LiftFirst), "what lies there now, nobody knows");
    rig.lift();
    five_looks(&rig);
    rig.lay(&resident());
    assert!(next(&reader, told.sequence).0.outcome.is_ok(), "laid on again, it is read");
}

#[test]
fn an_unplugged_reader_is_named_and_comes_back() {
    each(&[true, false], |armed_at_all| {
        let (mut rig, reader) = armed();
        reader.arm(armed_at_all);
        rig.unplug().unwrap();
        let named = fault_is(&reader, Some(ReaderFault::Unplugged));
        rig.plug_in().unwrap();
        let over = fault_is(&reader, None);
        println!("unplugged, armed {armed_at_all}: named after {named:?}, over {over:?} after it came back");
        assert!(named < Duration::from_millis(1500), "named after {named:?}");
        assert!(over < OVER, "over after {over:?}");
        reader.arm(true);
        five_looks(&rig);
        rig.lay(&resident());
        assert!(next(&reader, 0).0.outcome.is_ok(), "it reads again");
    });
}

#[test]
fn a_reader_gone_for_long_comes_back_as_soon() {
    let (mut rig, reader) = armed();
    rig.unplug().unwrap();
    fault_is(&reader, Some(ReaderFault::Unplugged));
    // Long enough for the pauses between two openings to have grown to their longest: 0.25 + 0.5 + 1 s, then 2 s each.
    let start = Instant::now();
    until("four seconds", || (start.elapsed() > Duration::from_secs(4)).then_some(()));
    assert_eq!(reader.fault(), Some(ReaderFault::Unplugged), "still named so, and not missing");
    rig.plug_in().unwrap();
    let over = fault_is(&reader, None);
    println!("gone for four seconds: over {over:?} after it came back");
    assert!(over < OVER, "over after {over:?}");
}

#[test]
fn a_card_that_lies_there_when_the_reader_comes_back_must_be_lifted() {
    let (mut rig, reader) = armed();
    rig.unplug().unwrap();
    fault_is(&reader, Some(ReaderFault::Unplugged));
    rig.lay(&resident());
    rig.plug_in().unwrap();
    let told = next(&reader, 0).0;
    assert_eq!(told.outcome, Err(CardFault::LiftFirst), "nobody knows when it was laid on");
    assert_eq!(rig.asked().reads, 0, "so it was not read");
}

#[test]
fn unplugged_while_it_reads() {
    let (mut rig, reader) = armed();
    rig.play(Fault::Dribble(Duration::from_millis(1)));
    rig.lay(&resident());
    until("the reading to begin", || (rig.asked().reads == 1).then_some(()));
    rig.unplug().unwrap();
    fault_is(&reader, Some(ReaderFault::Unplugged));
    assert_eq!(reader.newest(0), None, "half an answer is none");
    rig.play(Fault::None);
    rig.lift();
    rig.plug_in().unwrap();
    fault_is(&reader, None);
    five_looks(&rig);
    rig.lay(&resident());
    assert!(next(&reader, 0).0.outcome.is_ok(), "it reads again");
}

#[test]
fn a_reader_may_be_plugged_in_later() {
    let mut rig = CardReaderRig::start().unwrap();
    rig.unplug().unwrap();
    assert_eq!(probe(&rig.path()), Err(ReaderFault::Missing), "the single check says so too");
    let reader = SerialReader::open(&rig.path()).unwrap();
    fault_is(&reader, Some(ReaderFault::Missing));
    reader.arm(true);
    rig.plug_in().unwrap();
    let over = fault_is(&reader, None);
    println!("plugged in for the first time: over after {over:?}");
    five_looks(&rig);
    rig.lay(&resident());
    assert!(next(&reader, 0).0.outcome.is_ok(), "it reads");
}

#[test]
fn an_unauthorised_module_is_a_fault_until_it_reads_a_card() {
    let (rig, reader) = armed();
    rig.play(Fault::Refuse(Step::Read, 0x66));
    rig.lay(&resident());
    let told = next(&reader, 0).0;
    assert_eq!(told.outcome, Err(CardFault::Unreadable), "the student");
    assert_eq!(reader.fault(), Some(ReaderFault::NotAuthorised), "staff");
    rig.play(Fault::None);
    rig.lift();
    five_looks(&rig);
    assert_eq!(reader.fault(), Some(ReaderFault::NotAuthorised), "finding no card proves nothing");
    rig.lay(&resident());
    assert!(next(&reader, told.sequence).0.outcome.is_ok(), "it reads again");
    assert_eq!(reader.fault(), None, "which does");
}

#[test]
fn the_single_check_names_the_fault() {
    let rig = CardReaderRig::start().unwrap();
    for (fault, expect) in [
        (Fault::None, Ok(())),
        (Fault::Silence, Err(ReaderFault::Silent)),
        (Fault::Rubbish, Err(ReaderFault::Rubbish)),
    ] {
        rig.play(fault);
        assert_eq!(probe(&rig.path()), expect, "{fault:?}");
    }
}
