//! One file a table: its rows' types, and the statements that touch it. Transactions combine them.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod collection_codes;
pub(crate) mod commands;
pub(crate) mod consents;
pub(crate) mod deletion_requests;
pub(crate) mod deliveries;
pub(crate) mod device;
pub(crate) mod directory;
pub(crate) mod enrolment;
pub(crate) mod online_payments;
pub(crate) mod order_lines;
pub(crate) mod orders;
pub(crate) mod outbox;
pub(crate) mod outbox_answers;
pub(crate) mod payments;
pub(crate) mod people;
pub(crate) mod photos;
pub(crate) mod print_jobs;
pub(crate) mod programmes;
pub(crate) mod rejections;
pub(crate) mod reprints;
pub(crate) mod rosters;
