//! What can go wrong with the ledger, named by what somebody must do about it. No error holds a value of a row.

use domain::order_number::OrderNumberError;
use domain::{OrderId, Refused, UtcMillis};
use rusqlite::ErrorCode;
use std::io;
use std::path::PathBuf;

/// A failed operation on the ledger. Unless a variant says otherwise, the transaction left nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Another process has the ledger open for writing.
    #[error("another process has the ledger {} open", path.display())]
    Locked {
        /// The ledger.
        path: PathBuf,
    },
    /// The ledger's file or the lock file beside it can't be made, read or locked.
    #[error("the file {} can't be used", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// SQLite can't open the file or prepare the connection.
    #[error("the ledger {} can't be opened", path.display())]
    Open {
        /// The ledger.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file looks like a ledger, but the key doesn't open it. Damage to its first page looks the same.
    #[error("the key does not open the ledger {}, or its first page is damaged", path.display())]
    WrongKey {
        /// The ledger.
        path: PathBuf,
    },
    /// The file is an SQLite database that isn't encrypted: not the booth's.
    #[error("{} is a database that is not encrypted, not a ledger", path.display())]
    NotEncrypted {
        /// The file.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{} is not a ledger", path.display())]
    NotALedger {
        /// The file.
        path: PathBuf,
    },
    /// A newer version of the booth wrote the file.
    #[error("the ledger has schema {found}, which is newer than {known}, the newest known here")]
    NewerSchema {
        /// The file's schema.
        found: i64,
        /// The newest schema of this program.
        known: i64,
    },
    /// An older version of the booth wrote the file, and only the booth itself may bring it up to date.
    #[error("the ledger has schema {found}; start the booth once to bring it to {known}")]
    OlderSchema {
        /// The file's schema.
        found: i64,
        /// The newest schema of this program.
        known: i64,
    },
    /// The schema can't be brought up to date.
    #[error("the ledger's schema can't be brought up to date")]
    Migrate {
        /// What the migrations said.
        source: Box<refinery::Error>,
    },
    /// The file is damaged; restore the newest backup.
    #[error("the ledger is damaged: {finding}")]
    Corrupt {
        /// What was found, in SQLite's words.
        finding: String,
    },
    /// No room on the disk, or the ledger reached its largest size.
    #[error("no room is left to {doing}")]
    Full {
        /// What was tried.
        doing: &'static str,
    },
    /// Somebody else kept the file locked longer than the time-out.
    #[error("the ledger stayed busy while trying to {doing}")]
    Busy {
        /// What was tried.
        doing: &'static str,
    },
    /// Any other failure of a statement.
    #[error("failed to {doing}")]
    Statement {
        /// What was tried.
        doing: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A step of the backup failed. The last good backup is untouched.
    #[error("failed to {step} the backup {}", path.display())]
    Backup {
        /// Which step.
        step: &'static str,
        /// The backup.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A row holds what this version can't read.
    #[error("the column {column} of {table} holds what this version can't read")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// There is no row with this id.
    #[error("there is no such {what}")]
    Missing {
        /// What was looked for.
        what: &'static str,
    },
    /// The machine refuses the event in this state.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The order isn't at the point at which this can be done.
    #[error("an order that is {state} can't {doing}")]
    NotNow {
        /// The order's state.
        state: &'static str,
        /// What was tried.
        doing: &'static str,
    },
    /// The person has an order under way in this programme.
    #[error("the order {order} is under way already")]
    OrderUnderWay {
        /// The order under way.
        order: OrderId,
    },
    /// The person already has a photo in this programme, which takes one only.
    #[error("the order {order} already has a photo")]
    AlreadyCollected {
        /// The order with the photo.
        order: OrderId,
    },
    /// The lines don't add up to an amount that an order may have.
    #[error("the order's lines do not add up")]
    Amount {
        /// Which limit.
        source: domain::money::TooMuch,
    },
    /// The booth has used up its order numbers.
    #[error("the booth is out of order numbers")]
    OutOfNumbers {
        /// The counter's end.
        source: OrderNumberError,
    },
    /// The photo was taken for another order.
    #[error("the photo belongs to another order")]
    PhotoOfAnotherOrder,
    /// The person still has an order under way, or the central server hasn't acknowledged everything.
    #[error("the person's orders are not all closed and acknowledged")]
    NotYetErasable,
    /// The collection code was used for another order.
    #[error("the collection code was used already")]
    CodeUsed {
        /// When it was first read.
        at: UtcMillis,
    },
    /// The order is somebody else's.
    #[error("the order belongs to another person")]
    OrderOfAnotherPerson,
    /// What was to be written is longer, shorter or of another form than it may be. Never holds it.
    #[error("the {what} is outside its limits")]
    Unfit {
        /// What was to be written.
        what: &'static str,
    },
    /// The event that tells of the change can't be made.
    #[error("the event can't be made")]
    Event {
        /// What its maker said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A row of the audit was changed or is missing.
    #[error("the audit's chain is broken at row {sequence}")]
    AuditBroken {
        /// The first row that doesn't fit.
        sequence: i64,
    },
}

impl From<rusqlite::Error> for LedgerError {
    /// Sorts out what staff can act on. What was tried is told by `while_doing`.
    fn from(source: rusqlite::Error) -> Self {
        let doing = "use the ledger";
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { doing },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { doing },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { finding: source.to_string() }
            }
            _ => Self::Statement { doing, source },
        }
    }
}

impl LedgerError {
    /// The same error, naming what was tried.
    pub(crate) fn while_doing(self, doing: &'static str) -> Self {
        match self {
            Self::Full { .. } => Self::Full { doing },
            Self::Busy { .. } => Self::Busy { doing },
            Self::Statement { source, .. } => Self::Statement { doing, source },
            other => other,
        }
    }
}

/// The row, or [`LedgerError::Missing`] if there was none.
pub(crate) fn found<T>(row: Option<T>, what: &'static str) -> Result<T> {
    row.ok_or(LedgerError::Missing { what })
}

/// The result of an operation on the ledger.
pub type Result<T> = std::result::Result<T, LedgerError>;
