//! What the booth holds of the student who is here: in memory only, and wiped as one.

use crate::clock::SteadyMillis;
use crate::documents::Line;
use crate::student::{Identity, Student};
use crate::view::{
    AdviceCode, CardFaultCode, CoachingView, CodeRefusalCode, DetailField, ErrorCode, IdMethod, Language,
    MeasureView, PayMeans, ReasonCode, ShowAdviceCode,
};
use domain::programme::{PayWhen, Programme};
use domain::session::{State, Way};
use domain::{Fen, OrderId, PhotoId};
use ledger::{Delivery, Known, PersonOrder, RosterEntry};
use reader::code::{CollectionCode, Fingerprint};
use reader::stick::{Entry, Stick};
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

/// How far somebody has identified.
#[derive(Debug)]
pub struct Who {
    /// The way that they chose.
    pub method: IdMethod,
    /// The document that they presented.
    pub identity: Option<Identity>,
    /// What the camera read, to be confirmed.
    pub seen: Option<Identity>,
    /// Why the card on the reader could not be read.
    pub card_fault: Option<CardFaultCode>,
    /// How the document must be held.
    pub advice: Option<ShowAdviceCode>,
    /// What the ledger knows of them.
    pub known: Option<Known>,
    /// What the school's roster says of them.
    pub roster: Option<RosterEntry>,
    /// What they reported as wrong.
    pub disputed: Vec<DetailField>,
}

impl Default for Who {
    fn default() -> Self {
        Self {
            method: IdMethod::Typed,
            identity: None,
            seen: None,
            card_fault: None,
            advice: None,
            known: None,
            roster: None,
            disputed: vec![],
        }
    }
}

/// The collection code that the student shows.
#[derive(Debug, Default)]
pub struct Shown {
    /// The one that was read.
    pub code: Option<CollectionCode>,
    /// Why what was shown isn't taken.
    pub refusal: Option<CodeRefusalCode>,
    /// The day on which it was used before.
    pub used_on: Option<String>,
    /// A code of somebody else, which is passed over while it stays in view.
    pub not_theirs: Option<Fingerprint>,
}

/// What the student orders.
#[derive(Debug)]
pub struct Basket {
    /// How many sheets of each size of prints, by its name in the programme; none without paper prints.
    pub sheets: Vec<(String, u32)>,
    /// How they are got.
    pub delivery: Delivery,
}

impl Default for Basket {
    fn default() -> Self {
        Self { sheets: vec![], delivery: Delivery::here() }
    }
}

/// A code to pay with, on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineCode {
    /// With which application.
    pub means: PayMeans,
    /// What the QR says; empty while it is asked for.
    pub code_url: String,
    /// When it is void.
    pub expires: SteadyMillis,
    /// Whether the provider could be asked the last time.
    pub reachable: bool,
}

/// A picture on the USB stick that the student may choose.
#[derive(Clone)]
pub struct StickPicture {
    /// Its name in events: never a path.
    pub id: String,
    /// The stick.
    pub stick: Stick,
    /// Where on it.
    pub entry: Entry,
}

impl std::fmt::Debug for StickPicture {
    /// Without the file's name, which may be a person's.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StickPicture").field("id", &self.id).finish_non_exhaustive()
    }
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
    /// Whether the student was where something of a person is typed or shown: the window must forget it after them.
    pub personal: bool,
    /// The student's language.
    pub language: Language,
    /// The programme chosen.
    pub programme: Option<Arc<Programme>>,
    /// The consents given.
    pub consents: Vec<Given>,
    /// How far they have identified.
    pub who: Who,
    /// Who it is.
    pub student: Option<Student>,
    /// The collection code.
    pub shown: Shown,
    /// What they order.
    pub basket: Basket,
    /// The code to pay with.
    pub online: Option<OnlineCode>,
    /// The pictures on the USB stick; nothing where none is plugged in, an error where it can't be read.
    pub stick: Option<Result<Vec<StickPicture>, ()>>,
    /// The picture that they chose.
    pub import: Option<Vec<u8>>,
    /// Their orders, while they look at them.
    pub orders: Vec<PersonOrder>,
    /// Whether they asked for the deletion of everything.
    pub deletion_asked: bool,
    /// Whether they have called staff.
    pub called: bool,
    /// Why what they laid or held before a device was refused.
    pub refused: Option<ErrorCode>,
    /// Whether the photo before was rejected by a reviewer.
    pub rejected: bool,
    /// Why, as the campus office wrote it.
    pub rejection: Option<String>,
    /// How many shots were lost in a row.
    pub lost_in_a_row: u32,
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
            personal: false,
            language,
            programme: None,
            consents: vec![],
            who: Who::default(),
            student: None,
            shown: Shown::default(),
            basket: Basket::default(),
            online: None,
            stick: None,
            import: None,
            orders: vec![],
            deletion_asked: false,
            called: false,
            refused: None,
            rejected: false,
            rejection: None,
            lost_in_a_row: 0,
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

    /// Forgets who is identifying, so that nothing of one person is with the next at the same screen.
    pub fn forget_person(&mut self) {
        self.who = Who::default();
        self.student = None;
        self.consents.clear();
        self.shown = Shown::default();
        self.basket = Basket::default();
        self.order = None;
        self.online = None;
        self.import = None;
        self.orders.clear();
        self.shot = LastShot::default();
        self.choices.clear();
        self.making = false;
        self.refused = None;
        self.rejected = false;
        self.rejection = None;
    }

    /// Forgets the student, at the screen where they are: the welcome screen, which begins in Chinese, or the one that sends them
    /// to the counter, which speaks their language.
    pub fn forget(&mut self, now: SteadyMillis) {
        let language = if self.state == State::Attract { Language::Zh } else { self.language };
        // Who is sent to the counter still stands before the screen: the window forgets them when it is left.
        let personal = self.personal && self.state != State::Attract;
        *self = Self { state: self.state, personal, ..Self::nobody(self.generation + 1, language, now) };
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
        self.personal |= !impersonal(&state);
        self.state = state;
    }

    /// Milliseconds until this screen logs out by itself; nothing where it doesn't. Before a programme is chosen a screen without a touch
    /// stays for `screen_s` seconds.
    #[must_use]
    pub fn time_left_ms(&self, now: SteadyMillis, screen_s: u32) -> Option<i64> {
        let limits = self.programme.as_ref().map(|programme| programme.limits);
        let seconds = |pick: fn(&domain::programme::TimeLimits) -> u32, default: u32| {
            i64::from(limits.as_ref().map_or(default, pick)) * 1000
        };
        let screen_ms = seconds(|l| l.screen_s, screen_s);
        let touched = self.touched.plus_ms(screen_ms);
        let shooting = self.shooting_since.unwrap_or(self.entered).plus_ms(seconds(|l| l.shooting_s, 420));
        let end = match self.state {
            // The countdown ends by itself, and processing decides by itself.
            State::Attract | State::Processing(_) | State::Countdown(_) => return None,
            // Nobody is logged out while staff type the PIN, or before they have seen the photo.
            State::Paying { .. } | State::Approving(_) | State::Printing(_) => {
                self.entered.plus_ms(seconds(|l| l.pay_s, 600)).max(touched)
            }
            State::Briefing(_) | State::Framing(_) => shooting,
            State::Importing(_) => shooting.max(touched),
            State::Reviewing { .. } => shooting.max(touched),
            State::Done(_) => self.touched.plus_ms(seconds(|l| l.done_s, 45)),
            _ => touched,
        };
        Some(end.since_ms(now).max(0))
    }
}

/// Whether the screen shows the same to everybody.
fn impersonal(state: &State) -> bool {
    matches!(state, State::Attract | State::Choosing | State::Guiding { .. })
}

/// Whether the student shoots: the camera is held steady for them.
#[must_use]
pub fn shooting(state: &State) -> bool {
    in_view(state)
        || matches!(
            state,
            State::Briefing(_) | State::Importing(_) | State::Processing(_) | State::Reviewing { .. }
        )
}

/// Whether the student sees themself in the preview.
#[must_use]
pub fn in_view(state: &State) -> bool {
    matches!(state, State::Framing(_) | State::Countdown(_))
}

/// What of a programme decides the way.
#[must_use]
pub fn way(programme: &Programme) -> Way {
    let prints = programme.prints.iter().map(|print| print.sheet_price);
    let free = prints.chain([programme.photo_price, programme.postage]).all(|price| price == Fen::ZERO);
    let pay_when = if free { PayWhen::BySchool } else { programme.pay_when };
    Way {
        pay_when,
        shots: programme.shots,
        collection_code: programme.collection_code,
        import: programme.import,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::session::{Event, next};

    #[test]
    fn a_touch_moves_the_screens_end_and_nothing_is_left_after_a_log_out() {
        let mut sitting = Sitting::nobody(1, Language::En, SteadyMillis(0));
        assert_eq!(sitting.time_left_ms(SteadyMillis(1_000_000), 90), None, "the welcome screen stays");
        sitting.go(next(sitting.state, Event::Start).unwrap().0, SteadyMillis(1_000));
        assert_eq!(sitting.time_left_ms(SteadyMillis(2_000), 90), Some(89_000));
        sitting.touched = SteadyMillis(11_000);
        assert_eq!(sitting.time_left_ms(SteadyMillis(12_000), 90), Some(89_000), "a touch counts");
        assert_eq!(sitting.time_left_ms(SteadyMillis(500_000), 90), Some(0), "never negative");
        sitting.go(State::Attract, SteadyMillis(600_000));
        sitting.forget(SteadyMillis(600_000));
        assert_eq!((sitting.generation, sitting.language), (2, Language::Zh));
    }

    #[test]
    fn only_who_was_asked_for_something_leaves_something_to_forget() {
        let way = Way { pay_when: PayWhen::BySchool, shots: 3, collection_code: false, import: false };
        let mut sitting = Sitting::nobody(1, Language::Zh, SteadyMillis(0));
        let mut go = |state| {
            sitting.go(state, SteadyMillis(1));
            let personal = sitting.personal;
            if matches!(state, State::Attract | State::StaffNeeded(_)) {
                sitting.forget(SteadyMillis(2));
            }
            personal
        };
        assert!(
            !go(State::Choosing) && !go(State::Guiding { way, newcomer: false }),
            "these screens are everybody's"
        );
        assert!(!go(State::Attract), "a glance at the programmes leaves nothing");
        assert!(go(State::Detailing(way)) && go(State::StaffNeeded(None)));
        assert!(go(State::Attract), "who was sent to the counter stood there until now");
        assert!(!go(State::Choosing), "the next one begins with nothing");
    }
}
