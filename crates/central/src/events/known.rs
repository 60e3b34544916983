//! What the database knows of the things that a batch names, asked for a batch at once.
//!
//! Each is asked for by its whole key, one by one in one statement (`LATERAL`, whose `LIMIT` or lock keeps it so). With `= ANY` a server
//! whose tables were never analysed, a new or a restored one, reads all rows of the campus for each batch.

use crate::Failure;
use crate::devices::Device;
use deadpool_postgres::Transaction;
use futures_util::future::{try_join, try_join5};
use protocol::batch::Envelope;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use tokio_postgres::Row;
use uuid::Uuid;

/// An event that was answered for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answered {
    pub was_rejected: bool,
}

/// A payment that is booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Booked {
    pub order: Uuid,
    pub amount_fen: i64,
    pub means: String,
}

/// A photo that was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Submitted {
    pub order: Uuid,
    pub sha256: [u8; 32],
}

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub events: HashMap<Uuid, Answered>,
    /// Which event stands at a place of this epoch.
    pub places: HashMap<i64, Uuid>,
    /// Blobs of this campus; whether each is a photo of a permitted size.
    pub blobs: HashMap<[u8; 32], bool>,
    /// Orders, by the amount.
    pub orders: HashMap<Uuid, i64>,
    pub payments: HashMap<Uuid, Booked>,
    pub photos: HashMap<Uuid, Submitted>,
}

/// The ids that any event may name. Those that can't be read are judged later.
#[derive(Default, Deserialize)]
struct Names {
    order_id: Option<String>,
    payment_id: Option<String>,
    photo_id: Option<String>,
    photo: Option<PhotoNames>,
    #[serde(default)]
    order_ids: Vec<String>,
}

#[derive(Default, Deserialize)]
struct PhotoNames {
    photo_id: Option<String>,
    sha256: Option<String>,
}

#[derive(Debug, Default)]
struct Asked {
    orders: HashSet<Uuid>,
    payments: HashSet<Uuid>,
    photos: HashSet<Uuid>,
    blobs: HashSet<[u8; 32]>,
}

impl Asked {
    fn of(events: &[Envelope]) -> Self {
        let mut asked = Self::default();
        for event in events {
            let names: Names = event
                .event
                .as_ref()
                .and_then(|json| serde_json::from_str(json.get()).ok())
                .unwrap_or_default();
            let photo = names.photo.unwrap_or_default();
            let id = |text: &String| Uuid::try_parse(text).ok();
            asked.orders.extend(names.order_id.iter().chain(&names.order_ids).filter_map(id));
            asked.payments.extend(names.payment_id.iter().filter_map(id));
            asked.photos.extend(names.photo_id.iter().chain(&photo.photo_id).filter_map(id));
            asked.blobs.extend(
                photo.sha256.and_then(|text| text.parse::<protocol::Digest>().ok()).map(|digest| digest.0),
            );
        }
        asked
    }
}

impl Known {
    /// Asks for everything that the events name; only of the device's campus. The questions are sent together: none waits for the
    /// answer to another.
    pub async fn look(
        tx: &Transaction<'_>,
        device: &Device,
        ordinal: i32,
        events: &[Envelope],
    ) -> Result<Self, Failure> {
        let (asked, campus) = (Asked::of(events), device.campus);
        let (events, blobs, orders, payments, photos) = try_join5(
            try_join(answered(tx, campus, events), places(tx, device.id, ordinal, events)),
            blobs(tx, campus, &asked.blobs),
            orders(tx, campus, &asked.orders),
            payments(tx, campus, &asked.payments),
            photos(tx, campus, &asked.photos),
        )
        .await?;
        let (events, places) = events;
        Ok(Self { events, places, blobs, orders, payments, photos })
    }
}

async fn answered(
    tx: &Transaction<'_>,
    campus: Uuid,
    events: &[Envelope],
) -> Result<HashMap<Uuid, Answered>, Failure> {
    let ids: Vec<Uuid> = events.iter().map(|event| event.event_id).collect();
    let sql = "SELECT e.* FROM unnest($2::uuid[]) AS asked (id) CROSS JOIN LATERAL (
                   SELECT event_id, outcome = 'rejected' AS rejected FROM events WHERE campus_id = $1 AND event_id = asked.id LIMIT 1) e";
    let rows = tx.query(&tx.prepare_cached(sql).await?, &[&campus, &ids]).await?;
    let one = |row: &Row| Ok((row.try_get("event_id")?, Answered { was_rejected: row.try_get("rejected")? }));
    rows.iter().map(one).collect()
}

async fn places(
    tx: &Transaction<'_>,
    device: Uuid,
    ordinal: i32,
    events: &[Envelope],
) -> Result<HashMap<i64, Uuid>, Failure> {
    let places: Vec<i64> = events.iter().map(|event| event.sequence.cast_signed()).collect();
    let sql = "SELECT e.* FROM unnest($3::bigint[]) AS asked (place) CROSS JOIN LATERAL (
                   SELECT sequence, event_id FROM events WHERE device_id = $1 AND epoch_ordinal = $2 AND sequence = asked.place LIMIT 1) e";
    let rows = tx.query(&tx.prepare_cached(sql).await?, &[&device, &ordinal, &places]).await?;
    rows.iter().map(|row| Ok((row.try_get("sequence")?, row.try_get("event_id")?))).collect()
}

async fn blobs(
    tx: &Transaction<'_>,
    campus: Uuid,
    asked: &HashSet<[u8; 32]>,
) -> Result<HashMap<[u8; 32], bool>, Failure> {
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let asked: Vec<&[u8]> = asked.iter().map(<[u8; 32]>::as_slice).collect();
    // The lock keeps the sweep of photos that nobody names from taking one that is about to be named.
    let sql = "SELECT b.* FROM unnest($2::bytea[]) AS asked (sha256) CROSS JOIN LATERAL (
                   SELECT sha256, width IS NOT NULL AS is_photo FROM blobs
                   WHERE campus_id = $1 AND sha256 = asked.sha256 AND stored AND NOT gone FOR SHARE) b";
    let rows = tx.query(&tx.prepare_cached(sql).await?, &[&campus, &asked]).await?;
    rows.iter().map(|row| Ok((hash(row)?, row.try_get("is_photo")?))).collect()
}

fn hash(row: &Row) -> Result<[u8; 32], Failure> {
    let bytes: &[u8] = row.try_get("sha256")?;
    bytes.try_into().map_err(|_| Failure::Internal("a photo's hash in the database can't be read"))
}

async fn orders(
    tx: &Transaction<'_>,
    campus: Uuid,
    asked: &HashSet<Uuid>,
) -> Result<HashMap<Uuid, i64>, Failure> {
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let asked: Vec<Uuid> = asked.iter().copied().collect();
    let sql = "SELECT o.* FROM unnest($2::uuid[]) AS asked (id) CROSS JOIN LATERAL (
                   SELECT id, amount_fen FROM orders WHERE campus_id = $1 AND id = asked.id LIMIT 1) o";
    let rows = tx.query(&tx.prepare_cached(sql).await?, &[&campus, &asked]).await?;
    rows.iter().map(|row| Ok((row.try_get("id")?, row.try_get("amount_fen")?))).collect()
}

async fn payments(
    tx: &Transaction<'_>,
    campus: Uuid,
    asked: &HashSet<Uuid>,
) -> Result<HashMap<Uuid, Booked>, Failure> {
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let asked: Vec<Uuid> = asked.iter().copied().collect();
    let sql = "SELECT p.* FROM unnest($2::uuid[]) AS asked (id) CROSS JOIN LATERAL (
                   SELECT id, order_id, amount_fen, means FROM payments WHERE campus_id = $1 AND id = asked.id LIMIT 1) p";
    let booked = |row: &Row| -> Result<(Uuid, Booked), Failure> {
        let (order, amount_fen) = (row.try_get("order_id")?, row.try_get("amount_fen")?);
        Ok((row.try_get("id")?, Booked { order, amount_fen, means: row.try_get("means")? }))
    };
    tx.query(&tx.prepare_cached(sql).await?, &[&campus, &asked]).await?.iter().map(booked).collect()
}

async fn photos(
    tx: &Transaction<'_>,
    campus: Uuid,
    asked: &HashSet<Uuid>,
) -> Result<HashMap<Uuid, Submitted>, Failure> {
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let asked: Vec<Uuid> = asked.iter().copied().collect();
    let sql = "SELECT c.* FROM unnest($2::uuid[]) AS asked (id) CROSS JOIN LATERAL (
                   SELECT photo_id, order_id, sha256 FROM collections WHERE campus_id = $1 AND photo_id = asked.id LIMIT 1) c";
    let submitted = |row: &Row| -> Result<(Uuid, Submitted), Failure> {
        Ok((row.try_get("photo_id")?, Submitted { order: row.try_get("order_id")?, sha256: hash(row)? }))
    };
    tx.query(&tx.prepare_cached(sql).await?, &[&campus, &asked]).await?.iter().map(submitted).collect()
}
