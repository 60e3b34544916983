//! `boothctl prints`: the prints that wait, and staff's word on those that only the tray can decide.
//!
//! Listing works beside the running kiosk; deciding needs it stopped, because the ledger has one writer.

use crate::failure::Failure;
use crate::{Outcome, ledgers, output};
use booth::Places;
use domain::PrintJobId;
use domain::print_job::Event;
use ledger::{PrintJob, PrintJobChange, Reader};

/// List the prints that wait, or say what became of one that the booth can't know about.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    decision: Option<Decision>,
}

#[derive(Debug, clap::Subcommand)]
enum Decision {
    /// It lies in the tray: nothing more is printed.
    Done {
        /// The print, as the list names it.
        job: PrintJobId,
    },
    /// It isn't in the tray: print it again.
    Again {
        /// The print, as the list names it.
        job: PrintJobId,
    },
}

/// Does the command.
///
/// # Errors
/// [`Failure`]; a running kiosk holds the ledger, which the error says.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let places = Places::from_environment()?;
    match arguments.decision {
        None => list(&places),
        Some(Decision::Done { job }) => decide(&places, job, Event::Finish),
        Some(Decision::Again { job }) => decide(&places, job, Event::Returned),
    }
}

fn list(places: &Places) -> Result<Outcome, Failure> {
    let reader = ledgers::reader(places)?;
    let jobs = reader.print_jobs_to_do()?;
    for job in &jobs {
        output::line(&line(&reader, job)?)?;
    }
    Ok(if jobs.is_empty() { Outcome::Well } else { Outcome::Faulty })
}

fn line(reader: &Reader, job: &PrintJob) -> Result<String, Failure> {
    let order = reader.order(job.order)?.number;
    let fault = job.fault.as_deref().unwrap_or("-");
    Ok(format!(
        "{}  order {order}  {} x{}  {}  {fault}",
        job.id,
        job.kind.as_str(),
        job.copies,
        job.state.as_str()
    ))
}

fn decide(places: &Places, job: PrintJobId, event: Event) -> Result<Outcome, Failure> {
    let (ledger, stamp) = ledgers::writer(places)?;
    let change = PrintJobChange { id: job, event, fault: None, printer_job: None };
    let moved = ledger.move_print_job(&change, stamp)?;
    output::line(&format!("{job}  {}", moved.job.as_str()))?;
    Ok(Outcome::Well)
}
