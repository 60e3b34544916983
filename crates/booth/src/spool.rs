//! The spool: the ledger's print jobs, one at a time and in their order, to the printer.
//!
//! A job that was offered and whose answer is unknown (a crash, a time-out) is offered again under the same name: the printer is
//! asked first whether it has it, so nothing prints twice. A job that a printer had and no longer knows is held for staff,
//! because only the tray tells whether it came out.

use crate::inner::Inner;
use crate::view::FaultCode;
use crate::words;
use crate::workflow::advance;
use domain::print_job::{Event, State};
use domain::session;
use ledger::{Actor, LedgerError, PrintJob, PrintJobChange, Stamp};
use printing::{JobName, JobRef, JobRequest, JobState, Paper, PrinterFault, Severity};
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;

/// How often a job at the printer, or a printer with a fault, is asked again.
const POLL: Duration = Duration::from_millis(500);

/// A step of the spool that failed; it is tried again.
#[derive(Debug, thiserror::Error)]
enum SpoolError {
    #[error("the spool can't use the ledger")]
    Ledger(#[from] LedgerError),
    #[error("the job's document, paper or number of copies can't be printed")]
    Unprintable,
}

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
        let fault = match inner.printer.status().await {
            Ok(status) => status.fault(),
            Err(fault) => Some(fault.name()),
        };
        *inner.printer_fault.lock() = fault.map(words::printer_fault);
        inner.publish(&inner.sitting.lock());
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
}

async fn step(inner: &Arc<Inner>) -> Result<(), SpoolError> {
    let Some(job) = inner.ledger.read().print_jobs_to_do()?.into_iter().next() else { return Ok(()) };
    match job.state {
        State::Queued => {
            change(inner, &job, Event::Send, None, None)?;
            offer(inner, &job).await?;
        }
        State::Sending => offer(inner, &job).await?,
        State::Printing | State::Held | State::Cancelling => follow(inner, &job).await?,
        State::Done | State::Cancelled => {}
    }
    tell(inner, &job);
    Ok(())
}

async fn offer(inner: &Inner, job: &PrintJob) -> Result<(), SpoolError> {
    let request = request(inner, job)?;
    match inner.printer.submit(&request).await {
        Ok(at) => change(inner, job, Event::Taken, None, Some(&written(&at))),
        Err(fault) if fault.left_nothing() => change(inner, job, Event::Returned, Some(code(&fault)), None),
        Err(fault) => {
            // Whether the printer has it is unknown: it stays `Sending` and is offered again under the same name.
            tracing::warn!(%fault, "a print job was offered and the answer is unknown");
            Ok(())
        }
    }
}

fn request(inner: &Inner, job: &PrintJob) -> Result<JobRequest, SpoolError> {
    let document = inner.ledger.read().print_document(job.id)?.ok_or(SpoolError::Unprintable)?;
    let order = inner.ledger.read().order(job.order)?;
    let programme = inner.programmes.iter().find(|programme| programme.id == order.programme);
    let paper = programme.and_then(|programme| programme.sheet_paper.parse::<Paper>().ok());
    let copies = u16::try_from(job.copies).ok().and_then(NonZeroU16::new);
    let name = job.id.to_string().parse::<JobName>().ok();
    match (name, paper, copies) {
        (Some(name), Some(paper), Some(copies)) => {
            Ok(JobRequest { name, document: document.into(), paper, copies })
        }
        _ => Err(SpoolError::Unprintable),
    }
}

async fn follow(inner: &Inner, job: &PrintJob) -> Result<(), SpoolError> {
    let Some(at) = job.printer_job.as_deref().and_then(read) else { return Err(SpoolError::Unprintable) };
    match inner.printer.job(&at).await {
        Ok(JobState::Completed) => change(inner, job, Event::Finish, None, None),
        Ok(JobState::Cancelled) if job.state == State::Cancelling => {
            change(inner, job, Event::ConfirmCancel, None, None)
        }
        Ok(JobState::Cancelled | JobState::Aborted) => {
            change(inner, job, Event::Returned, Some(FaultCode::PrinterFailed), None)
        }
        Ok(_) => waiting(inner, job).await,
        Err(fault) => hold(inner, job, code(&fault)),
    }
}

/// The printer has the job and isn't done with it: is something the matter?
async fn waiting(inner: &Inner, job: &PrintJob) -> Result<(), SpoolError> {
    match inner.printer.status().await {
        Ok(status) => match status.fault() {
            Some(fault) => hold(inner, job, words::printer_fault(fault)),
            None if job.state == State::Held => change(inner, job, Event::Resume, None, None),
            None => Ok(()),
        },
        Err(fault) => hold(inner, job, code(&fault)),
    }
}

fn hold(inner: &Inner, job: &PrintJob, fault: FaultCode) -> Result<(), SpoolError> {
    let known = job.fault.as_deref().and_then(words::by_code);
    match job.state {
        State::Printing => change(inner, job, Event::Hold, Some(fault), None),
        State::Held if known != Some(fault) => {
            change(inner, job, Event::Resume, None, None)?;
            change(inner, job, Event::Hold, Some(fault), None)
        }
        _ => Ok(()),
    }
}

fn code(fault: &PrinterFault) -> FaultCode {
    if fault.name().severity() == Severity::Permanent {
        tracing::error!(%fault, "the printer will not print this without a change");
    }
    words::printer_fault(fault.name())
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
