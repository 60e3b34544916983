//! The staff PIN: an Argon2id hash, and a lock after too many wrong tries.

use crate::clock::SteadyMillis;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};

/// A PIN that isn't accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// It isn't 4 to 12 digits.
    #[error("a PIN has 4 to 12 digits")]
    Malformed,
    /// It isn't the PIN.
    #[error("the PIN is wrong")]
    Wrong,
    /// Too many wrong ones.
    #[error("the PIN pad is locked for {seconds} s")]
    Locked {
        /// How long.
        seconds: u32,
    },
    /// No PIN is set, or the setting isn't a hash.
    #[error("no staff PIN is set (staff.pin_hash)")]
    NotSet,
}

/// The hash of `pin` for the setting `staff.pin_hash`, in PHC form.
///
/// # Errors
/// [`PinError::Malformed`].
pub fn hash(pin: &str) -> Result<String, PinError> {
    check_form(pin)?;
    Argon2::default()
        .hash_password(pin.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| PinError::Malformed)
}

fn check_form(pin: &str) -> Result<(), PinError> {
    let digits = pin.bytes().all(|b| b.is_ascii_digit());
    if digits && (4..=12).contains(&pin.len()) { Ok(()) } else { Err(PinError::Malformed) }
}

/// Checks PINs and counts the wrong ones.
#[derive(Debug)]
pub struct PinPad {
    tries: u32,
    lock_ms: i64,
    wrong: u32,
    locked_until: Option<SteadyMillis>,
}

impl PinPad {
    /// A pad that locks for `lock_s` seconds after `tries` wrong PINs in a row.
    #[must_use]
    pub fn new(tries: u32, lock_s: u32) -> Self {
        Self { tries, lock_ms: i64::from(lock_s) * 1000, wrong: 0, locked_until: None }
    }

    /// Seconds that the pad stays locked, rounded up.
    #[must_use]
    pub fn locked_s(&self, now: SteadyMillis) -> Option<u32> {
        let left_ms = self.locked_until?.since_ms(now);
        (left_ms > 0).then(|| u32::try_from((left_ms + 999) / 1000).unwrap_or(u32::MAX))
    }

    /// Whether `pin` is the one that was hashed.
    ///
    /// # Errors
    /// [`PinError`]; a wrong PIN counts, and a locked pad doesn't look at it.
    pub fn check(&mut self, pin: &str, hash: &str, now: SteadyMillis) -> Result<(), PinError> {
        if let Some(seconds) = self.locked_s(now) {
            return Err(PinError::Locked { seconds });
        }
        let parsed = PasswordHash::new(hash).map_err(|_| PinError::NotSet)?;
        let right =
            check_form(pin).is_ok() && Argon2::default().verify_password(pin.as_bytes(), &parsed).is_ok();
        if right {
            self.wrong = 0;
            return Ok(());
        }
        self.wrong += 1;
        if self.wrong < self.tries {
            return Err(PinError::Wrong);
        }
        self.wrong = 0;
        self.locked_until = Some(now.plus_ms(self.lock_ms));
        Err(PinError::Locked { seconds: u32::try_from(self.lock_ms / 1000).unwrap_or(u32::MAX) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pad_locks_after_wrong_pins_and_opens_by_time_alone() {
        let hashed = hash("2468").unwrap();
        let mut pad = PinPad::new(3, 60);
        let at = SteadyMillis(0);
        assert_eq!(pad.check("2468", &hashed, at), Ok(()));
        assert_eq!(pad.check("1111", &hashed, at), Err(PinError::Wrong));
        assert_eq!(pad.check("", &hashed, at), Err(PinError::Wrong));
        assert_eq!(pad.check("1111", &hashed, at), Err(PinError::Locked { seconds: 60 }));
        let later = at.plus_ms(1_500);
        assert_eq!(
            pad.check("2468", &hashed, later),
            Err(PinError::Locked { seconds: 59 }),
            "right, but locked"
        );
        assert_eq!(pad.check("2468", &hashed, at.plus_ms(60_000)), Ok(()), "the lock ends");
    }

    #[test]
    fn no_hash_no_payment() {
        assert_eq!(PinPad::new(3, 60).check("2468", "", SteadyMillis(0)), Err(PinError::NotSet));
    }

    #[test]
    fn a_pin_is_four_to_twelve_digits() {
        for pin in ["", "123", "1234567890123", "12a4", "１２３４"] {
            assert_eq!(hash(pin), Err(PinError::Malformed), "{pin:?}");
        }
    }
}
