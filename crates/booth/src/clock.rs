//! Where time and randomness enter. Everything below the booth takes both as arguments.

use domain::UtcMillis;
use std::time::Instant;

/// Time and randomness of the machine, or of a test.
pub trait Clock: Send + Sync {
    /// The time of day.
    fn now(&self) -> UtcMillis;
    /// Time that only passes, whatever is done to the time of day: for time-outs and locks.
    fn steady(&self) -> SteadyMillis;
    /// Ten bytes that nobody can guess.
    fn random(&self) -> [u8; 10];
}

/// Milliseconds since some moment, by a clock that never jumps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct SteadyMillis(pub i64);

impl SteadyMillis {
    /// The moment `ms` milliseconds later.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`.
    #[must_use]
    pub fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The machine's own clock and randomness.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    started: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { started: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> UtcMillis {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        UtcMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn steady(&self) -> SteadyMillis {
        SteadyMillis(i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX))
    }

    fn random(&self) -> [u8; 10] {
        let uuid = uuid::Uuid::new_v4();
        let mut bytes = [0; 10];
        bytes[..6].copy_from_slice(&uuid.as_bytes()[..6]);
        bytes[6..].copy_from_slice(&uuid.as_bytes()[12..]);
        bytes
    }
}
