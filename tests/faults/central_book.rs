//! Central's book, read from its database and its folder of photos.

use crate::books::{Book, CollectionEntry, EventEntry, OrderEntry, PaymentEntry};
use end_to_end::central::Central;
use end_to_end::postgres::Postgres;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The rows of a query, as JSON objects.
pub fn rows(cluster: &Postgres, database: &str, query: &str) -> Vec<Value> {
    let text = cluster.sql(database, &format!("SELECT coalesce(json_agg(t), '[]') FROM ({query}) t"));
    serde_json::from_str(&text).unwrap()
}

fn text(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap_or_else(|| panic!("{name} of {row}")).to_owned()
}

fn number(row: &Value, name: &str) -> u64 {
    row[name].as_u64().unwrap_or_else(|| panic!("{name} of {row}"))
}

fn optional(row: &Value, name: &str) -> Option<String> {
    row[name].as_str().map(str::to_owned)
}

/// Central's book.
pub fn of_central(cluster: &Postgres, central: &Central) -> Book {
    let ask = |query| rows(cluster, &central.database, query);
    let mut book = Book::default();
    for row in ask("SELECT id, number, programme, amount_fen, reprint_of, ended FROM orders") {
        let (number_of, programme) = (text(&row, "number"), text(&row, "programme"));
        let (reprint_of, ended) = (optional(&row, "reprint_of"), optional(&row, "ended"));
        let amount_fen = number(&row, "amount_fen");
        let entry = OrderEntry { number: number_of, programme, amount_fen, reprint_of, ended };
        book.orders.insert(text(&row, "id"), entry);
    }
    for row in
        ask("SELECT id, order_id, means, amount_fen, refunded_ms IS NOT NULL AS refunded FROM payments")
    {
        let (order, means) = (text(&row, "order_id"), text(&row, "means"));
        let was_refunded = row["refunded"].as_bool().unwrap();
        let entry = PaymentEntry { order, means, amount_fen: number(&row, "amount_fen"), was_refunded };
        book.payments.insert(text(&row, "id"), entry);
    }
    for row in ask("SELECT photo_id, order_id, encode(sha256, 'hex') AS sha256, state FROM collections") {
        let (order, sha256) = (text(&row, "order_id"), text(&row, "sha256"));
        book.collections
            .insert(text(&row, "photo_id"), CollectionEntry { order, sha256, state: text(&row, "state") });
    }
    for row in ask(
        "SELECT v.event_id, encode(e.epoch, 'hex') AS epoch, v.sequence, CASE v.outcome WHEN 'applied' THEN v.kind ELSE v.outcome END AS kind
         FROM events v JOIN epochs e ON e.device_id = v.device_id AND e.ordinal = v.epoch_ordinal",
    ) {
        let (epoch, kind) = (text(&row, "epoch"), text(&row, "kind"));
        book.events
            .insert(text(&row, "event_id"), EventEntry { epoch, sequence: number(&row, "sequence"), kind });
    }
    book.deletions =
        ask("SELECT order_id FROM deletion_requests").iter().map(|row| text(row, "order_id")).collect();
    book.photos = stored(&central.photos()).into_iter().map(|(name, bytes)| (name, Some(bytes))).collect();
    for row in ask("SELECT encode(sha256, 'hex') AS sha256, bytes FROM blobs WHERE stored AND NOT gone") {
        let stored = book.photos.entry(text(&row, "sha256")).or_insert(None);
        assert_eq!(stored.as_ref().map(|bytes| bytes.len() as u64), Some(number(&row, "bytes")), "{row}");
    }
    book
}

/// The marks of every stretch: up to each, every place holds one event, and beyond it none does.
pub fn check_marks(cluster: &Postgres, central: &Central) -> usize {
    let stretches = rows(
        cluster,
        &central.database,
        "SELECT e.mark, count(v.event_id) AS events, coalesce(max(v.sequence), 0) AS last FROM epochs e
         LEFT JOIN events v ON v.device_id = e.device_id AND v.epoch_ordinal = e.ordinal GROUP BY e.device_id, e.ordinal, e.mark",
    );
    for row in &stretches {
        let (mark, events, last) = (number(row, "mark"), number(row, "events"), number(row, "last"));
        assert_eq!((mark, mark), (events, last), "a mark is the last place, and no place is empty");
    }
    stretches.len()
}

/// Every photo in the folder, by its file's name.
fn stored(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !is_unfinished(&name) {
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// What a killed instance was writing when it was killed has another name, and is nobody's photo.
fn is_unfinished(name: &str) -> bool {
    name.contains('#')
}

/// How many unfinished files killed instances left.
pub fn unfinished(central: &Central) -> usize {
    let mut left = 0;
    let mut folders = vec![central.photos()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            left += usize::from(is_unfinished(&path.file_name().unwrap().to_string_lossy()));
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    left
}
