//! The booth's side of the campus's central server: what waits for it in the ledger, what it decided, and how the way to it is.
//!
//! Left out on purpose: the network, which `sync` knows.

mod link;
mod page;
mod run;
mod standing;
mod store;
mod taking;
#[cfg(test)]
mod tests;

pub(crate) use link::{Line, LinkState};
pub use run::{Enrolled, EnrolmentError, enrol};
pub(crate) use run::{courier, run, runtime};
pub(crate) use standing::Standing;
pub use store::CentralStore;
