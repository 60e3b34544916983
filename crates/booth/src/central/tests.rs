//! Pages of the directory and a booth: what is taken, what waits, what is passed over.

use super::CentralStore;
use crate::error::BoothError;
use crate::present;
use crate::rig::Rig;
use crate::sitting::way;
use crate::view::{Language, Step, StripCode, StudentEvent};
use crate::workflow;
use domain::payment;
use domain::session::{self, State};
use domain::{DocumentKind, DocumentNumber, OrderId, PhotoId, UtcMillis, order, print_job};
use proptest::prelude::*;
use protocol::batch::{Outcome, Reason};
use protocol::directory::{
    Action, Command, Entry, Item, Notice, Page, Price, Programme, Refund, Review, RosterEntry, RosterStudent,
    Setting,
};
use serde_json::json;
use std::sync::Arc;
use sync::{Answer, Store, Taken};
use uuid::Uuid;

const LATER: i64 = 4_000_000_000_000;

fn page(cursor: u64, items: impl IntoIterator<Item = Item>) -> Page {
    let entries = items.into_iter().map(|item| Entry { position: cursor, item }).collect();
    Page { entries, cursor, more: false }
}

fn store(rig: &Rig) -> CentralStore {
    CentralStore::running(Arc::clone(&rig.inner))
}

fn take(rig: &Rig, items: impl IntoIterator<Item = Item>) -> Taken {
    let cursor = store(rig).cursor().unwrap() + 1;
    store(rig).take(&page(cursor, items)).unwrap()
}

fn degree(from: &str, to: &str) -> String {
    include_str!("../../../../assets/programmes/degree.toml").replacen(from, to, 1)
}

fn programme(id: &str, toml: Option<String>) -> Item {
    Item::Programme(Programme { id: id.into(), toml })
}

fn student(number: &str, name: Option<&str>) -> Item {
    let student = name.map(|name| RosterStudent {
        name: name.into(),
        student_number: "20260001".into(),
        college: "信息学院".into(),
        major: String::new(),
        class_name: String::new(),
        year: Some(2026),
    });
    Item::RosterEntry(RosterEntry {
        list: "degree".into(),
        document_kind: "passport".into(),
        document_number: number.into(),
        student,
    })
}

fn review(order: OrderId, photo: PhotoId, approved: bool, reason: &str) -> Item {
    Item::Review(Review {
        order_id: Uuid::from_bytes(*order.as_bytes()),
        photo_id: Uuid::from_bytes(*photo.as_bytes()),
        approved,
        reason: reason.into(),
        at_ms: 1,
    })
}

fn refund(order: OrderId, number: &str, done: bool) -> Item {
    let order_id = Uuid::from_bytes(*order.as_bytes());
    Item::Refund(Refund { number: number.into(), order_id, amount_fen: 1500, done, at_ms: 1 })
}

fn command(id: u128, action: Action) -> Item {
    Item::Command(Command { id: Uuid::from_u128(id), until_ms: LATER, action })
}

fn notice(id: u128, zh: Option<&str>) -> Item {
    let (zh, en) = (zh.map(str::to_owned), None);
    Item::Notice(Notice { id: Uuid::from_u128(id), zh, en, from_ms: 0, until_ms: LATER })
}

fn view(rig: &Rig) -> Step {
    present::view(rig, &rig.sitting.lock(), rig.clock.steady()).step
}

/// Somebody who waits for the office's decision about this order.
fn wait_for(rig: &Rig, order: OrderId) {
    let programme = Arc::new(rig.programme());
    let mut sitting = rig.sitting.lock();
    let at = session::Sitting {
        way: way(&programme),
        order,
        shots_left: 5,
        best: None,
        settled: true,
        reprint: false,
    };
    sitting.programme = Some(programme);
    sitting.go(State::Approving(at), rig.clock.steady());
}

fn did(rig: &Rig, event: StudentEvent) -> Result<(), BoothError> {
    workflow::student_did(&rig.inner, &mut rig.sitting.lock(), event, None)
}

const START: StudentEvent = StudentEvent::Start { language: Language::Zh };

#[test]
fn students_are_listed_and_who_cannot_be_read_is_passed_over() {
    let rig = Rig::new();
    let bad_kind = Item::RosterEntry(RosterEntry {
        list: "wedding".into(),
        document_kind: "passport".into(),
        document_number: "E00000009".into(),
        student: None,
    });
    let page = [
        student("E00000001", Some("张三")),
        student("!", Some("李四")),
        student("E00000002", Some("")),
        bad_kind,
    ];
    assert_eq!(take(&rig, page), Taken::Kept);
    let read = rig.ledger.read();
    assert_eq!(read.roster_size(domain::programme::Kind::Degree).unwrap(), 1);
    assert_eq!(take(&rig, [student("E00000001", None)]), Taken::Kept);
    let document = DocumentNumber::parse(DocumentKind::Passport, "E00000001").unwrap();
    assert_eq!(read.roster_entry(domain::programme::Kind::Degree, &document).unwrap(), None, "taken back");
}

#[test]
fn programmes_and_prices_wait_until_nobody_is_here() {
    let rig = Rig::new();
    let price = |fen| {
        let (programme, item) = ("degree".into(), "electronic_photo".into());
        Item::Price(Price { programme, item, print: String::new(), fen })
    };
    rig.sitting.lock().go(State::Choosing, rig.clock.steady());
    let page = || [programme("degree", Some(degree("shots = 5", "shots = 7"))), price(Some(100))];
    assert_eq!(take(&rig, page()), Taken::Later);
    assert_eq!(
        take(&rig, [student("E00000001", Some("张三"))]),
        Taken::Kept,
        "a roster concerns nobody here"
    );
    let now = |rig: &Rig| {
        let degree = rig.catalogue().offered("degree").unwrap().clone();
        (degree.shots, degree.photo_price.fen())
    };
    assert_eq!(now(&rig), (5, 1500), "not under a student's hands");
    rig.sitting.lock().go(State::Attract, rig.clock.steady());
    assert_eq!(take(&rig, page()), Taken::Kept);
    assert_eq!(now(&rig), (7, 100), "without a restart");
    assert_eq!(take(&rig, [programme("degree", Some("no programme".into())), price(None)]), Taken::Kept);
    assert_eq!(now(&rig), (7, 1500), "one that can't be used leaves the one before");
    assert_eq!(take(&rig, [programme("degree", None)]), Taken::Kept);
    let rig = rig.restart();
    let catalogue = rig.catalogue();
    assert!(catalogue.offered("degree").is_none(), "withdrawn, after a restart too");
    assert_eq!(catalogue.known("degree").unwrap().shots, 7, "who has paid finishes by what it was");
}

#[test]
fn the_welcome_screen_says_what_the_campus_says() {
    let rig = Rig::new();
    let message = Action::Message { zh: "请稍候".into(), en: "Please wait".into() };
    take(&rig, [notice(1, Some("周五停机\u{7}")), notice(2, Some("二")), command(3, message)]);
    take(&rig, [notice(2, None)]);
    let Step::Welcome { notices, message, closed, .. } = view(&rig) else { panic!("another screen") };
    assert_eq!((notices.len(), notices[0].zh.as_str(), notices[0].en.as_str()), (1, "周五停机", "周五停机"));
    assert_eq!((message.unwrap().en.as_str(), closed), ("Please wait", false));
    did(&rig, StudentEvent::DismissMessage).unwrap();
    let rig = rig.restart();
    let Step::Welcome { notices, message, .. } = view(&rig) else { panic!("another screen") };
    assert_eq!((notices.len(), message), (1, None), "read is read");
    let outcomes = store(&rig).outcomes().unwrap();
    assert_eq!((outcomes.len(), outcomes[0].0, outcomes[0].1.done), (1, Uuid::from_u128(3), true));
    store(&rig).outcome_told(Uuid::from_u128(3)).unwrap();
    assert!(store(&rig).outcomes().unwrap().is_empty());
}

#[test]
fn a_closed_booth_lets_nobody_begin_and_who_is_here_finish() {
    let rig = Rig::new();
    did(&rig, StudentEvent::OpenAccount { language: Language::Zh }).unwrap();
    assert_eq!(take(&rig, [command(1, Action::Close)]), Taken::Kept);
    assert_ne!(rig.sitting.lock().state, State::Attract, "who is here goes on");
    assert_eq!(store(&rig).health().state, "busy");
    did(&rig, StudentEvent::LogOut).unwrap();
    let rig = rig.restart();
    assert!(
        did(&rig, START).is_err() && did(&rig, StudentEvent::OpenAccount { language: Language::Zh }).is_err()
    );
    assert!(matches!(view(&rig), Step::Welcome { closed: true, .. }));
    assert_eq!(store(&rig).health().state, "closed");
    take(&rig, [command(1, Action::Close), command(2, Action::Open), command(1, Action::Close)]);
    assert!(!rig.standing().closed, "a command is done once");
    did(&rig, StudentEvent::OpenAccount { language: Language::Zh }).unwrap();
}

#[test]
fn settings_hold_from_the_next_start() {
    let rig = Rig::new();
    let setting = |name: &str, value| Item::Setting(Setting { name: name.into(), value });
    take(
        &rig,
        [
            setting("retention.synced_days", Some(json!(3))),
            setting("retention.unpaid_days", Some(json!("soon"))),
            setting("staff.pin_hash", Some(json!(""))),
        ],
    );
    assert_eq!(rig.settings.retention.synced_days, 30, "not yet");
    let rig = rig.restart();
    assert_eq!((rig.settings.retention.synced_days, rig.settings.retention.unpaid_days), (3, 7));
    take(&rig, [setting("retention.synced_days", None)]);
    assert_eq!(rig.restart().settings.retention.synced_days, 30, "the booth's own again");
}

#[test]
fn who_waits_for_the_office_goes_on_with_its_decision() {
    let rig = Rig::new();
    let (order, photo) = rig.submitted(1);
    wait_for(&rig, order);
    let (other, other_photo) = rig.submitted(2);
    assert_eq!(take(&rig, [review(other, other_photo, true, "")]), Taken::Kept, "somebody else's");
    assert_eq!(rig.sitting.lock().state.name(), "approving");
    assert_eq!(take(&rig, [review(order, photo, false, "头发遮住眉毛")]), Taken::Kept);
    let Step::Briefing { rejected, reason, .. } = view(&rig) else { panic!("another screen") };
    assert_eq!((rejected, reason.as_deref()), (true, Some("头发遮住眉毛")), "they read why");
    assert_eq!(rig.ledger.read().order(order).unwrap().state, order::State::Paid, "and sit down again");
    assert_eq!(take(&rig, [review(order, photo, false, "头发遮住眉毛")]), Taken::Later, "not while they sit");

    let second = rig.photographed(order);
    wait_for(&rig, order);
    assert_eq!(take(&rig, [review(order, second, true, "")]), Taken::Kept);
    assert_eq!(rig.sitting.lock().state.name(), "printing");
    let jobs = rig.ledger.read().print_jobs_of(order).unwrap();
    assert!(jobs.iter().any(|job| job.state == print_job::State::Queued), "their prints come");
}

#[test]
fn central_has_an_order_printed_again_and_pays_back() {
    let rig = Rig::new();
    let (order, photo) = rig.submitted(1);
    let order_id = Uuid::from_bytes(*order.as_bytes());
    take(&rig, [review(order, photo, true, ""), command(1, Action::Reprint { order_id })]);
    take(&rig, [command(1, Action::Reprint { order_id }), command(2, Action::Unknown)]);
    assert_eq!(rig.ledger.read().print_jobs_of(order).unwrap().len(), 2, "the sheet once more");
    let outcomes = store(&rig).outcomes().unwrap();
    let reasons: Vec<_> =
        outcomes.iter().map(|(_, outcome)| (outcome.done, outcome.reason.as_str())).collect();
    assert_eq!(reasons, [(true, ""), (false, "unknown_action")]);

    let (second, _) = rig.ordered(2);
    let (payment, number) = rig.coded(second, 2);
    rig.paid(payment);
    let events = rig.ledger.read().outbox_of(second).unwrap().len();
    take(&rig, [refund(second, &number, true), refund(second, "T99999999", true)]);
    let read = rig.ledger.read();
    assert_eq!(read.order(second).unwrap().state, order::State::Refunded);
    assert_eq!(read.payments_of(second).unwrap()[1].state, payment::State::Refunded);
    assert_eq!(read.outbox_of(second).unwrap().len(), events, "central knows it");
}

#[test]
fn the_store_offers_what_the_ledger_holds() {
    let rig = Rig::new();
    rig.submitted(1);
    let store = store(&rig);
    let pending = store.pending(10).unwrap();
    let blob = pending[2].blob.unwrap();
    assert_eq!((pending.len(), pending[0].blob, pending[0].sequence), (3, None, 1));
    assert_eq!(store.blob(&blob).unwrap().as_deref(), Some(&b"photo"[..]));
    assert_eq!(store.blob(&protocol::Digest([0; 32])).unwrap(), None);
    let answer = |event: usize, outcome, reason| Answer { event: pending[event].event, outcome, reason };
    let answers = [
        answer(0, Outcome::Duplicate, None),
        answer(1, Outcome::Rejected, Some(Reason::NewerVersion)),
        answer(2, Outcome::Retry, Some(Reason::BlobMissing)),
    ];
    store.answered(&answers, UtcMillis(5)).unwrap();
    let backlog = store.backlog().unwrap();
    assert_eq!((backlog.pending, backlog.parked, backlog.epoch), (1, 1, pending[0].epoch));
    assert_eq!((store.unpark(Reason::Gap).unwrap(), store.unpark(Reason::NewerVersion).unwrap()), (0, 1));
    assert_eq!(store.offer_again(pending[0].epoch, 0).unwrap(), 1, "what was acknowledged");
    assert_eq!(store.enrolment().unwrap(), None);
    let health = store.health();
    assert_eq!((health.state.as_str(), health.prints_waiting), ("limited", 1), "there are no models");
    assert!(health.faults.contains(&"no_central".to_owned()), "{:?}", health.faults);
}

#[test]
fn the_strip_says_how_the_way_to_central_is() {
    let rig = Rig::new();
    let codes = || rig.strip().iter().map(|item| item.code).collect::<Vec<_>>();
    assert!(codes().contains(&StripCode::NoCentral));
    rig.line.change(|state| (state.enrolled, state.parked) = (true, 2));
    assert!(!codes().contains(&StripCode::NoCentral) && codes().contains(&StripCode::CentralParked));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just("degree".to_owned()), Just(String::new()), any::<String>()]
}

fn uuid() -> impl Strategy<Value = Uuid> {
    (0u128..3).prop_map(Uuid::from_u128)
}

fn item() -> impl Strategy<Value = Item> {
    let maybe = || prop::option::of(text());
    let action = prop_oneof![
        uuid().prop_map(|order_id| Action::Reprint { order_id }),
        Just(Action::Close),
        Just(Action::Open),
        (text(), text()).prop_map(|(zh, en)| Action::Message { zh, en }),
        Just(Action::Unknown),
    ];
    prop_oneof![
        (text(), maybe()).prop_map(|(id, toml)| Item::Programme(Programme { id, toml })),
        (text(), text(), text(), text()).prop_map(|(list, document_kind, document_number, name)| {
            let student = Some(RosterStudent {
                student_number: name.clone(),
                college: name.clone(),
                major: name.clone(),
                class_name: name.clone(),
                name,
                year: None,
            });
            Item::RosterEntry(RosterEntry { list, document_kind, document_number, student })
        }),
        (text(), text(), text(), prop::option::of(any::<u64>()))
            .prop_map(|(programme, item, print, fen)| Item::Price(Price { programme, item, print, fen })),
        (uuid(), maybe(), maybe(), any::<i64>(), any::<i64>()).prop_map(|(id, zh, en, from_ms, until_ms)| {
            Item::Notice(Notice { id, zh, en, from_ms, until_ms })
        }),
        (uuid(), uuid(), any::<bool>(), text()).prop_map(|(order_id, photo_id, approved, reason)| {
            Item::Review(Review { order_id, photo_id, approved, reason, at_ms: 0 })
        }),
        (text(), uuid(), any::<u64>(), any::<bool>()).prop_map(|(number, order_id, amount_fen, done)| {
            Item::Refund(Refund { number, order_id, amount_fen, done, at_ms: 0 })
        }),
        (text(), prop::option::of(text()))
            .prop_map(|(name, value)| Item::Setting(Setting { name, value: value.map(|text| json!(text)) })),
        (uuid(), any::<i64>(), action).prop_map(|(id, until_ms, action)| Item::Command(Command {
            id,
            until_ms,
            action
        })),
        Just(Item::Unknown),
    ]
}

#[test]
fn any_page_is_taken_whole_and_the_second_time_changes_nothing() {
    let rig = Rig::new();
    let last = std::cell::Cell::new(0);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(200));
    runner
        .run(&prop::collection::vec(item(), 0..6), |items| {
            let cursor = last.get() + 1;
            last.set(cursor);
            let page = page(cursor, items);
            prop_assert_eq!(store(&rig).take(&page).unwrap(), Taken::Kept);
            let kept =
                || (rig.ledger.read().directory_values().unwrap(), rig.ledger.read().audit_head().unwrap());
            let first = kept();
            prop_assert_eq!(store(&rig).take(&page).unwrap(), Taken::Kept);
            prop_assert_eq!(kept(), first);
            prop_assert_eq!(rig.ledger.read().directory_cursor().unwrap(), cursor);
            prop_assert!(!rig.catalogue().offered.is_empty());
            drop(view(&rig));
            Ok(())
        })
        .unwrap();
    rig.ledger.read().check().unwrap();
    rig.restart();
}

#[test]
fn a_page_that_the_ledger_refuses_leaves_the_booth_as_it_was() {
    let rig = Rig::new();
    let page = page(u64::MAX, [command(1, Action::Close), student("E00000001", Some("张三"))]);
    assert!(store(&rig).take(&page).is_err(), "no cursor is so great");
    assert!(!rig.standing().closed && store(&rig).outcomes().unwrap().is_empty());
    assert_eq!(rig.ledger.read().roster_size(domain::programme::Kind::Degree).unwrap(), 0);
}
