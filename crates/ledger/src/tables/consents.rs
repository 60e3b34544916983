//! Which texts somebody agreed to for an order.

use crate::error::Result;
use domain::{ConsentId, OrderId, PersonId, UtcMillis};
use rusqlite::{Connection, Transaction};

/// One box that was ticked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewConsent {
    /// The id.
    pub id: ConsentId,
    /// The text's stable name.
    pub text_id: String,
    /// The text's version.
    pub version: String,
    /// SHA-256 of the text that was on the screen.
    pub text_sha256: [u8; 32],
}

/// Writes the consents of an order.
pub(crate) fn insert(
    tx: &Transaction<'_>,
    order: OrderId,
    person: PersonId,
    consents: &[NewConsent],
    at: UtcMillis,
) -> Result<()> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO consents (id, order_id, person_id, text_id, version, text_sha256, given_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for consent in consents {
        statement.execute((
            consent.id.as_bytes(),
            order.as_bytes(),
            person.as_bytes(),
            &consent.text_id,
            &consent.version,
            consent.text_sha256,
            at.0,
        ))?;
    }
    Ok(())
}

/// The consents of an order, in the order of their texts' names.
pub(crate) fn of_order(connection: &Connection, order: OrderId) -> Result<Vec<NewConsent>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, text_id, version, text_sha256 FROM consents WHERE order_id = ?1 ORDER BY text_id",
    )?;
    let rows = statement.query_map([order.as_bytes()], |row| {
        Ok(NewConsent {
            id: ConsentId::from_bytes(row.get(0)?),
            text_id: row.get(1)?,
            version: row.get(2)?,
            text_sha256: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
