//! The write side: one connection, one writer at a time, one commit a transaction.

use crate::connection::{self, PAGE_BYTES, Purpose};
use crate::error::Result;
use crate::key::Key;
use crate::lock::ProcessLock;
use crate::reader::Reader;
use crate::schema;
use crate::tables::audit::{self, Actor, AuditHead, Deed, Stamp};
use crate::tables::device;
use domain::{BoothNumber, OrderNumber, UtcMillis};
use parking_lot::Mutex;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::PathBuf;

/// Which ledger to open, and as which booth.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The file. It is made if there is none; its folder must exist.
    pub path: PathBuf,
    /// The key of the file.
    pub key: Key,
    /// The booth's number, the first group of its order numbers.
    pub booth: BoothNumber,
    /// The largest size of the file in bytes, so that it leaves the disk room; none for no limit.
    pub largest_bytes: Option<u64>,
}

/// The booth's ledger, open for writing. One process has one; its methods may be called from any thread, and each blocks its
/// thread until the change is on the disk.
#[derive(Debug)]
pub struct Ledger {
    writer: Mutex<Connection>,
    reader: Reader,
    opening: Opening,
    _lock: ProcessLock,
}

impl Ledger {
    /// Opens the ledger: takes the process lock, proves the key, checks the file for damage, brings the schema up to date, and
    /// starts a new epoch if the file is a restored backup. The check reads the whole file.
    ///
    /// # Errors
    /// [`crate::LedgerError::Locked`], `WrongKey`, `NotEncrypted`, `NotALedger`, `NewerSchema`, `Corrupt`, `Full`, `File`,
    /// `Open` or `Migrate`, as they are described there.
    pub fn open(opening: &Opening, now: UtcMillis) -> Result<Self> {
        let lock = ProcessLock::take(&opening.path)?;
        let mut writer = connection::open(&opening.path, &opening.key, Purpose::Write)?;
        schema::check(&writer)?;
        limit(&writer, opening.largest_bytes).and_then(|()| schema::migrate(&mut writer))?;
        let reader = Reader::of(&opening.path, &opening.key);
        let ledger = Self { writer: Mutex::new(writer), reader, opening: opening.clone(), _lock: lock };
        ledger.begin(now)?;
        Ok(ledger)
    }

    fn begin(&self, at: UtcMillis) -> Result<()> {
        self.write("begin the ledger", |tx| {
            if device::begin(tx)? {
                let deed = Deed { action: "ledger.restored", subject: "", detail: "a new epoch begins" };
                audit::append(tx, Stamp { actor: Actor::Booth, at }, deed)?;
            }
            Ok(())
        })
    }

    /// The read side.
    #[must_use]
    pub fn read(&self) -> &Reader {
        &self.reader
    }

    /// Lets go of what the connections keep in memory of the pages and values that they read and wrote: they are closed, and new
    /// ones are opened. Called when a student has gone.
    ///
    /// # Errors
    /// Those of opening the file; the old connection for writing is then kept, with what it keeps.
    pub fn forget(&self) -> Result<()> {
        self.reader.forget();
        let mut writer = self.writer.lock();
        let other = connection::open(&self.opening.path, &self.opening.key, Purpose::Write)?;
        limit(&other, self.opening.largest_bytes)?;
        *writer = other;
        Ok(())
    }

    /// One transaction: everything that `change` does is committed together, or nothing is.
    pub(crate) fn write<T>(
        &self,
        doing: &'static str,
        change: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut writer = self.writer.lock();
        let result = (|| {
            let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = change(&tx)?;
            tx.commit()?;
            Ok(result)
        })();
        result.map_err(|error: crate::LedgerError| error.while_doing(doing))
    }

    /// The next order number of this booth, never given out again. A number whose order is never placed leaves a gap.
    ///
    /// # Errors
    /// [`crate::LedgerError::OutOfNumbers`] after 999,999 orders, or a failed write.
    pub fn reserve_order_number(&self) -> Result<OrderNumber> {
        self.write("reserve an order number", |tx| device::next_number(tx, self.opening.booth))
    }

    /// Appends to the audit what somebody did that changes nothing else, such as looking at a photo.
    ///
    /// # Errors
    /// A failed write.
    pub fn record_deed(&self, stamp: Stamp, deed: Deed<'_>) -> Result<AuditHead> {
        self.write("record a deed", |tx| {
            audit::append(tx, stamp, deed)?;
            audit::head(tx)
        })
    }

    /// Folds the write-ahead log into the file, so that what was purged is gone from both.
    pub(crate) fn checkpoint(&self) -> Result<()> {
        let writer = self.writer.lock();
        writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

fn limit(writer: &Connection, largest_bytes: Option<u64>) -> Result<()> {
    if let Some(bytes) = largest_bytes {
        let pages = i64::try_from(bytes / PAGE_BYTES).unwrap_or(i64::MAX);
        writer.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    }
    Ok(())
}
