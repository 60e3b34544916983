//! What happened to a print job, with what follows for its order when it was the last one.

use super::accept_photo::finish_if_done;
use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tables::audit::Stamp;
use crate::tables::orders;
use crate::tables::print_jobs::{self, PrintJobChange};
use domain::{OrderId, PrintJobId, order, print_job};

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PrintJobMoved {
    /// Where the job stands.
    pub job: print_job::State,
    /// The order it belongs to.
    pub order_id: OrderId,
    /// Where the order stands.
    pub order: order::State,
}

impl Ledger {
    /// Records what happened to a print job. The end of the last one completes an approved order.
    ///
    /// # Errors
    /// [`LedgerError::Missing`], [`LedgerError::Refused`], [`LedgerError::NotNow`] while the job is held for the photo's approval, or
    /// a failed write.
    pub fn move_print_job(&self, change: &PrintJobChange<'_>, stamp: Stamp) -> Result<PrintJobMoved> {
        self.write("move the print job", |tx| {
            let before = print_jobs::get(tx, change.id)?;
            let order_id = before.order;
            if before.awaits_approval() {
                let state = orders::get(tx, order_id)?.state.as_str();
                return Err(LedgerError::NotNow { state, doing: "be printed" });
            }
            let job = print_jobs::advance(tx, change, stamp)?;
            Ok(PrintJobMoved { job, order_id, order: finish_if_done(tx, order_id, stamp)? })
        })
    }

    /// Notes why a job that waits can't go on (a fault's code), or with none that it can.
    ///
    /// # Errors
    /// A failed write.
    pub fn note_print_fault(&self, job: PrintJobId, fault: Option<&str>) -> Result<()> {
        self.write("note the printer's fault", |tx| print_jobs::note_fault(tx, job, fault))
    }
}
