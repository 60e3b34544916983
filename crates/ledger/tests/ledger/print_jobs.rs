use crate::support::{Campus, SHEET_PDF, accept, by, print_all, with_candidate};
use domain::order;
use domain::print_job::{Event, State};
use domain::programme::Approval;
use domain::{OrderId, PrintJobId};
use ledger::{Actor, Ledger, LedgerError, PrintJobChange};

fn accepted(ledger: &Ledger, approval: Approval) -> (OrderId, PrintJobId) {
    let (order, photo) = with_candidate(ledger, 1, approval);
    accept(ledger, order, photo).unwrap();
    (order, ledger.read().print_jobs_of(order).unwrap()[0].id)
}

fn change(id: PrintJobId, event: Event, fault: Option<&str>) -> PrintJobChange<'_> {
    PrintJobChange { id, event, fault, printer_job: None }
}

#[test]
fn a_job_keeps_its_document_attempts_and_fault() {
    let campus = Campus::new();
    let (_, job) = accepted(&campus.ledger, Approval::Booth);
    let read = campus.ledger.read();
    assert_eq!(read.print_document(job).unwrap().unwrap(), SHEET_PDF, "the document, byte for byte");
    campus.ledger.move_print_job(&change(job, Event::Send, None), by(Actor::Booth)).unwrap();
    let taken = PrintJobChange { id: job, event: Event::Taken, fault: None, printer_job: Some("ipp-12") };
    campus.ledger.move_print_job(&taken, by(Actor::Booth)).unwrap();
    campus.ledger.move_print_job(&change(job, Event::Hold, Some("out_of_paper")), by(Actor::Booth)).unwrap();
    let held = read.print_job(job).unwrap();
    assert_eq!(
        (held.state, held.attempts, held.fault.as_deref()),
        (State::Held, 1, Some("out_of_paper")),
        "held"
    );
    assert_eq!(held.printer_job.as_deref(), Some("ipp-12"), "the printer's name for it survives");
    campus.ledger.move_print_job(&change(job, Event::Resume, None), by(Actor::Booth)).unwrap();
    assert_eq!(read.print_job(job).unwrap().fault, None, "a job that goes on has no fault");
    campus.ledger.move_print_job(&change(job, Event::Returned, None), by(Actor::Booth)).unwrap();
    let again = read.print_job(job).unwrap();
    assert_eq!((again.state, again.printer_job), (State::Queued, None), "a returned job starts afresh");
    campus.ledger.note_print_fault(job, Some("printer_offline")).unwrap();
    assert_eq!(read.print_job(job).unwrap().fault.as_deref(), Some("printer_offline"), "why it waits");
}

#[test]
fn the_last_job_completes_the_order() {
    let campus = Campus::new();
    let (order, _) = accepted(&campus.ledger, Approval::Booth);
    let jobs = campus.ledger.read().print_jobs_to_do().unwrap();
    assert_eq!(jobs.len(), 2, "sheet and receipt");
    let mut states = Vec::new();
    for job in &jobs {
        for event in [Event::Send, Event::Taken, Event::Finish] {
            states.push(
                campus.ledger.move_print_job(&change(job.id, event, None), by(Actor::Booth)).unwrap().order,
            );
        }
    }
    assert!(
        states[..5].iter().all(|state| *state == order::State::Approved),
        "not before the last: {states:?}"
    );
    assert_eq!(states[5], order::State::Completed, "then it is done");
    assert!(campus.ledger.read().print_jobs_to_do().unwrap().is_empty(), "nothing is left");
    assert_eq!(campus.ledger.read().order(order).unwrap().state, order::State::Completed, "for good");
}

#[test]
fn prints_do_not_complete_what_the_office_has_not_approved() {
    let campus = Campus::new();
    for approval in [Approval::Staff, Approval::Central] {
        let (order, job) = accepted(&campus.ledger, approval);
        for event in Event::ALL {
            let refused = campus.ledger.move_print_job(&change(job, *event, None), by(Actor::Booth));
            assert!(matches!(refused, Err(LedgerError::NotNow { .. })), "{}: {refused:?}", event.as_str());
        }
        campus.ledger.note_print_fault(job, Some("print_uncertain")).unwrap();
        let read = campus.ledger.read();
        assert!(read.print_job(job).unwrap().awaits_approval(), "nothing else is noted of it");
        assert_eq!(read.order(order).unwrap().state, order::State::Submitted, "somebody decides");
        campus.ledger.review_order(order, ledger::Decision::Approve, None, by(Actor::Staff)).unwrap();
        print_all(&campus.ledger, order);
        assert_eq!(read.order(order).unwrap().state, order::State::Completed, "then it prints");
    }
}

#[test]
fn nothing_is_printed_twice() {
    let campus = Campus::new();
    let (_, job) = accepted(&campus.ledger, Approval::Booth);
    campus.ledger.move_print_job(&change(job, Event::Send, None), by(Actor::Booth)).unwrap();
    let campus = campus.reopen();
    let to_do = campus.ledger.read().print_jobs_to_do().unwrap();
    assert_eq!(
        to_do[0].state,
        State::Sending,
        "after a restart the booth knows that the printer may have it"
    );
    let twice = campus.ledger.move_print_job(&change(job, Event::Send, None), by(Actor::Booth));
    assert!(matches!(twice, Err(LedgerError::Refused(_))), "{twice:?}");
}
