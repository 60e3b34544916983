//! The spool: the ledger's print jobs, one at a time and in their order, to the printer.
//!
//! Nothing prints twice: after an offer whose answer is unknown (a crash, a time-out) the printer is asked whether it has the job.
//! One that a printer doesn't know although it may have had it, or gave up half way, is held for staff, because only the tray tells
//! what came out; the jobs behind it go on.

use crate::inner::Inner;
use crate::view::FaultCode;
use crate::words;
use crate::workflow::advance;
use domain::print_job::{Event, State};
use domain::session;
use ledger::{Actor, LedgerError, PrintJob, PrintJobChange, Stamp};
use printing::{FaultName, JobName, JobRef, JobRequest, JobState, Paper, Severity};
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;

/// How often a job at the printer, or a printer with a fault, is asked again.
const POLL: Duration = Duration::from_millis(500);

/// A step of the spool that failed; it is tried again.
#[derive(Debug, thiserror::Error)]
#[error("the spool can't use the ledger")]
struct SpoolError(#[from] LedgerError);

/// Prints for ever.
pub(crate) async fn run(inner: Arc<Inner>) {
    loop {
        if let Err(error) = step(&inner).await {
            tracing::error!(error = %error, "the spool can't go on");
        }
        tokio::select! {
            () = inner.to_print.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Watches the printer for ever, for the strip and the welcome screen.
pub(crate) async fn watch(inner: Arc<Inner>) {
    loop {
        let fault = printer_fault(&inner).await.or_else(|| waits_for_staff(&inner));
        *inner.printer_fault.lock() = fault;
        inner.publish(&inner.sitting.lock());
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
}

/// A job that only staff can decide shows on the strip until they have.
fn waits_for_staff(inner: &Inner) -> Option<FaultCode> {
    let jobs = inner.ledger.read().print_jobs_to_do().unwrap_or_default();
    jobs.iter().filter_map(fault_of).find(|fault| *fault == FaultCode::PrintUncertain)
}

/// What came of looking at one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looked {
    /// The printer is at work or has a fault: those behind wait too.
    Occupied,
    /// Only staff can say what becomes of it: those behind go on.
    NeedsStaff,
}

async fn step(inner: &Arc<Inner>) -> Result<(), SpoolError> {
    for job in inner.ledger.read().print_jobs_to_do()? {
        let looked = look_at(inner, &job).await?;
        tell(inner, &job);
        if looked == Looked::Occupied {
            break;
        }
    }
    Ok(())
}

async fn look_at(inner: &Inner, job: &PrintJob) -> Result<Looked, SpoolError> {
    match job.state {
        State::Queued => begin(inner, job).await,
        State::Sending => ask_again(inner, job).await,
        State::Held if job.awaits_approval() => Ok(Looked::NeedsStaff),
        State::Held if fault_of(job) == Some(FaultCode::PrintUncertain) => Ok(Looked::NeedsStaff),
        State::Printing | State::Held | State::Cancelling => follow(inner, job).await,
        State::Done | State::Cancelled => Ok(Looked::NeedsStaff),
    }
}

/// Offers a job, once the printer is well: a printer that is off costs no attempts.
async fn begin(inner: &Inner, job: &PrintJob) -> Result<Looked, SpoolError> {
    let Some(request) = request(inner, job)? else {
        note(inner, job, FaultCode::PrinterFailed)?;
        return Ok(Looked::NeedsStaff);
    };
    if let Some(fault) = printer_fault(inner).await {
        note(inner, job, fault)?;
        return Ok(Looked::Occupied);
    }
    change(inner, job, Event::Send, None, None)?;
    offer(inner, job, &request).await
}

async fn offer(inner: &Inner, job: &PrintJob, request: &JobRequest) -> Result<Looked, SpoolError> {
    match inner.printer.submit(request).await {
        Ok(at) => change(inner, job, Event::Taken, None, Some(&written(&at)))?,
        Err(fault) if fault.severity() == Severity::Permanent => {
            tracing::error!(%fault, "the printer will not print this without a change");
            change(inner, job, Event::Hold, Some(FaultCode::PrintUncertain), None)?;
            return Ok(Looked::NeedsStaff);
        }
        Err(fault) if fault.left_nothing() => {
            change(inner, job, Event::Returned, Some(words::printer_fault(fault.name())), None)?;
        }
        // Whether the printer has it is unknown: it stays `Sending`, and the printer is asked.
        Err(fault) => tracing::warn!(%fault, "a print job was offered and the answer is unknown"),
    }
    Ok(Looked::Occupied)
}

/// A job whose offer was never answered, be it for a crash: does the printer have it?
async fn ask_again(inner: &Inner, job: &PrintJob) -> Result<Looked, SpoolError> {
    let Some(request) = request(inner, job)? else {
        change(inner, job, Event::Hold, Some(FaultCode::PrintUncertain), None)?;
        return Ok(Looked::NeedsStaff);
    };
    match inner.printer.find(&request.name).await {
        Ok(Some(_)) => offer(inner, job, &request).await,
        // A printer that was switched off meanwhile has forgotten; one that keeps what it printed has not.
        Ok(None) if inner.printer.kind().is_simulated() => offer(inner, job, &request).await,
        Ok(None) => {
            change(inner, job, Event::Hold, Some(FaultCode::PrintUncertain), None)?;
            Ok(Looked::NeedsStaff)
        }
        Err(fault) => {
            tracing::warn!(%fault, "the printer can't say whether it has a job");
            Ok(Looked::Occupied)
        }
    }
}

/// Nothing where the document, the paper or the number of copies can't be printed.
fn request(inner: &Inner, job: &PrintJob) -> Result<Option<JobRequest>, SpoolError> {
    let document = inner.ledger.read().print_document(job.id)?;
    let order = inner.ledger.read().order(job.order)?;
    // Its student may have gone: no connection keeps pages of the document.
    inner.ledger.read().forget();
    let catalogue = inner.catalogue();
    let paper = catalogue.known(&order.programme);
    let paper = paper.and_then(|programme| programme.sheet_paper.parse::<Paper>().ok());
    let copies = u16::try_from(job.copies).ok().and_then(NonZeroU16::new);
    let name = job.id.to_string().parse::<JobName>().ok();
    Ok(match (name, document, paper, copies) {
        (Some(name), Some(document), Some(paper), Some(copies)) => {
            Some(JobRequest { name, document: document.into(), paper, copies })
        }
        _ => None,
    })
}

async fn follow(inner: &Inner, job: &PrintJob) -> Result<Looked, SpoolError> {
    let answer = match job.printer_job.as_deref().and_then(read) {
        Some(at) => inner.printer.job(&at).await,
        None => return uncertain(inner, job),
    };
    match answer {
        Ok(JobState::Completed) => change(inner, job, Event::Finish, None, None)?,
        Ok(JobState::Cancelled) if job.state == State::Cancelling => {
            change(inner, job, Event::ConfirmCancel, None, None)?;
        }
        // Given up at the device, after some of its sheets or none; or forgotten. To print it again by itself might double it.
        Ok(JobState::Cancelled | JobState::Aborted) => return uncertain(inner, job),
        Err(fault) if fault.name() == FaultName::JobUnknown => return uncertain(inner, job),
        Ok(_) => match printer_fault(inner).await {
            Some(fault) => hold(inner, job, fault)?,
            None if job.state == State::Held => change(inner, job, Event::Resume, None, None)?,
            None => {}
        },
        Err(fault) => hold(inner, job, words::printer_fault(fault.name()))?,
    }
    Ok(Looked::Occupied)
}

/// What keeps the printer from printing.
async fn printer_fault(inner: &Inner) -> Option<FaultCode> {
    match inner.printer.status().await {
        Ok(status) => status.fault().map(words::printer_fault),
        Err(fault) => Some(words::printer_fault(fault.name())),
    }
}

fn uncertain(inner: &Inner, job: &PrintJob) -> Result<Looked, SpoolError> {
    hold(inner, job, FaultCode::PrintUncertain)?;
    Ok(Looked::NeedsStaff)
}

fn fault_of(job: &PrintJob) -> Option<FaultCode> {
    job.fault.as_deref().and_then(words::by_code)
}

/// Notes why a waiting job waits, where that is new.
fn note(inner: &Inner, job: &PrintJob, fault: FaultCode) -> Result<(), SpoolError> {
    if fault_of(job) != Some(fault) {
        inner.ledger.note_print_fault(job.id, Some(&words::code(fault)))?;
    }
    Ok(())
}

fn hold(inner: &Inner, job: &PrintJob, fault: FaultCode) -> Result<(), SpoolError> {
    match job.state {
        State::Printing => change(inner, job, Event::Hold, Some(fault), None),
        State::Held => note(inner, job, fault),
        _ => Ok(()),
    }
}

fn change(
    inner: &Inner,
    job: &PrintJob,
    event: Event,
    fault: Option<FaultCode>,
    printer_job: Option<&str>,
) -> Result<(), SpoolError> {
    let fault = fault.map(words::code);
    let change = PrintJobChange { id: job.id, event, fault: fault.as_deref(), printer_job };
    inner.ledger.move_print_job(&change, Stamp { actor: Actor::Booth, at: inner.clock.now() })?;
    Ok(())
}

/// A job's place at the printer, as the ledger keeps it.
fn written(at: &JobRef) -> String {
    format!("{} {}", at.job_id, at.job_uuid.as_deref().unwrap_or("-"))
}

fn read(text: &str) -> Option<JobRef> {
    let (job_id, uuid) = text.split_once(' ')?;
    Some(JobRef { job_id: job_id.parse().ok()?, job_uuid: (uuid != "-").then(|| uuid.to_owned()) })
}

/// Shows the progress, and goes on when the student's last print is out.
fn tell(inner: &Arc<Inner>, job: &PrintJob) {
    let mut sitting = inner.sitting.lock();
    if sitting.state == session::State::Printing(job.order) {
        let ended = inner
            .ledger
            .read()
            .print_jobs_of(job.order)
            .is_ok_and(|jobs| jobs.iter().all(|job| job.state.is_end()));
        if ended && let Err(error) = advance(inner, &mut sitting, session::Event::PrintsDone) {
            tracing::error!(%error, "the session did not take the end of its prints");
        }
    }
    inner.publish(&sitting);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jobs_place_at_the_printer_survives_the_ledger() {
        for at in [
            JobRef { job_id: 7, job_uuid: Some("urn:uuid:0b7c".into()) },
            JobRef { job_id: i32::MAX, job_uuid: None },
        ] {
            assert_eq!(read(&written(&at)), Some(at));
        }
        assert_eq!(read("nonsense"), None);
    }
}
