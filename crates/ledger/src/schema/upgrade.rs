//! A file of an older schema, with data in it, brought up to date by opening it.

use super::embedded;
use crate::connection::{self, Purpose};
use crate::{Key, Ledger, Opening, Reader};
use domain::programme::Kind;
use domain::{
    BoothNumber, DocumentKind, DocumentNumber, OrderId, OrderNumber, PersonId, PhotoId, UtcMillis, order,
    payment,
};
use std::path::Path;

/// An order of the second schema: paid, with a shot and its alternative, consent, print and event.
const SECOND_SCHEMA: &str = "
    INSERT INTO device VALUES (1, zeroblob(16), 8, 1, 0);
    INSERT INTO programmes VALUES ('degree', 'degree', '学历照片', 'Degree photo', 'degree', 'before_shooting', 'central', 1);
    INSERT INTO people VALUES (x'00000000000000000000000000000001', 'passport', 'E00000001', '张三', '13900000000',
        '2026001', 1, NULL);
    INSERT INTO orders VALUES (x'00000000000000000000000000000002', 'NUMBER', 'degree',
        x'00000000000000000000000000000001', 'paid', 2500, NULL, 1, 1, 2);
    INSERT INTO order_lines VALUES (x'00000000000000000000000000000002', 'electronic_photo', 1, 1500);
    INSERT INTO order_lines VALUES (x'00000000000000000000000000000002', 'printed_sheet', 2, 500);
    INSERT INTO consents VALUES (x'00000000000000000000000000000003', x'00000000000000000000000000000002',
        x'00000000000000000000000000000001', 'face_image', '1', zeroblob(32), 1);
    INSERT INTO payments VALUES (x'00000000000000000000000000000004', x'00000000000000000000000000000002', 'counter',
        'settled', 2500, 1, 2);
    INSERT INTO photos VALUES (x'00000000000000000000000000000005', x'00000000000000000000000000000002', 1, 'candidate', 2,
        '', '[]', zeroblob(32), zeroblob(32), x'01', x'02');
    INSERT INTO photos VALUES (x'00000000000000000000000000000006', x'00000000000000000000000000000002', 2, 'candidate', 2,
        '', '[]', zeroblob(32), zeroblob(32), x'01', x'02');
    INSERT INTO alternatives VALUES (x'00000000000000000000000000000006', x'00000000000000000000000000000005');
    INSERT INTO outbox VALUES (1, zeroblob(16), 7, x'00000000000000000000000000000007',
        x'00000000000000000000000000000002', 'order_placed', 'order_placed:1', 'pending', 0, NULL, 1, NULL, x'01');
    INSERT INTO outbox VALUES (2, zeroblob(16), 8, x'00000000000000000000000000000008',
        x'00000000000000000000000000000002', 'collection_submitted', 'collection_submitted:1', 'pending', 0, NULL, 1, NULL,
        CAST(json_object('photo', json_object('sha256', lower(hex(zeroblob(31))) || '2a')) AS BLOB));";

/// Another order of the second schema, whose photo was submitted.
const SUBMITTED: &str = "
    BEGIN;
    PRAGMA defer_foreign_keys = ON;
    INSERT INTO orders VALUES (x'00000000000000000000000000000009', 'NUMBER', 'degree',
        x'00000000000000000000000000000001', 'submitted', 2500, x'0000000000000000000000000000000a', 1, 1, 2);
    INSERT INTO photos VALUES (x'0000000000000000000000000000000a', x'00000000000000000000000000000009', 1, 'accepted', 2,
        '', '[]', zeroblob(32), zeroblob(32), randomblob(300000), x'04');
    COMMIT;";

fn id(last: u8) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[15] = last;
    bytes
}

fn write_second_schema(path: &Path, key: &Key) {
    let mut connection = connection::open(path, key, Purpose::Write).unwrap();
    let second = refinery::Target::Version(2);
    embedded::migrations::runner().set_grouped(true).set_target(second).run(&mut connection).unwrap();
    for (at, rows) in [(1, SECOND_SCHEMA), (2, SUBMITTED)] {
        let number = OrderNumber::new(BoothNumber::new(38).unwrap(), at).unwrap();
        connection.execute_batch(&rows.replace("NUMBER", &number.digits())).unwrap();
    }
}

#[test]
fn an_update_without_room_says_so_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().join("booth.db"), Key::from_bytes([7; 32]));
    write_second_schema(&path, &key);
    let largest_bytes = Some(std::fs::metadata(&path).unwrap().len() + 400_000);
    let booth = BoothNumber::new(38).unwrap();
    let opening = Opening { path, key, booth, largest_bytes };
    let full = Ledger::open(&opening, UtcMillis(3));
    assert!(matches!(full, Err(crate::LedgerError::Full { .. })), "{full:?}");
    let ledger = Ledger::open(&Opening { largest_bytes: None, ..opening }, UtcMillis(3)).unwrap();
    let submitted = ledger.read().order(OrderId::from_bytes(id(9))).unwrap();
    assert_eq!(submitted.photo, Some(PhotoId::from_bytes(id(10))));
}

#[test]
fn a_file_of_the_second_schema_keeps_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().join("booth.db"), Key::from_bytes([7; 32]));
    write_second_schema(&path, &key);
    let older = Reader::open(&path, &key);
    assert!(matches!(older, Err(crate::LedgerError::OlderSchema { found: 2, known: 6 })), "{older:?}");

    let booth = BoothNumber::new(38).unwrap();
    let opening = Opening { path: path.clone(), key: key.clone(), booth, largest_bytes: None };
    let ledger = Ledger::open(&opening, UtcMillis(3)).unwrap();
    let read = ledger.read();
    read.check().unwrap();
    let stray: Vec<String> = connection::open(&path, &key, Purpose::Read)
        .unwrap()
        .prepare("SELECT \"table\" FROM pragma_foreign_key_check")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    assert_eq!(stray, Vec::<String>::new(), "every reference leads somewhere again");

    let open = read.describe_order(OrderId::from_bytes(id(2))).unwrap();
    assert_eq!((open.state, open.amount.fen(), open.lines.len()), (order::State::Paid, 2500, 2), "the order");
    assert!(open.lines.iter().all(|line| line.print.is_empty()), "prints had no sizes");
    assert_eq!(open.payment.unwrap().state, payment::State::Settled, "the payment");
    assert_eq!(open.candidate, Some(PhotoId::from_bytes(id(5))), "the photo");
    assert_eq!(open.alternatives, [PhotoId::from_bytes(id(6))], "and what stands beside it");
    let official = read.official_photo(PhotoId::from_bytes(id(5))).unwrap();
    assert_eq!(official.as_deref(), Some(&[2][..]), "its pixels, and not the original's");
    assert_eq!((open.delivery, open.reprint_of), (None, None), "what the second schema had no place for");
    assert_eq!(read.consents_of(open.id).unwrap().len(), 1, "the consent");
    let events = read.outbox_pending(9).unwrap();
    let blobs: Vec<_> = events.iter().map(|event| event.blob_sha256.map(|hash| hash[31])).collect();
    assert_eq!(blobs, [None, Some(0x2a)], "the events, and which photo goes before which");

    let document = DocumentNumber::parse(DocumentKind::Passport, "E00000001").unwrap();
    let known = read.known(&document).unwrap().unwrap();
    assert_eq!(known.person.id, PersonId::from_bytes(id(1)), "who was here before is known");
    assert_eq!((known.email, known.password_hash, known.wrong_tries), (None, None, 0), "without an account");
    assert_eq!(read.orders_of_person(known.person.id).unwrap()[0].title_en, "Degree photo", "the programme");
    assert_eq!(read.roster_size(Kind::Degree).unwrap(), 0, "there is no roster yet");
}
