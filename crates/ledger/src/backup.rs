//! The backup: a whole copy, encrypted with the same key, put in place in one step. The booth goes on meanwhile.
//!
//! Left out on purpose: where backups go and how many are kept. To restore, put the backup in the ledger's place while the booth
//! is stopped and remove the `-wal` and `-shm` files beside it; the next opening starts a new epoch.

use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::schema;
use crate::tables::device;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

impl Ledger {
    /// Writes a backup to `to`, replacing an older one only when the new one is whole, checked and on the disk.
    ///
    /// # Errors
    /// [`LedgerError::Backup`], [`LedgerError::Full`] or [`LedgerError::Corrupt`]; the older backup is untouched.
    pub fn back_up(&self, to: &Path) -> Result<()> {
        let partial = beside(to, ".partial");
        let failed = |step| move |source| LedgerError::Backup { step, path: to.to_owned(), source };
        remove(&partial).map_err(failed("clear the way for"))?;
        let written = self.write_copy(&partial, &failed);
        if written.is_err() {
            remove(&partial).map_err(failed("clean up after"))?;
        }
        written?;
        std::fs::rename(&partial, to).map_err(failed("put in place"))?;
        sync_folder(to).map_err(failed("make durable"))
    }

    fn write_copy<F: FnOnce(io::Error) -> LedgerError>(
        &self,
        partial: &Path,
        failed: &impl Fn(&'static str) -> F,
    ) -> Result<()> {
        let doing = "write the backup";
        let made = OpenOptions::new().create_new(true).write(true).mode(0o600).open(partial);
        made.map(drop).map_err(failed("create"))?;
        self.read()
            .copier()?
            .execute("VACUUM INTO ?1", [partial.to_string_lossy()])
            .map_err(LedgerError::from)
            .map_err(|error| error.while_doing(doing))?;
        let copy = self.read().open_copy(partial)?;
        schema::check(&copy)?;
        device::mark_as_backup(&copy).map_err(|error| error.while_doing(doing))?;
        copy.close().map_err(|(_, source)| LedgerError::from(source).while_doing(doing))?;
        File::open(partial).and_then(|file| file.sync_all()).map_err(failed("flush"))
    }
}

fn remove(partial: &Path) -> io::Result<()> {
    for path in [partial.to_owned(), beside(partial, "-wal"), beside(partial, "-shm")] {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
