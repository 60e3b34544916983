//! How far the booth's clock is behind central's.
//!
//! A heartbeat's answer carries central's time. It was written somewhere between the request and the answer; the middle is off by
//! half the round trip at most (Cristian, "Probabilistic clock synchronization", Distributed Computing 3, 1989), so of the last
//! measurements the one with the shortest round trip counts.

use domain::UtcMillis;
use std::collections::VecDeque;
use std::time::Duration;

/// So many measurements are kept.
const KEPT: usize = 8;

/// A wall clock that moved against the steady one by more than this was set.
const SET_MS: i64 = 1_000;

#[derive(Clone, Copy, Debug)]
struct Measurement {
    round_trip: Duration,
    skew_ms: i64,
    /// The wall clock less the steady one.
    offset_ms: i64,
}

/// A moment on both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) wall: UtcMillis,
    pub(crate) steady: Duration,
}

/// The last measurements.
#[derive(Debug, Default)]
pub(crate) struct Skew(VecDeque<Measurement>);

impl Skew {
    /// Central said `central` in a call between the two moments.
    pub(crate) fn measured(&mut self, asked: Moment, answered: Moment, central: UtcMillis) {
        let round_trip = answered.steady.saturating_sub(asked.steady);
        let middle = answered.wall.plus_ms(-(millis(round_trip) / 2));
        let offset_ms = answered.wall.0.saturating_sub(millis(answered.steady));
        self.0.retain(|kept| kept.offset_ms.abs_diff(offset_ms) <= SET_MS.unsigned_abs());
        self.0.truncate(KEPT - 1);
        self.0.push_front(Measurement { round_trip, skew_ms: central.since_ms(middle), offset_ms });
    }

    /// How far the booth's clock is behind, in milliseconds; negative where it is ahead.
    pub(crate) fn best_ms(&self) -> Option<i64> {
        self.0.iter().min_by_key(|kept| kept.round_trip).map(|kept| kept.skew_ms)
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moment(steady_ms: u64, wall_ahead_ms: i64) -> Moment {
        Moment { wall: UtcMillis(steady_ms as i64 + wall_ahead_ms), steady: Duration::from_millis(steady_ms) }
    }

    proptest! {
        #[test]
        fn the_error_is_half_the_shortest_round_trip_at_most(
            skew in -10_000_000i64..10_000_000,
            trips in proptest::collection::vec((0u64..5_000, 0u64..5_000), 1..20),
        ) {
            let mut measured = Skew::default();
            let mut now = 0;
            for (there, back) in &trips {
                let asked = moment(now, 0);
                let central = UtcMillis((now + there) as i64 + skew);
                measured.measured(asked, moment(now + there + back, 0), central);
                now += there + back + 30_000;
            }
            let shortest = trips.iter().rev().take(KEPT).map(|(there, back)| there + back).min().unwrap();
            let error = measured.best_ms().unwrap().abs_diff(skew);
            prop_assert!(error <= shortest / 2 + 1, "{} ms off with a round trip of {} ms", error, shortest);
        }

        #[test]
        fn any_clock_is_answered(wall: i64, steady: u64, central: i64) {
            let mut skew = Skew::default();
            let at = Moment { wall: UtcMillis(wall), steady: Duration::from_millis(steady) };
            skew.measured(at, at, UtcMillis(central));
            prop_assert!(skew.best_ms().is_some());
        }
    }

    #[test]
    fn a_clock_that_was_set_is_measured_anew() {
        let mut skew = Skew::default();
        skew.measured(moment(0, 0), moment(0, 0), UtcMillis(60_000));
        assert_eq!(skew.best_ms(), Some(60_000));
        skew.measured(moment(30_000, 60_000), moment(30_400, 60_000), UtcMillis(90_200));
        assert_eq!(skew.best_ms(), Some(0));
    }
}
