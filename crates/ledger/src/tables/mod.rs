//! One file a table: its rows' types, and the statements that touch it. Transactions combine them.

pub(crate) mod audit;
pub(crate) mod consents;
pub(crate) mod device;
pub(crate) mod order_lines;
pub(crate) mod orders;
pub(crate) mod outbox;
pub(crate) mod payments;
pub(crate) mod people;
pub(crate) mod photos;
pub(crate) mod print_jobs;
pub(crate) mod programmes;
