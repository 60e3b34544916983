//! How long a request may take: its body as long as it makes progress, and whatever central does before and behind it a fixed time.
//!
//! A photo over a thin line takes minutes, so a body has no fixed time of its own. Each byte buys some, and a sender that sends
//! next to nothing is let go as soon as it has spent what it was given first.

use axum::body::{Body, HttpBody as _};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::try_unfold;
use parking_lot::Mutex;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

use crate::Failure;

/// How fast a body must come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// What every body is given.
    pub grace: Duration,
    /// How many bytes buy a further second.
    pub bytes_a_second: u64,
    /// How long nothing may come at all. Over HTTP/2 bytes come in frames of 16 KiB, of several photos in turn.
    pub silence: Duration,
    /// How long a body may take however fast it comes.
    pub total: Duration,
}

impl Pace {
    /// How long a body may take of which so many bytes have come.
    fn allows(self, bytes: u64) -> Duration {
        self.total.min(self.grace + Duration::from_secs(bytes / self.bytes_a_second.max(1)))
    }
}

/// A body that came too slowly.
#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
struct TooSlow;

/// What the reading of a body tells whoever waits for the answer.
#[derive(Debug)]
struct Progress {
    /// When a reading ended last; before the first, when the request came.
    moved: Instant,
    is_reading: bool,
    was_too_slow: bool,
}

type Shared = Arc<Mutex<Progress>>;

/// A reading of the body's next part; it ends by being dropped.
struct Reading(Shared);

impl Reading {
    fn begin(progress: Shared) -> Self {
        progress.lock().is_reading = true;
        Self(progress)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        let mut progress = self.0.lock();
        (progress.moved, progress.is_reading) = (Instant::now(), false);
    }
}

/// The same body, which fails where it comes too slowly. Its time begins when it is first read.
fn paced(body: Body, pace: Pace, progress: &Shared) -> Body {
    if body.is_end_stream() {
        return body;
    }
    let progress = Arc::clone(progress);
    let read = move |(mut parts, bytes, begun): (axum::body::BodyDataStream, u64, Option<Instant>)| {
        let progress = Arc::clone(&progress);
        async move {
            let reading = Reading::begin(progress);
            let now = Instant::now();
            let begun = begun.unwrap_or(now);
            let until = (begun + pace.allows(bytes)).min(now + pace.silence);
            let Ok(part) = timeout_at(until, parts.next()).await else {
                reading.0.lock().was_too_slow = true;
                return Err(axum::Error::new(TooSlow));
            };
            let Some(part) = part.transpose()? else { return Ok(None) };
            let bytes = bytes + part.len() as u64;
            Ok::<Option<(Bytes, _)>, axum::Error>(Some((part, (parts, bytes, Some(begun)))))
        }
    };
    Body::from_stream(try_unfold((body.into_data_stream(), 0, None), read))
}

/// The answer that `answer` makes of the body. Where the body comes too slowly it is [`Failure::Body`]; where nothing of the body is
/// waited for and there is no answer within `time`, [`Failure::Late`].
pub(crate) async fn within<F>(
    time: Duration,
    pace: Pace,
    body: Body,
    answer: impl FnOnce(Body) -> F,
) -> Response
where
    F: Future<Output = Response>,
{
    let begun = Progress { moved: Instant::now(), is_reading: false, was_too_slow: false };
    let progress = Arc::new(Mutex::new(begun));
    let mut answer = pin!(answer(paced(body, pace, &progress)));
    let mut until = Instant::now() + time;
    loop {
        let answered = timeout_at(until, &mut answer).await;
        let seen = progress.lock();
        until = match answered {
            Ok(_) if seen.was_too_slow => return Failure::Body.into_response(),
            Ok(answer) => return answer,
            // The body has a limit of its own.
            Err(_) if seen.is_reading => Instant::now() + time,
            Err(_) if seen.moved + time <= Instant::now() => return Failure::Late.into_response(),
            Err(_) => seen.moved + time,
        };
    }
}
