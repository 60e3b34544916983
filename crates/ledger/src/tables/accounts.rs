//! How somebody logs in, and what only an account says of them. A person who was known before there were accounts has no row, which
//! reads like an empty one. Left out on purpose: hashing, and how long somebody waits after wrong tries.

use crate::column::Column;
use crate::error::{LedgerError, Result};
use domain::document::Sex;
use domain::{Email, PersonId, UtcMillis};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use std::fmt;

/// What somebody said of themselves when they registered. Nothing in a field leaves what is known.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct NewAccount {
    /// The e-mail address, if given.
    pub email: Option<Email>,
    /// The sex, if given.
    pub gender: Option<Sex>,
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewAccount(redacted)")
    }
}

/// An account as it stands; empty where there is none.
#[derive(Clone, Default)]
pub(crate) struct Account {
    pub email: Option<Email>,
    pub gender: Option<Sex>,
    pub password_hash: Option<String>,
    pub wrong_tries: u32,
}

/// The length of a password's hash in PHC form, in characters; the table's CHECK says the same.
const HASH_CHARACTERS: std::ops::RangeInclusive<usize> = 20..=255;

/// Writes what is newer about the person's account.
pub(crate) fn see(tx: &Transaction<'_>, person: PersonId, new: &NewAccount, at: UtcMillis) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO accounts (person_id, email, gender, wrong_tries, registered_ms) VALUES (?1, ?2, ?3, 0, ?4)
         ON CONFLICT (person_id) DO UPDATE SET email = coalesce(excluded.email, email),
             gender = coalesce(excluded.gender, gender)",
    )?
    .execute((
        person.as_bytes(),
        new.email.as_ref().map(Email::as_str),
        new.gender.map(Sex::as_str),
        at.0,
    ))?;
    Ok(())
}

/// The person's account.
pub(crate) fn get(connection: &Connection, person: PersonId) -> Result<Account> {
    let account = connection
        .prepare_cached("SELECT * FROM accounts WHERE person_id = ?1")?
        .query_row([person.as_bytes()], |row| Ok(read(row)))
        .optional()?;
    account.unwrap_or_else(|| Ok(Account::default()))
}

fn read(row: &Row<'_>) -> Result<Account> {
    let column = |name| Column { table: "accounts", name };
    Ok(Account {
        email: column("email").parsed_if_any(row, |text| Email::parse(text).ok())?,
        gender: column("gender").parsed_if_any(row, sex)?,
        password_hash: row.get("password_hash")?,
        wrong_tries: row.get("wrong_tries")?,
    })
}

fn sex(code: &str) -> Option<Sex> {
    [Sex::Male, Sex::Female].into_iter().find(|sex| sex.as_str() == code)
}

/// Counts a try; how many wrong ones there are in a row after it.
pub(crate) fn count_try(
    tx: &Transaction<'_>,
    person: PersonId,
    succeeded: bool,
    at: UtcMillis,
) -> Result<u32> {
    let tries = tx
        .prepare_cached(
            "INSERT INTO accounts (person_id, wrong_tries, registered_ms) VALUES (?1, NOT ?2, ?3)
             ON CONFLICT (person_id) DO UPDATE SET
                 wrong_tries = CASE WHEN ?2 THEN 0 ELSE min(wrong_tries + 1, 1000000) END
             RETURNING wrong_tries",
        )?
        .query_row((person.as_bytes(), succeeded, at.0), |row| row.get(0))?;
    Ok(tries)
}

/// Sets the password's hash; the wrong tries before it count no more.
pub(crate) fn set_hash(tx: &Transaction<'_>, person: PersonId, hash: &str, at: UtcMillis) -> Result<()> {
    if !hash.starts_with('$') || !hash.is_ascii() || !HASH_CHARACTERS.contains(&hash.len()) {
        return Err(LedgerError::Unfit { what: "password's hash" });
    }
    tx.prepare_cached(
        "INSERT INTO accounts (person_id, password_hash, wrong_tries, registered_ms) VALUES (?1, ?2, 0, ?3)
         ON CONFLICT (person_id) DO UPDATE SET password_hash = excluded.password_hash, wrong_tries = 0",
    )?
    .execute((person.as_bytes(), hash, at.0))?;
    Ok(())
}

/// Deletes the person's account.
pub(crate) fn purge(tx: &Transaction<'_>, person: PersonId) -> Result<()> {
    tx.prepare_cached("DELETE FROM accounts WHERE person_id = ?1")?.execute([person.as_bytes()])?;
    Ok(())
}

/// The first password holds again, and no try was wrong.
pub(crate) fn forget_hash(tx: &Transaction<'_>, person: PersonId) -> Result<()> {
    tx.prepare_cached("UPDATE accounts SET password_hash = NULL, wrong_tries = 0 WHERE person_id = ?1")?
        .execute([person.as_bytes()])?;
    Ok(())
}
