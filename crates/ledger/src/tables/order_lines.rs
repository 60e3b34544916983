//! What an order is for.

use crate::column::{self, Column};
use crate::error::{LedgerError, Result};
use domain::{Fen, OrderId};
use rusqlite::{Connection, Transaction};

/// What can be ordered.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Item {
    /// The electronic photo.
    ElectronicPhoto,
    /// A printed sheet of photos.
    PrintedSheet,
    /// Sending prints by post.
    Postage,
}

impl Item {
    /// Every item.
    pub const ALL: [Self; 3] = [Self::ElectronicPhoto, Self::PrintedSheet, Self::Postage];

    /// The code in the table and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ElectronicPhoto => "electronic_photo",
            Self::PrintedSheet => "printed_sheet",
            Self::Postage => "postage",
        }
    }

    /// The item of this code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.as_str() == code)
    }
}

/// One line of an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderLine {
    /// What.
    pub item: Item,
    /// Which size of prints, by its name in the programme; empty for other items, and for what was ordered before there were sizes.
    pub print: String,
    /// How many, 1 to 99.
    pub quantity: u32,
    /// The price of one.
    pub unit: Fen,
}

/// What the lines come to.
pub(crate) fn total(lines: &[OrderLine]) -> Result<Fen> {
    let amounts: std::result::Result<Vec<Fen>, _> =
        lines.iter().map(|line| line.unit.times(line.quantity)).collect();
    amounts.and_then(Fen::total).map_err(|source| LedgerError::Amount { source })
}

/// Writes the lines of an order.
pub(crate) fn insert(tx: &Transaction<'_>, order: OrderId, lines: &[OrderLine]) -> Result<()> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO order_lines (order_id, item, print, quantity, unit_fen) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for line in lines {
        statement.execute((
            order.as_bytes(),
            line.item.as_str(),
            &line.print,
            line.quantity,
            column::fen(line.unit),
        ))?;
    }
    Ok(())
}

/// The lines of an order, the photo first, postage last.
pub(crate) fn of_order(connection: &Connection, order: OrderId) -> Result<Vec<OrderLine>> {
    let column = |name| Column { table: "order_lines", name };
    let mut statement = connection.prepare_cached(
        "SELECT * FROM order_lines WHERE order_id = ?1 ORDER BY item = 'postage', item, print",
    )?;
    let rows = statement.query_and_then([order.as_bytes()], |row| {
        Ok(OrderLine {
            item: column("item").parsed(row, Item::parse)?,
            print: row.get("print")?,
            quantity: row.get("quantity")?,
            unit: column("unit_fen").fen(row)?,
        })
    })?;
    rows.collect()
}
