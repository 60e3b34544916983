//! Who did what: rows that are only added, each with a hash over itself and the row before it of the campus.
//!
//! A row is written in the transaction of what it tells. It names photos, orders, users and booths by their ids and numbers, never a
//! person of a photo. Looking at a photo's own page, showing a whole document number and taking data out are told; a list with small
//! pictures isn't, because it would tell of nobody in particular.

use crate::clock::now_ms;
use crate::{Failure, sha256};
use futures_util::StreamExt as _;
use protocol::Digest;
use tokio_postgres::{GenericClient, Row, Transaction};
use uuid::Uuid;

/// A row to be written.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'a> {
    /// Who, a login; `central` for the technician at the server.
    pub actor: &'a str,
    /// What, a code such as `approved`.
    pub action: &'a str,
    /// To what: an id or a number.
    pub subject: &'a str,
    /// Further words; may be empty.
    pub detail: &'a str,
}

/// A row as it stands there.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its place, from 1.
    pub place: i64,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Further words.
    pub detail: String,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl Told {
    pub(super) fn read(row: &Row) -> Result<Self, Failure> {
        Ok(Self {
            place: row.try_get("place")?,
            at_ms: row.try_get("at_ms")?,
            actor: row.try_get("actor")?,
            action: row.try_get("action")?,
            subject: row.try_get("subject")?,
            detail: row.try_get("detail")?,
            previous: row.try_get("previous")?,
            hash: row.try_get("hash")?,
        })
    }
}

/// SHA-256 over everything that the row says: each text behind its length, so that no two rows have the same bytes.
fn hash(campus: Uuid, place: i64, at_ms: i64, texts: [&str; 4], previous: &[u8]) -> Digest {
    let mut bytes =
        [&b"audit 1"[..], campus.as_bytes(), &place.to_be_bytes(), &at_ms.to_be_bytes(), previous].concat();
    for text in texts {
        bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    sha256(&bytes)
}

/// Adds rows. Others who add wait for the end of this transaction.
///
/// # Errors
/// The database's.
pub async fn append(tx: &Transaction<'_>, campus: Uuid, deeds: &[Deed<'_>]) -> Result<(), Failure> {
    if deeds.is_empty() {
        return Ok(());
    }
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended('audit ' || $1::text, 0))";
    tx.query_one(lock, &[&campus.to_string()]).await?;
    let sql = "SELECT place, hash FROM audit WHERE campus_id = $1 ORDER BY place DESC LIMIT 1";
    let (mut place, mut previous) = match tx.query_opt(sql, &[&campus]).await? {
        Some(row) => (row.try_get::<_, i64>("place")?, row.try_get::<_, Vec<u8>>("hash")?),
        None => (0, vec![0; 32]),
    };
    let sql = "INSERT INTO audit (campus_id, place, at_ms, actor, action, subject, detail, previous, hash)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let statement = tx.prepare(sql).await?;
    for deed in deeds {
        place += 1;
        let now = now_ms();
        let texts = [deed.actor, deed.action, deed.subject, deed.detail];
        let hash = hash(campus, place, now, texts, &previous).0.to_vec();
        let [actor, action, subject, detail] = &texts;
        tx.execute(&statement, &[&campus, &place, &now, actor, action, subject, detail, &previous, &hash])
            .await?;
        previous = hash;
    }
    Ok(())
}

/// Reads the whole audit of a campus; the first place that was altered, if one was, and how many rows are sound before it.
///
/// Rows cut off at the end can't be seen in the rows that remain: whoever fears that keeps the last hash elsewhere.
///
/// # Errors
/// The database's.
pub async fn verify(client: &impl GenericClient, campus: Uuid) -> Result<Verified, Failure> {
    let sql = "SELECT place, at_ms, actor, action, subject, detail, previous, hash FROM audit WHERE campus_id = $1 ORDER BY place";
    let mut rows = std::pin::pin!(client.query_raw(sql, [&campus]).await?);
    let mut sound = Verified { rows: 0, altered: None, last: Digest([0; 32]) };
    while let Some(row) = rows.next().await {
        let told = Told::read(&row?)?;
        let texts = [&*told.actor, &*told.action, &*told.subject, &*told.detail];
        let expected = hash(campus, told.place, told.at_ms, texts, &sound.last.0);
        if told.place != sound.rows + 1 || told.previous != sound.last.0 || told.hash != expected.0 {
            sound.altered = Some(told.place);
            return Ok(sound);
        }
        sound = Verified { rows: told.place, altered: None, last: expected };
    }
    Ok(sound)
}

/// What an action is called; nothing for a code that isn't known.
pub(super) fn title(w: &'static super::words::Words, action: &str) -> Option<&'static str> {
    Some(match action {
        "logged_in" => w.deed_logged_in,
        "logged_out" => w.deed_logged_out,
        "locked" => w.deed_locked,
        "second_factor_set" => w.deed_second_factor_set,
        "password_changed" => w.deed_password_changed,
        "photo_looked_at" => w.deed_photo_looked_at,
        "number_shown" => w.deed_number_shown,
        "approved" => w.deed_approved,
        "rejected" => w.deed_rejected,
        "exported" => w.deed_exported,
        "missing_downloaded" => w.deed_missing_downloaded,
        "payments_downloaded" => w.deed_payments_downloaded,
        "refund_asked" => w.deed_refund_asked,
        "refund_tried_again" => w.deed_refund_tried_again,
        "refund_by_hand" => w.deed_refund_by_hand,
        "difference_settled" => w.deed_difference_settled,
        "booth_invited" => w.deed_booth_invited,
        "booth_revoked" => w.deed_booth_revoked,
        "key_rotation" => w.deed_key_rotation,
        "command_given" => w.deed_command_given,
        "user_added" => w.deed_user_added,
        "role_changed" => w.deed_role_changed,
        "user_disabled" => w.deed_user_disabled,
        "user_enabled" => w.deed_user_enabled,
        "password_reset" => w.deed_password_reset,
        "second_factor_reset" => w.deed_second_factor_reset,
        "notice_added" => w.deed_notice_added,
        "notice_withdrawn" => w.deed_notice_withdrawn,
        "programme_changed" => w.deed_programme_changed,
        "price_changed" => w.deed_price_changed,
        "programme_withdrawn" => w.deed_programme_withdrawn,
        "setting_changed" => w.deed_setting_changed,
        _ => return None,
    })
}

/// What a check of the audit found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many rows are sound, from the first.
    pub rows: i64,
    /// The first place that isn't, if there is one.
    pub altered: Option<i64>,
    /// The hash of the last sound row.
    pub last: Digest,
}
