//! Secrets at rest: AES-256-GCM under central's own key, which stands in a file beside the settings and never in the database.
//!
//! A sealed secret is bound to where it stands: opened elsewhere it is refused. Format: 12 bytes of nonce, the ciphertext, 16 bytes of tag.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What went wrong with a secret.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key's file can't be read.
    #[error("the sealing key {} can't be read", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It doesn't hold a key.
    #[error("the sealing key {} isn't 64 hexadecimal digits", path.display())]
    NotAKey {
        /// Which.
        path: PathBuf,
    },
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    Randomness,
    /// The secret was sealed by another key, belongs elsewhere, or was altered.
    #[error("the secret was sealed by another key, belongs elsewhere, or was altered")]
    Broken,
}

/// Central's key.
pub struct SealingKey(LessSafeKey);

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey(..)")
    }
}

/// `N` random bytes of the system's.
///
/// # Errors
/// [`SealError::Randomness`].
pub fn random<const N: usize>() -> Result<[u8; N], SealError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| SealError::Randomness)?;
    Ok(bytes)
}

impl SealingKey {
    /// Reads the key's file.
    ///
    /// # Errors
    /// [`SealError::Read`] or [`SealError::NotAKey`].
    pub fn load(path: &Path) -> Result<Self, SealError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| SealError::Read { path: path.to_owned(), source })?;
        let text = Zeroizing::new(text);
        let key: protocol::Key =
            text.trim().parse().map_err(|_| SealError::NotAKey { path: path.to_owned() })?;
        Self::new(&key.0)
    }

    /// The key of these 32 bytes.
    ///
    /// # Errors
    /// [`SealError::Broken`] never, as the length is right.
    pub fn new(bytes: &[u8; 32]) -> Result<Self, SealError> {
        Ok(Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| SealError::Broken)?)))
    }

    /// Seals `secret` for `place`, such as `merchant CAMPUS wechat_pay`.
    ///
    /// # Errors
    /// [`SealError::Randomness`].
    pub fn seal(&self, place: &str, secret: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce = random::<NONCE_LEN>()?;
        let mut sealed = secret.to_vec();
        let aad = Aad::from(place.as_bytes());
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .map_err(|_| SealError::Broken)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed for `place`.
    ///
    /// # Errors
    /// [`SealError::Broken`].
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Broken)?;
        let mut opened = Zeroizing::new(rest.to_vec());
        let aad = Aad::from(place.as_bytes());
        let length = self
            .0
            .open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut opened)
            .map_err(|_| SealError::Broken)?
            .len();
        opened.truncate(length);
        Ok(opened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_where_it_was_sealed_for_and_unaltered() {
        let key = SealingKey::new(&[7; 32]).unwrap();
        let sealed = key.seal("merchant a", b"secret").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"secret"), "it can't be read");
        assert_eq!(&key.open("merchant a", &sealed).unwrap()[..], b"secret");
        assert!(key.open("merchant b", &sealed).is_err(), "another place");
        assert!(SealingKey::new(&[8; 32]).unwrap().open("merchant a", &sealed).is_err(), "another key");
        for place in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert!(key.open("merchant a", &altered).is_err(), "byte {place} altered");
        }
        assert!(key.open("merchant a", &sealed[..5]).is_err(), "a stump");
    }
}
