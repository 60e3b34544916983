//! What happened to a payment, with what follows for its order. Money that arrived is recorded whatever the order's state.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::tables::audit::Stamp;
use crate::tables::outbox::{self, NewEvent};
use crate::tables::payments::{self, Payment};
use crate::tables::{orders, print_jobs};
use domain::payment::{Event, State};
use domain::{OrderId, PaymentId, order};
use rusqlite::Transaction;

/// What happened to a payment.
#[derive(Clone, Copy)]
pub struct PaymentChange<'a> {
    /// The payment.
    pub id: PaymentId,
    /// What happened.
    pub event: Event,
    /// What to tell the central server, if anything.
    pub outbox: Option<&'a NewEvent>,
    /// Who recorded it, and when.
    pub stamp: Stamp,
}

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PaymentRecorded {
    /// Where the payment stands.
    pub payment: State,
    /// The order it is for.
    pub order_id: OrderId,
    /// Where the order stands.
    pub order: order::State,
    /// Whether the money settled the order. If it didn't although the payment is settled, it was paid twice or too late, and a
    /// refund is due.
    pub settled_order: bool,
}

impl Ledger {
    /// Records what happened to a payment: the payment, its order, the audit and the event together. Where the money settles the
    /// order, whatever else was opened for it is closed.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`], [`crate::LedgerError::Refused`] by the payment's machine, or a failed write.
    pub fn record_payment(&self, change: &PaymentChange<'_>) -> Result<PaymentRecorded> {
        self.write("record the payment", |tx| record(tx, change))
    }

    /// Records that a settled payment's money went back, whether that was asked for before or not, with the event that tells it.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`], [`crate::LedgerError::Refused`] where there is no money to go back, or a failed write.
    pub fn pay_back(&self, id: PaymentId, told: &NewEvent, stamp: Stamp) -> Result<PaymentRecorded> {
        self.write("record the refund", |tx| {
            if payments::get(tx, id)?.state == State::Settled {
                record(tx, &PaymentChange { id, event: Event::RequestRefund, outbox: None, stamp })?;
            }
            record(tx, &PaymentChange { id, event: Event::ConfirmRefund, outbox: Some(told), stamp })
        })
    }
}

/// The provider pays back, or has, as the central server says, which is told of it by nobody; whether that is new here. Money that never
/// came here goes back without the booth.
pub(super) fn pay_back_by_central(
    tx: &Transaction<'_>,
    payment: &Payment,
    done: bool,
    stamp: Stamp,
) -> Result<bool> {
    let events: &[Event] = match (payment.state, done) {
        (State::Settled, false) => &[Event::RequestRefund],
        (State::Settled, true) => &[Event::RequestRefund, Event::ConfirmRefund],
        (State::Refunding, true) => &[Event::ConfirmRefund],
        _ => &[],
    };
    for &event in events {
        record(tx, &PaymentChange { id: payment.id, event, outbox: None, stamp })?;
    }
    Ok(!events.is_empty())
}

fn record(tx: &Transaction<'_>, change: &PaymentChange<'_>) -> Result<PaymentRecorded> {
    let order_id = payments::get(tx, change.id)?.order;
    let payment = payments::advance(tx, change.id, change.event, change.stamp)?;
    let settled_order =
        change.event == Event::Settle && follow(tx, order_id, order::Event::Settle, change.stamp)?;
    if settled_order {
        payments::close_pending(tx, order_id, change.stamp)?;
    }
    if change.event == Event::ConfirmRefund && !money_left(tx, order_id)? {
        follow(tx, order_id, order::Event::Refund, change.stamp)?;
        print_jobs::cancel_unoffered(tx, order_id, change.stamp)?;
    }
    if let Some(event) = change.outbox {
        outbox::insert(tx, Some(order_id), event, change.stamp.at)?;
    }
    let order = orders::get(tx, order_id)?.state;
    Ok(PaymentRecorded { payment, order_id, order, settled_order })
}

/// Moves the order if its machine takes the event; the money is recorded either way.
fn follow(tx: &Transaction<'_>, id: OrderId, event: order::Event, stamp: Stamp) -> Result<bool> {
    if order::next(orders::get(tx, id)?.state, event).is_err() {
        return Ok(false);
    }
    orders::advance(tx, id, event, stamp)?;
    Ok(true)
}

fn money_left(tx: &Transaction<'_>, id: OrderId) -> Result<bool> {
    let payments = payments::of_order(tx, id)?;
    Ok(payments.iter().any(|payment| matches!(payment.state, State::Settled | State::Refunding)))
}
