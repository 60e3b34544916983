//! Money that has to go back.

use crate::column::Column;
use crate::error::Result;
use crate::reader::Reader;
use domain::payment::Means;
use domain::{Fen, OrderId, OrderNumber, PaymentId};
use rusqlite::Connection;

/// A payment that no order needed: it came for one that had been refunded, or that another payment had settled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefundDue {
    /// The payment.
    pub payment: PaymentId,
    /// The order that it was for.
    pub order: OrderId,
    /// The number that people say.
    pub number: OrderNumber,
    /// How it was paid.
    pub means: Means,
    /// How much.
    pub amount: Fen,
    /// Whether the provider was asked for it already.
    pub asked: bool,
}

impl Reader {
    /// The money that has to go back, what came first first.
    ///
    /// # Errors
    /// A failed read.
    pub fn refunds_due(&self) -> Result<Vec<RefundDue>> {
        self.ask("look for refunds that are due", due)
    }
}

fn due(connection: &Connection) -> Result<Vec<RefundDue>> {
    let mut statement = connection.prepare_cached(
        "SELECT p.id, p.means, p.amount_fen, p.state = 'refunding' AS asked, o.id AS order_id, o.number FROM payments p JOIN orders o ON o.id = p.order_id
         WHERE p.state IN ('settled', 'refunding') AND (o.state = 'refunded' OR EXISTS (
             SELECT 1 FROM payments q WHERE q.order_id = p.order_id AND q.settled_ms IS NOT NULL
             AND q.state <> 'refunded' AND (q.settled_ms, q.id) < (p.settled_ms, p.id)))
         ORDER BY p.settled_ms, p.id",
    )?;
    let column = |table, name| Column { table, name };
    let rows = statement.query_and_then([], |row| {
        Ok(RefundDue {
            payment: PaymentId::from_bytes(row.get("id")?),
            order: OrderId::from_bytes(row.get("order_id")?),
            number: column("orders", "number").parsed(row, |digits| OrderNumber::parse(digits).ok())?,
            means: column("payments", "means").parsed(row, Means::parse)?,
            amount: column("payments", "amount_fen").fen(row)?,
            asked: row.get("asked")?,
        })
    })?;
    rows.collect()
}
