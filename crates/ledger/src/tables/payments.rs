//! Payments towards orders. A payment is never deleted.

use super::audit::{self, Deed, Stamp};
use crate::column::{self, Column};
use crate::error::{Result, found};
use domain::payment::{self, Event, Means, State};
use domain::{Fen, OrderId, PaymentId, UtcMillis};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

/// A payment to open with an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewPayment {
    /// The id.
    pub id: PaymentId,
    /// How it will be paid.
    pub means: Means,
}

/// A payment as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payment {
    /// The id.
    pub id: PaymentId,
    /// What it pays for.
    pub order: OrderId,
    /// How.
    pub means: Means,
    /// Where it stands.
    pub state: State,
    /// How much.
    pub amount: Fen,
    /// When it was opened.
    pub opened: UtcMillis,
    /// When the money came.
    pub settled: Option<UtcMillis>,
}

/// Opens a payment.
pub(crate) fn open(
    tx: &Transaction<'_>,
    order: OrderId,
    new: NewPayment,
    amount: Fen,
    at: UtcMillis,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO payments (id, order_id, means, state, amount_fen, opened_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute((
        new.id.as_bytes(),
        order.as_bytes(),
        new.means.as_str(),
        State::Pending.as_str(),
        column::fen(amount),
        at.0,
    ))?;
    Ok(())
}

/// The payment `id`.
pub(crate) fn get(connection: &Connection, id: PaymentId) -> Result<Payment> {
    let payment = connection
        .prepare_cached("SELECT * FROM payments WHERE id = ?1")?
        .query_row([id.as_bytes()], |row| Ok(read(row)))
        .optional()?;
    found(payment, "payment")?
}

/// The payments of an order, the oldest first.
pub(crate) fn of_order(connection: &Connection, order: OrderId) -> Result<Vec<Payment>> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM payments WHERE order_id = ?1 ORDER BY opened_ms, id")?;
    statement.query_and_then([order.as_bytes()], read)?.collect()
}

fn read(row: &Row<'_>) -> Result<Payment> {
    let column = |name| Column { table: "payments", name };
    Ok(Payment {
        id: PaymentId::from_bytes(row.get("id")?),
        order: OrderId::from_bytes(row.get("order_id")?),
        means: column("means").parsed(row, Means::parse)?,
        state: column("state").parsed(row, State::parse)?,
        amount: column("amount_fen").fen(row)?,
        opened: column("opened_ms").time(row)?,
        settled: row.get::<_, Option<i64>>("settled_ms")?.map(UtcMillis),
    })
}

/// The payment after `event`. The time of the money is that of the first settling.
pub(crate) fn advance(tx: &Transaction<'_>, id: PaymentId, event: Event, stamp: Stamp) -> Result<State> {
    let before = get(tx, id)?;
    let after = payment::next(before.state, event)?;
    let settled = match after {
        State::Settled => Some(before.settled.unwrap_or(stamp.at).0),
        _ => before.settled.map(|at| at.0),
    };
    tx.prepare_cached("UPDATE payments SET state = ?2, settled_ms = ?3 WHERE id = ?1")?.execute((
        id.as_bytes(),
        after.as_str(),
        settled,
    ))?;
    let action = format!("payment.{}", event.as_str());
    audit::append(tx, stamp, Deed { action: &action, subject: &id.to_string(), detail: after.as_str() })?;
    Ok(after)
}

/// Closes whatever payment of the order is still waiting for money.
pub(crate) fn close_pending(tx: &Transaction<'_>, order: OrderId, stamp: Stamp) -> Result<()> {
    for payment in of_order(tx, order)?.iter().filter(|payment| payment.state == State::Pending) {
        advance(tx, payment.id, Event::Close, stamp)?;
    }
    Ok(())
}
