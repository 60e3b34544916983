//! Photos travel beside the events: `PUT /v1/blobs/{sha256}`, the bytes as the body, or several with one request as a [`Bundle`],
//! `POST /v1/blobs`. The same blob again changes nothing.
//!
//! A blob belongs to the campus of the device that sent it. No address reads one back, and whether another campus has the same
//! bytes can't be found out: the body is always read.

use crate::hex::Digest;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The largest blob, in bytes: an official photo has 40 KiB as a rule.
pub const LARGEST_BLOB: u64 = 8 * 1024 * 1024;

/// The largest bundle, in bytes.
pub const LARGEST_BUNDLE: usize = 4 * 1024 * 1024;

/// The most blobs of a bundle.
pub const MOST_BLOBS: usize = 64;

/// How many bytes stand before each blob of a bundle: its hash, and its length as a big-endian number of 32 bits.
pub const HEAD: usize = 32 + size_of::<u32>();

/// The blob is stored durably.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredBlob {
    /// Its hash.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
}

/// What became of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredBundle {
    /// The blobs of it that are stored durably. Any other is to be sent alone: that answer says what is wrong with it.
    pub stored: Vec<Digest>,
}

/// Blobs one after the other: of each its hash, 32 bytes, its length, a big-endian number of 32 bits, and its bytes. None stands there
/// twice.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bundle<'a>(Vec<(Digest, &'a [u8])>);

/// A body that is no bundle. It shows nothing of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// It ends in the middle of a blob.
    #[error("the bundle ends in the middle of a blob")]
    Cut,
    /// It has no blob.
    #[error("the bundle is empty")]
    Empty,
    /// It has more than [`MOST_BLOBS`] or than [`LARGEST_BUNDLE`] bytes.
    #[error("the bundle is too large")]
    TooLarge,
    /// A blob stands in it twice.
    #[error("a blob stands twice in the bundle")]
    Twice,
}

impl std::fmt::Debug for Bundle<'_> {
    /// Without the bytes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(sha256, bytes)| (sha256, bytes.len()))).finish()
    }
}

impl<'a> Bundle<'a> {
    /// These blobs, in this order, with the hashes that they are said to have.
    ///
    /// # Errors
    /// [`BundleError::Empty`], [`BundleError::TooLarge`] or [`BundleError::Twice`].
    pub fn new(blobs: Vec<(Digest, &'a [u8])>) -> Result<Self, BundleError> {
        let mut seen = HashSet::with_capacity(blobs.len());
        let length: usize = blobs.iter().map(|(_, bytes)| HEAD + bytes.len()).sum();
        if blobs.is_empty() {
            Err(BundleError::Empty)
        } else if blobs.len() > MOST_BLOBS || length > LARGEST_BUNDLE {
            Err(BundleError::TooLarge)
        } else if !blobs.iter().all(|(sha256, _)| seen.insert(*sha256)) {
            Err(BundleError::Twice)
        } else {
            Ok(Self(blobs))
        }
    }

    /// Reads a body. Whether the blobs have the hashes that they are said to have isn't looked at.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn read(mut body: &'a [u8]) -> Result<Self, BundleError> {
        let mut blobs = Vec::new();
        while !body.is_empty() && blobs.len() <= MOST_BLOBS {
            let (sha256, rest) = body.split_first_chunk().ok_or(BundleError::Cut)?;
            let (length, rest) = rest.split_first_chunk().ok_or(BundleError::Cut)?;
            let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| BundleError::TooLarge)?;
            let (bytes, rest) = rest.split_at_checked(length).ok_or(BundleError::Cut)?;
            blobs.push((Digest(*sha256), bytes));
            body = rest;
        }
        Self::new(blobs)
    }

    /// The blobs, each with the hash that it is said to have.
    #[must_use]
    pub fn blobs(&self) -> &[(Digest, &'a [u8])] {
        &self.0
    }

    /// The body.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.0.iter().map(|(_, bytes)| HEAD + bytes.len()).sum());
        for (sha256, bytes) in &self.0 {
            // No blob of a bundle is longer than the bundle.
            let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            body.extend_from_slice(&sha256.0);
            body.extend_from_slice(&length.to_be_bytes());
            body.extend_from_slice(bytes);
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn blobs() -> impl Strategy<Value = Vec<([u8; 32], Vec<u8>)>> {
        let distinct =
            prop::collection::hash_map(any::<[u8; 32]>(), prop::collection::vec(any::<u8>(), 0..200), 1..8);
        distinct.prop_map(|blobs| blobs.into_iter().collect())
    }

    fn bundle(blobs: &[([u8; 32], Vec<u8>)]) -> Result<Bundle<'_>, BundleError> {
        Bundle::new(blobs.iter().map(|(sha256, bytes)| (Digest(*sha256), bytes.as_slice())).collect())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(blobs in blobs()) {
            let bundle = bundle(&blobs).unwrap();
            let body = bundle.write();
            prop_assert_eq!(Bundle::read(&body), Ok(bundle));
        }

        #[test]
        fn a_cut_is_noticed_unless_it_falls_between_blobs(blobs in blobs(), at: prop::sample::Index) {
            let whole = bundle(&blobs).unwrap();
            let body = whole.write();
            match Bundle::read(&body[..at.index(body.len())]) {
                Ok(part) => prop_assert_eq!(part.blobs(), &whole.blobs()[..part.blobs().len()]),
                Err(error) => prop_assert!(matches!(error, BundleError::Cut | BundleError::Empty)),
            }
        }

        #[test]
        fn any_bytes_are_a_bundle_that_writes_them_or_an_error(body in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(bundle) = Bundle::read(&body) {
                prop_assert_eq!(bundle.write(), body);
            }
        }
    }

    #[test]
    fn limits_are_kept() {
        let many: Vec<_> = (0..=MOST_BLOBS).map(|n| ([u8::try_from(n).unwrap(); 32], vec![])).collect();
        assert!(bundle(&many[1..]).is_ok());
        let body: Vec<u8> = many.iter().flat_map(|(sha256, _)| [&sha256[..], &[0; 4]].concat()).collect();
        assert_eq!(
            (bundle(&many), Bundle::read(&body)),
            (Err(BundleError::TooLarge), Err(BundleError::TooLarge))
        );
        let large = vec![0; LARGEST_BUNDLE - HEAD + 1];
        assert_eq!(bundle(&[([0; 32], large.clone())]), Err(BundleError::TooLarge));
        assert!(Bundle::new(vec![(Digest([0; 32]), &large[1..])]).is_ok());
        assert_eq!(bundle(&[([0; 32], vec![]), ([0; 32], vec![])]), Err(BundleError::Twice));
        assert_eq!(bundle(&[]), Err(BundleError::Empty));
    }
}
