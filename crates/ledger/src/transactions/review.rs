//! What staff or the campus office decided about a submitted photo, and the reshoot that follows a rejection.

use super::accept_photo::finish_if_done;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::tables::audit::Stamp;
use crate::tables::outbox::{self, NewEvent};
use crate::tables::{orders, photos, print_jobs, rejections};
use domain::order::{Event, State};
use domain::{OrderId, photo};
use rusqlite::Transaction;

/// A reviewer's decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// The photo is good.
    Approve,
    /// The photo must be taken again, at no cost.
    Reject,
}

impl Ledger {
    /// Records a decision, and the event that tells it where it wasn't the central server that decided. An approval queues the prints that were held for it, or completes the order where there is nothing to
    /// print or hand out; a rejection cancels what the printer hasn't been offered.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`], [`crate::LedgerError::Refused`], or a failed write.
    pub fn review_order(
        &self,
        order: OrderId,
        decision: Decision,
        event: Option<&NewEvent>,
        stamp: Stamp,
    ) -> Result<State> {
        self.write("record the review", |tx| {
            if let Some(event) = event {
                outbox::insert(tx, Some(order), event, stamp.at)?;
            }
            decide(tx, order, decision, stamp)
        })
    }

    /// Lets a rejected student sit down again: the rejected photo is superseded, the order stands as paid, and the
    /// shots count from the beginning.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`], [`crate::LedgerError::Refused`] unless it was rejected, or a failed write.
    pub fn reshoot(&self, order: OrderId, stamp: Stamp) -> Result<State> {
        self.write("reopen the order", |tx| {
            let rejected = orders::get(tx, order)?.photo;
            let state = orders::advance_with(tx, order, Event::Reshoot, None, stamp)?;
            orders::forget_shots(tx, order)?;
            if let Some(id) = rejected
                && photos::get(tx, id)?.state == photo::State::Accepted
            {
                photos::advance(tx, id, photo::Event::Supersede, stamp)?;
            }
            Ok(state)
        })
    }
}

/// The order after the decision, with what follows for its prints.
pub(super) fn decide(
    tx: &Transaction<'_>,
    order: OrderId,
    decision: Decision,
    stamp: Stamp,
) -> Result<State> {
    match decision {
        Decision::Approve => {
            orders::advance(tx, order, Event::Approve, stamp)?;
            print_jobs::release(tx, order, stamp)?;
            finish_if_done(tx, order, stamp)
        }
        Decision::Reject => {
            print_jobs::cancel_unoffered(tx, order, stamp)?;
            rejections::remove(tx, order)?;
            orders::advance(tx, order, Event::Reject, stamp)
        }
    }
}
