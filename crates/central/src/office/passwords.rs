//! Passwords: Argon2id with the library's own parameters (OWASP's second recommendation: 19 MiB, 2 passes), two at a time, because
//! each takes memory and a core.

use crate::Failure;
use crate::seal::random;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How many are hashed at a time.
const AT_A_TIME: usize = 2;
/// What the passwords of users that there aren't are compared with: the same work, and no password has this hash.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// The fewest and the most characters of a password.
const CHARACTERS: std::ops::RangeInclusive<usize> = 10..=128;

/// Whether a password can be chosen.
pub(super) fn is_acceptable(password: &str) -> bool {
    CHARACTERS.contains(&password.chars().count())
}

/// The places at which passwords are hashed; clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Hashing(Arc<Semaphore>);

impl Hashing {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_A_TIME)))
    }

    /// The hash of a password in PHC form.
    pub(super) async fn hash(&self, password: String) -> Result<String, Failure> {
        self.work(move || hash(&password)).await?
    }

    /// Whether it is the password of this hash. Without a hash the answer is no, and comes as late.
    pub(super) async fn is_right(&self, password: String, hash: Option<String>) -> Result<bool, Failure> {
        self.work(move || is_right(&password, hash.as_deref().unwrap_or(NOBODYS))).await
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let _place = self.0.acquire().await.map_err(|_| Failure::Internal("hashing has ended"))?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Failure::Internal("hashing panicked"))
    }
}

fn is_right(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// The hash of a password, in PHC form.
///
/// # Errors
/// [`Failure::Internal`] where the system gives no randomness.
pub(super) fn hash(password: &str) -> Result<String, Failure> {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    Ok(hashed.map_err(|_| Failure::Internal("a password can't be hashed"))?.to_string())
}

/// A password for the first log-in: 80 random bits in letters and digits that can be read out.
///
/// # Errors
/// [`Failure::Internal`] where the system gives no randomness.
pub(super) fn temporary() -> Result<String, Failure> {
    let bytes = random::<10>().map_err(|_| Failure::Internal("the system gives no randomness"))?;
    let text = data_encoding::BASE32_NOPAD.encode(&bytes).to_ascii_lowercase();
    let groups: Vec<&str> = [0, 4, 8, 12].iter().filter_map(|&from| text.get(from..from + 4)).collect();
    Ok(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_hash_costs_what_a_real_one_costs() {
        let real = hash("correct horse").unwrap();
        let head = |text: &str| text.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(head(&real), head(NOBODYS), "the same parameters");
        assert!(PasswordHash::new(NOBODYS).is_ok(), "it is read");
        assert!(is_right("correct horse", &real) && !is_right("wrong horse", &real));
        assert!(!is_right("", NOBODYS));
    }

    #[test]
    fn a_temporary_password_can_be_typed_and_is_acceptable() {
        let password = temporary().unwrap();
        assert_eq!(password.len(), 19);
        assert!(is_acceptable(&password) && temporary().unwrap() != password);
    }
}
