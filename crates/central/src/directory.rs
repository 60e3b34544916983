//! What booths are told. Whoever writes takes the next positions of the campus and holds its row until the commit, so that a booth's
//! cursor never passes over a position that becomes visible later.

use crate::Failure;
use crate::clock::now_ms;
use crate::devices::Device;
use deadpool_postgres::Client;
use protocol::directory::{Entry, Item, LARGEST_PAGE, Page, RosterEntry, RosterStudent};
use tokio_postgres::types::Json;
use tokio_postgres::{Row, Transaction};
use uuid::Uuid;

/// A value for booths.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// What it replaces: the same kind and key.
    pub key: &'a str,
    /// For this booth alone; nothing: for every booth of the campus.
    pub device: Option<Uuid>,
    /// The value.
    pub item: &'a Item,
}

/// The code of the kind, as it stands in the table and in the JSON. Rosters have a table of their own.
const fn kind(item: &Item) -> Option<&'static str> {
    Some(match item {
        Item::Programme(_) => "programme",
        Item::Price(_) => "price",
        Item::Notice(_) => "notice",
        Item::Review(_) => "review",
        Item::Refund(_) => "refund",
        Item::Setting(_) => "setting",
        Item::Command(_) => "command",
        Item::RosterEntry(_) | Item::Unknown => return None,
    })
}

/// Takes `count` positions; the first one. The campus's row is locked until the transaction ends.
///
/// # Errors
/// The database's.
pub async fn positions(tx: &Transaction<'_>, campus: Uuid, count: i64) -> Result<i64, Failure> {
    let sql = "UPDATE campuses SET directory_end = directory_end + $2 WHERE id = $1 RETURNING directory_end";
    let end: i64 = tx.query_one(sql, &[&campus, &count]).await?.try_get(0)?;
    Ok(end - count + 1)
}

/// Tells the campus's booths; no two of the changes have one kind and key.
///
/// # Errors
/// The database's; [`Failure::Internal`] for an item that isn't kept in this table.
pub async fn tell(tx: &Transaction<'_>, campus: Uuid, changes: &[Change<'_>]) -> Result<(), Failure> {
    if changes.is_empty() {
        return Ok(());
    }
    let first = positions(tx, campus, i64::try_from(changes.len()).unwrap_or(i64::MAX)).await?;
    let sql = "INSERT INTO directory (campus_id, changed_ms, kind, key, device_id, body, position)
               SELECT $1, $2, t.* FROM unnest($3::text[], $4::text[], $5::uuid[], $6::jsonb[], $7::bigint[]) AS t
               ON CONFLICT (campus_id, kind, key) DO UPDATE SET device_id = excluded.device_id, body = excluded.body,
                   position = excluded.position, changed_ms = excluded.changed_ms";
    let unknown = Failure::Internal("this item isn't kept in the directory's table");
    let kinds: Option<Vec<_>> = changes.iter().map(|change| kind(change.item)).collect();
    let kinds = kinds.ok_or(unknown)?;
    let keys: Vec<_> = changes.iter().map(|change| change.key).collect();
    let devices: Vec<_> = changes.iter().map(|change| change.device).collect();
    let bodies: Vec<_> = changes.iter().map(|change| Json(change.item)).collect();
    let positions: Vec<_> = (first..).take(changes.len()).collect();
    tx.execute(sql, &[&campus, &now_ms(), &kinds, &keys, &devices, &bodies, &positions]).await?;
    Ok(())
}

/// What has changed after a cursor, for one booth.
///
/// # Errors
/// The database's.
pub async fn page(client: &mut Client, device: &Device, after: u64, limit: u32) -> Result<Page, Failure> {
    let limit = i64::from(limit.clamp(1, LARGEST_PAGE));
    let after = i64::try_from(after).map_err(|_| Failure::Invalid("the cursor is out of range"))?;
    // One state of the database, so that the end and the entries belong together.
    let tx = client
        .build_transaction()
        .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await?;
    let sql = "SELECT directory_end FROM campuses WHERE id = $1";
    let end: i64 = tx.query_one(&tx.prepare_cached(sql).await?, &[&device.campus]).await?.try_get(0)?;
    let mut rows = own(&tx, device, after, limit).await?;
    rows.extend(roster(&tx, device.campus, after, limit).await?);
    tx.commit().await?;
    rows.sort_by_key(|entry| entry.position);
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().map(|entry| entry.position);
    let cursor = if more { last.unwrap_or_default() } else { end.max(after).unsigned_abs() };
    Ok(Page { entries: rows, cursor, more })
}

async fn own(
    tx: &deadpool_postgres::Transaction<'_>,
    device: &Device,
    after: i64,
    limit: i64,
) -> Result<Vec<Entry>, Failure> {
    // Two walks along an index: what is for other booths, by far the most on a big campus, is not even looked at.
    let sql = "SELECT * FROM ((SELECT position, body FROM directory WHERE campus_id = $1 AND device_id IS NULL AND position > $2
                   ORDER BY position LIMIT $4)
               UNION ALL (SELECT position, body FROM directory WHERE campus_id = $1 AND device_id = $3 AND position > $2
                   ORDER BY position LIMIT $4)) AS d ORDER BY position LIMIT $4";
    let rows =
        tx.query(&tx.prepare_cached(sql).await?, &[&device.campus, &after, &device.id, &(limit + 1)]).await?;
    let entry = |row: &Row| -> Result<Entry, Failure> {
        let Json(item) = row.try_get::<_, Json<Item>>("body")?;
        Ok(Entry { position: row.try_get::<_, i64>("position")?.unsigned_abs(), item })
    };
    rows.iter().map(entry).collect()
}

async fn roster(
    tx: &deadpool_postgres::Transaction<'_>,
    campus: Uuid,
    after: i64,
    limit: i64,
) -> Result<Vec<Entry>, Failure> {
    let sql = "SELECT position, list, document_kind, document_number, name, student_number, college, major, class_name, year
               FROM roster WHERE campus_id = $1 AND position > $2 ORDER BY position LIMIT $3";
    let rows = tx.query(&tx.prepare_cached(sql).await?, &[&campus, &after, &(limit + 1)]).await?;
    rows.iter().map(roster_entry).collect()
}

fn roster_entry(row: &Row) -> Result<Entry, Failure> {
    let text = |column: &str| -> Result<String, Failure> {
        Ok(row.try_get::<_, Option<String>>(column)?.unwrap_or_default())
    };
    let student = match row.try_get::<_, Option<String>>("name")? {
        None => None,
        Some(name) => Some(RosterStudent {
            name,
            student_number: text("student_number")?,
            college: text("college")?,
            major: text("major")?,
            class_name: text("class_name")?,
            year: row.try_get::<_, Option<i32>>("year")?.and_then(|year| u16::try_from(year).ok()),
        }),
    };
    let item = Item::RosterEntry(RosterEntry {
        list: row.try_get("list")?,
        document_kind: row.try_get("document_kind")?,
        document_number: row.try_get("document_number")?,
        student,
    });
    Ok(Entry { position: row.try_get::<_, i64>("position")?.unsigned_abs(), item })
}
