//! What the workflow asks, each question answered from one state of the file.

mod central;
mod counts;
mod lookups;
mod open_order;
mod persons;
mod refunds;

pub use central::OutboxBacklog;
pub use counts::Counts;
pub use open_order::{AcceptedOrder, OpenOrder};
pub use persons::{Known, PersonOrder};
pub use refunds::RefundDue;
