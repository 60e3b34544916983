//! A shot, with the verdict on it. It counts against the programme's shots whether it passed or not.
//!
//! A photo from another picture of the same burst is an alternative: it stands beside the shot's own photo and counts as none.

use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tables::photos::{self, NewShot};
use crate::tables::{orders, people};
use domain::order::State;
use domain::{PhotoId, photo};
use rusqlite::Transaction;

impl Ledger {
    /// Keeps a shot: a candidate if it has an official photo, failed if not. An alternative is kept beside a candidate only.
    ///
    /// # Errors
    /// [`LedgerError::Missing`], also if the person was forgotten meanwhile (money that came very late); [`LedgerError::NotNow`]
    /// unless the order is a draft or paid, or for an alternative to a photo that is no candidate;
    /// [`LedgerError::PhotoOfAnotherOrder`]; or a failed write.
    pub fn record_shot(&self, shot: &NewShot<'_>) -> Result<photo::State> {
        let doing = "take a shot";
        self.write(doing, |tx| {
            let order = orders::get(tx, shot.order)?;
            people::get(tx, order.person)?;
            if let Some(beside) = shot.alternative_to {
                may_stand_beside(tx, shot, beside)?;
            }
            match order.state {
                State::Draft | State::Paid => photos::insert(tx, shot),
                other => Err(LedgerError::NotNow { state: other.as_str(), doing }),
            }
        })
    }
}

fn may_stand_beside(tx: &Transaction<'_>, shot: &NewShot<'_>, beside: PhotoId) -> Result<()> {
    let own = photos::get(tx, beside)?;
    if own.order != shot.order {
        return Err(LedgerError::PhotoOfAnotherOrder);
    }
    let fits =
        own.state == photo::State::Candidate && own.alternative_to.is_none() && shot.official.is_some();
    if fits {
        Ok(())
    } else {
        Err(LedgerError::NotNow { state: own.state.as_str(), doing: "add an alternative" })
    }
}
