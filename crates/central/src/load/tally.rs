//! Counts answers and how long they took.

use super::LoadError;
use hdrhistogram::Histogram;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::time::{Duration, Instant};

/// What is counted. An order is its photo and its events, from when it was due until both were acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Blob,
    Events,
    Heartbeat,
    Directory,
    Order,
}

const KINDS: [(Kind, &str); 5] = [
    (Kind::Blob, "blob"),
    (Kind::Events, "events"),
    (Kind::Heartbeat, "heartbeat"),
    (Kind::Directory, "directory"),
    (Kind::Order, "whole order"),
];

/// Times above this, an hour in microseconds, count as this.
const LONGEST_US: u64 = 3_600_000_000;

#[derive(Debug)]
struct Count {
    micros: Histogram<u64>,
    errors: u64,
}

/// Answers of one stretch of time.
#[derive(Debug)]
pub(super) struct Tally {
    counts: [Mutex<Count>; 5],
    faults: Mutex<BTreeMap<String, u64>>,
    begun: Instant,
    last: Mutex<Instant>,
}

impl Tally {
    /// None yet.
    pub fn new() -> Result<Self, LoadError> {
        let count = || -> Result<_, LoadError> {
            Ok(Mutex::new(Count { micros: Histogram::new_with_max(LONGEST_US, 3)?, errors: 0 }))
        };
        let counts = [count()?, count()?, count()?, count()?, count()?];
        let begun = Instant::now();
        Ok(Self { counts, faults: Mutex::default(), begun, last: Mutex::new(begun) })
    }

    fn count(&self, kind: Kind) -> &Mutex<Count> {
        &self.counts[kind as usize]
    }

    /// Answered well, so long after it was due.
    pub fn answered(&self, kind: Kind, due: Instant) {
        let micros = u64::try_from(due.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.count(kind).lock().micros.saturating_record(micros.max(1));
        *self.last.lock() = Instant::now();
    }

    /// Not answered, or not well.
    pub fn failed(&self, kind: Kind, why: String) {
        self.count(kind).lock().errors += 1;
        *self.faults.lock().entry(why).or_default() += 1;
    }

    /// How many were answered well.
    pub fn answers(&self, kind: Kind) -> u64 {
        self.count(kind).lock().micros.len()
    }

    /// How many were not, of all kinds.
    pub fn errors(&self) -> u64 {
        self.counts.iter().map(|count| count.lock().errors).sum()
    }

    /// The 99th percentile of the slowest kind of request.
    pub fn slowest_p99(&self) -> Duration {
        let p99 = |(kind, _): &(Kind, &str)| self.count(*kind).lock().micros.value_at_quantile(0.99);
        let requests = KINDS.iter().filter(|(kind, _)| *kind != Kind::Order);
        Duration::from_micros(requests.map(p99).max().unwrap_or(0))
    }

    /// Answers a second of a kind, until the last one of any.
    pub fn rate(&self, kind: Kind) -> f64 {
        self.answers(kind) as f64 / self.last.lock().duration_since(self.begun).as_secs_f64().max(0.001)
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:12} {:>8} {:>7} {:>8} {:>8} {:>8} {:>8}   ms",
            "", "count", "errors", "p50", "p90", "p99", "max"
        )?;
        for (kind, name) in KINDS {
            let count = self.count(kind).lock();
            if count.micros.is_empty() && count.errors == 0 {
                continue;
            }
            let ms = |micros: u64| micros as f64 / 1_000.0;
            let at = |quantile| ms(count.micros.value_at_quantile(quantile));
            let (p50, p90, p99, max) = (at(0.5), at(0.9), at(0.99), ms(count.micros.max()));
            let (answers, errors) = (count.micros.len(), count.errors);
            writeln!(f, "{name:12} {answers:8} {errors:7} {p50:8.1} {p90:8.1} {p99:8.1} {max:8.1}")?;
        }
        for (why, times) in &*self.faults.lock() {
            writeln!(f, "  {times} times: {why}")?;
        }
        let requests: f64 =
            KINDS.iter().filter(|(kind, _)| *kind != Kind::Order).map(|(kind, _)| self.rate(*kind)).sum();
        write!(f, "{requests:.1} requests/s, {:.1} orders/s", self.rate(Kind::Order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_from_when_it_was_due_counts() {
        let tally = Tally::new().unwrap();
        tally.answered(Kind::Blob, Instant::now() - Duration::from_millis(300));
        tally.failed(Kind::Events, "gone".into());
        assert!(tally.slowest_p99() >= Duration::from_millis(300));
        assert_eq!((tally.answers(Kind::Blob), tally.errors()), (1, 1));
        assert!(tally.to_string().contains("1 times: gone"), "{tally}");
    }
}
