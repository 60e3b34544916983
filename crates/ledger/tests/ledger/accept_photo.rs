use crate::support::{
    Campus, OFFICIAL, ORIGINAL, accept, broken_rule, draft, event, now, pay, place, place_draft, shoot,
    with_candidate,
};
use domain::order::State;
use domain::payment::{Event, Means};
use domain::programme::Approval;
use domain::{photo, print_job};
use ledger::{Acceptance, LedgerError};

#[test]
fn shots_are_kept_with_their_verdict() {
    let campus = Campus::new();
    let (order, _) = place(&campus.ledger, 1, Approval::Booth, Means::School).unwrap();
    let failed = shoot(&campus.ledger, order, false).unwrap();
    let passed = shoot(&campus.ledger, order, true).unwrap();
    let read = campus.ledger.read();
    let shots = read.photos_of(order).unwrap();
    assert_eq!((shots[0].id, shots[0].shot, shots[0].state), (failed, 1, photo::State::Failed), "the first");
    assert_eq!(shots[0].reasons, ["too_dark", "head_tilted"], "why");
    assert_eq!(
        (shots[1].id, shots[1].shot, shots[1].state),
        (passed, 2, photo::State::Candidate),
        "the second"
    );
    assert!(shots[1].measures.contains("80.5"), "the measures are kept as given");
    assert_eq!(read.official_photo(failed).unwrap(), None, "what failed has no official photo");
    assert_eq!(read.official_photo(passed).unwrap().unwrap(), OFFICIAL, "the official photo, byte for byte");
    assert_eq!(read.original_photo(passed).unwrap().unwrap(), ORIGINAL, "the shot, byte for byte");
}

#[test]
fn no_shot_is_kept_before_the_money() {
    let campus = Campus::new();
    let (order, _) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let refused = shoot(&campus.ledger, order, true);
    assert!(matches!(refused, Err(LedgerError::NotNow { state: "awaiting_payment", .. })), "{refused:?}");
}

#[test]
fn accepting_commits_everything_together() {
    let campus = Campus::new();
    let (order, first) = with_candidate(&campus.ledger, 1, Approval::Central);
    let second = shoot(&campus.ledger, order, true).unwrap();
    assert_eq!(accept(&campus.ledger, order, first).unwrap(), State::Submitted, "the office decides");
    let read = campus.ledger.read();
    assert_eq!(read.photo(first).unwrap().state, photo::State::Accepted, "the chosen one");
    assert_eq!(read.photo(second).unwrap().state, photo::State::Superseded, "the other one");
    assert_eq!(read.order(order).unwrap().photo, Some(first), "the order knows its photo");
    let jobs = read.print_jobs_of(order).unwrap();
    let kinds: Vec<_> = jobs.iter().map(|job| (job.kind, job.state)).collect();
    let held = print_job::State::Held;
    assert_eq!(
        kinds,
        [(print_job::Kind::Sheet, held), (print_job::Kind::Receipt, held)],
        "sheet, then receipt, held until the office decides"
    );
    assert!(jobs.iter().all(ledger::PrintJob::awaits_approval), "and they say so");
    let told = read.outbox_of(order).unwrap();
    let sequence: Vec<i64> = told.iter().map(|event| event.sequence).collect();
    assert_eq!(
        (told[2].kind.as_str(), sequence),
        ("collection_submitted", vec![1, 2, 3]),
        "one event, in its place"
    );
    let twice = accept(&campus.ledger, order, first);
    assert!(matches!(twice, Err(LedgerError::Refused(_))), "{twice:?}");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}

#[test]
fn the_booths_own_checks_approve_where_the_programme_says_so() {
    let campus = Campus::new();
    let (order, photo) = with_candidate(&campus.ledger, 1, Approval::Booth);
    assert_eq!(accept(&campus.ledger, order, photo).unwrap(), State::Approved, "prints are still to come");
    let (order, photo) = with_candidate(&campus.ledger, 2, Approval::Booth);
    let told = event("collection_submitted");
    let nothing = Acceptance { order, photo, jobs: &[], event: &told, at: now() };
    assert_eq!(campus.ledger.accept_photo(&nothing).unwrap(), State::Completed, "nothing is to be printed");
}

#[test]
fn what_may_not_be_accepted_changes_nothing() {
    let campus = Campus::new();
    let (order, candidate) = with_candidate(&campus.ledger, 1, Approval::Booth);
    let failed = shoot(&campus.ledger, order, false).unwrap();
    let (other, _) = with_candidate(&campus.ledger, 2, Approval::Booth);
    let before = campus.ledger.read().audit_head().unwrap();
    let refused = accept(&campus.ledger, order, failed);
    assert!(matches!(refused, Err(LedgerError::Refused(_))), "a failed photo: {refused:?}");
    let refused = accept(&campus.ledger, other, candidate);
    assert!(matches!(refused, Err(LedgerError::PhotoOfAnotherOrder)), "{refused:?}");
    assert_eq!(
        campus.ledger.read().photo(candidate).unwrap().state,
        photo::State::Candidate,
        "nothing moved"
    );
    assert_eq!(campus.ledger.read().audit_head().unwrap(), before, "nor is anything in the audit");
}

#[test]
fn shooting_first_pays_for_the_photo_that_was_chosen() {
    let campus = Campus::new();
    let order = draft(&campus.ledger, 1).unwrap();
    let photo = shoot(&campus.ledger, order, true).unwrap();
    let unpaid = accept(&campus.ledger, order, photo);
    assert!(matches!(unpaid, Err(LedgerError::Refused(_))), "no photo before the money: {unpaid:?}");
    let payment = place_draft(&campus.ledger, order).unwrap();
    pay(&campus.ledger, payment, Event::Settle).unwrap();
    assert_eq!(accept(&campus.ledger, order, photo).unwrap(), State::Approved, "then it is the student's");
    assert_eq!(broken_rule(&campus.path()), None, "every rule holds");
}
