//! A shot, with the verdict on it. It counts against the programme's shots whether it passed or not.

use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tables::photos::{self, NewShot};
use crate::tables::{orders, people};
use domain::order::State;
use domain::photo;

impl Ledger {
    /// Keeps a shot: a candidate if it has an official photo, failed if not.
    ///
    /// # Errors
    /// [`LedgerError::Missing`], also if the person was forgotten meanwhile (money that came very late); [`LedgerError::NotNow`]
    /// unless the order is a draft or paid; or a failed write.
    pub fn record_shot(&self, shot: &NewShot<'_>) -> Result<photo::State> {
        let doing = "take a shot";
        self.write(doing, |tx| {
            let order = orders::get(tx, shot.order)?;
            people::get(tx, order.person)?;
            match order.state {
                State::Draft | State::Paid => photos::insert(tx, shot),
                other => Err(LedgerError::NotNow { state: other.as_str(), doing }),
            }
        })
    }
}
