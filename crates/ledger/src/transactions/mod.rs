//! What the workflow asks of the ledger, one function and one commit each. States change by the domain's machines alone.

mod accept_photo;
mod accounts;
mod close_order;
mod enrol;
mod hand_out;
mod online;
mod outbox;
mod place_order;
mod print_jobs;
mod record_payment;
mod record_shot;
mod replace_roster;
mod reprint;
mod retention;
mod review;
mod take_directory;

pub use accept_photo::Acceptance;
pub use outbox::EventOutcome;
pub use place_order::{NewOrder, Placed, Placement};
pub use print_jobs::PrintJobMoved;
pub use record_payment::{PaymentChange, PaymentRecorded};
pub use retention::{Deletion, Purged};
pub use review::Decision;
pub use take_directory::{CommandAction, DirectoryChange, DirectoryTaken};
