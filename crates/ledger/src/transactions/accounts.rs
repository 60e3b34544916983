//! Logging in, as far as the ledger must remember it, and the password. What is wrong with a try is for the workflow to judge.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::tables::audit::{self, Actor, Deed, Stamp};
use crate::tables::{accounts, people};
use domain::{PersonId, UtcMillis};

impl Ledger {
    /// Records a try to log in; how many wrong ones there are in a row after it.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`] if there is no such person any more, or a failed write.
    pub fn note_login(&self, person: PersonId, succeeded: bool, at: UtcMillis) -> Result<u32> {
        self.write("record the login", |tx| {
            people::get(tx, person)?;
            let tries = accounts::count_try(tx, person, succeeded, at)?;
            let action = if succeeded { "login.succeeded" } else { "login.failed" };
            let deed = Deed { action, subject: &person.to_string(), detail: &tries.to_string() };
            audit::append(tx, Stamp { actor: Actor::Student, at }, deed)?;
            Ok(tries)
        })
    }

    /// Sets the person's password, given as its hash in PHC form (ASCII, 20 to 255 characters from `$`); wrong tries before it
    /// count no more.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`] if there is no such person any more, [`crate::LedgerError::Unfit`], or a failed write.
    pub fn set_password(&self, person: PersonId, hash: &str, at: UtcMillis) -> Result<()> {
        self.write("set the password", |tx| {
            people::get(tx, person)?;
            accounts::set_hash(tx, person, hash, at)?;
            let deed = Deed { action: "password.set", subject: &person.to_string(), detail: "" };
            audit::append(tx, Stamp { actor: Actor::Student, at }, deed)
        })
    }

    /// Puts the person's password back to the first one; wrong tries before it count no more.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`] if there is no such person any more, or a failed write.
    pub fn forget_password(&self, person: PersonId, stamp: Stamp) -> Result<()> {
        self.write("forget the password", |tx| {
            people::get(tx, person)?;
            accounts::forget_hash(tx, person)?;
            let deed = Deed { action: "password.forget", subject: &person.to_string(), detail: "" };
            audit::append(tx, stamp, deed)
        })
    }
}
