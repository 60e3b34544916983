//! A booth that is killed (SIGKILL) at random moments of a stream of commits: after each kill the file opens, every commit that was
//! reported is there, no half of one is, and the interrupted student's order can be taken up.
//!
//! The test runs itself a second time as the booth that is killed, chosen by an environment variable.

use crate::support::{
    accept, broken_rule, document, now, opening, pay, place, print_all, shoot, with_candidate,
};
use domain::order::State;
use domain::payment::{Event, Means};
use domain::programme::{Approval, Kind};
use domain::{OrderId, OrderNumber, PersonName, StudentNumber};
use ledger::{DirectoryChange, EventOutcome, Ledger, RosterEdit, RosterEntry, ValueKind};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CHILD: &str = "BOOTH_CRASH_CHILD";
const KILLS: u64 = 25;

/// The booth that is killed: students come and go until it is, and each commit is reported when it has returned.
fn booth_until_killed(path: &Path) {
    let ledger = Ledger::open(&opening(path), now()).unwrap();
    let mut out = std::io::stdout();
    let mut report = |id: OrderId, state: &str| {
        writeln!(out, "committed {id} {state}").and_then(|()| out.flush()).unwrap();
    };
    let first = ledger.reserve_order_number().unwrap().count();
    for n in first.. {
        let (id, payment) = place(&ledger, n, Approval::Booth, Means::Counter).unwrap();
        report(id, "awaiting_payment");
        pay(&ledger, payment, Event::Settle).unwrap();
        report(id, "paid");
        let photo = shoot(&ledger, id, true).unwrap();
        report(id, "shot");
        accept(&ledger, id, photo).unwrap();
        report(id, "approved");
        print_all(&ledger, id);
        report(id, "completed");
        hear_central(&ledger, n);
    }
}

/// Central answers for everything and sends a page with one more student.
fn hear_central(ledger: &Ledger, n: u32) {
    let waiting = ledger.read().outbox_pending(100).unwrap();
    let answers: Vec<_> = waiting.iter().map(|event| (event.id, EventOutcome::Acknowledged)).collect();
    ledger.record_answers(&answers, now()).unwrap();
    let student = RosterEntry {
        document: document(n),
        name: PersonName::parse("张三").unwrap(),
        student_number: StudentNumber::parse("20260001").unwrap(),
        college: String::new(),
        major: String::new(),
        class_name: String::new(),
        year: None,
    };
    let (size, json) = (ledger.read().roster_size(Kind::Degree).unwrap() + 1, Some("true".to_owned()));
    let changes = [
        DirectoryChange::Roster(Kind::Degree, RosterEdit::Put(student)),
        DirectoryChange::Value { kind: ValueKind::Notice, key: size.to_string(), json },
    ];
    ledger.take_directory(&changes, size, now(), &|| unreachable!("nothing is printed again")).unwrap();
}

/// A page is there with its cursor or not at all.
fn check_central(ledger: &Ledger) {
    let read = ledger.read();
    let cursor = read.directory_cursor().unwrap();
    let page = (read.roster_size(Kind::Degree).unwrap(), read.directory_values().unwrap().len() as u64);
    assert_eq!(page, (cursor, cursor), "no half of a page is in the file");
}

fn start(path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["crash::a_killed_booth_loses_no_commit_and_leaves_no_half", "--exact", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills the booth after `lines` reports and `spin` more; every report that it made.
fn kill_after(mut child: Child, lines: usize, spin: Duration) -> Vec<(OrderId, String)> {
    let mut reports = BufReader::new(child.stdout.take().unwrap()).lines().map_while(std::io::Result::ok);
    let mut committed = Vec::new();
    while committed.len() < lines {
        let line = reports.next().expect("the booth reports until it is killed");
        committed.extend(parse(&line));
    }
    let until = Instant::now() + spin;
    while Instant::now() < until {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    committed.extend(reports.filter_map(|line| parse(&line)));
    child.wait().unwrap();
    committed
}

fn parse(line: &str) -> Option<(OrderId, String)> {
    let (_, report) = line.split_once("committed ")?;
    let (id, state) = report.split_once(' ')?;
    Some((id.parse().unwrap(), state.to_owned()))
}

fn rank(state: &str) -> usize {
    let order = ["draft", "awaiting_payment", "paid", "shot", "approved", "completed"];
    order.iter().position(|known| *known == state).unwrap()
}

fn check_after_kill(path: &Path, committed: &[(OrderId, String)]) {
    let ledger = Ledger::open(&opening(path), now()).unwrap();
    ledger.read().check().unwrap();
    assert_eq!(broken_rule(path), None, "no half of a commit is in the file");
    check_central(&ledger);
    for (id, reported) in committed {
        let order = ledger.read().describe_order(*id).unwrap();
        let reached = if order.candidate.is_some() { "shot" } else { order.state.as_str() };
        assert!(rank(reached) >= rank(reported), "{reported} was reported, {reached} is in the file");
    }
    let (last, _) = committed.last().unwrap();
    resume(&ledger, *last);
}

/// The interrupted student identifies again and finishes.
fn resume(ledger: &Ledger, id: OrderId) {
    let document = ledger.read().person(ledger.read().order(id).unwrap().person).unwrap().document;
    let Some(open) = ledger.read().open_order_of(&document, "degree-booth").unwrap() else {
        assert_eq!(
            ledger.read().order(id).unwrap().state,
            State::Completed,
            "an unfinished order is found again"
        );
        return;
    };
    assert_eq!(open.id, id, "the student finds the same order");
    if !open.settled {
        pay(ledger, open.payment.unwrap().id, Event::Settle).unwrap();
    }
    if open.photo.is_none() {
        let photo = open.candidate.unwrap_or_else(|| shoot(ledger, id, true).unwrap());
        accept(ledger, id, photo).unwrap();
    }
    finish_prints(ledger, id);
    assert_eq!(ledger.read().order(id).unwrap().state, State::Completed, "and gets everything");
}

fn finish_prints(ledger: &Ledger, id: OrderId) {
    use domain::print_job::{Event, State};
    for job in ledger.read().print_jobs_of(id).unwrap() {
        let events: &[Event] = match job.state {
            State::Queued => &[Event::Send, Event::Taken, Event::Finish],
            State::Sending => &[Event::Taken, Event::Finish],
            State::Printing => &[Event::Finish],
            _ => &[],
        };
        for event in events {
            let change = ledger::PrintJobChange { id: job.id, event: *event, fault: None, printer_job: None };
            ledger.move_print_job(&change, crate::support::by(ledger::Actor::Booth)).unwrap();
        }
    }
}

#[test]
fn a_killed_booth_loses_no_commit_and_leaves_no_half() {
    if let Some(path) = std::env::var_os(CHILD) {
        return booth_until_killed(Path::new(&path));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("booth.db");
    for kill in 0..KILLS {
        // A commit takes some 4 ms here, so the moments cover two of them and every step of a student's way.
        let spin = Duration::from_micros(kill * 7919 % 8000);
        let committed = kill_after(start(&path), 1 + (kill % 7) as usize, spin);
        check_after_kill(&path, &committed);
    }
    let ledger = Ledger::open(&opening(&path), now()).unwrap();
    let (order, _) = with_candidate(&ledger, OrderNumber::LAST, Approval::Booth);
    assert!(
        ledger.read().order(order).unwrap().number.count() > u32::try_from(KILLS).unwrap(),
        "the count went on"
    );
    assert!(
        ledger.read().open_order_of(&document(OrderNumber::LAST), "degree-booth").unwrap().is_some(),
        "and so on"
    );
}
