//! How an order's prints reach the student. The purge leaves the way alone.

use crate::column::Column;
use crate::error::{LedgerError, Result};
use domain::programme::DeliveryWay;
use domain::{OrderId, PersonName, Phone};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use std::fmt;

/// The most characters of a note.
pub const MOST_NOTE_CHARACTERS: usize = 200;
/// The most characters of an area's words, and of a street.
pub const MOST_ADDRESS_CHARACTERS: usize = 80;

/// How prints reach the student.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The way.
    pub way: DeliveryWay,
    /// The address: there is one exactly where prints are posted, until it is purged.
    pub mail: Option<MailTo>,
    /// What the student adds, 0 to 200 characters.
    pub note: String,
}

impl Delivery {
    /// Printed at the booth, without a note.
    #[must_use]
    pub fn here() -> Self {
        Self { way: DeliveryWay::Here, mail: None, note: String::new() }
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").field("way", &self.way).finish_non_exhaustive()
    }
}

/// To whom and where something is posted.
#[derive(Clone, PartialEq, Eq)]
pub struct MailTo {
    /// Who receives it.
    pub name: PersonName,
    /// The receiver's telephone.
    pub phone: Phone,
    /// The district's code, 6 digits (GB/T 2260).
    pub area_code: String,
    /// Province, city and district in words, 1 to 80 characters.
    pub area: String,
    /// The rest of the address, 1 to 80 characters.
    pub street: String,
}

impl fmt::Debug for MailTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailTo(redacted)")
    }
}

/// Writes how an order's prints are got.
pub(crate) fn insert(tx: &Transaction<'_>, order: OrderId, delivery: &Delivery) -> Result<()> {
    if !is_fit(delivery) {
        return Err(LedgerError::Unfit { what: "delivery" });
    }
    let mail = delivery.mail.as_ref();
    tx.prepare_cached(
        "INSERT INTO deliveries (order_id, way, recipient, phone, area_code, area, street, note)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute((
        order.as_bytes(),
        delivery.way.as_str(),
        mail.map(|to| to.name.as_str()),
        mail.map(|to| to.phone.as_str()),
        mail.map(|to| &to.area_code),
        mail.map(|to| &to.area),
        mail.map(|to| &to.street),
        &delivery.note,
    ))?;
    Ok(())
}

fn is_fit(delivery: &Delivery) -> bool {
    is_text(&delivery.note, 0, MOST_NOTE_CHARACTERS)
        && delivery.mail.is_some() == (delivery.way == DeliveryWay::Mail)
        && delivery.mail.as_ref().is_none_or(|to| {
            to.area_code.len() == 6
                && to.area_code.bytes().all(|b| b.is_ascii_digit())
                && is_text(&to.area, 1, MOST_ADDRESS_CHARACTERS)
                && is_text(&to.street, 1, MOST_ADDRESS_CHARACTERS)
        })
}

fn is_text(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.chars().count()) && !text.chars().any(|c| c.is_control() && c != '\n')
}

/// How the order's prints are got; none for an order that wasn't placed, or that is older than this table.
pub(crate) fn of_order(connection: &Connection, order: OrderId) -> Result<Option<Delivery>> {
    connection
        .prepare_cached("SELECT * FROM deliveries WHERE order_id = ?1")?
        .query_row([order.as_bytes()], |row| Ok(read(row)))
        .optional()?
        .transpose()
}

fn read(row: &Row<'_>) -> Result<Delivery> {
    let column = |name| Column { table: "deliveries", name };
    let mail = match column("recipient").parsed_if_any(row, |text| PersonName::parse(text).ok())? {
        None => None,
        Some(name) => Some(MailTo {
            name,
            phone: column("phone").parsed(row, |text| Phone::parse(text).ok())?,
            area_code: row.get("area_code")?,
            area: row.get("area")?,
            street: row.get("street")?,
        }),
    };
    let note: Option<String> = row.get("note")?;
    Ok(Delivery { way: column("way").parsed(row, DeliveryWay::parse)?, mail, note: note.unwrap_or_default() })
}

/// Deletes address and note; the way stays.
pub(crate) fn purge(tx: &Transaction<'_>, order: OrderId) -> Result<()> {
    tx.prepare_cached(
        "UPDATE deliveries SET recipient = NULL, phone = NULL, area_code = NULL, area = NULL, street = NULL, note = NULL
         WHERE order_id = ?1",
    )?
    .execute([order.as_bytes()])?;
    Ok(())
}
