//! Changing how an unpaid order is paid: by a code on the screen, or at the counter. What was opened before is closed with it; money
//! that still comes for it counts.

use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tables::audit::{self, Actor, Deed, Stamp};
use crate::tables::online_payments::{self, NewOnline};
use crate::tables::orders;
use crate::tables::payments::{self, NewPayment};
use domain::order::State;
use domain::payment::Means;
use domain::{OrderId, UtcMillis};
use rusqlite::Transaction;

impl Ledger {
    /// Closes the order's payment and opens this one, which the central server opened with a provider.
    ///
    /// # Errors
    /// [`LedgerError::Missing`]; [`LedgerError::NotNow`] unless the order awaits payment; [`LedgerError::Unfit`]; or a failed write,
    /// also where the trade's number was used before.
    pub fn open_online(&self, order: OrderId, new: &NewOnline<'_>, at: UtcMillis) -> Result<()> {
        self.write("open the online payment", |tx| {
            reopen(tx, order, new.payment, at)?;
            online_payments::insert(tx, new)
        })
    }

    /// Closes the order's payment and opens this one at the counter.
    ///
    /// # Errors
    /// [`LedgerError::Missing`]; [`LedgerError::NotNow`] unless the order awaits payment; [`LedgerError::Unfit`] for another means
    /// than the counter; or a failed write.
    pub fn reopen_counter(&self, order: OrderId, payment: NewPayment, at: UtcMillis) -> Result<()> {
        if payment.means != Means::Counter {
            return Err(LedgerError::Unfit { what: "counter payment" });
        }
        self.write("open the counter payment", |tx| reopen(tx, order, payment, at))
    }
}

fn reopen(tx: &Transaction<'_>, id: OrderId, new: NewPayment, at: UtcMillis) -> Result<()> {
    let order = orders::get(tx, id)?;
    if order.state != State::AwaitingPayment {
        return Err(LedgerError::NotNow { state: order.state.as_str(), doing: "be paid for" });
    }
    let stamp = Stamp { actor: Actor::Student, at };
    payments::close_pending(tx, id, stamp)?;
    payments::open(tx, id, new, order.amount, at)?;
    let deed = Deed { action: "payment.open", subject: &new.id.to_string(), detail: new.means.as_str() };
    audit::append(tx, stamp, deed)
}
