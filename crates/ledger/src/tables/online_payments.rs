//! What belongs to a payment by a code on the screen: the provider's number of the trade, the code, and how long it lives.
//!
//! Left out on purpose: asking the provider. Only the central server holds merchant keys.

use super::payments::{self, NewPayment, Payment};
use crate::column::Column;
use crate::error::{LedgerError, Result};
use domain::{OrderId, PaymentId, UtcMillis};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

/// A payment that was opened with a provider.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewOnline<'a> {
    /// The payment; its means is an online one.
    pub payment: NewPayment,
    /// The merchant's number of the trade: 6 to 32 of `0-9 A-Z a-z _ - | *`, once ever.
    pub trade_number: &'a str,
    /// What the code on the screen holds, 1 to 512 characters.
    pub code_url: &'a str,
    /// When the provider takes no more money for it.
    pub expires: UtcMillis,
}

/// An online payment as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnlinePayment {
    /// The payment.
    pub payment: Payment,
    /// What it pays for.
    pub order: OrderId,
    /// The merchant's number of the trade.
    pub trade_number: String,
    /// What the code on the screen holds.
    pub code_url: String,
    /// When the provider takes no more money for it.
    pub expires: UtcMillis,
}

/// Writes what belongs to the payment, which is there already.
pub(crate) fn insert(tx: &Transaction<'_>, new: &NewOnline<'_>) -> Result<()> {
    if !is_fit(new) {
        return Err(LedgerError::Unfit { what: "online payment" });
    }
    tx.prepare_cached(
        "INSERT INTO online_payments (payment_id, trade_number, code_url, expires_ms) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((new.payment.id.as_bytes(), new.trade_number, new.code_url, new.expires.0))?;
    Ok(())
}

fn is_fit(new: &NewOnline<'_>) -> bool {
    let trade = new.trade_number;
    new.payment.means.is_online()
        && (6..=32).contains(&trade.len())
        && trade.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-|*".contains(&b))
        && (1..=512).contains(&new.code_url.chars().count())
        && !new.code_url.chars().any(char::is_control)
}

/// The order's online payments, the oldest first.
pub(crate) fn of_order(connection: &Connection, order: OrderId) -> Result<Vec<OnlinePayment>> {
    let mut statement = connection.prepare_cached(
        "SELECT o.* FROM online_payments o JOIN payments p ON p.id = o.payment_id
         WHERE p.order_id = ?1 ORDER BY p.opened_ms, p.id",
    )?;
    statement.query_and_then([order.as_bytes()], |row| read(connection, row))?.collect()
}

/// The online payment with this number of its trade.
pub(crate) fn by_trade(connection: &Connection, number: &str) -> Result<Option<OnlinePayment>> {
    connection
        .prepare_cached("SELECT * FROM online_payments WHERE trade_number = ?1")?
        .query_row([number], |row| Ok(read(connection, row)))
        .optional()?
        .transpose()
}

/// The online payments opened since `since` whose money hasn't come, the oldest first.
pub(crate) fn unsettled_since(connection: &Connection, since: UtcMillis) -> Result<Vec<OnlinePayment>> {
    let mut statement = connection.prepare_cached(
        "SELECT o.* FROM online_payments o JOIN payments p ON p.id = o.payment_id
         WHERE p.state IN ('pending', 'closed') AND p.opened_ms >= ?1 ORDER BY p.opened_ms, p.id",
    )?;
    statement.query_and_then([since.0], |row| read(connection, row))?.collect()
}

fn read(connection: &Connection, row: &Row<'_>) -> Result<OnlinePayment> {
    let payment = payments::get(connection, PaymentId::from_bytes(row.get("payment_id")?))?;
    Ok(OnlinePayment {
        order: payment.order,
        payment,
        trade_number: row.get("trade_number")?,
        code_url: row.get("code_url")?,
        expires: Column { table: "online_payments", name: "expires_ms" }.time(row)?,
    })
}
