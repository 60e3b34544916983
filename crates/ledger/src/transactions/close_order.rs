//! Giving up orders that were not paid. Their payments are closed with them; money that arrives later still counts.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::tables::audit::{Actor, Stamp};
use crate::tables::{orders, payments};
use domain::order::{Event, State};
use domain::{OrderId, UtcMillis};
use rusqlite::Transaction;

impl Ledger {
    /// Cancels an order that isn't paid.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`], [`crate::LedgerError::Refused`] once it is paid, or a failed write.
    pub fn cancel_order(&self, order: OrderId, stamp: Stamp) -> Result<State> {
        self.write("cancel the order", |tx| close(tx, order, Event::Cancel, stamp))
    }

    /// Expires every order that is unpaid and unchanged since before `since`; how many.
    ///
    /// # Errors
    /// A failed write; then none is expired.
    pub fn expire_orders(&self, since: UtcMillis, at: UtcMillis) -> Result<usize> {
        let stamp = Stamp { actor: Actor::Booth, at };
        self.write("expire unpaid orders", |tx| {
            let mut stale = orders::unchanged(tx, State::Draft, since)?;
            stale.extend(orders::unchanged(tx, State::AwaitingPayment, since)?);
            for order in &stale {
                close(tx, order.id, Event::Expire, stamp)?;
            }
            Ok(stale.len())
        })
    }
}

fn close(tx: &Transaction<'_>, order: OrderId, event: Event, stamp: Stamp) -> Result<State> {
    let state = orders::advance(tx, order, event, stamp)?;
    payments::close_pending(tx, order, stamp)?;
    Ok(state)
}
