//! Pages of central's directory: whole or not at all, and the second time without effect.

use crate::support::{
    Campus, accept, acknowledge_all, broken_rule, by, document, fresh, now, open_online, pay, place,
    print_all, shoot, with_candidate,
};
use domain::payment::{self, Means};
use domain::programme::{Approval, Kind};
use domain::{OrderId, PersonName, PhotoId, PrintJobId, StudentNumber, UtcMillis, order, print_job};
use ledger::{
    Actor, CommandAction, Decision, DirectoryChange, DirectoryTaken, LedgerError, RosterChange, RosterEdit,
    RosterEntry, ValueKind,
};
use proptest::prelude::*;

fn new_job() -> PrintJobId {
    PrintJobId::new(now(), fresh())
}

fn take(campus: &Campus, changes: &[DirectoryChange], cursor: u64) -> ledger::Result<DirectoryTaken> {
    campus.ledger.take_directory(changes, cursor, now(), &new_job)
}

fn student(n: u32, name: &str) -> RosterEntry {
    RosterEntry {
        document: document(n),
        name: PersonName::parse(name).unwrap(),
        student_number: StudentNumber::parse("20260001").unwrap(),
        college: "信息学院".into(),
        major: String::new(),
        class_name: String::new(),
        year: Some(2026),
    }
}

fn value(kind: ValueKind, key: &str, json: Option<&str>) -> DirectoryChange {
    DirectoryChange::Value { kind, key: key.into(), json: json.map(str::to_owned) }
}

fn review(order: OrderId, photo: PhotoId, decision: Decision, reason: &str) -> DirectoryChange {
    DirectoryChange::Review { order, photo, decision, reason: reason.into() }
}

fn command(id: u8, action: CommandAction) -> DirectoryChange {
    DirectoryChange::Command { id: [id; 16], until: now().plus_ms(60_000), action }
}

/// What became of each command, by its first byte.
fn outcomes(campus: &Campus) -> Vec<(u8, Option<String>)> {
    let untold = campus.ledger.read().untold_outcomes().unwrap();
    untold.into_iter().map(|outcome| (outcome.id[0], outcome.reason)).collect()
}

/// A submitted order that the campus office is to look at.
fn submitted(campus: &Campus, n: u32) -> (OrderId, PhotoId) {
    let (order, photo) = with_candidate(&campus.ledger, n, Approval::Central);
    accept(&campus.ledger, order, photo).unwrap();
    (order, photo)
}

#[test]
fn values_hold_until_they_are_taken_back_and_survive_a_restart() {
    let campus = Campus::new();
    let page = [
        value(ValueKind::Notice, "n", Some(r#"{"zh":"停机"}"#)),
        value(ValueKind::Price, "p", Some("1")),
        value(ValueKind::Price, "p", Some("2")),
        value(ValueKind::Setting, "s", None),
    ];
    take(&campus, &page, 4).unwrap();
    let campus = campus.reopen();
    let read = campus.ledger.read();
    let held: Vec<_> = read.directory_values().unwrap().into_iter().map(|v| (v.kind, v.json)).collect();
    let expect = [(ValueKind::Notice, r#"{"zh":"停机"}"#.to_owned()), (ValueKind::Price, "2".to_owned())];
    assert_eq!((held.as_slice(), read.directory_cursor().unwrap()), (&expect[..], 4), "the newest of each");
    take(&campus, &[value(ValueKind::Notice, "n", None)], 5).unwrap();
    assert_eq!(read.directory_values().unwrap().len(), 1, "taken back");
}

#[test]
fn a_page_with_a_bad_value_is_not_taken_at_all() {
    let campus = Campus::new();
    let long = value(ValueKind::Price, &"k".repeat(201), Some("1"));
    let not_json = value(ValueKind::Price, "k", Some("{"));
    for bad in [long, not_json, value(ValueKind::Price, "", Some("1"))] {
        let page = [DirectoryChange::Roster(Kind::Degree, RosterEdit::Put(student(1, "张三"))), bad];
        assert!(take(&campus, &page, 9).is_err());
        let read = campus.ledger.read();
        let state = (read.roster_size(Kind::Degree).unwrap(), read.directory_cursor().unwrap());
        assert_eq!(state, (0, 0), "nothing of the page is there");
    }
    let huge = take(&campus, &[], u64::MAX);
    assert!(matches!(huge, Err(LedgerError::Unfit { .. })), "{huge:?}");
}

#[test]
fn students_come_and_go_one_by_one() {
    let campus = Campus::new();
    let put = |n, name| DirectoryChange::Roster(Kind::Degree, RosterEdit::Put(student(n, name)));
    let remove = |n| DirectoryChange::Roster(Kind::Degree, RosterEdit::Remove(document(n)));
    let page = [put(1, "张三"), put(2, "李四"), remove(3)];
    let change = |added, changed, removed, unchanged| RosterChange { added, changed, removed, unchanged };
    assert_eq!(take(&campus, &page, 3).unwrap().roster, change(2, 0, 0, 0));
    assert_eq!(take(&campus, &page, 3).unwrap().roster, change(0, 0, 0, 2), "again nothing changes");
    assert_eq!(take(&campus, &[put(1, "王五"), remove(2)], 5).unwrap().roster, change(0, 1, 1, 0));
    let known = campus.ledger.read().roster_entry(Kind::Degree, &document(1)).unwrap();
    assert_eq!(known, Some(student(1, "王五")));
    assert_eq!(campus.ledger.read().roster_size(Kind::Degree).unwrap(), 1);
}

#[test]
fn the_office_rejects_a_photo_with_its_reason_and_approves_the_next() {
    let campus = Campus::new();
    let (order, photo) = submitted(&campus, 1);
    let page = [review(order, photo, Decision::Reject, " 头发遮住眉毛\u{7} ")];
    assert_eq!(take(&campus, &page, 1).unwrap().reviewed, [(order, Decision::Reject)]);
    assert_eq!(take(&campus, &page, 1).unwrap().reviewed, [], "the second time it changes nothing");
    let read = campus.ledger.read();
    assert_eq!(read.order(order).unwrap().state, order::State::Rejected);
    assert_eq!(read.rejection_of(order).unwrap().as_deref(), Some("头发遮住眉毛"), "as it is shown");
    let person = read.order(order).unwrap().person;
    assert_eq!(read.orders_of_person(person).unwrap()[0].rejection.as_deref(), Some("头发遮住眉毛"));
    campus.ledger.reshoot(order, by(Actor::Student)).unwrap();
    assert_eq!(
        read.rejection_of(order).unwrap().as_deref(),
        Some("头发遮住眉毛"),
        "who sits down again reads it"
    );
    let second = shoot(&campus.ledger, order, true).unwrap();
    accept(&campus.ledger, order, second).unwrap();
    assert_eq!(read.rejection_of(order).unwrap(), None, "no longer once there is another photo");
    assert_eq!(take(&campus, &page, 2).unwrap().reviewed, [], "the old decision is about the old photo");
    let approve = [review(order, second, Decision::Approve, "")];
    assert_eq!(take(&campus, &approve, 3).unwrap().reviewed, [(order, Decision::Approve)]);
    assert!(read.print_jobs_of(order).unwrap().iter().any(|job| job.state == print_job::State::Queued));
    assert_eq!(take(&campus, &approve, 3).unwrap().reviewed, [], "once");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn an_unknown_order_or_one_that_went_another_way_is_passed_over() {
    let campus = Campus::new();
    let (approved, photo) = with_candidate(&campus.ledger, 1, Approval::Booth);
    accept(&campus.ledger, approved, photo).unwrap();
    print_all(&campus.ledger, approved);
    let unknown = OrderId::new(now(), fresh());
    let page = [
        review(unknown, photo, Decision::Approve, ""),
        review(approved, photo, Decision::Approve, ""),
        review(approved, PhotoId::new(now(), fresh()), Decision::Reject, "no"),
        DirectoryChange::Refund { trade_number: "T000000".into(), done: true },
    ];
    assert_eq!(take(&campus, &page, 6).unwrap(), DirectoryTaken::default());
    assert_eq!(campus.ledger.read().directory_cursor().unwrap(), 6, "the page is taken");
}

#[test]
fn a_rejection_goes_with_the_person() {
    let campus = Campus::new();
    let (order, photo) = submitted(&campus, 1);
    take(&campus, &[review(order, photo, Decision::Reject, "闭眼")], 1).unwrap();
    let trade = campus.ledger.read().payments_of(order).unwrap()[0].id;
    pay(&campus.ledger, trade, payment::Event::RequestRefund).unwrap();
    pay(&campus.ledger, trade, payment::Event::ConfirmRefund).unwrap();
    acknowledge_all(&campus.ledger);
    campus.ledger.purge(now(), now()).unwrap();
    let left: i64 = crate::support::raw(&campus.path())
        .query_row("SELECT count(*) FROM rejections", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0, "nothing of it is left");
}

#[test]
fn central_pays_back_and_is_told_nothing_of_it() {
    let campus = Campus::new();
    let (id, _) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    open_online(&campus.ledger, id).unwrap();
    let read = campus.ledger.read();
    let online = read.online_payments_of(id).unwrap().remove(0);
    let refund = |done| [DirectoryChange::Refund { trade_number: online.trade_number.clone(), done }];
    assert_eq!(take(&campus, &refund(true), 1).unwrap().refunded, [], "money that never came here");
    pay(&campus.ledger, online.payment.id, payment::Event::Settle).unwrap();
    let events = read.outbox_of(id).unwrap().len();
    let stands = || campus.ledger.read().online_payments_of(id).unwrap()[0].payment.state;
    assert_eq!(take(&campus, &refund(false), 2).unwrap().refunded, [id]);
    assert_eq!(stands(), payment::State::Refunding, "asked for");
    assert_eq!(take(&campus, &refund(false), 2).unwrap().refunded, [], "once");
    assert_eq!(take(&campus, &refund(true), 3).unwrap().refunded, [id]);
    assert_eq!((stands(), read.order(id).unwrap().state), (payment::State::Refunded, order::State::Refunded));
    assert_eq!(take(&campus, &refund(true), 3).unwrap().refunded, [], "once");
    assert_eq!(read.outbox_of(id).unwrap().len(), events, "central knows it already");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn an_order_is_printed_again_once_a_command() {
    let campus = Campus::new();
    let (order, photo) = with_candidate(&campus.ledger, 1, Approval::Booth);
    accept(&campus.ledger, order, photo).unwrap();
    print_all(&campus.ledger, order);
    let jobs = || campus.ledger.read().print_jobs_of(order).unwrap();
    assert_eq!(jobs().len(), 2);
    let page = [command(1, CommandAction::Reprint(order))];
    assert_eq!(take(&campus, &page, 1).unwrap().commands, 1);
    assert_eq!(take(&campus, &page, 1).unwrap().commands, 0, "by its id");
    let again = jobs();
    assert_eq!(again.len(), 4, "sheet and receipt again");
    assert!(again[2..].iter().all(|job| job.state == print_job::State::Queued), "for the printer");
    take(&campus, &[command(2, CommandAction::Reprint(order))], 2).unwrap();
    assert_eq!(jobs().len(), 6, "another command prints the same again, not twice as much");
    assert_eq!(outcomes(&campus), [(1, None), (2, None)]);
    campus.ledger.outcome_told(&[1; 16]).unwrap();
    assert_eq!(outcomes(&campus), [(2, None)], "what central knows isn't told again");
    assert_eq!(take(&campus, &page, 3).unwrap().commands, 0, "nor done again");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn what_cannot_be_done_says_why() {
    let campus = Campus::new();
    let (waits, _) = submitted(&campus, 1);
    let late = DirectoryChange::Command { id: [3; 16], until: UtcMillis(1), action: CommandAction::Close };
    let page = [
        command(1, CommandAction::Reprint(OrderId::new(now(), fresh()))),
        command(2, CommandAction::Reprint(waits)),
        late,
        command(4, CommandAction::Unknown),
    ];
    take(&campus, &page, 1).unwrap();
    let expect = [(1, "unknown_order"), (2, "not_possible"), (3, "too_late"), (4, "unknown_action")];
    assert_eq!(outcomes(&campus), expect.map(|(id, reason)| (id, Some(reason.to_owned()))));
    assert!(campus.ledger.read().directory_values().unwrap().is_empty(), "nothing was closed");
    assert!(campus.ledger.outcome_told(&[9; 16]).is_err(), "no such command");
}

#[test]
fn closing_opening_and_messages_are_kept() {
    let campus = Campus::new();
    let message = CommandAction::Message(r#"{"zh":"午休"}"#.into());
    take(&campus, &[command(1, CommandAction::Close), command(2, message)], 1).unwrap();
    let campus = campus.reopen();
    let kinds = || -> Vec<_> {
        campus.ledger.read().directory_values().unwrap().into_iter().map(|value| value.kind).collect()
    };
    assert_eq!(kinds(), [ValueKind::Closed, ValueKind::Message]);
    campus.ledger.dismiss_message(by(Actor::Student)).unwrap();
    take(&campus, &[command(3, CommandAction::Open)], 2).unwrap();
    assert_eq!(kinds(), []);
}

fn change() -> impl Strategy<Value = DirectoryChange> {
    let order = || prop::array::uniform16(0u8..3).prop_map(OrderId::from_bytes);
    let photo = prop::array::uniform16(0u8..3).prop_map(PhotoId::from_bytes);
    let decision = prop_oneof![Just(Decision::Approve), Just(Decision::Reject)];
    let kind = prop::sample::select(ValueKind::ALL.to_vec());
    let action = prop_oneof![
        order().prop_map(CommandAction::Reprint),
        Just(CommandAction::Close),
        Just(CommandAction::Open),
        any::<String>().prop_map(CommandAction::Message),
        Just(CommandAction::Unknown),
    ];
    prop_oneof![
        (kind, any::<String>(), prop::option::of(any::<String>()))
            .prop_map(|(kind, key, json)| DirectoryChange::Value { kind, key, json }),
        (order(), photo, decision, any::<String>()).prop_map(|(order, photo, decision, reason)| {
            DirectoryChange::Review { order, photo, decision, reason }
        }),
        (any::<String>(), any::<bool>())
            .prop_map(|(trade_number, done)| DirectoryChange::Refund { trade_number, done }),
        (prop::array::uniform16(0u8..2), any::<i64>(), action)
            .prop_map(|(id, until, action)| DirectoryChange::Command { id, until: UtcMillis(until), action }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_page_is_taken_whole_or_not_at_all(changes in prop::collection::vec(change(), 0..8), cursor in any::<u64>()) {
        let campus = Campus::new();
        let before = campus.ledger.read().audit_head().unwrap();
        let taken = take(&campus, &changes, cursor);
        let read = campus.ledger.read();
        if taken.is_ok() {
            prop_assert_eq!(read.directory_cursor().unwrap(), cursor);
        } else {
            let empty = read.directory_values().unwrap().is_empty() && read.untold_outcomes().unwrap().is_empty();
            prop_assert!(empty && read.directory_cursor().unwrap() == 0 && read.audit_head().unwrap() == before);
        }
        prop_assert_eq!(broken_rule(&campus.path()), None);
    }
}
