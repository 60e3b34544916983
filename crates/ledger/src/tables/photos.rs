//! Shots, with the official photo made from each if it passed. The pixels are columns of their own, read only on demand.

use super::audit::{self, Deed, Stamp};
use crate::column::Column;
use crate::error::{Result, found};
use domain::photo::{self, Event, State};
use domain::{OrderId, PhotoId, UtcMillis};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use sha2::{Digest, Sha256};

/// A shot that was taken and judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NewShot<'a> {
    /// The order it was taken for.
    pub order: OrderId,
    /// The id.
    pub id: PhotoId,
    /// The shot as it came from the camera, a JPEG.
    pub original: &'a [u8],
    /// The official photo, a JPEG; none if the shot failed.
    pub official: Option<&'a [u8]>,
    /// What was measured, as JSON.
    pub measures: &'a str,
    /// Why it failed, as snake_case codes.
    pub reasons: &'a [&'a str],
    /// When it was taken.
    pub at: UtcMillis,
    /// The photo of the same shot that this one is an alternative to; none for a shot's own photo.
    pub alternative_to: Option<PhotoId>,
}

/// A shot as it stands, without its pixels.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Photo {
    /// The id.
    pub id: PhotoId,
    /// The order it was taken for.
    pub order: OrderId,
    /// Which picture of the order it is, from 1: shots in their order, each followed by its alternatives.
    pub shot: u32,
    /// Where it stands.
    pub state: State,
    /// When it was taken.
    pub taken: UtcMillis,
    /// Why it failed, as snake_case codes.
    pub reasons: Vec<String>,
    /// What was measured, as JSON.
    pub measures: String,
    /// SHA-256 of the shot.
    pub original_sha256: [u8; 32],
    /// SHA-256 of the official photo, if there is or was one.
    pub official_sha256: Option<[u8; 32]>,
    /// The photo of the same shot that this one is an alternative to; none for a shot's own photo.
    pub alternative_to: Option<PhotoId>,
}

/// Writes a shot, or an alternative to one, as the next picture of its order: a candidate if it has an official photo.
pub(crate) fn insert(tx: &Transaction<'_>, new: &NewShot<'_>) -> Result<State> {
    let state = photo::taken(new.official.is_some());
    tx.prepare_cached(
        "INSERT INTO photos (id, order_id, shot, state, taken_ms, reasons, measures, original_sha256,
             official_sha256, original, official)
         VALUES (?1, ?2, (SELECT 1 + coalesce(max(shot), 0) FROM photos WHERE order_id = ?2), ?3, ?4, ?5, ?6, ?7,
             ?8, ?9, ?10)",
    )?
    .execute((
        new.id.as_bytes(),
        new.order.as_bytes(),
        state.as_str(),
        new.at.0,
        new.reasons.join(","),
        new.measures,
        sha256(new.original),
        new.official.map(sha256),
        new.original,
        new.official,
    ))?;
    if let Some(beside) = new.alternative_to {
        tx.prepare_cached("INSERT INTO alternatives (photo_id, of_photo_id) VALUES (?1, ?2)")?
            .execute((new.id.as_bytes(), beside.as_bytes()))?;
    }
    Ok(state)
}

/// Copies a photo with its pixels and measures as the first shot of another order, a candidate there.
pub(crate) fn copy_as_first(tx: &Transaction<'_>, from: PhotoId, order: OrderId, id: PhotoId) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO photos (id, order_id, shot, state, taken_ms, reasons, measures, original_sha256, official_sha256,
             original, official)
         SELECT ?2, ?3, 1, ?4, taken_ms, reasons, measures, original_sha256, official_sha256, original, official
         FROM photos WHERE id = ?1",
    )?
    .execute((from.as_bytes(), id.as_bytes(), order.as_bytes(), State::Candidate.as_str()))?;
    Ok(())
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

const WITHOUT_PIXELS: &str = "id, order_id, shot, state, taken_ms, reasons, measures, original_sha256, official_sha256, \
    (SELECT of_photo_id FROM alternatives WHERE photo_id = id) AS alternative_to";

/// The shot `id`.
pub(crate) fn get(connection: &Connection, id: PhotoId) -> Result<Photo> {
    let photo = connection
        .prepare_cached(&format!("SELECT {WITHOUT_PIXELS} FROM photos WHERE id = ?1"))?
        .query_row([id.as_bytes()], |row| Ok(read(row)))
        .optional()?;
    found(photo, "photo")?
}

/// The shots of an order, the first first.
pub(crate) fn of_order(connection: &Connection, order: OrderId) -> Result<Vec<Photo>> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {WITHOUT_PIXELS} FROM photos WHERE order_id = ?1 ORDER BY shot"))?;
    statement.query_and_then([order.as_bytes()], read)?.collect()
}

fn read(row: &Row<'_>) -> Result<Photo> {
    let column = |name| Column { table: "photos", name };
    let reasons: String = row.get("reasons")?;
    Ok(Photo {
        id: PhotoId::from_bytes(row.get("id")?),
        order: OrderId::from_bytes(row.get("order_id")?),
        shot: row.get("shot")?,
        state: column("state").parsed(row, State::parse)?,
        taken: column("taken_ms").time(row)?,
        reasons: reasons.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        measures: row.get("measures")?,
        original_sha256: row.get("original_sha256")?,
        official_sha256: row.get("official_sha256")?,
        alternative_to: row.get::<_, Option<[u8; 16]>>("alternative_to")?.map(PhotoId::from_bytes),
    })
}

/// The shot's bytes, unless purged.
pub(crate) fn original(connection: &Connection, id: PhotoId) -> Result<Option<Vec<u8>>> {
    pixels(connection, id, "SELECT original FROM photos WHERE id = ?1")
}

/// The official photo's bytes, unless there is none or it was purged.
pub(crate) fn official(connection: &Connection, id: PhotoId) -> Result<Option<Vec<u8>>> {
    pixels(connection, id, "SELECT official FROM photos WHERE id = ?1")
}

/// The bytes of an official photo with this hash, unless purged.
pub(crate) fn official_by_hash(connection: &Connection, sha256: &[u8; 32]) -> Result<Option<Vec<u8>>> {
    Ok(connection
        .prepare_cached(
            "SELECT official FROM photos WHERE official_sha256 = ?1 AND official IS NOT NULL LIMIT 1",
        )?
        .query_row([sha256], |row| row.get(0))
        .optional()?)
}

fn pixels(connection: &Connection, id: PhotoId, sql: &str) -> Result<Option<Vec<u8>>> {
    let bytes = connection.prepare_cached(sql)?.query_row([id.as_bytes()], |row| row.get(0)).optional()?;
    found(bytes, "photo")
}

/// The photo after `event`. Purging deletes the pixels and what was measured on them; the hashes stay.
pub(crate) fn advance(tx: &Transaction<'_>, id: PhotoId, event: Event, stamp: Stamp) -> Result<State> {
    let after = photo::next(get(tx, id)?.state, event)?;
    let sql = match after {
        State::Purged => {
            "UPDATE photos SET state = ?2, original = NULL, official = NULL, measures = '[]' WHERE id = ?1"
        }
        _ => "UPDATE photos SET state = ?2 WHERE id = ?1",
    };
    tx.prepare_cached(sql)?.execute((id.as_bytes(), after.as_str()))?;
    let action = format!("photo.{}", event.as_str());
    audit::append(tx, stamp, Deed { action: &action, subject: &id.to_string(), detail: after.as_str() })?;
    Ok(after)
}
