//! The spool. A job's document goes when its order is purged, never before it is on paper.

use super::audit::{self, Deed, Stamp};
use crate::column::Column;
use crate::error::{Result, found};
use domain::print_job::{self, Event, Kind, State};
use domain::{OrderId, PrintJobId, UtcMillis};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

/// The fault of a job that is held until somebody approves the photo.
pub const AWAITING_APPROVAL: &str = "awaiting_approval";

/// A document for the printer.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPrintJob {
    /// The id, by which the printer is asked again after a crash.
    pub id: PrintJobId,
    /// What it is.
    pub kind: Kind,
    /// How many copies, 1 to 99.
    pub copies: u32,
    /// The document, a PDF.
    pub document: Vec<u8>,
}

/// A print job as it stands, without its document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PrintJob {
    /// The id.
    pub id: PrintJobId,
    /// The order it belongs to.
    pub order: OrderId,
    /// What it is.
    pub kind: Kind,
    /// How many copies.
    pub copies: u32,
    /// Where it stands.
    pub state: State,
    /// How often it was offered to the printer.
    pub attempts: u32,
    /// Why it can't go on, as a code.
    pub fault: Option<String>,
    /// What the printer calls it.
    pub printer_job: Option<String>,
    /// When it was queued.
    pub queued: UtcMillis,
    /// When its state last changed.
    pub changed: UtcMillis,
}

impl PrintJob {
    /// Whether it is held until somebody approves the photo: the printer hasn't been offered it.
    #[must_use]
    pub fn awaits_approval(&self) -> bool {
        self.state == State::Held && self.fault.as_deref() == Some(AWAITING_APPROVAL)
    }
}

/// What happened to a job.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PrintJobChange<'a> {
    /// The job.
    pub id: PrintJobId,
    /// What happened.
    pub event: Event,
    /// Why it can't go on, as a code; kept only where the job then waits or has ended without paper.
    pub fault: Option<&'a str>,
    /// What the printer calls it, when that becomes known.
    pub printer_job: Option<&'a str>,
}

/// Adds a job after those that the order has: queued, or held until the photo is approved.
pub(crate) fn insert(
    tx: &Transaction<'_>,
    order: OrderId,
    new: &NewPrintJob,
    approved: bool,
    at: UtcMillis,
) -> Result<()> {
    let (state, fault) =
        if approved { (State::Queued, None) } else { (State::Held, Some(AWAITING_APPROVAL)) };
    tx.prepare_cached(
        "INSERT INTO print_jobs (id, order_id, place, kind, copies, state, attempts, fault, queued_ms, changed_ms,
             document)
         VALUES (?1, ?2, (SELECT 1 + coalesce(max(place), 0) FROM print_jobs WHERE order_id = ?2), ?3, ?4, ?5, 0, ?6,
             ?7, ?7, ?8)",
    )?
    .execute((
        new.id.as_bytes(),
        order.as_bytes(),
        new.kind.as_str(),
        new.copies,
        state.as_str(),
        fault,
        at.0,
        &new.document,
    ))?;
    Ok(())
}

const WITHOUT_DOCUMENT: &str =
    "id, order_id, kind, copies, state, attempts, fault, printer_job, queued_ms, changed_ms";

/// The job `id`.
pub(crate) fn get(connection: &Connection, id: PrintJobId) -> Result<PrintJob> {
    let job = connection
        .prepare_cached(&format!("SELECT {WITHOUT_DOCUMENT} FROM print_jobs WHERE id = ?1"))?
        .query_row([id.as_bytes()], |row| Ok(read(row)))
        .optional()?;
    found(job, "print job")?
}

/// The jobs of an order, in the order of printing.
pub(crate) fn of_order(connection: &Connection, order: OrderId) -> Result<Vec<PrintJob>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {WITHOUT_DOCUMENT} FROM print_jobs WHERE order_id = ?1 ORDER BY place"
    ))?;
    statement.query_and_then([order.as_bytes()], read)?.collect()
}

/// Every job that has not ended, the oldest first.
pub(crate) fn to_do(connection: &Connection) -> Result<Vec<PrintJob>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {WITHOUT_DOCUMENT} FROM print_jobs WHERE state NOT IN ('done', 'cancelled')
         ORDER BY queued_ms, order_id, place"
    ))?;
    statement.query_and_then([], read)?.collect()
}

fn read(row: &Row<'_>) -> Result<PrintJob> {
    let column = |name| Column { table: "print_jobs", name };
    Ok(PrintJob {
        id: PrintJobId::from_bytes(row.get("id")?),
        order: OrderId::from_bytes(row.get("order_id")?),
        kind: column("kind").parsed(row, Kind::parse)?,
        copies: row.get("copies")?,
        state: column("state").parsed(row, State::parse)?,
        attempts: row.get("attempts")?,
        fault: row.get("fault")?,
        printer_job: row.get("printer_job")?,
        queued: column("queued_ms").time(row)?,
        changed: column("changed_ms").time(row)?,
    })
}

/// The job's document, unless purged.
pub(crate) fn document(connection: &Connection, id: PrintJobId) -> Result<Option<Vec<u8>>> {
    let document = connection
        .prepare_cached("SELECT document FROM print_jobs WHERE id = ?1")?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?;
    found(document, "print job")
}

/// The job after the change.
pub(crate) fn advance(tx: &Transaction<'_>, change: &PrintJobChange<'_>, stamp: Stamp) -> Result<State> {
    let before = get(tx, change.id)?;
    let after = print_job::next(before.state, change.event)?;
    let may_have_a_fault = matches!(after, State::Queued | State::Held | State::Cancelled);
    let printer_job = match after {
        State::Queued => None,
        _ => change.printer_job.map(str::to_owned).or(before.printer_job),
    };
    tx.prepare_cached(
        "UPDATE print_jobs SET state = ?2, attempts = attempts + ?3, fault = ?4, printer_job = ?5, changed_ms = ?6
         WHERE id = ?1",
    )?
    .execute((
        change.id.as_bytes(),
        after.as_str(),
        i64::from(change.event == Event::Send),
        change.fault.filter(|_| may_have_a_fault),
        printer_job,
        stamp.at.0,
    ))?;
    let action = format!("print_job.{}", change.event.as_str());
    let detail = change.fault.unwrap_or_else(|| after.as_str());
    audit::append(tx, stamp, Deed { action: &action, subject: &change.id.to_string(), detail })?;
    Ok(after)
}

/// Queues what the order printed last once more, under ids that `id` makes, for the command; how many jobs. Jobs that repeat others are
/// not repeated, nor those of a photo that was rejected, nor those whose documents were purged.
pub(crate) fn repeat(
    tx: &Transaction<'_>,
    order: OrderId,
    command: &[u8; 16],
    id: &dyn Fn() -> PrintJobId,
    at: UtcMillis,
) -> Result<usize> {
    let jobs = newest_documents(tx, order)?;
    for (kind, copies, document) in &jobs {
        let new = NewPrintJob { id: id(), kind: *kind, copies: *copies, document: document.clone() };
        insert(tx, order, &new, true, at)?;
        tx.prepare_cached("INSERT INTO repeated_jobs (job_id, command_id) VALUES (?1, ?2)")?
            .execute((new.id.as_bytes(), command))?;
    }
    Ok(jobs.len())
}

/// The documents that were made when the order's photo was accepted last: such jobs have one time.
fn newest_documents(tx: &Transaction<'_>, order: OrderId) -> Result<Vec<(Kind, u32, Vec<u8>)>> {
    let mut statement = tx.prepare_cached(
        "WITH own AS (SELECT * FROM print_jobs WHERE order_id = ?1 AND id NOT IN (SELECT job_id FROM repeated_jobs))
         SELECT kind, copies, document FROM own
         WHERE queued_ms = (SELECT max(queued_ms) FROM own) AND document IS NOT NULL ORDER BY place",
    )?;
    let kind = Column { table: "print_jobs", name: "kind" };
    let rows = statement.query_and_then([order.as_bytes()], |row| {
        Ok((kind.parsed(row, Kind::parse)?, row.get("copies")?, row.get("document")?))
    })?;
    rows.collect()
}

/// Cancels the order's jobs that the printer hasn't been offered.
pub(crate) fn cancel_unoffered(tx: &Transaction<'_>, order: OrderId, stamp: Stamp) -> Result<()> {
    for job in of_order(tx, order)? {
        let events: &[Event] = match job.state {
            State::Queued => &[Event::Cancel],
            _ if job.awaits_approval() => &[Event::Cancel, Event::ConfirmCancel],
            _ => &[],
        };
        for &event in events {
            advance(tx, &PrintJobChange { id: job.id, event, fault: None, printer_job: None }, stamp)?;
        }
    }
    Ok(())
}

/// Queues the order's jobs that were held until the photo was approved.
pub(crate) fn release(tx: &Transaction<'_>, order: OrderId, stamp: Stamp) -> Result<()> {
    for job in of_order(tx, order)?.iter().filter(|job| job.awaits_approval()) {
        let change = PrintJobChange { id: job.id, event: Event::Returned, fault: None, printer_job: None };
        advance(tx, &change, stamp)?;
    }
    Ok(())
}

/// Notes why a job that waits can't go on, or that it can; its state is unchanged. One that waits for approval waits for nothing else.
pub(crate) fn note_fault(tx: &Transaction<'_>, id: PrintJobId, fault: Option<&str>) -> Result<()> {
    tx.prepare_cached(
        "UPDATE print_jobs SET fault = ?2 WHERE id = ?1 AND (state = 'queued' OR state = 'held' AND fault IS NOT ?3)",
    )?
    .execute((id.as_bytes(), fault, AWAITING_APPROVAL))?;
    Ok(())
}

/// Deletes the documents of an order whose jobs have all ended.
pub(crate) fn purge(tx: &Transaction<'_>, order: OrderId) -> Result<()> {
    tx.prepare_cached("UPDATE print_jobs SET document = NULL WHERE order_id = ?1")?
        .execute([order.as_bytes()])?;
    Ok(())
}
