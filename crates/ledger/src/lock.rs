//! The lock that keeps a second booth process off the ledger.
//!
//! It is an advisory lock of the system on a file beside the ledger, so it goes when its process goes, however that ends.
//! SQLite's own locks can't do this: they are held for a statement, not for a process.

use crate::error::{LedgerError, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The lock, held until dropped.
#[derive(Debug)]
pub(crate) struct ProcessLock {
    file: File,
}

impl Drop for ProcessLock {
    /// Unlocks, rather than leaving it to the closing: a program that another thread is just starting holds a copy of the
    /// descriptor until it runs, and with it the lock. Where unlocking fails, closing is what is left.
    fn drop(&mut self) {
        drop(self.file.unlock());
    }
}

impl ProcessLock {
    /// Takes the lock of the ledger at `path` without waiting.
    pub(crate) fn take(path: &Path) -> Result<Self> {
        let lock = beside(path);
        let unusable = |source| LedgerError::File { path: lock.clone(), source };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&lock)
            .map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(LedgerError::Locked { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
