//! A student's password: the document's last six characters until they choose another, with tries that are counted and paused.
//!
//! The first password is no secret to whoever holds the document; that is the collectors' custom. Wrong tries are counted in the
//! ledger, so that starting the booth again forgives none, and pauses run on the steady clock, which nobody can set.

use crate::clock::SteadyMillis;
use crate::settings::LoginSettings;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use domain::PersonId;
use ledger::Known;
use std::collections::BTreeMap;
use subtle::ConstantTimeEq as _;

/// The fewest and the most characters of a password that somebody chooses.
pub const CHARACTERS: std::ops::RangeInclusive<usize> = 6..=32;

/// A password that isn't accepted. Never holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It isn't the password.
    #[error("the password is wrong")]
    Wrong,
    /// Too many wrong ones.
    #[error("passwords are not looked at for {seconds} s")]
    Locked {
        /// How long.
        seconds: u32,
    },
    /// The new one is too short or too long, or the old one.
    #[error("a new password has 6 to 32 characters and differs from the old one")]
    Malformed,
}

/// The hash of a password that somebody chose, in PHC form (Argon2id).
///
/// # Errors
/// [`PasswordError::Malformed`].
pub fn hash(password: &str) -> Result<String, PasswordError> {
    let fits = CHARACTERS.contains(&password.chars().count()) && !password.chars().any(char::is_control);
    let hashed = fits.then(|| Argon2::default().hash_password(password.as_bytes()));
    hashed.and_then(Result::ok).map(|hash| hash.to_string()).ok_or(PasswordError::Malformed)
}

/// Whether `password` is this person's. The first one may be typed in small letters.
#[must_use]
pub fn is_right(known: &Known, password: &str) -> bool {
    match &known.password_hash {
        Some(hash) => PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()),
        None => {
            let typed = password.trim().to_ascii_uppercase();
            typed.as_bytes().ct_eq(known.person.document.last_six().as_bytes()).into()
        }
    }
}

/// The pauses after wrong passwords, one for each person.
#[derive(Debug, Default)]
pub struct Pauses(BTreeMap<PersonId, SteadyMillis>);

impl Pauses {
    /// Seconds that this person's passwords are not looked at, rounded up.
    #[must_use]
    pub fn locked_s(&self, person: PersonId, now: SteadyMillis) -> Option<u32> {
        let left_ms = self.0.get(&person)?.since_ms(now);
        (left_ms > 0).then(|| u32::try_from((left_ms + 999) / 1000).unwrap_or(u32::MAX))
    }

    /// Pauses after the `wrong`th wrong try in a row: each costs a second more than the one before, and every `tries`th the long
    /// pause.
    pub fn after_wrong(&mut self, person: PersonId, wrong: u32, settings: &LoginSettings, now: SteadyMillis) {
        self.0.retain(|_, until| until.since_ms(now) > 0);
        let long = wrong > 0 && wrong.is_multiple_of(settings.tries);
        let seconds = if long { settings.lock_s } else { (wrong % settings.tries).saturating_sub(1) };
        if seconds > 0 {
            self.0.insert(person, now.plus_ms(i64::from(seconds) * 1000));
        }
    }
}

/// How many wrong tries are left before the long pause; nothing while none was wrong.
#[must_use]
pub fn tries_left(wrong: u32, settings: &LoginSettings) -> Option<u32> {
    (wrong > 0).then(|| settings.tries - wrong % settings.tries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{DocumentKind, DocumentNumber, PersonName, UtcMillis};
    use ledger::Person;

    fn known(password_hash: Option<String>) -> Known {
        let person = Person {
            id: PersonId::new(UtcMillis(1), [1; 10]),
            document: DocumentNumber::parse(DocumentKind::ResidentId, "11010519491231002X").unwrap(),
            name: PersonName::parse("张晓明").unwrap(),
            phone: None,
            student_number: None,
        };
        Known { person, email: None, gender: None, password_hash, wrong_tries: 0, deletion_asked: false }
    }

    #[test]
    fn the_first_password_is_the_documents_end_until_another_is_chosen() {
        assert!(is_right(&known(None), "31002x"), "small letters too");
        assert!(!is_right(&known(None), "31002"), "not a part of it");
        let chosen = known(Some(hash("tulip 77").unwrap()));
        assert!(is_right(&chosen, "tulip 77"));
        assert!(!is_right(&chosen, "31002X"), "the first one holds no more");
    }

    #[test]
    fn a_chosen_password_has_6_to_32_characters() {
        for password in ["", "12345", &"x".repeat(33), "tab\tkey"] {
            assert_eq!(hash(password), Err(PasswordError::Malformed), "{password:?}");
        }
    }

    #[test]
    fn each_wrong_try_costs_more_and_the_last_the_long_pause() {
        let (person, settings) =
            (PersonId::new(UtcMillis(1), [1; 10]), LoginSettings { tries: 5, lock_s: 900 });
        let mut pauses = Pauses::default();
        let mut seconds = vec![];
        for wrong in 1..=5 {
            let now = SteadyMillis(i64::from(wrong) * 10_000_000);
            pauses.after_wrong(person, wrong, &settings, now);
            seconds.push(pauses.locked_s(person, now).unwrap_or(0));
        }
        assert_eq!(seconds, [0, 1, 2, 3, 900]);
        assert_eq!(tries_left(0, &settings), None);
        assert_eq!(tries_left(4, &settings), Some(1));
    }
}
