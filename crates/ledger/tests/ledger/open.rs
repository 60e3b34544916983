use crate::support::{Campus, by, key, now, opening, place, raw};
use domain::payment::Means;
use domain::programme::Approval;
use ledger::{Actor, Deed, Key, Ledger, LedgerError, Reader};
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_new_ledger_is_encrypted_and_its_owners_alone() {
    let campus = Campus::new();
    place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let path = campus.path();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else reads the file");
    let wal = std::fs::read(path.with_extension("db-wal")).unwrap();
    drop(campus.ledger);
    for bytes in [std::fs::read(&path).unwrap(), wal] {
        assert!(!bytes.starts_with(b"SQLite format 3"), "the head is encrypted");
        for plain in ["张三", "E00000001", "13900000000", "order_placed"] {
            let found = bytes.windows(plain.len()).any(|window| window == plain.as_bytes());
            assert!(!found, "{plain} stands in the clear");
        }
    }
}

#[test]
fn every_connection_has_the_settings() {
    let campus = Campus::new();
    let connection = raw(&campus.path());
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal", "readers never wait for the writer");
    let version: String = connection.query_row("SELECT sqlite_version()", [], |row| row.get(0)).unwrap();
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts >= vec![3, 51, 3], "SQLite {version} may corrupt a WAL; 3.51.3 is the first that doesn't");
}

#[test]
fn a_second_process_is_refused_and_reading_is_not() {
    let campus = Campus::new();
    let second = Ledger::open(&opening(&campus.path()), now());
    assert!(matches!(second, Err(LedgerError::Locked { .. })), "{second:?}");
    assert_eq!(
        Reader::open(&campus.path(), &key()).unwrap().counts().unwrap().orders,
        0,
        "a technician may look"
    );
    let campus = campus.reopen();
    assert_eq!(campus.ledger.read().counts().unwrap().orders, 0, "the lock goes with its holder");
}

#[test]
fn a_reader_can_not_write() {
    let campus = Campus::new();
    let reader = Reader::open(&campus.path(), &key()).unwrap();
    drop(campus.ledger);
    assert!(reader.check().is_ok(), "a reader may check the whole file");
    let gone = Reader::open(&campus.folder.path().join("other.db"), &key());
    assert!(matches!(gone, Err(LedgerError::Open { .. })), "{gone:?}");
    assert!(!campus.folder.path().join("other.db").exists(), "a reader makes no file");
}

#[test]
fn what_does_not_open_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("booth.db");
    drop(Ledger::open(&opening(&path), now()).unwrap());
    let before = std::fs::read(&path).unwrap();

    let mut wrong = opening(&path);
    wrong.key = Key::from_bytes([8; 32]);
    let refused = Ledger::open(&wrong, now());
    assert!(matches!(refused, Err(LedgerError::WrongKey { .. })), "{refused:?}");
    assert_eq!(std::fs::read(&path).unwrap(), before, "a wrong key changes nothing");

    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "these are notes").unwrap();
    let refused = Ledger::open(&opening(&text), now());
    assert!(matches!(refused, Err(LedgerError::NotALedger { .. })), "{refused:?}");
    assert_eq!(std::fs::read(&text).unwrap(), b"these are notes", "somebody's file is left alone");

    let plain = folder.path().join("plain.db");
    rusqlite::Connection::open(&plain).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    let refused = Ledger::open(&opening(&plain), now());
    assert!(matches!(refused, Err(LedgerError::NotEncrypted { .. })), "{refused:?}");

    let nowhere = Ledger::open(&opening(&folder.path().join("no/such/folder.db")), now());
    assert!(matches!(nowhere, Err(LedgerError::File { .. })), "{nowhere:?}");
}

#[test]
fn a_damaged_page_is_found_at_opening() {
    let campus = Campus::new();
    for n in 0..40 {
        place(&campus.ledger, n, Approval::Booth, Means::Counter).unwrap();
    }
    let path = campus.path();
    drop(campus.ledger);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8].iter_mut().for_each(|byte| *byte ^= 0xFF);
    std::fs::write(&path, bytes).unwrap();
    let damaged = Ledger::open(&opening(&path), now());
    assert!(matches!(damaged, Err(LedgerError::Corrupt { .. })), "{damaged:?}");
}

#[test]
fn a_newer_schema_is_refused() {
    let campus = Campus::new();
    let path = campus.path();
    drop(campus.ledger);
    raw(&path)
        .execute("INSERT INTO refinery_schema_history VALUES (99, 'later', '2030-01-01T00:00:00Z', '1')", [])
        .unwrap();
    let refused = Ledger::open(&opening(&path), now());
    assert!(matches!(refused, Err(LedgerError::NewerSchema { found: 99, .. })), "{refused:?}");
    let refused = Reader::open(&path, &key());
    assert!(matches!(refused, Err(LedgerError::NewerSchema { .. })), "{refused:?}");
}

#[test]
fn errors_and_debug_show_nobody() {
    let campus = Campus::new();
    let (order, _) = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let twice = place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap_err();
    let order = campus.ledger.read().order(order).unwrap();
    let person = campus.ledger.read().person(order.person).unwrap();
    campus
        .ledger
        .record_deed(by(Actor::Staff), Deed { action: "person.viewed", subject: "", detail: "" })
        .unwrap();
    for shown in [format!("{twice:?} {twice}"), format!("{person:?}"), format!("{:?}", campus.ledger)] {
        for personal in ["张三", "00000001", "1390000", "2026001", "07070707", "7, 7, 7"] {
            assert!(!shown.contains(personal), "{shown} shows {personal}");
        }
    }
}

#[test]
fn a_ledger_that_forgets_goes_on_with_no_more_files_open() {
    let campus = Campus::new();
    place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let open = || {
        let links = std::fs::read_dir("/proc/self/fd")
            .unwrap()
            .filter_map(|entry| entry.unwrap().path().read_link().ok());
        links.filter(|target| target.starts_with(campus.folder.path())).count()
    };
    campus.ledger.forget().unwrap();
    assert_eq!(campus.ledger.read().counts().unwrap().orders, 1, "what was committed is there");
    let before = open();
    for _ in 0..20 {
        campus.ledger.forget().unwrap();
        assert_eq!(campus.ledger.read().counts().unwrap().orders, 1, "what was committed is there");
    }
    assert_eq!(open(), before, "connections are closed, not collected");
    place(&campus.ledger, 2, Approval::Booth, Means::Counter).unwrap();
    assert_eq!(campus.ledger.read().counts().unwrap().orders, 2, "the new connection writes");
    campus.ledger.read().check().unwrap();
}
