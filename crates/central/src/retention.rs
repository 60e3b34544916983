//! Forgetting: what a student asked for, what is past its time, and photos that nothing names any more, in every copy.
//!
//! One instance at a time, by a lease. What is past its time is counted from when central heard of it, never by a booth's clock.
//!
//! **A photo that was acknowledged is never deleted under its upload.** An upload first writes the row, or renews its `stored_ms`, then
//! the object, and is acknowledged only if it then finds the row and it isn't `gone`. Here a row is marked `gone`, then the object is
//! deleted, then the row. Only rows are marked whose `stored_ms` is two days old, looked at once more under the row's lock, and no
//! upload lasts that long: so a deletion that begins after the upload's first step doesn't concern its photo. One that began before
//! has the row `gone`, and the upload is refused at its first step; or it has deleted the row too, and with it is done with the object.

use crate::clock::{new_id, now_ms};
use crate::{Central, Failure};
use deadpool_postgres::{Client, Transaction};
use futures_util::{StreamExt as _, TryStreamExt as _};
use protocol::Digest;
use std::time::{Duration, Instant};
use tokio_postgres::Row;
use uuid::Uuid;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// A photo whose event hasn't come is kept for so long; the booth sends it again if it needs it later.
const UNNAMED_MS: i64 = 2 * DAY_MS;
/// How long the object store may take for one photo: less than PostgreSQL lets a transaction wait.
const DELETION: Duration = Duration::from_secs(20);
/// How long photos are deleted in one turn: less than the lease. A store that is away takes its time for each.
const LONGEST: Duration = Duration::from_secs(30 * 60);
/// How many photos that nothing names are deleted in one turn: finding them passes over all photos, so it is done once.
const FOUND: i64 = 250_000;
/// How many of them are marked at a time.
const SWEEP: usize = 200;
/// Undecided collections are kept so many times as long as decided ones.
const UNDECIDED: i64 = 2;

/// What was forgotten.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Forgotten {
    /// Collections that were emptied of the person.
    pub collections: u64,
    /// Photos that were deleted.
    pub photos: u64,
    /// Events that were forgotten.
    pub events: u64,
}

/// Runs until the program ends: once an hour, on one instance.
pub async fn run(central: Central) {
    let holder = new_id();
    loop {
        match lease(&central, holder).await {
            Ok(true) => match turn(&central, now_ms()).await {
                Ok(forgotten) => tracing::info!(?forgotten, "what was past its time was forgotten"),
                Err(error) => {
                    tracing::error!(error = crate::chain(&error), "what is past its time can't be forgotten")
                }
            },
            Ok(false) => {}
            Err(error) => {
                tracing::error!(error = crate::chain(&error), "the lease of forgetting can't be had")
            }
        }
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
}

async fn lease(central: &Central, holder: Uuid) -> Result<bool, Failure> {
    let now = now_ms();
    let sql = "INSERT INTO leases (name, holder, until_ms) VALUES ('retention', $1, $2) ON CONFLICT (name)
               DO UPDATE SET holder = $1, until_ms = $2 WHERE leases.until_ms < $3";
    Ok(central.pool.get().await?.execute(sql, &[&holder, &(now + HOUR_MS), &now]).await? == 1)
}

/// Forgets whatever is past its time at `now`. A photo that can't be deleted keeps no other.
///
/// # Errors
/// The database's, or the object store's first; what was forgotten stays forgotten.
pub async fn turn(central: &Central, now: i64) -> Result<Forgotten, Failure> {
    let mut client = central.pool.get().await?;
    let collections = empty(central, &mut client, now).await?;
    let events = forget_events(central, &mut client, now).await?;
    drop(client);
    let mut swept = Swept { begun: Instant::now(), photos: 0, fault: None };
    sweep(central, now, &mut swept).await?;
    sweep_strays(central, now, &mut swept).await?;
    let drafts = central.blobs.clear_drafts(now - UNNAMED_MS).await?;
    match swept.fault {
        Some(fault) => Err(fault),
        None => Ok(Forgotten { collections, photos: swept.photos + drafts, events }),
    }
}

/// What came of deleting photos.
struct Swept {
    /// Since when it is done.
    begun: Instant,
    /// How many were deleted.
    photos: u64,
    /// Why the first one wasn't that could not be.
    fault: Option<Failure>,
}

impl Swept {
    /// Deletes these, as long as there is time; whether there was.
    async fn delete(&mut self, central: &Central, photos: &[(Uuid, Digest)]) -> bool {
        for (campus, sha256) in photos {
            if self.begun.elapsed() > LONGEST {
                return false;
            }
            match delete(central, *campus, sha256).await {
                Ok(()) => self.photos += 1,
                Err(fault) => drop(self.fault.get_or_insert(fault)),
            }
        }
        true
    }
}

/// A transaction whose statements may take as long as they do: after an outage there is much to forget.
async fn patient(client: &mut Client) -> Result<Transaction<'_>, Failure> {
    let tx = client.transaction().await?;
    tx.batch_execute("SET LOCAL statement_timeout = 0").await?;
    Ok(tx)
}

/// Empties the collections of which `which` is true, whose `c` they are; $1 is now, `before` is $2. What staff wrote about the photo
/// goes with it, also where booths are told.
async fn empty_those(tx: &Transaction<'_>, which: &str, now: i64, before: i64) -> Result<u64, Failure> {
    let sql = format!(
        "UPDATE collections c SET name = NULL, document_kind = NULL, document_number = NULL, student_number = NULL,
             phone = NULL, email = NULL, gender = NULL, measures = '[]', reason = NULL, purged_ms = $1
         WHERE c.purged_ms IS NULL AND {which} RETURNING c.campus_id, c.photo_id::text"
    );
    let rows = tx.query(&sql, &[&now, &before]).await?;
    let mut emptied: (Vec<Uuid>, Vec<String>) =
        (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for row in &rows {
        emptied.0.push(row.try_get(0)?);
        emptied.1.push(row.try_get(1)?);
    }
    // A statement of its own sees what staff decided while the first one waited for their row.
    let sql = "UPDATE directory d SET body = jsonb_set(d.body, '{reason}', to_jsonb(''::text))
               FROM unnest($1::uuid[], $2::text[]) AS e (campus_id, photo)
               WHERE d.campus_id = e.campus_id AND d.kind = 'review' AND d.key = e.photo AND d.body->>'reason' <> ''";
    if !rows.is_empty() {
        tx.execute(sql, &[&emptied.0, &emptied.1]).await?;
    }
    Ok(rows.len() as u64)
}

/// Empties collections: decided ones past their time, undecided ones far past it, and those whose students asked for it.
async fn empty(central: &Central, client: &mut Client, now: i64) -> Result<u64, Failure> {
    let retention = central.settings.retention;
    let days = |days: i64| now - days * DAY_MS;
    let (kept, asked) = (i64::from(retention.collection_days), days(i64::from(retention.asked_days)));
    let tx = patient(client).await?;
    let decided = "c.heard_ms < $2 AND c.state <> 'submitted'";
    let old = empty_those(&tx, decided, now, days(kept)).await?;
    let undecided = empty_those(&tx, "c.heard_ms < $2", now, days(UNDECIDED * kept)).await?;
    let by_order = "(c.campus_id, c.order_id) IN (SELECT d.campus_id, d.order_id FROM deletion_requests d WHERE d.received_ms < $2)";
    let forgotten = empty_those(&tx, by_order, now, asked).await?;
    // A collection may come later than the wish: staff offered it again, or the booth had been without a network.
    let remembered = days(i64::from(retention.events_days.max(retention.asked_days)));
    tx.execute("DELETE FROM deletion_requests WHERE received_ms < $1", &[&remembered]).await?;
    tx.commit().await?;
    Ok(old + undecided + forgotten)
}

/// An event's row is needed only while the event may come again.
async fn forget_events(central: &Central, client: &mut Client, now: i64) -> Result<u64, Failure> {
    let before = now - i64::from(central.settings.retention.events_days) * DAY_MS;
    let tx = patient(client).await?;
    let sql = "DELETE FROM events WHERE received_ms < $1 AND outcome <> 'rejected'";
    let forgotten = tx.execute(sql, &[&before]).await?;
    tx.execute("DELETE FROM office_sessions WHERE seen_ms < $1", &[&(now - DAY_MS)]).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Deletes the photos that no collection names.
async fn sweep(central: &Central, now: i64, swept: &mut Swept) -> Result<(), Failure> {
    for photos in find_unnamed(central, now).await?.chunks(SWEEP) {
        let gone = mark_gone(central, now, photos).await?;
        if !swept.delete(central, &gone).await {
            break;
        }
    }
    Ok(())
}

/// Photos that no collection names: the oldest first, and last those that couldn't be deleted before. No row is locked here: then
/// collections are passed over in their index, which is a twentieth of the table.
async fn find_unnamed(central: &Central, now: i64) -> Result<Vec<(Uuid, Digest)>, Failure> {
    let mut client = central.pool.get().await?;
    let tx = patient(&mut client).await?;
    let sql = "SELECT campus_id, sha256 FROM blobs b WHERE (stored_ms < $1 OR gone) AND NOT EXISTS (SELECT 1 FROM collections c
                   WHERE c.campus_id = b.campus_id AND c.sha256 = b.sha256 AND c.purged_ms IS NULL)
               ORDER BY gone, stored_ms LIMIT $2";
    let rows = tx.query(sql, &[&(now - UNNAMED_MS), &FOUND]).await?;
    tx.commit().await?;
    rows.iter().map(photo).collect()
}

/// Marks those of the photos that still no collection names, and that nobody else works on; answers which.
async fn mark_gone(
    central: &Central,
    now: i64,
    photos: &[(Uuid, Digest)],
) -> Result<Vec<(Uuid, Digest)>, Failure> {
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let held = "SELECT b.campus_id, b.sha256 FROM blobs b
                JOIN unnest($1::uuid[], $2::bytea[]) AS p (campus_id, sha256) USING (campus_id, sha256)
                FOR UPDATE OF b SKIP LOCKED";
    let (campuses, hashes) = columns(photos);
    let rows = tx.query(held, &[&campuses, &hashes]).await?;
    let held = rows.iter().map(photo).collect::<Result<Vec<_>, _>>()?;
    // Asked once more now that the rows are locked: an event may have named one, or an upload begun, since they were found.
    let sql = "UPDATE blobs b SET gone = true FROM unnest($1::uuid[], $2::bytea[]) AS p (campus_id, sha256)
               WHERE b.campus_id = p.campus_id AND b.sha256 = p.sha256 AND (b.stored_ms < $3 OR b.gone)
                   AND NOT EXISTS (SELECT 1 FROM collections c
                   WHERE c.campus_id = b.campus_id AND c.sha256 = b.sha256 AND c.purged_ms IS NULL)
               RETURNING b.campus_id, b.sha256";
    let (campuses, hashes) = columns(&held);
    let rows = tx.query(sql, &[&campuses, &hashes, &(now - UNNAMED_MS)]).await?;
    let gone = rows.iter().map(photo).collect::<Result<_, _>>()?;
    tx.commit().await?;
    Ok(gone)
}

/// The photos' campuses and hashes, as two parameters.
fn columns(photos: &[(Uuid, Digest)]) -> (Vec<Uuid>, Vec<&[u8]>) {
    photos.iter().map(|(campus, sha256)| (*campus, &sha256.0[..])).unzip()
}

/// A photo's campus and hash, a row's first two columns.
fn photo(row: &Row) -> Result<(Uuid, Digest), Failure> {
    Ok((row.try_get(0)?, digest(row.try_get(1)?)?))
}

fn digest(bytes: &[u8]) -> Result<Digest, Failure> {
    let unreadable = Failure::Internal("a photo's hash in the database can't be read");
    bytes.try_into().map(Digest).map_err(|_| unreadable)
}

/// Deletes the object of a row that says that it is gone, then the row, which is held meanwhile: an instance whose lease had ended in
/// the middle finds no such row, or waits, and leaves the object of an upload that came since.
async fn delete(central: &Central, campus: Uuid, sha256: &Digest) -> Result<(), Failure> {
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let held = "SELECT FROM blobs WHERE campus_id = $1 AND sha256 = $2 AND gone FOR UPDATE";
    if tx.query_opt(held, &[&campus, &&sha256.0[..]]).await?.is_some() {
        tokio::time::timeout(DELETION, central.blobs.delete(campus, sha256))
            .await
            .map_err(|_| Failure::Internal("the object store takes too long to delete a photo"))??;
        let sql = "DELETE FROM blobs WHERE campus_id = $1 AND sha256 = $2";
        tx.execute(sql, &[&campus, &&sha256.0[..]]).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Deletes objects that no row names: a database that was restored lacks the row, or a crash took one that was not yet on the disk.
async fn sweep_strays(central: &Central, now: i64, swept: &mut Swept) -> Result<(), Failure> {
    let mut old = Box::pin(central.blobs.older_than(now - UNNAMED_MS).try_chunks(500));
    while let Some(chunk) = old.next().await {
        let objects = chunk.map_err(|error| error.1)?;
        let (campuses, hashes) = columns(&objects);
        let sql = "INSERT INTO blobs (campus_id, sha256, bytes, stored_ms, stored, gone)
                   SELECT c.id, t.sha256, 0, $3, false, true FROM unnest($1::uuid[], $2::bytea[]) AS t (campus, sha256)
                   JOIN campuses c ON c.id = t.campus ON CONFLICT DO NOTHING RETURNING campus_id, sha256";
        let rows = central.pool.get().await?.query(sql, &[&campuses, &hashes, &now]).await?;
        let strays = rows.iter().map(photo).collect::<Result<Vec<_>, _>>()?;
        if !swept.delete(central, &strays).await {
            break;
        }
    }
    Ok(())
}
