//! The collection code that an order was made with, kept opaque with its picture. After the purge the payload's hash still tells a
//! second use.
//!
//! Left out on purpose: what a payload says.

use crate::error::{LedgerError, Result};
use domain::{OrderId, UtcMillis};
use rusqlite::{Connection, OptionalExtension, Transaction};
use sha2::{Digest, Sha256};
use std::fmt;

/// The most bytes of a payload: what the largest QR code holds (ISO/IEC 18004, version 40-L).
pub const MOST_CODE_BYTES: usize = 2953;
/// The most bytes of the picture of a code.
pub const MOST_CODE_PICTURE_BYTES: usize = 512 * 1024;

/// A collection code as it was read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NewCode<'a> {
    /// What it holds, 1 to 2953 bytes.
    pub payload: &'a [u8],
    /// What the camera saw, an image file of 1 byte to 512 KB; nothing where a scanner typed the code.
    pub picture: Option<&'a [u8]>,
}

impl fmt::Debug for NewCode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewCode(redacted)")
    }
}

/// A collection code as it is kept. Personal: it isn't printed.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptCode {
    /// What it holds.
    pub payload: Vec<u8>,
    /// What the camera saw; nothing where a scanner typed it.
    pub picture: Option<Vec<u8>>,
}

impl fmt::Debug for KeptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptCode(redacted)")
    }
}

/// Writes an order's code.
pub(crate) fn insert(tx: &Transaction<'_>, order: OrderId, code: NewCode<'_>, at: UtcMillis) -> Result<()> {
    if !(1..=MOST_CODE_BYTES).contains(&code.payload.len())
        || code.picture.is_some_and(|picture| !(1..=MOST_CODE_PICTURE_BYTES).contains(&picture.len()))
    {
        return Err(LedgerError::Unfit { what: "collection code" });
    }
    tx.prepare_cached(
        "INSERT INTO collection_codes (order_id, payload_sha256, read_ms, payload, picture)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((order.as_bytes(), hash(code.payload), at.0, code.payload, code.picture))?;
    Ok(())
}

fn hash(payload: &[u8]) -> [u8; 32] {
    Sha256::digest(payload).into()
}

/// When the payload was first read for an order other than `except` that wasn't given up or refunded.
pub(crate) fn used(
    connection: &Connection,
    payload: &[u8],
    except: Option<OrderId>,
) -> Result<Option<UtcMillis>> {
    let at: Option<i64> = connection
        .prepare_cached(
            "SELECT min(read_ms) FROM collection_codes c JOIN orders o ON o.id = c.order_id
             WHERE c.payload_sha256 = ?1 AND c.order_id IS NOT ?2
             AND o.state NOT IN ('cancelled', 'expired', 'refunded')",
        )?
        .query_row((hash(payload), except.as_ref().map(OrderId::as_bytes)), |row| row.get(0))?;
    Ok(at.map(UtcMillis))
}

/// The payload and, where there is one, the picture of an order's code, unless there is none or it was purged.
pub(crate) fn of_order(connection: &Connection, order: OrderId) -> Result<Option<KeptCode>> {
    Ok(connection
        .prepare_cached(
            "SELECT payload, picture FROM collection_codes WHERE order_id = ?1 AND payload IS NOT NULL",
        )?
        .query_row([order.as_bytes()], |row| Ok(KeptCode { payload: row.get(0)?, picture: row.get(1)? }))
        .optional()?)
}

/// Deletes payload and picture; the hash stays.
pub(crate) fn purge(tx: &Transaction<'_>, order: OrderId) -> Result<()> {
    tx.prepare_cached("UPDATE collection_codes SET payload = NULL, picture = NULL WHERE order_id = ?1")?
        .execute([order.as_bytes()])?;
    Ok(())
}
