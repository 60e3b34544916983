use crate::support::{Campus, by, document, now, place};
use domain::payment::Means;
use domain::programme::{Approval, Kind};
use domain::{PersonName, PrintJobId, StudentNumber};
use ledger::{Actor, DirectoryChange, Enrolment, LedgerError, RosterEdit, RosterEntry, ValueKind};

fn enrolment(device: u8, campus: &str) -> Enrolment {
    Enrolment {
        address: "https://central.example:8443".into(),
        device: [device; 16],
        key: [1; 32],
        next_key: None,
        pins: vec![[2; 32], [3; 32]],
        campus: campus.into(),
        name: "图书馆一楼".into(),
    }
}

fn fill(campus: &Campus) {
    let student = RosterEntry {
        document: document(1),
        name: PersonName::parse("张三").unwrap(),
        student_number: StudentNumber::parse("20260001").unwrap(),
        college: String::new(),
        major: String::new(),
        class_name: String::new(),
        year: None,
    };
    let changes = [
        DirectoryChange::Roster(Kind::Degree, RosterEdit::Put(student)),
        DirectoryChange::Value { kind: ValueKind::Price, key: "a".into(), json: Some("1".into()) },
    ];
    let job = || PrintJobId::new(now(), crate::support::fresh());
    campus.ledger.take_directory(&changes, 7, now(), &job).unwrap();
}

#[test]
fn another_device_begins_a_new_epoch_and_the_directory_anew() {
    let campus = Campus::new();
    place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let read = campus.ledger.read();
    assert_eq!((read.enrolment().unwrap(), read.directory_cursor().unwrap()), (None, 0), "a new booth");
    let first = read.epoch().unwrap();
    let begun = Enrolment { device: [0; 16], campus: String::new(), name: String::new(), ..enrolment(1, "") };
    campus.ledger.save_enrolment(&begun, by(Actor::Staff)).unwrap();
    assert_eq!(read.epoch().unwrap(), first, "an enrolment that has only begun changes nothing");
    campus.ledger.save_enrolment(&enrolment(1, "north"), by(Actor::Staff)).unwrap();
    let second = read.epoch().unwrap();
    assert_ne!(first, second, "two copies of one disk that both enrol have an epoch each");
    assert_eq!(read.enrolment().unwrap(), Some(enrolment(1, "north")));
    fill(&campus);
    let rotated = Enrolment { next_key: Some([5; 32]), pins: vec![[6; 32]], ..enrolment(1, "north") };
    campus.ledger.save_enrolment(&rotated, by(Actor::Central)).unwrap();
    let campus = campus.reopen();
    let read = campus.ledger.read();
    assert_eq!(read.enrolment().unwrap(), Some(rotated), "keys and pins survive a restart");
    assert_eq!(
        (read.epoch().unwrap(), read.directory_cursor().unwrap()),
        (second, 7),
        "and change nothing else"
    );

    campus.ledger.save_enrolment(&enrolment(2, "north"), by(Actor::Staff)).unwrap();
    let state = (read.directory_cursor().unwrap(), read.directory_values().unwrap().len());
    assert_eq!((state, read.roster_size(Kind::Degree).unwrap()), ((0, 0), 1), "the campus's roster stays");
    campus.ledger.save_enrolment(&enrolment(3, "south"), by(Actor::Staff)).unwrap();
    assert_eq!(read.roster_size(Kind::Degree).unwrap(), 0, "another campus's goes");
    place(&campus.ledger, 2, Approval::Booth, Means::Counter).unwrap();
    let pending = read.outbox_pending(9).unwrap();
    let places: Vec<_> = pending.iter().map(|event| (event.epoch == first, event.sequence)).collect();
    assert_eq!(places, [(true, 1), (false, 1)], "what was written before keeps its epoch");
}

#[test]
fn an_enrolment_without_a_pin_is_refused_and_a_log_sees_no_key() {
    let campus = Campus::new();
    for (rule, bad) in [
        ("a pin", Enrolment { pins: vec![], ..enrolment(1, "north") }),
        ("an address", Enrolment { address: String::new(), ..enrolment(1, "north") }),
        ("a short name", Enrolment { name: "长".repeat(201), ..enrolment(1, "north") }),
    ] {
        let refused = campus.ledger.save_enrolment(&bad, by(Actor::Staff));
        assert!(matches!(refused, Err(LedgerError::Unfit { .. })), "{rule}: {refused:?}");
    }
    assert_eq!(campus.ledger.read().enrolment().unwrap(), None, "nothing was kept");
    let shown = format!("{:?}", enrolment(1, "north"));
    assert!(!shown.contains("1, 1") && shown.contains("central.example"), "{shown}");
}
