//! What is known of booths.

use crate::clock::now_ms;
use crate::office::refusal::Refusal;
use crate::office::when::minute;
use crate::office::words::{self, Language, Words};
use deadpool_postgres::Client;
use protocol::heartbeat::Heartbeat;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

/// A clock that is off by more is pointed out, in milliseconds.
const SKEW_MS: i64 = 60_000;
/// A booth that wasn't heard of for longer is pointed out; it says something twice a minute.
const SILENT_MS: i64 = 5 * 60_000;

/// A booth.
#[derive(Debug)]
pub(super) struct Booth {
    pub id: Uuid,
    pub name: String,
    pub number: String,
    /// `invited`, `active`, `forked` or `revoked`.
    pub code: String,
    pub state: &'static str,
    pub is_rotating: bool,
    pub health: Option<Health>,
}

/// What a booth said last.
#[derive(Debug)]
pub(super) struct Health {
    pub seen: String,
    pub is_silent: bool,
    pub state: &'static str,
    pub pending: u64,
    pub oldest: String,
    pub parked: u64,
    pub prints: u32,
    pub faults: Vec<String>,
    pub software: String,
    /// How far its clock is off, in seconds, where that is much.
    pub skew_s: Option<i64>,
}

const BOOTH: &str =
    "SELECT d.id, d.name, d.booth_number, d.state, d.rotate_key, h.seen_ms, h.skew_ms, h.heartbeat
    FROM devices d LEFT JOIN device_health h ON h.device_id = d.id WHERE d.campus_id = $1";

/// The booths of the campus, those in use first.
pub(super) async fn all(client: &Client, campus: Uuid, language: Language) -> Result<Vec<Booth>, Refusal> {
    let sql = format!("{BOOTH} ORDER BY d.state = 'revoked', d.name");
    let rows = client.query(&client.prepare_cached(&sql).await?, &[&campus]).await?;
    Ok(rows.iter().map(|row| booth(row, language)).collect::<Result<_, _>>()?)
}

/// One of them.
pub(super) async fn one(
    client: &Client,
    campus: Uuid,
    id: Uuid,
    language: Language,
) -> Result<Option<Booth>, Refusal> {
    let sql = format!("{BOOTH} AND d.id = $2");
    let row = client.query_opt(&client.prepare_cached(&sql).await?, &[&campus, &id]).await?;
    Ok(row.map(|row| booth(&row, language)).transpose()?)
}

fn booth(row: &Row, language: Language) -> Result<Booth, tokio_postgres::Error> {
    let w = language.words();
    let code: String = row.try_get("state")?;
    let health = match row.try_get::<_, Option<Json<Heartbeat>>>("heartbeat")? {
        Some(Json(said)) => Some(health(row, &said, code == "active", language)?),
        None => None,
    };
    Ok(Booth {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        number: row.try_get::<_, Option<i32>>("booth_number")?.map(|n| n.to_string()).unwrap_or_default(),
        state: match code.as_str() {
            "active" => w.device_active,
            "forked" => w.device_forked,
            "revoked" => w.device_revoked,
            _ => w.device_invited,
        },
        is_rotating: code == "active" && row.try_get("rotate_key")?,
        code,
        health,
    })
}

fn health(
    row: &Row,
    said: &Heartbeat,
    is_active: bool,
    language: Language,
) -> Result<Health, tokio_postgres::Error> {
    let w = language.words();
    let (seen_ms, skew_ms): (i64, i64) = (row.try_get("seen_ms")?, row.try_get("skew_ms")?);
    Ok(Health {
        seen: minute(seen_ms),
        is_silent: is_active && now_ms() - seen_ms > SILENT_MS,
        state: match said.state.as_str() {
            "idle" => w.booth_idle,
            "busy" => w.booth_busy,
            "limited" => w.booth_limited,
            "closed" => w.booth_closed,
            _ => w.unknown,
        },
        pending: said.pending,
        oldest: said.oldest_pending_ms.map(minute).unwrap_or_default(),
        parked: said.parked,
        prints: said.prints_waiting,
        faults: said.faults.iter().map(|code| words::fault(language, code)).collect(),
        software: said.software.clone(),
        skew_s: (skew_ms.unsigned_abs() > SKEW_MS.unsigned_abs()).then_some(skew_ms / 1000),
    })
}

/// A stretch of a booth's sequence.
#[derive(Debug)]
pub(super) struct Epoch {
    pub ordinal: i32,
    pub mark: i64,
    pub first_seen: String,
}

pub(super) async fn epochs(client: &Client, campus: Uuid, booth: Uuid) -> Result<Vec<Epoch>, Refusal> {
    let sql = "SELECT e.ordinal, e.mark, e.first_seen_ms FROM epochs e JOIN devices d ON d.id = e.device_id
               WHERE d.campus_id = $1 AND d.id = $2 ORDER BY e.ordinal DESC LIMIT 100";
    let rows = client.query(sql, &[&campus, &booth]).await?;
    let epoch = |row: &Row| -> Result<Epoch, tokio_postgres::Error> {
        let first_seen = minute(row.try_get("first_seen_ms")?);
        Ok(Epoch { ordinal: row.try_get("ordinal")?, mark: row.try_get("mark")?, first_seen })
    };
    Ok(rows.iter().map(epoch).collect::<Result<_, _>>()?)
}

/// A command that was given.
#[derive(Debug)]
pub(super) struct Given {
    pub action: &'static str,
    pub by: String,
    pub at: String,
    pub outcome: String,
    pub is_failed: bool,
}

pub(super) async fn commands(
    client: &Client,
    campus: Uuid,
    booth: Uuid,
    w: &'static Words,
) -> Result<Vec<Given>, Refusal> {
    let sql = "SELECT c.given_by, c.given_ms, c.done, coalesce(c.reason, '') AS reason, coalesce(y.body #>> '{action,do}', '') AS action
               FROM commands c LEFT JOIN directory y ON y.campus_id = c.campus_id AND y.kind = 'command' AND y.key = c.id::text
               WHERE c.campus_id = $1 AND c.device_id = $2 ORDER BY c.given_ms DESC LIMIT 50";
    let rows = client.query(sql, &[&campus, &booth]).await?;
    Ok(rows.iter().map(|row| given(row, w)).collect::<Result<_, _>>()?)
}

fn given(row: &Row, w: &'static Words) -> Result<Given, tokio_postgres::Error> {
    let done: Option<bool> = row.try_get("done")?;
    let outcome = match (done, row.try_get("reason")?) {
        (None, _) => w.outcome_waiting,
        (Some(true), _) => w.outcome_done,
        (_, "too_late") => w.outcome_too_late,
        (_, "unknown_action") => w.outcome_unknown_action,
        (_, "unknown_order") => w.outcome_unknown_order,
        (_, "not_possible") => w.outcome_not_possible,
        (_, other) => other,
    };
    Ok(Given {
        action: match row.try_get("action")? {
            "close" => w.command_close,
            "open" => w.command_open,
            "message" => w.command_message,
            "reprint" => w.command_reprint,
            _ => w.unknown,
        },
        by: row.try_get("given_by")?,
        at: minute(row.try_get("given_ms")?),
        outcome: outcome.to_owned(),
        is_failed: done == Some(false),
    })
}

/// An event that can't take effect.
#[derive(Debug)]
pub(super) struct Rejected {
    pub booth: String,
    pub sequence: String,
    pub reason: String,
    pub received: String,
}

/// The last hundred rejected events of the campus.
pub(super) async fn rejected(client: &Client, campus: Uuid) -> Result<Vec<Rejected>, Refusal> {
    let sql = "SELECT d.name, e.epoch_ordinal, e.sequence, e.reason, e.received_ms FROM events e JOIN devices d ON d.id = e.device_id
               WHERE e.campus_id = $1 AND e.outcome = 'rejected' ORDER BY e.received_ms DESC LIMIT 100";
    let rows = client.query(&client.prepare_cached(sql).await?, &[&campus]).await?;
    let read = |row: &Row| -> Result<Rejected, tokio_postgres::Error> {
        let (epoch, place): (i32, i64) = (row.try_get("epoch_ordinal")?, row.try_get("sequence")?);
        Ok(Rejected {
            booth: row.try_get("name")?,
            sequence: format!("{epoch} · {place}"),
            reason: row.try_get::<_, Option<String>>("reason")?.unwrap_or_default(),
            received: minute(row.try_get("received_ms")?),
        })
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}
