//! A decision on photos: their state, what booths are told, and the audit, in one transaction.

use crate::Failure;
use crate::clock::now_ms;
use crate::directory::{self, Change};
use crate::office::audit::{self, Deed};
use deadpool_postgres::{Client, Transaction};
use protocol::directory::{Item, Review};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The photo is good.
    Approve,
    /// Another one is needed.
    Reject {
        /// Why, as the student is to read it: 1 to 200 characters.
        reason: String,
    },
}

impl Decision {
    /// Whether it is an approval.
    #[must_use]
    pub const fn is_approval(&self) -> bool {
        matches!(self, Self::Approve)
    }

    fn reason(&self) -> Option<&str> {
        match self {
            Self::Approve => None,
            Self::Reject { reason } => Some(reason),
        }
    }
}

/// What became of a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was decided now.
    Decided {
        /// The order's number.
        number: String,
    },
    /// Somebody had decided before; nothing was changed.
    Already {
        /// The order's number.
        number: String,
        /// The login, or `booth`.
        by: String,
        /// The user's name; empty for booths.
        name: String,
        /// When, in milliseconds since the Unix epoch.
        at_ms: i64,
        /// What.
        approved: bool,
    },
    /// The campus has no such photo, or has emptied it.
    Unknown,
}

/// Decides on each of the photos that nobody has decided on, and tells the booths.
///
/// # Errors
/// The database's; then nothing was decided.
pub async fn decide(
    client: &mut Client,
    campus: Uuid,
    by: &str,
    photos: &[Uuid],
    decision: &Decision,
) -> Result<Vec<(Uuid, Outcome)>, Failure> {
    decide_of(client, campus, by, photos, (decision, "submitted")).await
}

/// Rejects a photo that was approved, and tells the booths. One whose order isn't completed yet lets the student have another taken.
///
/// # Errors
/// The database's; then nothing was decided.
pub async fn reject_approved(
    client: &mut Client,
    campus: Uuid,
    by: &str,
    photo: Uuid,
    reason: String,
) -> Result<Vec<(Uuid, Outcome)>, Failure> {
    decide_of(client, campus, by, &[photo], (&Decision::Reject { reason }, "approved")).await
}

/// Decides on those of the photos that are in the state `before`.
async fn decide_of(
    client: &mut Client,
    campus: Uuid,
    by: &str,
    photos: &[Uuid],
    (decision, before): (&Decision, &str),
) -> Result<Vec<(Uuid, Outcome)>, Failure> {
    // In one order everywhere, so that two who decide on the same photos wait for each other instead of blocking each other.
    let mut photos = photos.to_vec();
    photos.sort_unstable();
    photos.dedup();
    let now = now_ms();
    let tx = client.transaction().await?;
    let mut results = Vec::with_capacity(photos.len());
    let mut told = Vec::new();
    for photo in photos {
        let outcome = match write(&tx, campus, by, photo, (decision, before), now).await? {
            Some((order_id, number)) => {
                let (approved, reason) =
                    (decision.is_approval(), decision.reason().unwrap_or_default().to_owned());
                told.push(Review { order_id, photo_id: photo, approved, reason, at_ms: now });
                Outcome::Decided { number }
            }
            None => earlier(&tx, campus, photo).await?,
        };
        results.push((photo, outcome));
    }
    tell(&tx, campus, by, told).await?;
    tx.commit().await?;
    Ok(results)
}

/// The order and its number, if the photo was in the state `before`.
async fn write(
    tx: &Transaction<'_>,
    campus: Uuid,
    by: &str,
    photo: Uuid,
    (decision, before): (&Decision, &str),
    now: i64,
) -> Result<Option<(Uuid, String)>, Failure> {
    let sql = "UPDATE collections SET state = $3, decided_by = $4, decided_ms = $5, heard_ms = $5, reason = $6
               WHERE campus_id = $1 AND photo_id = $2 AND state = $7 AND purged_ms IS NULL RETURNING order_id, order_number";
    let state = if decision.is_approval() { "approved" } else { "rejected" };
    let statement = tx.prepare_cached(sql).await?;
    let given: [&(dyn ToSql + Sync); 7] = [&campus, &photo, &state, &by, &now, &decision.reason(), &before];
    let row = tx.query_opt(&statement, &given).await?;
    row.map(|row| Ok((row.try_get("order_id")?, row.try_get("order_number")?))).transpose()
}

async fn earlier(tx: &Transaction<'_>, campus: Uuid, photo: Uuid) -> Result<Outcome, Failure> {
    let sql = "SELECT c.order_number, c.decided_by, c.decided_ms, c.state, u.name FROM collections c
               LEFT JOIN users u ON u.campus_id = c.campus_id AND u.login = c.decided_by
               WHERE c.campus_id = $1 AND c.photo_id = $2 AND c.state <> 'submitted'";
    let Some(row) = tx.query_opt(&tx.prepare_cached(sql).await?, &[&campus, &photo]).await? else {
        return Ok(Outcome::Unknown);
    };
    Ok(Outcome::Already {
        number: row.try_get("order_number")?,
        by: row.try_get::<_, Option<String>>("decided_by")?.unwrap_or_default(),
        name: row.try_get::<_, Option<String>>("name")?.unwrap_or_default(),
        at_ms: row.try_get::<_, Option<i64>>("decided_ms")?.unwrap_or_default(),
        approved: row.try_get::<_, &str>("state")? == "approved",
    })
}

/// Tells every booth of the campus, because one that was enrolled anew is another device; and the audit, but not the reason: it speaks
/// of a person, and the audit is kept for ever.
async fn tell(tx: &Transaction<'_>, campus: Uuid, by: &str, told: Vec<Review>) -> Result<(), Failure> {
    let items: Vec<(String, Item)> =
        told.iter().map(|review| (review.photo_id.to_string(), Item::Review(review.clone()))).collect();
    let changes: Vec<Change<'_>> =
        items.iter().map(|(key, item)| Change { key, device: None, item }).collect();
    directory::tell(tx, campus, &changes).await?;
    let action = |review: &Review| if review.approved { "approved" } else { "rejected" };
    let deeds: Vec<Deed<'_>> = told
        .iter()
        .zip(&items)
        .map(|(review, (key, _))| Deed { actor: by, action: action(review), subject: key, detail: "" })
        .collect();
    audit::append(tx, campus, &deeds).await
}
