//! Handing out what isn't printed at the booth while the student waits: prints to collect, and prints that are posted.

use super::accept_photo::complete;
use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tables::audit::Stamp;
use crate::tables::{deliveries, order_lines, orders, print_jobs};
use domain::order::State;
use domain::programme::DeliveryWay;
use domain::{OrderId, order};
use rusqlite::Transaction;

impl Ledger {
    /// Prints were handed out at the counter or posted: the order is completed.
    ///
    /// # Errors
    /// [`LedgerError::Missing`]; [`LedgerError::Refused`] unless it is approved; [`LedgerError::NotNow`] where nothing is to be
    /// handed out, or something is still being printed; or a failed write.
    pub fn hand_out(&self, id: OrderId, stamp: Stamp) -> Result<State> {
        self.write("hand out the prints", |tx| {
            let state = orders::get(tx, id)?.state;
            order::next(state, order::Event::Fulfil)?;
            if !is_awaited(tx, id)? {
                return Err(LedgerError::NotNow { state: state.as_str(), doing: "be handed out" });
            }
            if print_jobs::of_order(tx, id)?.iter().any(|job| !job.state.is_end()) {
                return Err(LedgerError::NotNow {
                    state: state.as_str(),
                    doing: "be handed out while it prints",
                });
            }
            complete(tx, id, stamp)
        })
    }
}

/// Whether the order has prints to collect or to post.
pub(super) fn is_awaited(tx: &Transaction<'_>, order: OrderId) -> Result<bool> {
    let elsewhere =
        deliveries::of_order(tx, order)?.is_some_and(|delivery| delivery.way != DeliveryWay::Here);
    let lines = order_lines::of_order(tx, order)?;
    Ok(elsewhere && lines.iter().any(|line| line.item == order_lines::Item::PrintedSheet))
}
