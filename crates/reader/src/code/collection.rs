//! A collection code that was taken: bytes that nobody here understands, kept as they were shown.

use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// The most bytes that one QR symbol holds: version 40, the lowest error correction, byte mode (ISO/IEC 18004, table 7).
pub const MOST_BYTES: usize = 2953;

/// A student's collection code. Its bytes are wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct CollectionCode {
    payload: Zeroizing<Vec<u8>>,
    picture: Option<Zeroizing<Vec<u8>>>,
}

/// The SHA-256 of a code's payload: the same code has the same one, however it came in.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl CollectionCode {
    pub(super) fn new(payload: Zeroizing<Vec<u8>>, picture: Option<Zeroizing<Vec<u8>>>) -> Self {
        Self { payload, picture }
    }

    /// What the symbol holds, 1 to [`MOST_BYTES`] bytes, to be handed on as it is.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The symbol with its white margin, made upright: a grey JPEG of 8 pixels a module at most. None where a scanner typed it.
    #[must_use]
    pub fn picture(&self) -> Option<&[u8]> {
        self.picture.as_ref().map(|bytes| bytes.as_slice())
    }

    /// By what a second use of the same code is known.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(Sha256::digest(&self.payload).into())
    }
}

impl Fingerprint {
    /// The 32 bytes of the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for CollectionCode {
    /// Says how much there is, and nothing of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CollectionCode({} bytes)", self.payload.len())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(..)")
    }
}
