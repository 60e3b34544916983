//! Why the campus office rejected an order's photo, as its student is to read it.

use crate::error::Result;
use domain::{OrderId, PhotoId, UtcMillis};
use rusqlite::{Connection, OptionalExtension, Transaction};

/// The most characters of a reason that are kept.
pub const MOST_REASON_CHARACTERS: usize = 500;

/// Keeps the reason, in place of an earlier one; an empty one keeps none.
pub(crate) fn put(
    tx: &Transaction<'_>,
    order: OrderId,
    photo: PhotoId,
    reason: &str,
    at: UtcMillis,
) -> Result<()> {
    let kept: String =
        reason.trim().chars().filter(|c| !c.is_control()).take(MOST_REASON_CHARACTERS).collect();
    if kept.is_empty() {
        return remove(tx, order);
    }
    tx.prepare_cached(
        "INSERT OR REPLACE INTO rejections (order_id, photo_id, reason, at_ms) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((order.as_bytes(), photo.as_bytes(), kept, at.0))?;
    Ok(())
}

/// Forgets the reason.
pub(crate) fn remove(tx: &Transaction<'_>, order: OrderId) -> Result<()> {
    tx.prepare_cached("DELETE FROM rejections WHERE order_id = ?1")?.execute([order.as_bytes()])?;
    Ok(())
}

/// Why the order's photo was rejected, while another one is needed: until the student has accepted it.
pub(crate) fn of_order(connection: &Connection, order: OrderId) -> Result<Option<String>> {
    Ok(connection
        .prepare_cached(
            "SELECT reason FROM rejections JOIN orders ON orders.id = order_id
             WHERE order_id = ?1 AND state IN ('rejected', 'paid')",
        )?
        .query_row([order.as_bytes()], |row| row.get(0))
        .optional()?)
}
