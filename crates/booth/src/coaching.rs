//! The coach beside the preview: looks at the newest frame, says one thing at a time, and lets the countdown begin and end.
//!
//! What to say is the portrait room's business; here it meets the student's session. The student's own button always works, and a
//! countdown that it began is never given up.

use crate::burst;
use crate::inner::Inner;
use crate::sitting::{Sitting, in_view};
use crate::view::CoachingView;
use crate::words;
use crate::workflow::{advance, begin_countdown};
use domain::programme::Programme;
use domain::session::{Event, State};
use portrait::{Coach, Coaching, Models};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often the coach looks at most: 20 times a second follow a moving head, and leave the preview its share of the processor.
const INTERVAL: Duration = Duration::from_millis(50);

/// How long a frame is waited for.
const FRAME_WAIT: Duration = Duration::from_millis(500);

/// How long nothing starts by itself after the screen has come: whoever has just retaken reads the screen first.
const GRACE_MS: i64 = 2000;

/// The coach of one student, with what it has learned of them.
pub(crate) struct Seat {
    generation: u64,
    programme: Arc<Programme>,
    coach: Coach,
    began: Instant,
    last: u64,
    due: Instant,
}

impl Seat {
    /// A coach who has seen nothing of this student yet.
    pub fn new(inner: &Inner, generation: u64, programme: Arc<Programme>) -> Option<Self> {
        let white = inner.calibrations.white().unwrap_or_default();
        let coach = Coach::new(&*inner.specification(&programme)?).with_white(white);
        let now = Instant::now();
        Some(Self { generation, programme, coach, began: now, last: 0, due: now })
    }

    /// Whether it is this student's, in this programme.
    pub fn is_of(&self, generation: u64, programme: &Arc<Programme>) -> bool {
        self.generation == generation && Arc::ptr_eq(&self.programme, programme)
    }

    /// Looks at the newest frame and tells the session.
    pub fn look(&mut self, inner: &Arc<Inner>, models: &Models) {
        let Some(frame) = inner.camera.wait_newer(self.last, FRAME_WAIT) else {
            return self.tell(inner, CoachingView::Looking);
        };
        self.last = frame.sequence;
        if frame.captured < self.due {
            return;
        }
        // A frame late by less than an interval leaves the rhythm as it is.
        self.due = (self.due + INTERVAL).max(frame.captured);
        let Some(pixels) = burst::pixels(&frame) else { return };
        match self.coach.see(&pixels, frame.captured.saturating_duration_since(self.began), models) {
            Ok(coaching) => self.tell(inner, shown(&coaching)),
            Err(error) => {
                tracing::error!(%error, "the coach can't look");
                self.tell(inner, CoachingView::Looking);
            }
        }
    }

    fn tell(&self, inner: &Arc<Inner>, said: CoachingView) {
        let mut sitting = inner.sitting.lock();
        if sitting.generation == self.generation {
            sitting.baseline = self.coach.baseline();
            hear(inner, &mut sitting, said);
        }
    }
}

fn shown(coaching: &Coaching) -> CoachingView {
    match coaching.advice {
        Some(advice) => CoachingView::Advice { advice: words::advice(advice) },
        None if coaching.ready => CoachingView::Ready,
        None if coaching.held > Duration::ZERO => CoachingView::Holding,
        None => CoachingView::Looking,
    }
}

/// What the coach said reaches the screen, and may begin or end a countdown.
fn hear(inner: &Arc<Inner>, sitting: &mut Sitting, said: CoachingView) {
    if !in_view(&sitting.state) {
        return;
    }
    sitting.coaching = said;
    let here_ms = inner.clock.steady().since_ms(sitting.entered);
    let follows = match reaction(&sitting.state, said, sitting.automatic, here_ms) {
        Reaction::Begin if inner.settings.camera.auto_shutter => begin_countdown(inner, sitting, true),
        Reaction::GiveUp => give_up(inner, sitting, said),
        Reaction::Begin | Reaction::None => Ok(()),
    };
    if matches!(said, CoachingView::Holding | CoachingView::Ready) {
        sitting.given_up = None;
    }
    if let Err(error) = follows {
        tracing::error!(%error, "the coach's word could not be followed");
    }
    inner.publish(sitting);
}

fn give_up(
    inner: &Arc<Inner>,
    sitting: &mut Sitting,
    said: CoachingView,
) -> Result<(), crate::error::BoothError> {
    advance(inner, sitting, Event::Back)?;
    sitting.given_up = if let CoachingView::Advice { advice } = said { Some(advice) } else { None };
    Ok(())
}

/// What follows from the coach's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reaction {
    None,
    Begin,
    GiveUp,
}

/// `automatic` says whether the countdown began by itself, `here_ms` how long the screen has been shown.
fn reaction(state: &State, said: CoachingView, automatic: bool, here_ms: i64) -> Reaction {
    match (state, said) {
        (State::Framing(at), CoachingView::Ready) if at.shots_left > 0 && here_ms >= GRACE_MS => {
            Reaction::Begin
        }
        (State::Countdown(_), CoachingView::Advice { .. }) if automatic => Reaction::GiveUp,
        _ => Reaction::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::AdviceCode;
    use domain::programme::PayWhen;
    use domain::session::{Resume, Way, next};
    use domain::{OrderId, UtcMillis};

    const ADVICE: CoachingView = CoachingView::Advice { advice: AdviceCode::Closer };

    fn framing(shots: u32) -> State {
        let way = Way { pay_when: PayWhen::BySchool, shots, collection_code: false, import: false };
        let order = OrderId::new(UtcMillis(1), [1; 10]);
        [
            Event::Start,
            Event::Choose(way),
            Event::GuidesRead { shown: true },
            Event::Known,
            Event::Identified(Resume::New),
            Event::Agree,
            Event::DetailsConfirmed,
            Event::PlaceOrder,
            Event::OrderPlaced { order, settled: true },
            Event::Ready,
        ]
        .into_iter()
        .fold(State::Attract, |state, event| next(state, event).unwrap().0)
    }

    #[test]
    fn the_shutter_waits_until_everything_held_and_the_screen_was_read() {
        for (said, here_ms, expect) in [
            (CoachingView::Ready, 2000, Reaction::Begin),
            (CoachingView::Ready, 1999, Reaction::None),
            (CoachingView::Holding, 9000, Reaction::None),
            (ADVICE, 9000, Reaction::None),
            (CoachingView::Looking, 9000, Reaction::None),
        ] {
            assert_eq!(reaction(&framing(3), said, false, here_ms), expect, "{said:?} after {here_ms} ms");
        }
        assert_eq!(
            reaction(&framing(0), CoachingView::Ready, false, 9000),
            Reaction::None,
            "no shot is left"
        );
    }

    #[test]
    fn only_a_countdown_that_began_by_itself_is_given_up() {
        let counting = next(framing(3), Event::Shoot).unwrap().0;
        assert_eq!(reaction(&counting, ADVICE, true, 500), Reaction::GiveUp);
        assert_eq!(reaction(&counting, ADVICE, false, 500), Reaction::None, "the student pressed the button");
        for calm in [CoachingView::Looking, CoachingView::Holding, CoachingView::Ready] {
            assert_eq!(reaction(&counting, calm, true, 500), Reaction::None, "{calm:?} is no reason");
        }
    }
}
