//! A batch of events becomes effects, once.
//!
//! One transaction a batch, and the device's row locked: whatever instance has it, a device's batches are applied one after the
//! other. [`judge`] says of each event what becomes of it without writing anything, [`effects`] writes a whole batch with a
//! statement a table. Should PostgreSQL refuse a batch for a value that passed the checks, its events are tried one by one, and
//! the one that it refuses is rejected: nothing may block a booth for ever.

mod effects;
mod given_up;
mod judge;
mod known;

use crate::clock::now_ms;
use crate::devices::{self, Device};
use crate::{Central, Failure, metrics};
use deadpool_postgres::{Client, Transaction};
use futures_util::future::{try_join, try_join3};
use judge::Verdict;
use known::Known;
use protocol::batch::{Batch, BatchAnswer, Envelope, EventAnswer, LARGEST_BATCH, Outcome, Reason};
use tokio_postgres::error::SqlState;
use uuid::Uuid;

/// An epoch of the device, as it stands in this transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    ordinal: i32,
    mark: i64,
    /// Whether no later epoch was seen.
    is_latest: bool,
    /// Whether it is seen for the first time.
    is_new: bool,
}

/// Takes a batch.
///
/// # Errors
/// [`Failure::Forked`] where a place of the sequence holds another event already, [`Failure::Invalid`] for a batch that is too long or
/// out of order, or whatever keeps PostgreSQL from answering: then nothing of it was applied.
pub async fn take(central: &Central, device: &Device, batch: &Batch) -> Result<BatchAnswer, Failure> {
    let in_order = batch.events.windows(2).all(|pair| matches!(pair, [a, b] if a.sequence < b.sequence));
    let in_range = batch.events.iter().all(|event| (1..=i64::MAX.unsigned_abs()).contains(&event.sequence));
    if batch.events.len() > LARGEST_BATCH || !in_order || !in_range {
        return Err(Failure::Invalid("a batch has 200 events at most, in the order of their sequence"));
    }
    let mut client = central.pool.get().await?;
    let answer = match attempt(&mut client, device, batch, &batch.events).await {
        Err(Failure::Database(error)) if is_about_a_value(&error) => {
            one_by_one(&mut client, device, batch).await
        }
        answer => answer,
    };
    if matches!(answer, Err(Failure::Forked)) {
        devices::suspend(&**client, device.id).await?;
    }
    answer.inspect(count)
}

fn count(answer: &BatchAnswer) {
    for event in &answer.events {
        let outcome = match event.outcome {
            Outcome::Applied => "applied",
            Outcome::Duplicate => "duplicate",
            Outcome::Rejected => "rejected",
            Outcome::Retry => "retry",
        };
        ::metrics::counter!(metrics::EVENTS, "outcome" => outcome).increment(1);
    }
}

/// Class 21, cardinality violation, 22, data exception, or 23, integrity constraint violation; or 25P02: a statement that was sent
/// together with this one was refused before it.
fn is_about_a_value(error: &tokio_postgres::Error) -> bool {
    let about = |code: &str| ["21", "22", "23", "25P02"].iter().any(|class| code.starts_with(class));
    error.code().map(SqlState::code).is_some_and(about)
}

async fn one_by_one(client: &mut Client, device: &Device, batch: &Batch) -> Result<BatchAnswer, Failure> {
    let mut answer = BatchAnswer { mark: 0, events: Vec::with_capacity(batch.events.len()) };
    for event in batch.events.chunks(1) {
        let one = match attempt(client, device, batch, event).await {
            Err(Failure::Database(error)) if is_about_a_value(&error) => {
                tracing::error!(
                    error = crate::chain(&error),
                    "PostgreSQL refused an event that had passed every check"
                );
                refuse(client, device, batch, event).await?
            }
            one => one?,
        };
        answer.mark = one.mark;
        answer.events.extend(one.events);
    }
    Ok(answer)
}

async fn attempt(
    client: &mut Client,
    device: &Device,
    batch: &Batch,
    events: &[Envelope],
) -> Result<BatchAnswer, Failure> {
    let tx = client.transaction().await?;
    try_join(devices::lock(&tx, device.id), plan_anew(&tx)).await?;
    let stretch = stretch(&tx, device.id, batch).await?;
    let known = Known::look(&tx, device, stretch.ordinal, events).await?;
    let (verdicts, mark) = judge::judge(&known, stretch, events)?;
    let answer = keep(&tx, device, stretch, (events, verdicts), mark).await?;
    // An epoch of which nothing was taken isn't noted: a database that was restored from a backup may lack the end of the one before,
    // which the booth offers first once it hears of that, and which would be refused behind a later one.
    if stretch.is_new && mark == 0 {
        tx.rollback().await?
    } else {
        tx.commit().await?
    }
    Ok(answer)
}

/// Has this transaction's statements planned for the tables as they are. PostgreSQL keeps the plan of a prepared statement until the
/// next ANALYZE, and one from when a table was small reads all of it for ever: on a new server the batches of the first minutes.
async fn plan_anew(tx: &Transaction<'_>) -> Result<(), Failure> {
    let sql = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)";
    tx.query(&tx.prepare_cached(sql).await?, &[]).await?;
    Ok(())
}

/// Rejects the one event.
async fn refuse(
    client: &mut Client,
    device: &Device,
    batch: &Batch,
    events: &[Envelope],
) -> Result<BatchAnswer, Failure> {
    let tx = client.transaction().await?;
    devices::lock(&tx, device.id).await?;
    let stretch = stretch(&tx, device.id, batch).await?;
    let mark = events.first().map_or(stretch.mark, |event| stretch.mark.max(event.sequence.cast_signed()));
    let verdicts = events.iter().map(|_| Verdict::Rejected(Reason::InvalidValue)).collect();
    let answer = keep(&tx, device, stretch, (events, verdicts), mark).await?;
    tx.commit().await?;
    Ok(answer)
}

async fn keep(
    tx: &Transaction<'_>,
    device: &Device,
    stretch: Stretch,
    (events, verdicts): (&[Envelope], Vec<Verdict>),
    mark: i64,
) -> Result<BatchAnswer, Failure> {
    let now = now_ms();
    try_join3(
        effects::write(tx, device, &verdicts, now),
        effects::remember(tx, device, stretch, events, &verdicts, now),
        advance(tx, device, stretch, mark),
    )
    .await?;
    let answers = events.iter().zip(&verdicts).map(|(event, verdict)| answer(event.event_id, verdict));
    Ok(BatchAnswer { mark: mark.unsigned_abs(), events: answers.collect() })
}

async fn advance(tx: &Transaction<'_>, device: &Device, stretch: Stretch, mark: i64) -> Result<(), Failure> {
    if mark != stretch.mark {
        let sql = "UPDATE epochs SET mark = $3 WHERE device_id = $1 AND ordinal = $2";
        tx.execute(&tx.prepare_cached(sql).await?, &[&device.id, &stretch.ordinal, &mark]).await?;
    }
    Ok(())
}

fn answer(event_id: Uuid, verdict: &Verdict) -> EventAnswer {
    let (outcome, reason) = match verdict {
        Verdict::Apply(_) => (Outcome::Applied, None),
        Verdict::Duplicate | Verdict::Purged => (Outcome::Duplicate, None),
        Verdict::Rejected(reason) => (Outcome::Rejected, Some(*reason)),
        Verdict::Retry(reason) => (Outcome::Retry, Some(*reason)),
    };
    EventAnswer { event_id, outcome, reason }
}

/// The batch's epoch, which is noted when it is seen for the first time.
async fn stretch(tx: &Transaction<'_>, device: Uuid, batch: &Batch) -> Result<Stretch, Failure> {
    let epoch = &batch.epoch.0[..];
    let sql =
        "SELECT ordinal, mark, ordinal = (SELECT max(ordinal) FROM epochs WHERE device_id = $1) AS is_latest
               FROM epochs WHERE device_id = $1 AND epoch = $2";
    if let Some(row) = tx.query_opt(&tx.prepare_cached(sql).await?, &[&device, &epoch]).await? {
        return Ok(Stretch {
            ordinal: row.try_get("ordinal")?,
            mark: row.try_get("mark")?,
            is_latest: row.try_get("is_latest")?,
            is_new: false,
        });
    }
    let sql = "INSERT INTO epochs (device_id, epoch, ordinal, mark, first_seen_ms)
               SELECT $1, $2, coalesce(max(ordinal), 0) + 1, 0, $3 FROM epochs WHERE device_id = $1 RETURNING ordinal";
    let row = tx.query_one(sql, &[&device, &epoch, &now_ms()]).await?;
    Ok(Stretch { ordinal: row.try_get("ordinal")?, mark: 0, is_latest: true, is_new: true })
}
