//! Which device of which central server this booth is.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::tables::audit::{self, Deed, Stamp};
use crate::tables::enrolment::Enrolment;
use crate::tables::{device, directory, enrolment, rosters};

impl Ledger {
    /// Keeps the enrolment. Where the booth becomes another device than it was, a new epoch begins, so that two copies of one disk that
    /// both enrol never share one, and the directory is taken from its beginning; where it comes to another campus, that of the campus
    /// before is forgotten with its rosters. Keys and pins of the same device
    /// change nothing else, nor does an enrolment that has only begun, whose device is all zeros.
    ///
    /// # Errors
    /// [`crate::LedgerError::Unfit`] for a text above its limit or without a pin, or a failed write; the one before stays.
    pub fn save_enrolment(&self, new: &Enrolment, stamp: Stamp) -> Result<()> {
        self.write("keep the enrolment", |tx| {
            let before = enrolment::get(tx)?;
            enrolment::put(tx, new)?;
            let same = |a: &Enrolment| (&a.address, a.device) == (&new.address, new.device);
            if new.device == [0; 16] || before.as_ref().is_some_and(same) {
                return Ok(());
            }
            device::begin_epoch(tx)?;
            directory::clear(tx)?;
            if before.is_some_and(|before| !before.campus.is_empty() && before.campus != new.campus) {
                rosters::clear(tx)?;
            }
            audit::append(tx, stamp, Deed { action: "booth.enrol", subject: &new.campus, detail: &new.name })
        })
    }
}
