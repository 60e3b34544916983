//! The key of the file. Where it is kept (a TPM, a file of root's) is the caller's business.

use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// The 32 bytes that encrypt the ledger (AES-256), used raw: no passphrase is stretched. Overwritten when dropped; never shown.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key that 64 hexadecimal digits spell, white space around them ignored.
    ///
    /// # Errors
    /// [`InvalidKey`] for anything else.
    pub fn from_hex(text: &str) -> Result<Self, InvalidKey> {
        let digits = text.trim().as_bytes();
        if digits.len() != 64 {
            return Err(InvalidKey);
        }
        let mut key = Self([0; 32]);
        for (byte, pair) in key.0.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(key)
    }

    /// SQLCipher's raw form, `x'` and 64 digits and `'`.
    pub(crate) fn as_blob_literal(&self) -> Zeroizing<String> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = Zeroizing::new(String::with_capacity(67));
        text.push_str("x'");
        for byte in self.0 {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        text.push('\'');
        text
    }
}

fn nibble(digit: u8) -> Result<u8, InvalidKey> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(InvalidKey),
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(redacted)")
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a ledger's key is 64 hexadecimal digits")]
pub struct InvalidKey;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_from_hex_and_never_shown() {
        let key = Key::from_hex(&format!(" {}\n", "0aF1".repeat(16))).unwrap();
        assert_eq!(*key.as_blob_literal(), format!("x'{}'", "0af1".repeat(16)), "raw form");
        assert_eq!(format!("{key:?}"), "Key(redacted)", "logs see nothing");
        for text in ["", "0a", &"0g".repeat(32), &"0a".repeat(33), &"é".repeat(32)] {
            assert!(Key::from_hex(text).is_err(), "{text} is no key");
        }
    }
}
