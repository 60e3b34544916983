//! How many bytes a second may leave the booth: blobs and batches share one bucket, whatever runs at once.

use crate::clock::Clock;
use bytes::Bytes;
use futures_util::Stream;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// The most bytes that leave at once.
const LARGEST_CHUNK: u32 = 16 * 1024;

/// What wasn't used in the last twentieth of a second may leave later: a timer wakes a millisecond or two late, which at a high rate
/// is longer than a chunk takes.
const LATE: u32 = 20;

type Limiter = RateLimiter<NotKeyed, InMemoryState, Steady, NoOpMiddleware<Duration>>;

/// The limit of a client; its copies share it.
#[derive(Clone)]
pub(crate) struct Pace {
    clock: Arc<dyn Clock>,
    limiter: Option<Arc<Limiter>>,
    chunk: NonZeroU32,
}

impl Pace {
    /// A limit in bytes a second; 0 is none.
    pub(crate) fn new(bytes_per_second: u32, clock: Arc<dyn Clock>) -> Self {
        let largest = NonZeroU32::MIN.saturating_add(LARGEST_CHUNK - 1);
        let Some(rate) = NonZeroU32::new(bytes_per_second) else {
            return Self { clock, limiter: None, chunk: largest };
        };
        let chunk = rate.min(largest);
        let burst = chunk.max(NonZeroU32::new(rate.get() / LATE).unwrap_or(chunk));
        let quota = Quota::per_second(rate).allow_burst(burst);
        let limiter = RateLimiter::direct_with_clock(quota, Steady(Arc::clone(&clock)));
        Self { clock, limiter: Some(Arc::new(limiter)), chunk }
    }

    pub(crate) fn is_limited(&self) -> bool {
        self.limiter.is_some()
    }

    /// The bytes, piece by piece, each when it may leave.
    pub(crate) fn stream(
        &self,
        bytes: Bytes,
    ) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> + Send + use<> {
        futures_util::stream::unfold((self.clone(), bytes), |(pace, mut rest)| async move {
            if rest.is_empty() {
                return None;
            }
            let piece = rest.split_to(rest.len().min(pace.chunk.get() as usize));
            pace.pass(piece.len()).await;
            Some((Ok(piece), (pace, rest)))
        })
    }

    async fn pass(&self, bytes: usize) {
        let bytes = u32::try_from(bytes).ok().and_then(NonZeroU32::new).unwrap_or(self.chunk).min(self.chunk);
        let Some(limiter) = &self.limiter else { return };
        while let Ok(Err(not_yet)) = limiter.check_n(bytes) {
            self.clock.sleep(not_yet.wait_time_from(self.clock.steady()).max(Duration::from_millis(1))).await;
        }
    }
}

/// The steady clock, as the limiter reads it.
#[derive(Clone)]
struct Steady(Arc<dyn Clock>);

impl governor::clock::Clock for Steady {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.steady()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::UtcMillis;
    use futures_util::StreamExt as _;
    use futures_util::future::BoxFuture;
    use parking_lot::Mutex;

    /// A clock that moves only while the pace waits, and wakes it as late as a timer of whole milliseconds.
    struct Waiting(Arc<Mutex<Duration>>);

    impl Clock for Waiting {
        fn now(&self) -> UtcMillis {
            UtcMillis(0)
        }

        fn steady(&self) -> Duration {
            *self.0.lock()
        }

        fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
            let now = Arc::clone(&self.0);
            let late = Duration::from_millis(time.as_nanos().div_ceil(1_000_000) as u64 + 1);
            Box::pin(async move { *now.lock() += late })
        }
    }

    #[tokio::test]
    async fn bytes_take_the_time_that_the_rate_says_and_hardly_more() {
        for rate in [100_000, 1_000_000, 12_500_000] {
            let now = Arc::default();
            let pace = Pace::new(rate, Arc::new(Waiting(Arc::clone(&now))));
            let bytes = Bytes::from(vec![0; 4 * rate as usize]);
            let sent = pace.stream(bytes).map(|piece| piece.unwrap().len()).collect::<Vec<_>>().await;
            let took = now.lock().as_secs_f64();
            assert_eq!(sent.iter().sum::<usize>(), 4 * rate as usize);
            // A chunk, or a twentieth of a second's bytes, leaves at once: 0.16 s of the first, 0.05 s of the others.
            assert!((3.8..4.1).contains(&took), "{took} s for 4 s of bytes at {rate} a second");
        }
    }
}
