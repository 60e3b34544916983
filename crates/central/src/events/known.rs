//! What the database knows of the things that a batch names, asked for a batch at once.

use crate::Failure;
use crate::devices::Device;
use deadpool_postgres::Transaction;
use protocol::batch::Envelope;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
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
    /// Asks for everything that the events name; only of the device's campus.
    pub async fn look(
        tx: &Transaction<'_>,
        device: &Device,
        ordinal: i32,
        events: &[Envelope],
    ) -> Result<Self, Failure> {
        let asked = Asked::of(events);
        let mut known = Self::default();
        known.look_for_events(tx, device, ordinal, events).await?;
        known.look_for_blobs(tx, device.campus, &asked.blobs).await?;
        known.look_for_orders(tx, device.campus, &asked.orders).await?;
        known.look_for_payments(tx, device.campus, &asked.payments).await?;
        known.look_for_photos(tx, device.campus, &asked.photos).await?;
        Ok(known)
    }

    async fn look_for_events(
        &mut self,
        tx: &Transaction<'_>,
        device: &Device,
        ordinal: i32,
        events: &[Envelope],
    ) -> Result<(), Failure> {
        let ids: Vec<Uuid> = events.iter().map(|event| event.event_id).collect();
        let sql = "SELECT event_id, outcome = 'rejected' AS rejected FROM events WHERE campus_id = $1 AND event_id = ANY ($2)";
        for row in tx.query(&tx.prepare_cached(sql).await?, &[&device.campus, &ids]).await? {
            self.events.insert(row.try_get("event_id")?, Answered { was_rejected: row.try_get("rejected")? });
        }
        let places: Vec<i64> = events.iter().map(|event| event.sequence.cast_signed()).collect();
        let sql = "SELECT sequence, event_id FROM events WHERE device_id = $1 AND epoch_ordinal = $2 AND sequence = ANY ($3)";
        for row in tx.query(&tx.prepare_cached(sql).await?, &[&device.id, &ordinal, &places]).await? {
            self.places.insert(row.try_get("sequence")?, row.try_get("event_id")?);
        }
        Ok(())
    }

    async fn look_for_blobs(
        &mut self,
        tx: &Transaction<'_>,
        campus: Uuid,
        asked: &HashSet<[u8; 32]>,
    ) -> Result<(), Failure> {
        if asked.is_empty() {
            return Ok(());
        }
        let asked: Vec<&[u8]> = asked.iter().map(<[u8; 32]>::as_slice).collect();
        // The lock keeps the sweep of photos that nobody names from taking one that is about to be named.
        let sql = "SELECT sha256, width IS NOT NULL AS is_photo FROM blobs WHERE campus_id = $1 AND sha256 = ANY ($2) AND NOT gone FOR SHARE";
        for row in tx.query(&tx.prepare_cached(sql).await?, &[&campus, &asked]).await? {
            if let Ok(sha256) = row.try_get::<_, &[u8]>("sha256")?.try_into() {
                self.blobs.insert(sha256, row.try_get("is_photo")?);
            }
        }
        Ok(())
    }

    async fn look_for_orders(
        &mut self,
        tx: &Transaction<'_>,
        campus: Uuid,
        asked: &HashSet<Uuid>,
    ) -> Result<(), Failure> {
        let asked: Vec<Uuid> = asked.iter().copied().collect();
        let sql = "SELECT id, amount_fen FROM orders WHERE campus_id = $1 AND id = ANY ($2)";
        for row in tx.query(&tx.prepare_cached(sql).await?, &[&campus, &asked]).await? {
            self.orders.insert(row.try_get("id")?, row.try_get("amount_fen")?);
        }
        Ok(())
    }

    async fn look_for_payments(
        &mut self,
        tx: &Transaction<'_>,
        campus: Uuid,
        asked: &HashSet<Uuid>,
    ) -> Result<(), Failure> {
        if asked.is_empty() {
            return Ok(());
        }
        let asked: Vec<Uuid> = asked.iter().copied().collect();
        let sql =
            "SELECT id, order_id, amount_fen, means FROM payments WHERE campus_id = $1 AND id = ANY ($2)";
        for row in tx.query(&tx.prepare_cached(sql).await?, &[&campus, &asked]).await? {
            let booked = Booked {
                order: row.try_get("order_id")?,
                amount_fen: row.try_get("amount_fen")?,
                means: row.try_get("means")?,
            };
            self.payments.insert(row.try_get("id")?, booked);
        }
        Ok(())
    }

    async fn look_for_photos(
        &mut self,
        tx: &Transaction<'_>,
        campus: Uuid,
        asked: &HashSet<Uuid>,
    ) -> Result<(), Failure> {
        if asked.is_empty() {
            return Ok(());
        }
        let asked: Vec<Uuid> = asked.iter().copied().collect();
        let sql =
            "SELECT photo_id, order_id, sha256 FROM collections WHERE campus_id = $1 AND photo_id = ANY ($2)";
        for row in tx.query(&tx.prepare_cached(sql).await?, &[&campus, &asked]).await? {
            if let Ok(sha256) = row.try_get::<_, &[u8]>("sha256")?.try_into() {
                self.photos
                    .insert(row.try_get("photo_id")?, Submitted { order: row.try_get("order_id")?, sha256 });
            }
        }
        Ok(())
    }
}
