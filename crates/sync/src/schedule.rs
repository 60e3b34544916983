//! When each task is due, and how long one that failed waits.
//!
//! The wait doubles with each failure in a row up to a limit, and is drawn between nothing and that ("full jitter", Marc Brooker,
//! "Exponential Backoff And Jitter", AWS Architecture Blog, 2015): booths whose network comes back at once do not all call at once.

use std::time::Duration;

/// What the booth does on its way to central, one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Saying how the booth is. It alone finds out whether central is there.
    Heartbeat,
    /// Changing the key.
    Rotation,
    /// Telling what became of commands.
    Outcomes,
    /// Blobs and events.
    Delivery,
    /// Pulling the directory.
    Directory,
}

impl Task {
    pub(crate) const ALL: [Self; 5] =
        [Self::Heartbeat, Self::Rotation, Self::Outcomes, Self::Delivery, Self::Directory];
}

/// When a task is due, on the steady clock.
#[derive(Clone, Copy, Debug, Default)]
struct Due {
    /// Nothing: it sleeps until it is woken.
    at: Option<Duration>,
    failures: u32,
    /// When it last had its turn, so that one that is always due starves no other.
    turn: u64,
}

/// When every task is due.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    due: [Due; Task::ALL.len()],
    turns: u64,
}

/// What is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// This task's turn.
    Now(Task),
    /// Nothing for that long.
    Sleep(Duration),
}

impl Schedule {
    /// The task that is due and has waited longest for its turn, among those that are allowed.
    pub(crate) fn next(&self, now: Duration, allowed: impl Fn(Task) -> bool) -> Next {
        let waiting = || Task::ALL.into_iter().filter(|task| allowed(*task));
        let due = waiting().filter(|task| self.of(*task).at.is_some_and(|at| at <= now));
        match due.min_by_key(|task| self.of(*task).turn) {
            Some(task) => Next::Now(task),
            None => {
                let soonest = waiting().filter_map(|task| self.of(task).at).min();
                Next::Sleep(soonest.map_or(Duration::MAX, |at| at.saturating_sub(now)))
            }
        }
    }

    /// The task begins now.
    pub(crate) fn began(&mut self, task: Task) {
        self.turns += 1;
        self.of_mut(task).turn = self.turns;
    }

    /// Due at `at`, whatever was before.
    pub(crate) fn set(&mut self, task: Task, at: Duration) {
        self.of_mut(task).at = Some(at);
    }

    /// Due now, unless it waits after a failure.
    pub(crate) fn wake(&mut self, task: Task, now: Duration) {
        let due = self.of_mut(task);
        if due.failures == 0 {
            due.at = Some(now);
        }
    }

    /// There is nothing to do until somebody wakes it.
    pub(crate) fn rest(&mut self, task: Task) {
        let due = self.of_mut(task);
        (due.at, due.failures) = (None, 0);
    }

    /// It went well. Whether that ends a row of failures that was told.
    pub(crate) fn succeeded(&mut self, task: Task) -> bool {
        let due = self.of_mut(task);
        std::mem::take(&mut due.failures) >= TOLD
    }

    /// It failed, and is due again after `wait`. Whether to tell somebody: once in a row of failures.
    pub(crate) fn failed(&mut self, task: Task, now: Duration, wait: Duration) -> bool {
        let due = self.of_mut(task);
        due.failures = due.failures.saturating_add(1);
        due.at = Some(now.saturating_add(wait));
        due.failures == TOLD
    }

    /// How often it failed in a row.
    pub(crate) fn failures(&self, task: Task) -> u32 {
        self.of(task).failures
    }

    fn of(&self, task: Task) -> &Due {
        &self.due[task as usize]
    }

    fn of_mut(&mut self, task: Task) -> &mut Due {
        &mut self.due[task as usize]
    }
}

/// So many failures in a row are told; fewer happen on any network.
pub(crate) const TOLD: u32 = 3;

/// The wait after `failures` earlier ones: `fraction` of `first` doubled as often, of `longest` at most. Never nothing.
pub(crate) fn wait(failures: u32, first: Duration, longest: Duration, fraction: f64) -> Duration {
    let doubled = first.saturating_mul(2u32.saturating_pow(failures.min(31))).min(longest);
    doubled.mul_f64(fraction.clamp(0.0, 1.0)).max(first / 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn one_that_is_always_due_starves_no_other() {
        let mut schedule = Schedule::default();
        schedule.set(Task::Delivery, SECOND);
        schedule.set(Task::Directory, SECOND);
        let mut turns = Vec::new();
        for _ in 0..4 {
            let Next::Now(task) = schedule.next(SECOND, |_| true) else { panic!("both are due") };
            schedule.began(task);
            turns.push(task);
        }
        assert_eq!(turns, [Task::Delivery, Task::Directory, Task::Delivery, Task::Directory]);
    }

    #[test]
    fn a_wake_up_does_not_cut_a_wait_short() {
        let mut schedule = Schedule::default();
        schedule.failed(Task::Delivery, SECOND, SECOND);
        schedule.wake(Task::Delivery, SECOND);
        assert_eq!(schedule.next(SECOND, |_| true), Next::Sleep(SECOND));
        schedule.rest(Task::Delivery);
        schedule.wake(Task::Delivery, SECOND);
        assert_eq!(schedule.next(SECOND, |_| true), Next::Now(Task::Delivery));
    }

    #[test]
    fn a_row_of_failures_is_told_once_and_so_is_its_end() {
        let mut schedule = Schedule::default();
        let told = (0..50).filter(|_| schedule.failed(Task::Heartbeat, SECOND, SECOND)).count();
        assert_eq!(told, 1);
        assert!(schedule.succeeded(Task::Heartbeat));
        assert!(!schedule.succeeded(Task::Heartbeat));
    }

    proptest! {
        #[test]
        fn a_wait_is_bounded_and_never_nothing(failures: u32, fraction in -1.0f64..2.0) {
            let wait = wait(failures, SECOND, 60 * SECOND, fraction);
            prop_assert!((SECOND / 10..=60 * SECOND).contains(&wait));
        }

        #[test]
        fn the_longest_waits_double(failures in 0u32..5) {
            prop_assert_eq!(wait(failures, SECOND, 60 * SECOND, 1.0), SECOND * 2u32.pow(failures));
        }
    }
}
