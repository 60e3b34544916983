//! The thread that looks through the camera: it coaches a student who shoots, holds the camera's exposure for them, and learns the
//! empty backdrop when nobody is here.

mod backdrop;

use crate::coaching::Seat;
use crate::inner::Inner;
use crate::sitting::{Sitting, in_view, shooting};
use backdrop::Caretaker;
use domain::programme::Programme;
use domain::session::State;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How long the thread sleeps while nothing changes on the screen.
const IDLE: Duration = Duration::from_millis(500);

/// What the session asks of this thread.
enum Task {
    /// Coach this student.
    Coach(u64, Arc<Programme>),
    /// A student shoots, and doesn't sit in front of the camera just now.
    Wait,
    /// Nobody is here, for so many milliseconds.
    Quiet(i64),
    /// Somebody is here, and doesn't shoot.
    Rest,
}

impl Task {
    fn of(inner: &Inner, sitting: &Sitting) -> Self {
        let looks = in_view(&sitting.state) || matches!(sitting.state, State::Briefing(_));
        match &sitting.programme {
            Some(programme) if looks => Self::Coach(sitting.generation, Arc::clone(programme)),
            _ if shooting(&sitting.state) => Self::Wait,
            _ if sitting.state == State::Attract => {
                Self::Quiet(inner.clock.steady().since_ms(sitting.entered))
            }
            _ => Self::Rest,
        }
    }
}

/// What the thread keeps between two looks.
#[derive(Default)]
struct Watch {
    seat: Option<Seat>,
    caretaker: Caretaker,
    held: bool,
}

/// Runs until the booth is gone.
pub(crate) fn run(booth: &Weak<Inner>) {
    let mut watch = Watch::default();
    while let Some(inner) = booth.upgrade() {
        let task = Task::of(&inner, &inner.sitting.lock());
        // A defect in the coach must not end the booth: the student's own button works without it.
        let looked = catch_unwind(AssertUnwindSafe(|| watch.do_one(&inner, &task)));
        if !looked.unwrap_or_else(|_| watch.start_over()) {
            let mut sitting = inner.sitting.lock();
            inner.moved.wait_for(&mut sitting, IDLE);
        }
    }
}

impl Watch {
    /// Does what is to do; whether there may be more to do at once.
    fn do_one(&mut self, inner: &Arc<Inner>, task: &Task) -> bool {
        self.hold(inner, matches!(task, Task::Coach(..) | Task::Wait));
        let Some(models) = &inner.models else { return false };
        match task {
            Task::Coach(generation, programme) => {
                if !self.seat.as_ref().is_some_and(|seat| seat.is_of(*generation, programme)) {
                    self.seat = Seat::new(inner, *generation, Arc::clone(programme));
                }
                let Some(seat) = &mut self.seat else { return false };
                seat.look(inner, models);
                return true;
            }
            // What was learned of the student stays until they take another shot or leave.
            Task::Wait => {}
            Task::Quiet(since_ms) => {
                self.seat = None;
                self.caretaker.look(inner, models, *since_ms);
            }
            Task::Rest => self.seat = None,
        }
        false
    }

    fn start_over(&mut self) -> bool {
        tracing::error!("looking through the camera failed; the coach starts over");
        self.seat = None;
        false
    }

    /// Holds exposure and white balance for a student, or gives them back. A camera that can't is used as it is.
    fn hold(&mut self, inner: &Inner, wanted: bool) {
        if self.held == wanted {
            return;
        }
        let asked = if wanted { inner.camera.hold() } else { inner.camera.release() };
        self.held = wanted;
        match asked {
            Ok(held) => {
                tracing::debug!(wanted, loose = ?held.loose, "the camera's exposure was held or released")
            }
            Err(fault) => tracing::warn!(wanted, %fault, "the camera's exposure can't be held or released"),
        }
    }
}
