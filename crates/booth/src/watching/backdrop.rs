//! Learns the empty backdrop at quiet moments: nobody uses the booth, nobody is in view, nothing moves.

use crate::calibrations::LearnError;
use crate::inner::Inner;
use domain::session::State;
use portrait::Models;
use std::time::{Duration, Instant};

/// How long the welcome screen must have been shown: whoever has just left is out of the picture by then.
const QUIET_MS: i64 = 10_000;

/// How long a backdrop is fresh. Daylight in a room moves by the quarter of an hour; and each one is a write of one or two megabytes.
const FRESH: Duration = Duration::from_secs(15 * 60);

/// How long to wait after a try that failed.
const TRY_AGAIN: Duration = Duration::from_secs(15);

/// When to learn next.
#[derive(Debug, Default)]
pub(super) struct Caretaker {
    due: Option<Instant>,
}

impl Caretaker {
    /// Learns the backdrop if it is time; nobody has been here for `since_ms`.
    pub fn look(&mut self, inner: &Inner, models: &Models, since_ms: i64) {
        let now = Instant::now();
        let missing = inner.calibrations.backdrop().is_none();
        let due = *self.due.get_or_insert(if missing { now } else { now + FRESH });
        if since_ms < QUIET_MS || now < due {
            return;
        }
        let learned = learn(inner, models);
        self.due = Some(Instant::now() + if learned { FRESH } else { TRY_AGAIN });
    }
}

fn learn(inner: &Inner, models: &Models) -> bool {
    let still_empty = || inner.sitting.lock().state == State::Attract;
    match inner.calibrations.learn_backdrop(&*inner.camera, models, inner.clock.now(), still_empty) {
        Ok(()) => tracing::info!("the empty backdrop was learned"),
        Err(error @ LearnError::Keep(_)) => tracing::error!(%error, "the backdrop was learned"),
        Err(error) => {
            tracing::debug!(%error, "the backdrop is not learned now");
            return false;
        }
    }
    true
}
