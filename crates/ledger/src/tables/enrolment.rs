//! The one row that says which device of which central server this booth is.

use crate::error::{LedgerError, Result};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use std::fmt;

/// Which device of which central server this booth is.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The server's address, 1 to 300 characters.
    pub address: String,
    /// The device's id; all zeros while the server hasn't answered.
    pub device: [u8; 16],
    /// The key that the server knows.
    pub key: [u8; 32],
    /// A key that the server may know by now.
    pub next_key: Option<[u8; 32]>,
    /// SHA-256 of the public keys that the server may show; one at least.
    pub pins: Vec<[u8; 32]>,
    /// The campus's code, 100 characters at most.
    pub campus: String,
    /// The device's name at the server, 200 characters at most.
    pub name: String,
}

impl fmt::Debug for Enrolment {
    /// Without the keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enrolment").field("address", &self.address).finish_non_exhaustive()
    }
}

/// The enrolment, if there is one.
pub(crate) fn get(connection: &Connection) -> Result<Option<Enrolment>> {
    Ok(connection.prepare_cached("SELECT * FROM enrolment")?.query_row([], read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Enrolment> {
    let pins: Vec<u8> = row.get("pins")?;
    Ok(Enrolment {
        address: row.get("address")?,
        device: row.get("device")?,
        key: row.get("key")?,
        next_key: row.get("next_key")?,
        pins: pins.as_chunks::<32>().0.to_vec(),
        campus: row.get("campus")?,
        name: row.get("device_name")?,
    })
}

/// Writes the enrolment in place of the one before.
pub(crate) fn put(tx: &Transaction<'_>, new: &Enrolment) -> Result<()> {
    if !is_fit(new) {
        return Err(LedgerError::Unfit { what: "enrolment" });
    }
    tx.prepare_cached(
        "INSERT OR REPLACE INTO enrolment (one, address, device, key, next_key, pins, campus, device_name)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute((
        &new.address,
        new.device,
        new.key,
        new.next_key,
        new.pins.concat(),
        &new.campus,
        &new.name,
    ))?;
    Ok(())
}

fn is_fit(new: &Enrolment) -> bool {
    let short = |text: &str, most| text.chars().count() <= most && !text.chars().any(char::is_control);
    !new.pins.is_empty()
        && !new.address.is_empty()
        && short(&new.address, 300)
        && short(&new.campus, 100)
        && short(&new.name, 200)
}
