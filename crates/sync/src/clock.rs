//! Time as an argument: the wall clock stamps, the steady clock measures, and a test replaces both.

use domain::UtcMillis;
use futures_util::future::BoxFuture;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What the time is, and how to let it pass.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock, which staff or the network may set.
    fn now(&self) -> UtcMillis;

    /// The time since some moment of this run; it never goes back.
    fn steady(&self) -> Duration;

    /// Ends when that much time has passed.
    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()>;
}

/// The machine's clocks. It sleeps on tokio's timer.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock(Instant);

impl SystemClock {
    /// The machine's clocks; the steady one starts at zero.
    #[must_use]
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> UtcMillis {
        let since = |earlier: Duration| i64::try_from(earlier.as_millis()).unwrap_or(i64::MAX);
        UtcMillis(match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => since(after),
            Err(before) => -since(before.duration()),
        })
    }

    fn steady(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}
