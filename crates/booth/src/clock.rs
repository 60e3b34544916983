//! Where time and randomness enter. Everything below the booth takes both as arguments.

use domain::UtcMillis;

/// Time and randomness of the machine, or of a test.
pub trait Clock: Send + Sync {
    /// The time of day.
    fn now(&self) -> UtcMillis;
    /// Ten bytes that nobody can guess.
    fn random(&self) -> [u8; 10];
}

/// The machine's own clock and randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcMillis {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        UtcMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn random(&self) -> [u8; 10] {
        let uuid = uuid::Uuid::new_v4();
        let mut bytes = [0; 10];
        bytes[..6].copy_from_slice(&uuid.as_bytes()[..6]);
        bytes[6..].copy_from_slice(&uuid.as_bytes()[12..]);
        bytes
    }
}
