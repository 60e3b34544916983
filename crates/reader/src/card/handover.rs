//! What passes between the thread that reads cards and those who ask for them: the arming, the newest reading, the fault.

use super::Reading;
use super::contents::Card;
use super::fault::{CardFault, ReaderFault};
use parking_lot::{Condvar, Mutex};
use std::time::{Duration, Instant};

/// Nobody waits longer at once; a longer time could be more than a clock can say.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// One stretch of being armed. A card that was begun in one is never handed over in the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arming(u64);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Handover {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The arming that goes on.
    arming: Option<Arming>,
    /// How many there were.
    armings: u64,
    /// How many readings there were.
    readings: u64,
    newest: Option<Reading>,
    fault: Option<ReaderFault>,
    ended: bool,
}

impl Handover {
    /// The new arming, if this call began one.
    pub fn arm(&self, armed: bool) -> Option<Arming> {
        let mut state = self.state.lock();
        if armed == state.arming.is_some() {
            return None;
        }
        state.armings += u64::from(armed);
        state.arming = armed.then_some(Arming(state.armings));
        state.newest = None;
        self.changed.notify_all();
        state.arming
    }

    pub fn arming(&self) -> Option<Arming> {
        self.state.lock().arming
    }

    /// Hands a reading over, unless `arming` is over: then nobody is waiting for it any more.
    pub fn publish(&self, arming: Arming, outcome: Result<Card, CardFault>) {
        let mut state = self.state.lock();
        if state.arming != Some(arming) {
            return;
        }
        state.readings += 1;
        state.newest = Some(Reading { sequence: state.readings, outcome });
        self.changed.notify_all();
    }

    pub fn newest(&self, after: u64) -> Option<Reading> {
        self.state.lock().newer(after)
    }

    pub fn wait_newer(&self, after: u64, wait: Duration) -> Option<Reading> {
        let deadline = Instant::now() + wait.min(LONGEST_WAIT);
        let mut state = self.state.lock();
        loop {
            let newer = state.newer(after);
            if newer.is_some() || self.changed.wait_until(&mut state, deadline).timed_out() {
                return newer.or_else(|| state.newer(after));
            }
        }
    }

    pub fn fault(&self) -> Option<ReaderFault> {
        self.state.lock().fault
    }

    /// Notes how the reader is; whether that is news.
    pub fn set_fault(&self, fault: Option<ReaderFault>) -> bool {
        std::mem::replace(&mut self.state.lock().fault, fault) != fault
    }

    /// Sends the reading thread home.
    pub fn end(&self) {
        self.state.lock().ended = true;
        self.changed.notify_all();
    }

    pub fn has_ended(&self) -> bool {
        self.state.lock().ended
    }

    /// Rests for `pause`, or until the arming is another than `seen`, or the thread is sent home.
    pub fn rest(&self, seen: Option<Arming>, pause: Duration) {
        let deadline = Instant::now() + pause;
        let mut state = self.state.lock();
        while !state.ended && state.arming == seen {
            if self.changed.wait_until(&mut state, deadline).timed_out() {
                return;
            }
        }
    }
}

impl State {
    fn newer(&self, after: u64) -> Option<Reading> {
        self.newest.as_ref().filter(|reading| reading.sequence > after).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAULT: Result<Card, CardFault> = Err(CardFault::Unreadable);

    #[test]
    fn a_reading_lives_as_long_as_its_arming() {
        let handover = Handover::default();
        let first = handover.arm(true).unwrap();
        assert_eq!(handover.arm(true), None, "arming twice is arming once");
        handover.publish(first, FAULT);
        assert_eq!(handover.newest(0).map(|r| r.sequence), Some(1), "the first reading");
        assert_eq!(handover.newest(1), None, "nothing newer");

        handover.arm(false);
        assert_eq!(handover.newest(0), None, "disarming forgets");
        handover.publish(first, FAULT);
        let second = handover.arm(true).unwrap();
        handover.publish(first, FAULT);
        assert_eq!(handover.newest(0), None, "what was begun in an earlier arming is dropped");
        handover.publish(second, FAULT);
        assert_eq!(handover.newest(1).map(|r| r.sequence), Some(2), "a sequence number never comes twice");
    }

    #[test]
    fn who_waits_is_woken_and_who_rests_too() {
        let handover = Handover::default();
        let arming = handover.arm(true).unwrap();
        let long = Duration::from_secs(60);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| handover.wait_newer(0, long));
            let resting = scope.spawn(|| handover.rest(Some(arming), long));
            handover.publish(arming, FAULT);
            assert_eq!(waiting.join().unwrap().map(|r| r.sequence), Some(1), "woken by the reading");
            handover.arm(false);
            resting.join().unwrap();
        });
        assert_eq!(handover.wait_newer(0, Duration::from_millis(1)), None, "and not for ever");
    }
}
