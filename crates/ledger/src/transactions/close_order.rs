//! Giving up orders that were not paid. Their payments are closed with them; money that arrives later still counts.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::tables::audit::{Actor, Stamp};
use crate::tables::outbox::{self, NewEvent};
use crate::tables::{orders, payments};
use domain::order::{Event, State};
use domain::{OrderId, UtcMillis};
use rusqlite::Transaction;

impl Ledger {
    /// Cancels an order that isn't paid, and tells the central server by `told`. Of a draft it was never told, so it isn't told of
    /// its end.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`], [`crate::LedgerError::Refused`] once it is paid, or a failed write.
    pub fn cancel_order(&self, order: OrderId, told: Option<&NewEvent>, stamp: Stamp) -> Result<State> {
        self.write("cancel the order", |tx| {
            let before = orders::get(tx, order)?.state;
            let state = close(tx, order, Event::Cancel, stamp)?;
            if let Some(event) = told.filter(|_| was_told(before)) {
                outbox::insert(tx, Some(order), event, stamp.at)?;
            }
            Ok(state)
        })
    }

    /// Expires every order that is unpaid and unchanged since before `since`; how many. `tell_of` makes the event of each that the
    /// central server was told of.
    ///
    /// # Errors
    /// What `tell_of` fails with (as [`crate::LedgerError::Event`]), or a failed write; then none is expired.
    pub fn expire_orders(
        &self,
        since: UtcMillis,
        at: UtcMillis,
        tell_of: &dyn Fn(OrderId) -> Result<NewEvent>,
    ) -> Result<usize> {
        let stamp = Stamp { actor: Actor::Booth, at };
        self.write("expire unpaid orders", |tx| {
            let mut stale = orders::unchanged(tx, State::Draft, since)?;
            stale.extend(orders::unchanged(tx, State::AwaitingPayment, since)?);
            for order in &stale {
                close(tx, order.id, Event::Expire, stamp)?;
                if was_told(order.state) {
                    outbox::insert(tx, Some(order.id), &tell_of(order.id)?, at)?;
                }
            }
            Ok(stale.len())
        })
    }
}

/// Whether the central server knows of an unpaid order that stands so.
fn was_told(state: State) -> bool {
    state != State::Draft
}

/// Gives up an unpaid order and closes its payment.
pub(super) fn close(tx: &Transaction<'_>, order: OrderId, event: Event, stamp: Stamp) -> Result<State> {
    let state = orders::advance(tx, order, event, stamp)?;
    payments::close_pending(tx, order, stamp)?;
    Ok(state)
}
