//! Reading, which never waits for the writer: WAL gives each question the newest committed state, whole.

use crate::connection::{self, Purpose};
use crate::error::{LedgerError, Result};
use crate::key::Key;
use crate::schema;
use parking_lot::Mutex;
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// Connections kept open between questions; more are opened when more ask at once.
const KEPT: usize = 4;

/// The read side of a ledger. Opened by itself it takes no lock, so that a technician can look while the booth runs.
///
/// Every question blocks its thread while the disk answers.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    key: Key,
    idle: Mutex<Idle>,
}

/// The connections that wait for a question.
#[derive(Debug, Default)]
struct Idle {
    connections: Vec<Connection>,
    /// How often they were all closed: one that was busy meanwhile is closed when it comes back.
    closed: u64,
}

impl Reader {
    /// Opens the ledger at `path` for reading only.
    ///
    /// # Errors
    /// As [`crate::Ledger::open`], but for the lock, and [`LedgerError::OlderSchema`].
    pub fn open(path: &Path, key: &Key) -> Result<Self> {
        let reader = Self::of(path, key);
        reader.ask("look at the schema", schema::require)?;
        Ok(reader)
    }

    pub(crate) fn of(path: &Path, key: &Key) -> Self {
        Self { path: path.to_owned(), key: key.clone(), idle: Mutex::default() }
    }

    /// Closes the connections, with all that they keep in memory of the pages that they read.
    pub fn forget(&self) {
        let mut idle = self.idle.lock();
        idle.closed += 1;
        idle.connections.clear();
    }

    /// A connection that may copy the whole file.
    pub(crate) fn copier(&self) -> Result<Connection> {
        connection::open(&self.path, &self.key, Purpose::Copy)
    }

    /// A connection to a copy at `path`.
    pub(crate) fn open_copy(&self, path: &Path) -> Result<Connection> {
        connection::open(path, &self.key, Purpose::Copy)
    }

    /// Answers one question from one state of the file.
    pub(crate) fn ask<T>(
        &self,
        doing: &'static str,
        question: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let (idle, closed) = {
            let mut idle = self.idle.lock();
            (idle.connections.pop(), idle.closed)
        };
        let mut connection = match idle {
            Some(connection) => connection,
            None => connection::open(&self.path, &self.key, Purpose::Read)?,
        };
        let answer = snapshot(&mut connection, question).map_err(|error| error.while_doing(doing));
        let mut idle = self.idle.lock();
        if idle.connections.len() < KEPT && idle.closed == closed {
            idle.connections.push(connection);
        }
        answer
    }

    /// Reads the whole file and fails with the first damage found, in the file or in the audit's chain.
    ///
    /// # Errors
    /// [`LedgerError::Corrupt`] or [`LedgerError::AuditBroken`].
    pub fn check(&self) -> Result<()> {
        self.ask("check the ledger", |connection| {
            schema::check(connection)?;
            crate::tables::audit::verify(connection).map(drop)
        })
    }
}

fn snapshot<T>(connection: &mut Connection, question: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    let tx = connection.transaction()?;
    let answer = question(&tx)?;
    tx.commit()?;
    Ok::<_, LedgerError>(answer)
}
