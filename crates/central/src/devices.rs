//! Booths as devices: their invitation, their keys, and how they are.
//!
//! A key is 32 random bytes that the booth drew; its SHA-256 is kept here. It needs no slow hash, because it can't be guessed.
//! Two machines with one key are found out in two ways: the same place of a sequence holds two events, or a run of the booth's
//! program that another one had followed is heard of again and again.

use crate::clock::{new_id, now_ms};
use crate::seal::random;
use crate::{Central, Failure, sha256};
use deadpool_postgres::Transaction;
use protocol::enrolment::{Enrol, Enrolled, NextKey};
use protocol::heartbeat::{Heartbeat, HeartbeatAnswer};
use protocol::{Digest, Key};
use subtle::ConstantTimeEq as _;
use tokio_postgres::types::Json;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

/// How long an invitation is good: a technician's visit and a weekend.
const INVITATION_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// A key is changed when it is this old.
const KEY_LIVES_MS: i64 = 90 * 24 * 60 * 60 * 1000;
/// How many former runs of a booth's program are remembered.
const FORMER: usize = 16;
/// How often the runs must take turns until the device is held to be two. Two machines are past it in a minute.
const RETURNS: i32 = 4;
/// How long a message may be held up on its way, by the device's own clock. A run that was killed may be heard of for the first time
/// when the next one already runs; that tells of no second machine.
const HELD_UP_MS: i64 = 120_000;

/// A device that asked, and may.
#[derive(Clone, Debug)]
pub struct Device {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub campus: Uuid,
    /// Its name.
    pub name: String,
}

/// `DEVICE.KEY` of a bearer token.
#[must_use]
pub fn credentials(token: &str) -> Option<(Uuid, Key)> {
    let (device, key) = token.split_once('.')?;
    Some((Uuid::try_parse(device).ok()?, key.parse().ok()?))
}

/// The device whose key this is. A new key's first use makes it the only one.
///
/// # Errors
/// [`Failure::UnknownDevice`], [`Failure::Revoked`], [`Failure::Forked`].
pub async fn authenticate(
    client: &deadpool_postgres::Client,
    device: Uuid,
    key: &Key,
) -> Result<Device, Failure> {
    let sql = "SELECT d.id, d.campus_id, d.name, d.state, d.key_sha256, d.next_key_sha256 FROM devices d WHERE d.id = $1";
    let row = client
        .query_opt(&client.prepare_cached(sql).await?, &[&device])
        .await?
        .ok_or(Failure::UnknownDevice)?;
    let hash = sha256(&key.0);
    let is = |column: &str| -> Result<bool, Failure> {
        let kept: Option<&[u8]> = row.try_get(column)?;
        Ok(kept.is_some_and(|kept| bool::from(kept.ct_eq(&hash.0))))
    };
    let (current, next) = (is("key_sha256")?, is("next_key_sha256")?);
    if !current && !next {
        return Err(Failure::UnknownDevice);
    }
    match row.try_get::<_, &str>("state")? {
        "active" => {}
        "forked" => return Err(Failure::Forked),
        _ => return Err(Failure::Revoked),
    }
    if next {
        let sql = "UPDATE devices SET key_sha256 = $2, next_key_sha256 = NULL, key_since_ms = $3, rotate_key = false
                   WHERE id = $1 AND next_key_sha256 = $2";
        client.execute(sql, &[&device, &&hash.0[..], &now_ms()]).await?;
    }
    Ok(Device { id: device, campus: row.try_get("campus_id")?, name: row.try_get("name")? })
}

/// Invites a booth under this name, anew if it never enrolled; the code to type there. An enrolled device's name is taken.
///
/// # Errors
/// [`Failure::Invalid`] for a name outside its limits or taken.
pub async fn invite(client: &impl GenericClient, campus: Uuid, name: &str) -> Result<String, Failure> {
    if !(1..=60).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(Failure::Invalid("a device's name has 1 to 60 characters"));
    }
    let code = code()?;
    let hash = sha256(code.as_bytes());
    let now = now_ms();
    let sql = "INSERT INTO devices (id, campus_id, name, state, code_sha256, code_until_ms, created_ms)
               VALUES ($1, $2, $3, 'invited', $4, $5, $6)
               ON CONFLICT (campus_id, name) DO UPDATE SET code_sha256 = excluded.code_sha256, code_until_ms = excluded.code_until_ms
               WHERE devices.state = 'invited'";
    let written =
        client.execute(sql, &[&new_id(), &campus, &name, &&hash.0[..], &(now + INVITATION_MS), &now]).await?;
    if written == 1 {
        Ok(code)
    } else {
        Err(Failure::Invalid("this name is a device's already: revoke that one, or choose another"))
    }
}

/// 100 random bits in base32, in groups that can be read out.
fn code() -> Result<String, Failure> {
    let bytes = random::<15>().map_err(|_| Failure::Internal("the system gives no randomness"))?;
    let text = data_encoding::BASE32_NOPAD.encode(&bytes);
    let groups: Vec<&str> = [0, 6, 12, 18].iter().filter_map(|&from| text.get(from..from + 6)).collect();
    Ok(groups.join("-"))
}

/// Makes the booth that knows the code a device. The same code with the same key is answered again.
///
/// # Errors
/// [`Failure::InvalidCode`], or [`Failure::Invalid`] for a number outside 1 to 999.
pub async fn enrol(central: &Central, asked: &Enrol) -> Result<Enrolled, Failure> {
    if !(1..=999).contains(&asked.booth_number) {
        return Err(Failure::Invalid("a booth's number is 1 to 999"));
    }
    let client = central.pool.get().await?;
    let code = sha256(asked.code.trim().to_ascii_uppercase().as_bytes());
    let sql = "UPDATE devices d SET state = 'active', key_sha256 = $2, key_since_ms = coalesce(key_since_ms, $3), booth_number = $4
               FROM campuses c WHERE c.id = d.campus_id AND d.code_sha256 = $1 AND d.code_until_ms > $3
               AND (d.state = 'invited' OR d.state = 'active' AND d.key_sha256 = $2)
               RETURNING d.id, d.name, c.code";
    let number = i32::from(asked.booth_number);
    let row = client.query_opt(sql, &[&&code.0[..], &&asked.key_sha256.0[..], &now_ms(), &number]).await?;
    let row = row.ok_or(Failure::InvalidCode)?;
    tracing::info!(device = %row.try_get::<_, Uuid>("id")?, "a booth enrolled");
    Ok(Enrolled {
        device_id: row.try_get("id")?,
        campus: row.try_get("code")?,
        name: row.try_get("name")?,
        pins: central.pins.clone(),
    })
}

/// The device will use another key.
///
/// # Errors
/// The database's.
pub async fn next_key(client: &impl GenericClient, device: &Device, next: &NextKey) -> Result<(), Failure> {
    let sql = "UPDATE devices SET next_key_sha256 = $2 WHERE id = $1 AND key_sha256 <> $2";
    client.execute(sql, &[&device.id, &&next.key_sha256.0[..]]).await?;
    Ok(())
}

/// Ends a device's key for good: nothing is read and nothing is written with it any more. Whether there was such a device.
///
/// # Errors
/// The database's.
pub async fn revoke(client: &impl GenericClient, campus: Uuid, name: &str) -> Result<bool, Failure> {
    // The name becomes free, so that the booth can be invited again under it.
    let sql = "UPDATE devices SET state = 'revoked', code_sha256 = NULL,
               name = left(name, 40) || ' #' || left(id::text, 13) WHERE campus_id = $1 AND name = $2 AND state <> 'revoked'";
    Ok(client.execute(sql, &[&campus, &name]).await? == 1)
}

/// Suspends a device whose key two machines use.
///
/// # Errors
/// The database's.
pub async fn suspend(client: &impl GenericClient, device: Uuid) -> Result<(), Failure> {
    client
        .execute("UPDATE devices SET state = 'forked' WHERE id = $1 AND state = 'active'", &[&device])
        .await?;
    tracing::error!(%device, "two machines use this device's key; it is suspended");
    Ok(())
}

/// Locks the device for this transaction, so that its batches are applied one after the other, whichever instance has them.
pub(crate) async fn lock(tx: &Transaction<'_>, device: Uuid) -> Result<(), Failure> {
    let sql = "SELECT state FROM devices WHERE id = $1 FOR NO KEY UPDATE";
    let row = tx.query_one(&tx.prepare_cached(sql).await?, &[&device]).await?;
    match row.try_get::<_, &str>("state")? {
        "active" => Ok(()),
        "forked" => Err(Failure::Forked),
        _ => Err(Failure::Revoked),
    }
}

/// Notes how a device is; what is new for it.
///
/// # Errors
/// [`Failure::Forked`] where another machine has the same key.
pub async fn heartbeat(
    central: &Central,
    device: &Device,
    said: &Heartbeat,
) -> Result<HeartbeatAnswer, Failure> {
    check(said)?;
    let client = central.pool.get().await?;
    let now = now_ms();
    let sql = "SELECT h.instance, h.former_instances, h.returns, (h.heartbeat->>'now_ms')::bigint AS said_ms, d.rotate_key, d.key_since_ms, c.directory_end,
               (SELECT e.mark FROM epochs e WHERE e.device_id = d.id AND e.epoch = $2) AS mark,
               array(SELECT m.provider FROM merchants m WHERE m.campus_id = c.id ORDER BY m.provider DESC) AS means,
               (SELECT bool_or(m.demonstration) FROM merchants m WHERE m.campus_id = c.id) AS demonstration
               FROM devices d JOIN campuses c ON c.id = d.campus_id LEFT JOIN device_health h ON h.device_id = d.id WHERE d.id = $1";
    let row = client.query_one(&client.prepare_cached(sql).await?, &[&device.id, &&said.epoch.0[..]]).await?;
    let last_said: Option<i64> = row.try_get("said_ms")?;
    let runs = Runs::read(&row)?;
    if !last_said.is_some_and(|last| runs.is_held_up(said, last)) {
        note(&client, device, said, now, &runs.heard(said.instance)).await?;
    }
    let key_since: i64 = row.try_get::<_, Option<i64>>("key_since_ms")?.unwrap_or(now);
    Ok(HeartbeatAnswer {
        now_ms: now,
        directory_end: row.try_get::<_, i64>("directory_end")?.unsigned_abs(),
        mark: row.try_get::<_, Option<i64>>("mark")?.unwrap_or(0).unsigned_abs(),
        pins: central.pins.clone(),
        rotate_key: row.try_get("rotate_key")? || now - key_since > KEY_LIVES_MS,
        software: crate::state::SOFTWARE.to_owned(),
        means: row.try_get("means")?,
        demonstration: row.try_get::<_, Option<bool>>("demonstration")?.unwrap_or(false),
    })
}

/// Keeps what a device said last, and suspends one that is two.
async fn note(
    client: &deadpool_postgres::Client,
    device: &Device,
    said: &Heartbeat,
    now: i64,
    runs: &Runs,
) -> Result<(), Failure> {
    let sql = "INSERT INTO device_health (device_id, seen_ms, skew_ms, instance, former_instances, returns, heartbeat)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (device_id) DO UPDATE SET seen_ms = $2, skew_ms = $3, instance = $4,
               former_instances = $5, returns = $6, heartbeat = $7";
    let skew = now.saturating_sub(said.now_ms);
    let statement = client.prepare_cached(sql).await?;
    client
        .execute(
            &statement,
            &[&device.id, &now, &skew, &runs.current, &runs.former, &runs.returns, &Json(said)],
        )
        .await?;
    if runs.returns < RETURNS {
        return Ok(());
    }
    suspend(&***client, device.id).await?;
    Err(Failure::Forked)
}

/// Limits of what a heartbeat may hold, as it is kept whole.
fn check(said: &Heartbeat) -> Result<(), Failure> {
    let fits = |text: &str, most: usize| text.len() <= most && !text.chars().any(char::is_control);
    let faults = said.faults.len() <= 50 && said.faults.iter().all(|fault| fits(fault, 60));
    let known = ["idle", "busy", "limited", "closed"].contains(&said.state.as_str());
    if faults && known && fits(&said.software, 60) {
        Ok(())
    } else {
        Err(Failure::Invalid("the heartbeat is outside its limits"))
    }
}

/// The runs of a booth's program that were heard of.
#[derive(Debug, PartialEq, Eq)]
struct Runs {
    current: Option<Uuid>,
    former: Vec<Uuid>,
    returns: i32,
}

impl Runs {
    fn read(row: &Row) -> Result<Self, Failure> {
        Ok(Self {
            current: row.try_get("instance")?,
            former: row.try_get::<_, Option<Vec<Uuid>>>("former_instances")?.unwrap_or_default(),
            returns: row.try_get::<_, Option<i32>>("returns")?.unwrap_or(0),
        })
    }

    /// Whether the message was sent before the last one that was heard, by a run that isn't the current one: it only took long.
    fn is_held_up(&self, said: &Heartbeat, last_said: i64) -> bool {
        let older_by = last_said.saturating_sub(said.now_ms);
        self.current != Some(said.instance) && (1..=HELD_UP_MS).contains(&older_by)
    }

    /// A new run follows the current one, and forgives what was heard of former ones; a former one counts, and is the current one again.
    fn heard(mut self, instance: Uuid) -> Self {
        if self.current == Some(instance) {
            return self;
        }
        let is_former = self.former.contains(&instance);
        self.former.retain(|former| *former != instance);
        self.former.splice(0..0, self.current.replace(instance));
        self.former.truncate(FORMER);
        self.returns = if is_former { self.returns + 1 } else { 0 };
        self
    }
}

/// The SHA-256 of a key, as tests and tools need it.
#[must_use]
pub fn key_hash(key: &Key) -> Digest {
    sha256(&key.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn restarts_and_a_held_up_message_are_no_fork() {
        let mut runs = Runs { current: None, former: vec![], returns: 0 };
        for number in 1..=100 {
            runs = runs.heard(run(number));
            runs = runs.heard(run(number.saturating_sub(1).max(1)));
            assert!(runs.returns <= 1, "start {number}: each kill leaves one message behind at most");
        }
    }

    #[test]
    fn a_run_that_is_heard_of_too_late_is_no_fork() {
        let mut runs = Runs { current: None, former: vec![], returns: 0 };
        // The second run was killed, and its first message arrives behind the third run's.
        for number in [1, 3, 2, 3, 3, 3, 3, 3, 3] {
            runs = runs.heard(run(number));
        }
        assert!(runs.returns < RETURNS, "{runs:?}");
    }

    #[test]
    fn two_machines_that_take_turns_are_a_fork() {
        let mut runs = Runs { current: None, former: vec![], returns: 0 };
        for turn in 0..8 {
            runs = runs.heard(run(1 + turn % 2));
        }
        assert!(runs.returns >= RETURNS, "{runs:?}");
    }

    #[test]
    fn a_code_can_be_read_out() {
        let code = code().unwrap();
        assert_eq!(code.len(), 27, "{code}");
        assert!(code.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b) || b == b'-'));
    }

    #[test]
    fn a_token_is_a_device_and_its_key() {
        let key = "ab".repeat(32);
        assert!(credentials(&format!("{}.{key}", run(5))).is_some());
        for wrong in ["", ".", &format!("{}.{}", run(5), &key[1..]), &format!("5.{key}"), &key] {
            assert!(credentials(wrong).is_none(), "{wrong}");
        }
    }
}
