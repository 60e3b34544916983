//! The booth's memory: one encrypted SQLite file that holds orders, photos, payments, the spool, the outbox and the audit, so that
//! what belongs together is committed together.
//!
//! [`Ledger`] writes, [`Reader`] reads. Each change that the workflow needs is one method and one commit; states move by the
//! domain's machines inside the transaction, and the schema's CHECKs refuse what the machines don't know. Times and ids are
//! arguments. Left out on purpose: where the key is kept, what an event's payload says, sending and printing.
//!
//! **Invariant:** whenever the process or the power ends, the file holds every committed change and no half of one.

mod backup;
mod column;
mod connection;
mod error;
mod key;
mod ledger;
mod lock;
mod queries;
mod reader;
mod schema;
mod tables;
mod transactions;

pub use error::{LedgerError, Result};
pub use key::{InvalidKey, Key};
pub use ledger::{Ledger, Opening};
pub use queries::{AcceptedOrder, Counts, Known, OpenOrder, OutboxBacklog, PersonOrder, RefundDue};
pub use reader::Reader;
pub use tables::accounts::NewAccount;
pub use tables::audit::{Actor, AuditHead, Deed, Stamp};
pub use tables::collection_codes::{KeptCode, MOST_CODE_BYTES, MOST_CODE_PICTURE_BYTES, NewCode};
pub use tables::commands::CommandOutcome;
pub use tables::consents::NewConsent;
pub use tables::deliveries::{Delivery, MOST_ADDRESS_CHARACTERS, MOST_NOTE_CHARACTERS, MailTo};
pub use tables::device::Epoch;
pub use tables::directory::{DirectoryValue, MOST_KEY_CHARACTERS, ValueKind};
pub use tables::enrolment::Enrolment;
pub use tables::online_payments::{NewOnline, OnlinePayment};
pub use tables::order_lines::{Item, OrderLine};
pub use tables::orders::Order;
pub use tables::outbox::{NewEvent, OutboxEvent, OutboxState};
pub use tables::outbox_answers::ParkedEvent;
pub use tables::payments::{NewPayment, Payment};
pub use tables::people::{NewPerson, Person};
pub use tables::photos::{NewShot, Photo};
pub use tables::print_jobs::{AWAITING_APPROVAL, NewPrintJob, PrintJob, PrintJobChange};
pub use tables::rejections::MOST_REASON_CHARACTERS;
pub use tables::rosters::{MOST_ROSTER_CHARACTERS, RosterChange, RosterEdit, RosterEntry};
pub use transactions::{
    Acceptance, CommandAction, Decision, Deletion, DirectoryChange, DirectoryTaken, EventOutcome, NewOrder,
    PaymentChange, PaymentRecorded, Placed, Placement, PrintJobMoved, Purged,
};
