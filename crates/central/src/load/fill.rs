//! Past orders, written directly: what a server holds after years.
//!
//! Each has its payment, its photo's row (without the object), its collection, its three events and, for two of three that the office
//! decided, an entry of the directory; and there is a roster entry for every tenth, in fifty colleges. They spread over 100 booths and 400
//! days. Names are spread evenly over a hundred first characters and four hundred in each of the two places behind.

use super::LoadError;
use super::campus::{DEVICE, Ground};
use crate::Central;
use crate::clock::now_ms;
use std::time::Instant;
use tokio_postgres::Transaction;

/// Orders of one transaction.
const CHUNK: i64 = 20_000;
/// Booths of the past.
const BOOTHS: i32 = 100;

/// Order `i` of a chunk: its time (`at`), and a UUIDv7 of that time for each of its things. $1 is the campus, $2 and $3 the first and
/// the last number, $4 how many there were before and are to be, $5 now.
const ORDERS: &str = "CREATE TEMPORARY TABLE load_orders ON COMMIT DROP AS
    SELECT i, at, d.id AS device, (i / 100 + 1) AS nth, uuid('o') AS order_id, uuid('p') AS payment_id, uuid('f') AS photo_id,
        uuid('1') AS event1, uuid('2') AS event2, uuid('3') AS event3, sha256(($1::uuid::text || i)::bytea) AS sha256,
        chr(19968 + (i % 100)::int) || chr(20068 + (i * 7919 / 100 % 400)::int) || chr(20468 + (i * 104729 / 1000 % 400)::int) AS name
    FROM generate_series($2::bigint, $3::bigint) AS i
    CROSS JOIN LATERAL (SELECT $5::bigint - 34560000000 + (34560000000.0 * i / $4::bigint)::bigint AS at) AS t
    JOIN devices d ON d.campus_id = $1 AND d.name = 'load past ' || i % 100";

/// Each takes the campus as $1.
const TABLES: [&str; 6] = [
    "INSERT INTO orders (campus_id, id, device_id, number, programme, amount_fen, sheets, prints, delivery, disputed, placed_ms)
        SELECT $1::uuid, order_id, device, lpad((i % 999)::text, 3, '0') || ' ' || lpad(i::text, 8, '0'), 'degree', 2500, 1, '[]', 'here',
            '{}', at FROM load_orders",
    "INSERT INTO payments (campus_id, id, order_id, device_id, means, amount_fen, settled_ms)
        SELECT $1::uuid, payment_id, order_id, device, 'counter', 2500, at FROM load_orders",
    "INSERT INTO blobs (campus_id, sha256, bytes, width, height, stored_ms, stored)
        SELECT $1::uuid, sha256, 0, 480, 640, at, true FROM load_orders",
    "INSERT INTO collections (campus_id, photo_id, order_id, device_id, order_number, programme, name, document_kind, document_number,
            student_number, phone, sha256, specification, measures, submitted_ms, received_ms, heard_ms, state, decided_by, decided_ms)
        SELECT $1::uuid, photo_id, order_id, device, lpad((i % 999)::text, 3, '0') || ' ' || lpad(i::text, 8, '0'), 'degree',
            name, 'passport', 'L' || lpad(i::text, 9, '0'), '2026' || lpad((i % 1000000)::text, 6, '0'), '', sha256,
            'degree', (SELECT jsonb_agg(jsonb_build_object('name', 'measure_' || m, 'value', m, 'unit', 'px')) FROM generate_series(1, 24) AS m),
            at, at, at, CASE i % 50 WHEN 0 THEN 'submitted' WHEN 1 THEN 'rejected' ELSE 'approved' END,
            CASE WHEN i % 50 > 0 THEN 'load' END, CASE WHEN i % 50 > 0 THEN at END FROM load_orders",
    "INSERT INTO events (campus_id, event_id, device_id, epoch_ordinal, sequence, kind, outcome, received_ms)
        SELECT $1::uuid, e.id, device, 1, 3 * nth + e.place, e.kind, 'applied', at FROM load_orders
        CROSS JOIN LATERAL (VALUES (event1, 1, 'order_placed'), (event2, 2, 'payment_settled'), (event3, 3, 'collection_submitted'))
            AS e (id, place, kind) WHERE true",
    "INSERT INTO directory (campus_id, kind, key, device_id, body, position, changed_ms)
        SELECT $1::uuid, 'review', photo_id::text, device, jsonb_build_object('kind', 'review', 'order_id', order_id, 'photo_id', photo_id,
            'approved', true, 'reason', '', 'at_ms', at), (SELECT directory_end FROM campuses WHERE id = $1::uuid) + row_number() OVER (ORDER BY i), at
        FROM load_orders WHERE i % 3 > 0",
];

/// Writes `orders` more; how many seconds it took.
///
/// # Errors
/// The database's; chunks that were written stay.
pub(super) async fn fill(central: &Central, ground: &Ground, orders: u32) -> Result<f64, LoadError> {
    let (begun, now) = (Instant::now(), now_ms());
    let mut client = central.pool.get().await?;
    // A chunk takes as long as it takes.
    client.batch_execute("SET statement_timeout = 0").await?;
    let tx = client.transaction().await?;
    booths(&tx, ground, now).await?;
    let before: i64 = tx
        .query_one(
            "SELECT count(*) FROM events WHERE campus_id = $1 AND kind = 'order_placed'",
            &[&ground.id],
        )
        .await?
        .try_get(0)?;
    tx.commit().await?;
    let end = before + i64::from(orders);
    for first in (before..end).step_by(usize::try_from(CHUNK).unwrap_or(1)) {
        let tx = client.transaction().await?;
        let last = end.min(first + CHUNK) - 1;
        chunk(&tx, ground, (first, last, end), now).await?;
        tx.commit().await?;
        eprintln!("{} of {orders} orders", last + 1 - before);
    }
    client
        .batch_execute(
            "ANALYZE orders, payments, blobs, collections, events, directory, roster, devices, epochs",
        )
        .await?;
    client.batch_execute("RESET statement_timeout").await?;
    Ok(begun.elapsed().as_secs_f64())
}

/// The booths of the past, which nobody has a key of, with an epoch each.
async fn booths(tx: &Transaction<'_>, ground: &Ground, now: i64) -> Result<(), LoadError> {
    let sql = "INSERT INTO devices (id, campus_id, name, state, created_ms)
               SELECT gen_random_uuid(), $1, $2 || 'past ' || n, 'revoked', $3 FROM generate_series(0, $4 - 1) AS n ON CONFLICT DO NOTHING";
    tx.execute(sql, &[&ground.id, &DEVICE, &now, &BOOTHS]).await?;
    let sql = "INSERT INTO epochs (device_id, epoch, ordinal, mark, first_seen_ms)
               SELECT id, uuid_send(id), 1, 0, $2 FROM devices WHERE campus_id = $1 AND starts_with(name, 'load past ') ON CONFLICT DO NOTHING";
    tx.execute(sql, &[&ground.id, &now]).await?;
    Ok(())
}

/// `uuid('x')` of order `i` in [`ORDERS`]: a UUIDv7 of its time, which no other campus, number or letter has.
fn with_ids(sql: &str) -> String {
    ["o", "p", "f", "1", "2", "3"].iter().fold(sql.to_owned(), |sql, letter| {
        let hash = format!("md5($1::uuid::text || i || '{letter}')");
        let id = format!(
            "(lpad(to_hex(at), 12, '0') || '7' || left({hash}, 3) || '8' || right({hash}, 15))::uuid"
        );
        sql.replace(&format!("uuid('{letter}')"), &id)
    })
}

async fn chunk(
    tx: &Transaction<'_>,
    ground: &Ground,
    (first, last, end): (i64, i64, i64),
    now: i64,
) -> Result<(), LoadError> {
    tx.execute(&with_ids(ORDERS), &[&ground.id, &first, &last, &end, &now]).await?;
    for sql in TABLES {
        tx.execute(sql, &[&ground.id]).await?;
    }
    let sql = "UPDATE campuses SET directory_end = greatest(directory_end, (SELECT coalesce(max(position), 0) FROM directory WHERE campus_id = $1)) WHERE id = $1";
    tx.execute(sql, &[&ground.id]).await?;
    let sql = "INSERT INTO roster (campus_id, list, document_kind, document_number, name, student_number, college, major, class_name, year, position)
               SELECT $1::uuid, 'degree', 'passport', 'L' || lpad(i::text, 9, '0'), name, '2026' || lpad((i % 1000000)::text, 6, '0'),
                   'College ' || i / 10 % 50, 'Major', 'Class', 2026, (SELECT directory_end FROM campuses WHERE id = $1::uuid) + row_number() OVER (ORDER BY i)
               FROM load_orders WHERE i % 10 = 0";
    tx.execute(sql, &[&ground.id]).await?;
    let sql = "UPDATE campuses SET directory_end = greatest(directory_end, (SELECT coalesce(max(position), 0) FROM roster WHERE campus_id = $1)) WHERE id = $1";
    tx.execute(sql, &[&ground.id]).await?;
    let sql = "UPDATE epochs e SET mark = greatest(e.mark, t.mark) FROM (SELECT device, max(3 * nth + 3) AS mark FROM load_orders GROUP BY device) AS t
               WHERE e.device_id = t.device AND e.ordinal = 1";
    tx.execute(sql, &[]).await?;
    Ok(())
}
