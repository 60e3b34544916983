//! Opening one connection: the key first, then the settings that every connection needs.
//!
//! WAL with `synchronous = FULL` costs one fdatasync a commit and survives a loss of power. `trusted_schema = OFF` and
//! `cell_size_check = ON` distrust the file; `secure_delete = ON` overwrites what a purge deletes.

use crate::error::{LedgerError, Result};
use crate::key::Key;
use parking_lot::Mutex;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The size of the file's pages, SQLCipher's default.
pub(crate) const PAGE_BYTES: u64 = 4096;

const SETTINGS: &str = "PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;";

/// One connection is opened at a time: SQLCipher keeps its random numbers and its provider in globals that nothing guards, and keys that
/// are set by two threads at once are refused now and then (sqlcipher/sqlcipher#598; seen once in about 200 runs of the tests).
static OPENING: Mutex<()> = Mutex::new(());

/// What the connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The one writer; makes the file if there is none.
    Write,
    /// A reader, which can't change anything.
    Read,
    /// A whole-file copy.
    Copy,
}

/// Opens the file and proves that the key fits it.
pub(crate) fn open(path: &Path, key: &Key, purpose: Purpose) -> Result<Connection> {
    if purpose == Purpose::Write {
        make_private(path)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let _turn = OPENING.lock();
    prepare(path, key, purpose, flags).map_err(|source| name_failure(path, source))
}

fn prepare(path: &Path, key: &Key, purpose: Purpose, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "key", key.as_blob_literal().as_str())?;
    connection.busy_timeout(std::time::Duration::from_millis(5000))?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    connection.execute_batch(SETTINGS)?;
    if purpose == Purpose::Read {
        connection.pragma_update(None, "query_only", true)?;
    }
    Ok(connection)
}

/// Makes the file, empty and its owner's alone, if there is none.
fn make_private(path: &Path) -> Result<()> {
    let made = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
    made.map(drop).map_err(|source| LedgerError::File { path: path.to_owned(), source })
}

fn name_failure(path: &Path, source: rusqlite::Error) -> LedgerError {
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => match looks_like(&path) {
            Ok(Likeness::Ledger) => LedgerError::WrongKey { path },
            Ok(Likeness::PlainDatabase) => LedgerError::NotEncrypted { path },
            Ok(Likeness::Neither) => LedgerError::NotALedger { path },
            Err(source) => LedgerError::File { path, source },
        },
        Some(ErrorCode::DiskFull) => LedgerError::Full { doing: "open the ledger" },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => LedgerError::Locked { path },
        Some(ErrorCode::DatabaseCorrupt) => LedgerError::Corrupt { finding: source.to_string() },
        _ => LedgerError::Open { path, source },
    }
}

enum Likeness {
    Ledger,
    PlainDatabase,
    Neither,
}

/// What the file is, as far as its outside tells: an encrypted one is whole pages of noise.
fn looks_like(path: &Path) -> std::io::Result<Likeness> {
    let mut head = Vec::new();
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    file.take(16).read_to_end(&mut head)?;
    Ok(match head.as_slice() {
        b"SQLite format 3\0" => Likeness::PlainDatabase,
        _ if bytes > 0 && bytes % PAGE_BYTES == 0 => Likeness::Ledger,
        _ => Likeness::Neither,
    })
}
