//! Orders for more prints of a photo that another order of the same person has.

use crate::error::Result;
use domain::OrderId;
use rusqlite::{Connection, OptionalExtension, Transaction};

/// Notes what an order reprints.
pub(crate) fn insert(tx: &Transaction<'_>, order: OrderId, of: OrderId) -> Result<()> {
    tx.prepare_cached("INSERT INTO reprints (order_id, of_order_id) VALUES (?1, ?2)")?
        .execute((order.as_bytes(), of.as_bytes()))?;
    Ok(())
}

/// The order whose photo `order` prints again.
pub(crate) fn of(connection: &Connection, order: OrderId) -> Result<Option<OrderId>> {
    let of = connection
        .prepare_cached("SELECT of_order_id FROM reprints WHERE order_id = ?1")?
        .query_row([order.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(of.map(OrderId::from_bytes))
}
