//! The school's new list, whole or not at all.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::tables::audit::{self, Deed, Stamp};
use crate::tables::rosters::{self, RosterChange};
use domain::programme::Kind;
use domain::roster::RosterEntry;

impl Ledger {
    /// Makes the roster of `kind` the one of `entries`, in any order; an empty one forgets the list.
    ///
    /// # Errors
    /// [`crate::LedgerError::Unfit`] where a document is there twice or a text is outside its limits, or a failed write; the list
    /// before it stays.
    pub fn replace_roster(&self, kind: Kind, entries: &[RosterEntry], stamp: Stamp) -> Result<RosterChange> {
        let change = self.write("replace the roster", |tx| {
            let change = rosters::replace(tx, kind, entries)?;
            let RosterChange { added, changed, removed, unchanged } = change;
            let detail =
                format!("added {added}, changed {changed}, removed {removed}, unchanged {unchanged}");
            audit::append(
                tx,
                stamp,
                Deed { action: "roster.replace", subject: kind.as_str(), detail: &detail },
            )?;
            Ok(change)
        })?;
        self.checkpoint()?;
        Ok(change)
    }
}
