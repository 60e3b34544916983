//! What the booth holds of the student who is here: in memory only, and wiped as one.

use crate::clock::SteadyMillis;
use crate::documents::Line;
use crate::student::Student;
use crate::view::{AdviceCode, CoachingView, Language, MeasureView, ReasonCode};
use domain::programme::{PayWhen, Programme};
use domain::session::{State, Way};
use domain::{Fen, OrderId, PhotoId};
use std::sync::Arc;

/// A consent that was given, with the hash of the text that was on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its name.
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the text, in both languages.
    pub text_sha256: [u8; 32],
}

/// What the screens say of the student's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderSummary {
    /// The order.
    pub id: OrderId,
    /// The number that people say.
    pub number: String,
    /// What is due.
    pub amount: Fen,
    /// What for.
    pub lines: Vec<Line>,
}

/// What came of the last shot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LastShot {
    /// What was measured.
    pub measures: Vec<MeasureView>,
    /// Why there is no photo.
    pub reasons: Vec<ReasonCode>,
}

/// The student who is here, or nobody.
#[derive(Debug)]
pub struct Sitting {
    /// Which student: grows with each log-out, so that what belongs to an earlier one is told apart.
    pub generation: u64,
    /// Where the student is.
    pub state: State,
    /// The student's language.
    pub language: Language,
    /// The programme chosen.
    pub programme: Option<Arc<Programme>>,
    /// The consents given.
    pub consents: Vec<Given>,
    /// Who it is.
    pub student: Option<Student>,
    /// How many sheets were chosen.
    pub sheets: u32,
    /// The order.
    pub order: Option<OrderSummary>,
    /// The photo on the screen, or the last shot that failed.
    pub shot: LastShot,
    /// The photos of the shot on the screen, the best first.
    pub choices: Vec<PhotoId>,
    /// Whether another of them is being made.
    pub making: bool,
    /// What the coach says.
    pub coaching: CoachingView,
    /// Whether the countdown started by itself.
    pub automatic: bool,
    /// Why such a countdown was given up.
    pub given_up: Option<AdviceCode>,
    /// The person's own open eyes and closed mouth, as the coach learned them.
    pub baseline: Option<portrait::Baseline>,
    /// Whether the preview shows the official background; nothing until the student has chosen.
    pub background: Option<bool>,
    /// Whether the last shot was lost.
    pub lost: bool,
    /// Whole seconds of countdown left.
    pub countdown_s: u8,
    /// The last touch.
    pub touched: SteadyMillis,
    /// When the present screen came.
    pub entered: SteadyMillis,
    /// When the shooting began.
    pub shooting_since: Option<SteadyMillis>,
}

impl Sitting {
    /// Nobody is here.
    #[must_use]
    pub fn nobody(generation: u64, language: Language, now: SteadyMillis) -> Self {
        Self {
            generation,
            state: State::Attract,
            language,
            programme: None,
            consents: vec![],
            student: None,
            sheets: 0,
            order: None,
            shot: LastShot::default(),
            choices: vec![],
            making: false,
            coaching: CoachingView::Looking,
            automatic: false,
            given_up: None,
            baseline: None,
            background: None,
            lost: false,
            countdown_s: 0,
            touched: now,
            entered: now,
            shooting_since: None,
        }
    }

    /// Forgets the student, at the screen where they are: the welcome screen, which begins in Chinese, or the one that sends them
    /// to the counter, which speaks their language.
    pub fn forget(&mut self, now: SteadyMillis) {
        let language = if self.state == State::Attract { Language::Zh } else { self.language };
        *self = Self { state: self.state, ..Self::nobody(self.generation + 1, language, now) };
    }

    /// Goes to `state`, and starts the clocks that belong to it.
    pub fn go(&mut self, state: State, now: SteadyMillis) {
        if self.state.name() != state.name() {
            self.entered = now;
            self.touched = now;
        }
        if !in_view(&self.state) {
            self.coaching = CoachingView::Looking;
            self.given_up = None;
        }
        self.shooting_since = if shooting(&state) { self.shooting_since.or(Some(now)) } else { None };
        self.state = state;
    }

    /// Milliseconds until this screen logs out by itself; nothing where it doesn't.
    #[must_use]
    pub fn time_left_ms(&self, now: SteadyMillis) -> Option<i64> {
        let limits = self.programme.as_ref().map(|programme| programme.limits);
        let seconds = |pick: fn(&domain::programme::TimeLimits) -> u32, default: u32| {
            i64::from(limits.as_ref().map_or(default, pick)) * 1000
        };
        let screen_ms = seconds(|l| l.screen_s, 90);
        let touched = self.touched.plus_ms(screen_ms);
        let shooting = self.shooting_since.unwrap_or(self.entered).plus_ms(seconds(|l| l.shooting_s, 420));
        let end = match self.state {
            // The countdown ends by itself, and processing decides by itself.
            State::Attract | State::Processing(_) | State::Countdown(_) => return None,
            // Nobody is logged out while staff type the PIN, or before they have seen the photo.
            State::Paying { .. } => self.entered.plus_ms(seconds(|l| l.pay_s, 600)).max(touched),
            State::Briefing(_) | State::Framing(_) => shooting,
            State::Reviewing { .. } => shooting.max(touched),
            State::Done(_) => self.touched.plus_ms(seconds(|l| l.done_s, 45)),
            _ => touched,
        };
        Some(end.since_ms(now).max(0))
    }
}

/// Whether the student shoots: the camera is held steady for them.
#[must_use]
pub fn shooting(state: &State) -> bool {
    in_view(state) || matches!(state, State::Briefing(_) | State::Processing(_) | State::Reviewing { .. })
}

/// Whether the student sees themself in the preview.
#[must_use]
pub fn in_view(state: &State) -> bool {
    matches!(state, State::Framing(_) | State::Countdown(_))
}

/// What of a programme decides the way.
#[must_use]
pub fn way(programme: &Programme) -> Way {
    let free = programme.photo_price == Fen::ZERO && programme.sheet_price == Fen::ZERO;
    let pay_when = if free { PayWhen::BySchool } else { programme.pay_when };
    Way { pay_when, shots: programme.shots }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::session::{Event, next};

    #[test]
    fn a_touch_moves_the_screens_end_and_nothing_is_left_after_a_log_out() {
        let mut sitting = Sitting::nobody(1, Language::En, SteadyMillis(0));
        assert_eq!(sitting.time_left_ms(SteadyMillis(1_000_000)), None, "the welcome screen stays");
        sitting.go(next(sitting.state, Event::Start).unwrap().0, SteadyMillis(1_000));
        assert_eq!(sitting.time_left_ms(SteadyMillis(2_000)), Some(89_000));
        sitting.touched = SteadyMillis(11_000);
        assert_eq!(sitting.time_left_ms(SteadyMillis(12_000)), Some(89_000), "a touch counts");
        assert_eq!(sitting.time_left_ms(SteadyMillis(500_000)), Some(0), "never negative");
        sitting.go(State::Attract, SteadyMillis(600_000));
        sitting.forget(SteadyMillis(600_000));
        assert_eq!((sitting.generation, sitting.language), (2, Language::Zh));
    }
}
