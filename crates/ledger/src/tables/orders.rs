//! Orders. A state changes by the domain's machine alone, and each change leaves a row in the audit.

use super::audit::{self, Deed, Stamp};
use crate::column::{self, Column};
use crate::error::{Result, found};
use domain::order::{self, Event, State};
use domain::{Fen, OrderId, OrderNumber, PersonId, PhotoId, UtcMillis};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

/// An order as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Order {
    /// The id.
    pub id: OrderId,
    /// The number that people say.
    pub number: OrderNumber,
    /// The programme's stable name.
    pub programme: String,
    /// Whose order it is.
    pub person: PersonId,
    /// Where it stands.
    pub state: State,
    /// What it comes to.
    pub amount: Fen,
    /// The photo that the student accepted.
    pub photo: Option<PhotoId>,
    /// The first shot that counts: those before it were for a photo that was rejected.
    pub first_shot: u32,
    /// When it was made.
    pub created: UtcMillis,
    /// When its state last changed.
    pub changed: UtcMillis,
}

/// Writes a draft.
pub(crate) fn insert(
    tx: &Transaction<'_>,
    id: OrderId,
    number: OrderNumber,
    programme: &str,
    person: PersonId,
    at: UtcMillis,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO orders (id, number, programme_id, person_id, state, amount_fen, first_shot, created_ms, changed_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, 1, ?6, ?6)",
    )?
    .execute((
        id.as_bytes(),
        number.digits(),
        programme,
        person.as_bytes(),
        State::Draft.as_str(),
        at.0,
    ))?;
    Ok(())
}

/// The order `id`.
pub(crate) fn get(connection: &Connection, id: OrderId) -> Result<Order> {
    let order = connection
        .prepare_cached("SELECT * FROM orders WHERE id = ?1")?
        .query_row([id.as_bytes()], |row| Ok(read(row)))
        .optional()?;
    found(order, "order")?
}

/// The order that people call `number`.
pub(crate) fn by_number(connection: &Connection, number: OrderNumber) -> Result<Option<Order>> {
    connection
        .prepare_cached("SELECT * FROM orders WHERE number = ?1")?
        .query_row([number.digits()], |row| Ok(read(row)))
        .optional()?
        .transpose()
}

/// The person's orders in a programme, the newest first.
pub(crate) fn of_person(connection: &Connection, person: PersonId, programme: &str) -> Result<Vec<Order>> {
    let mut statement = connection.prepare_cached(
        "SELECT * FROM orders WHERE person_id = ?1 AND programme_id = ?2 ORDER BY created_ms DESC, id DESC",
    )?;
    statement.query_and_then((person.as_bytes(), programme), read)?.collect()
}

/// The person's orders in every programme.
pub(crate) fn all_of_person(connection: &Connection, person: PersonId) -> Result<Vec<Order>> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM orders WHERE person_id = ?1 ORDER BY created_ms, id")?;
    statement.query_and_then([person.as_bytes()], read)?.collect()
}

/// Every order that stands in `state` unchanged since before `since`, the oldest first.
pub(crate) fn unchanged(connection: &Connection, state: State, since: UtcMillis) -> Result<Vec<Order>> {
    let mut statement = connection.prepare_cached(
        "SELECT * FROM orders WHERE state = ?1 AND changed_ms < ?2 ORDER BY changed_ms, id",
    )?;
    statement.query_and_then((state.as_str(), since.0), read)?.collect()
}

fn read(row: &Row<'_>) -> Result<Order> {
    let column = |name| Column { table: "orders", name };
    Ok(Order {
        id: OrderId::from_bytes(row.get("id")?),
        number: column("number").parsed(row, |text| OrderNumber::parse(text).ok())?,
        programme: row.get("programme_id")?,
        person: PersonId::from_bytes(row.get("person_id")?),
        state: column("state").parsed(row, State::parse)?,
        amount: column("amount_fen").fen(row)?,
        photo: row.get::<_, Option<[u8; 16]>>("photo_id")?.map(PhotoId::from_bytes),
        first_shot: row.get("first_shot")?,
        created: column("created_ms").time(row)?,
        changed: column("changed_ms").time(row)?,
    })
}

/// Sets what a draft comes to.
pub(crate) fn set_amount(tx: &Transaction<'_>, id: OrderId, amount: Fen) -> Result<()> {
    tx.prepare_cached("UPDATE orders SET amount_fen = ?2 WHERE id = ?1")?
        .execute((id.as_bytes(), column::fen(amount)))?;
    Ok(())
}

/// Lets no shot count that was taken so far.
pub(crate) fn forget_shots(tx: &Transaction<'_>, id: OrderId) -> Result<()> {
    tx.prepare_cached(
        "UPDATE orders SET first_shot = (SELECT 1 + coalesce(max(shot), 0) FROM photos WHERE order_id = ?1)
         WHERE id = ?1",
    )?
    .execute([id.as_bytes()])?;
    Ok(())
}

/// The order after `event`, its photo unchanged.
pub(crate) fn advance(tx: &Transaction<'_>, id: OrderId, event: Event, stamp: Stamp) -> Result<State> {
    let photo = get(tx, id)?.photo;
    advance_with(tx, id, event, photo, stamp)
}

/// The order after `event`, with this photo or none.
pub(crate) fn advance_with(
    tx: &Transaction<'_>,
    id: OrderId,
    event: Event,
    photo: Option<PhotoId>,
    stamp: Stamp,
) -> Result<State> {
    let before = get(tx, id)?.state;
    let after = order::next(before, event)?;
    tx.prepare_cached("UPDATE orders SET state = ?2, photo_id = ?3, changed_ms = ?4 WHERE id = ?1")?
        .execute((id.as_bytes(), after.as_str(), photo.as_ref().map(PhotoId::as_bytes), stamp.at.0))?;
    let action = format!("order.{}", event.as_str());
    audit::append(tx, stamp, Deed { action: &action, subject: &id.to_string(), detail: after.as_str() })?;
    Ok(after)
}
