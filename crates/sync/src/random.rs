//! Randomness as an argument: keys, the run's id, and the jitter between attempts.

use protocol::Key;
use uuid::Uuid;

/// The machine gives no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the machine gives no random bytes")]
pub struct NoRandomness(#[source] pub getrandom::Error);

/// Where random bytes come from.
pub trait Random: Send + Sync + 'static {
    /// Fills all of `bytes`.
    ///
    /// # Errors
    /// [`NoRandomness`]; then the bytes must not be used.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(NoRandomness)
    }
}

/// A new key.
pub(crate) fn key(random: &dyn Random) -> Result<Key, NoRandomness> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes)?;
    Ok(Key(bytes))
}

/// The id of a run.
pub(crate) fn instance(random: &dyn Random) -> Result<Uuid, NoRandomness> {
    let mut bytes = [0; 16];
    random.fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// A fraction, from 0 to 1. Without randomness it is 1: the longest wait is the one that harms nobody.
pub(crate) fn fraction(random: &dyn Random) -> f64 {
    let mut bytes = [0; 4];
    match random.fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX),
        Err(NoRandomness(_)) => 1.0,
    }
}
