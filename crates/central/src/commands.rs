//! What booths are told to do, once each.

use crate::Failure;
use crate::clock::{new_id, now_ms};
use crate::devices::Device;
use crate::directory::{self, Change};
use protocol::directory::{Action, Command, CommandOutcome, Item};
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

/// How long a command may wait for a booth that can't be reached.
const LIVES_MS: i64 = 24 * 60 * 60 * 1000;

/// Tells a booth to do something; the command's id.
///
/// # Errors
/// [`Failure::NotFound`] where the campus has no such device.
pub async fn give(
    tx: &Transaction<'_>,
    campus: Uuid,
    device: Uuid,
    action: Action,
    by: &str,
) -> Result<Uuid, Failure> {
    let (id, now) = (new_id(), now_ms());
    let sql = "INSERT INTO commands (campus_id, id, device_id, given_by, given_ms)
               SELECT d.campus_id, $3, d.id, $4, $5 FROM devices d WHERE d.campus_id = $1 AND d.id = $2";
    if tx.execute(sql, &[&campus, &device, &id, &by, &now]).await? == 0 {
        return Err(Failure::NotFound("device"));
    }
    let item = Item::Command(Command { id, until_ms: now + LIVES_MS, action });
    let key = id.to_string();
    directory::tell(tx, campus, &[Change { key: &key, device: Some(device), item: &item }]).await?;
    Ok(id)
}

/// Notes what became of a device's command. The first outcome stands.
///
/// # Errors
/// [`Failure::NotFound`] where the device was given no such command, [`Failure::Invalid`] for a reason that isn't one.
pub async fn done(
    client: &impl GenericClient,
    device: &Device,
    id: Uuid,
    outcome: &CommandOutcome,
) -> Result<(), Failure> {
    let is_code = |text: &str| text.len() <= 40 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if !is_code(&outcome.reason) || outcome.done != outcome.reason.is_empty() {
        return Err(Failure::Invalid(
            "a command that was not done has a reason, a code; one that was has none",
        ));
    }
    let sql = "UPDATE commands SET done = coalesce(done, $3), reason = coalesce(reason, $4), done_ms = coalesce(done_ms, $5)
               WHERE campus_id = $1 AND id = $2 AND device_id = $6";
    let given: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
        [&device.campus, &id, &outcome.done, &outcome.reason, &outcome.at_ms, &device.id];
    if client.execute(sql, &given).await? == 1 { Ok(()) } else { Err(Failure::NotFound("command")) }
}
