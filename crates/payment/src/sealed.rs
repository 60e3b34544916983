//! AES-256-GCM with the tag appended, as WeChat Pay seals notifications and certificates with the APIv3 key.

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The APIv3 key: 32 bytes.
#[derive(Clone)]
pub(crate) struct ApiKey(Zeroizing<[u8; 32]>);

impl ApiKey {
    /// The key whose 32 ASCII characters are `text`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(text.as_bytes().try_into().ok()?);
        key.iter().all(u8::is_ascii_alphanumeric).then_some(Self(key))
    }

    /// What is in `sealed`; `None` if it was not sealed with this key, or is of another kind.
    pub(crate) fn open(&self, sealed: &Sealed) -> Option<Zeroizing<Vec<u8>>> {
        if sealed.algorithm != ALGORITHM {
            return None;
        }
        let nonce = Nonce::try_assume_unique_for_key(sealed.nonce.as_bytes()).ok()?;
        let mut text = Zeroizing::new(BASE64_STANDARD.decode(&sealed.ciphertext).ok()?);
        let about = Aad::from(sealed.associated_data.as_deref().unwrap_or_default().as_bytes());
        let length = self.cipher()?.open_in_place(nonce, about, &mut text).ok()?.len();
        text.truncate(length);
        Some(text)
    }

    /// Seals `text` as the provider does. `nonce` is 12 ASCII characters that this key has not seen.
    pub(crate) fn seal(&self, text: &[u8], nonce: &str, about: &str) -> Option<Sealed> {
        let unique = Nonce::try_assume_unique_for_key(nonce.as_bytes()).ok()?;
        let mut sealed = text.to_vec();
        self.cipher()?.seal_in_place_append_tag(unique, Aad::from(about.as_bytes()), &mut sealed).ok()?;
        Some(Sealed {
            algorithm: ALGORITHM.to_owned(),
            ciphertext: BASE64_STANDARD.encode(sealed),
            associated_data: Some(about.to_owned()),
            nonce: nonce.to_owned(),
        })
    }

    fn cipher(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, self.0.as_slice()).ok().map(LessSafeKey::new)
    }
}

/// A sealed text as it stands in WeChat Pay's JSON.
#[derive(Deserialize, Serialize)]
pub(crate) struct Sealed {
    algorithm: String,
    ciphertext: String,
    associated_data: Option<String>,
    nonce: String,
}

const ALGORITHM: &str = "AEAD_AES_256_GCM";

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> ApiKey {
        ApiKey::parse("0123456789abcdef0123456789ABCDEF").unwrap()
    }

    proptest! {
        #[test]
        fn only_what_was_sealed_opens(text in any::<Vec<u8>>(), at in any::<prop::sample::Index>(), junk in any::<String>()) {
            let mut sealed = key().seal(&text, "abcdefghijkl", "transaction").unwrap();
            let opened = key().open(&sealed).unwrap();
            prop_assert_eq!(opened.as_slice(), text.as_slice(), "round trip");
            let mut bytes = BASE64_STANDARD.decode(&sealed.ciphertext).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= 1;
            sealed.ciphertext = BASE64_STANDARD.encode(bytes);
            prop_assert!(key().open(&sealed).is_none(), "one altered bit");
            sealed.ciphertext = junk;
            prop_assert!(key().open(&sealed).is_none(), "rubbish");
        }
    }
}
