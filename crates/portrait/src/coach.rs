//! The live coach: one piece of advice at a time, from preview frames, until everything holds.
//!
//! It judges by the same measures and limits as the finished shot, on the face tracked from frame to frame, so that
//! what it lets pass passes afterwards. Each value is the median of the last frames, so that a blink or one bad frame
//! says nothing; each advice is given beyond its limit and taken back well inside of it, so that nothing flickers.
//! Words and drawings are the window's business.

mod advice;
mod observation;

use std::collections::VecDeque;
use std::time::Duration;

pub use advice::Advice;
use observation::Observation;

use crate::face::{Face, FaceError};
use crate::frame::Frame;
use crate::measures::Baseline;
use crate::models::{InferenceError, Models};
use crate::rejection::Reason;
use crate::silhouette::Ellipse;
use crate::specification::Specification;
use crate::white::WhiteBalance;

/// Frames whose median is taken: a third of a second at 15 Hz, longer than a blink.
const FRAMES: usize = 5;
/// Advice stays at least this long, unless its reason is gone.
const STAYS: Duration = Duration::from_millis(700);
/// Everything must hold this long before the shutter may go.
const HOLD: Duration = Duration::from_secs(1);
/// The whole frame is searched again after this many tracked frames: somebody else may have come.
const SEARCH_EVERY: u32 = 15;
/// A baseline needs this many frames of a face turned to the lens.
const BASELINE_FRAMES: usize = 15;
/// And forgets those before these.
const BASELINE_MOST: usize = 150;

/// What one preview frame says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coaching {
    /// What the person should do; none if nothing is wrong.
    pub advice: Option<Advice>,
    /// How long nothing has been wrong.
    pub held: Duration,
    /// Whether that is long enough for the shutter.
    pub ready: bool,
    /// The face, in fractions of the frame.
    pub face: Option<Ellipse>,
}

/// Follows one person through the preview.
pub struct Coach {
    spec: Specification,
    white: WhiteBalance,
    face: Option<Face>,
    others: usize,
    tracked: u32,
    recent: VecDeque<Observation>,
    shown: Option<(Advice, Duration)>,
    good_since: Option<Duration>,
    open: VecDeque<(f64, f64)>,
}

impl std::fmt::Debug for Coach {
    /// Counts alone: what is remembered is biometric.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Coach({} frames, {:?})", self.recent.len(), self.shown)
    }
}

impl Coach {
    /// A coach towards a photo of this specification.
    pub fn new(spec: &Specification) -> Self {
        Self {
            spec: spec.clone(),
            white: WhiteBalance::default(),
            face: None,
            others: 0,
            tracked: 0,
            recent: VecDeque::new(),
            shown: None,
            good_since: None,
            open: VecDeque::new(),
        }
    }

    /// The same for a camera whose white card showed `white`.
    pub fn with_white(self, white: WhiteBalance) -> Self {
        Self { white, ..self }
    }

    /// Looks at the next frame; `at` is its time on any clock that only goes forward.
    ///
    /// # Errors
    /// [`InferenceError`].
    pub fn see(&mut self, frame: &Frame, at: Duration, models: &Models) -> Result<Coaching, InferenceError> {
        self.find(frame, models)?;
        let face = self.face.as_ref();
        let seen =
            Observation::of(frame, face, self.others, models, &self.spec, (self.baseline(), self.white))?;
        self.learn(&seen);
        if self.recent.back().is_some_and(|last| last.somebody() != seen.somebody()) {
            // Whoever comes or goes is told at once, and leaves no values behind.
            self.recent.clear();
        }
        self.recent.push_back(seen);
        if self.recent.len() > FRAMES {
            self.recent.pop_front();
        }
        let advice = self.advise(at);
        let held = self.hold(advice.is_none(), at);
        let ellipse = self.face.as_ref().map(|f| ellipse(f, frame));
        Ok(Coaching { advice, held, ready: held >= HOLD, face: ellipse })
    }

    /// The person's own open eyes, once enough frames showed them.
    pub fn baseline(&self) -> Option<Baseline> {
        if self.open.len() < BASELINE_FRAMES {
            return None;
        }
        let at = |share: f64, pick: fn(&(f64, f64)) -> f64| {
            let mut values: Vec<f64> = self.open.iter().map(pick).collect();
            let i = (share * (values.len() - 1) as f64) as usize;
            *values.select_nth_unstable_by(i, f64::total_cmp).1
        };
        // Blinks are the minority: the widest quarter are open eyes.
        Some(Baseline { lids: at(0.75, |v| v.0), blink: at(0.25, |v| v.1) })
    }

    /// Tracks the face, or searches the frame for it.
    fn find(&mut self, frame: &Frame, models: &Models) -> Result<(), InferenceError> {
        self.tracked += 1;
        if self.tracked < SEARCH_EVERY
            && let Some(known) = &self.face
        {
            self.face = known.track(frame, models)?;
            if self.face.is_some() {
                return Ok(());
            }
        }
        self.tracked = 0;
        (self.face, self.others) = match Face::find(frame, models) {
            Ok(face) => (Some(face), 0),
            Err(FaceError::Refused(Reason::SeveralFaces { count })) => (None, count - 1),
            Err(FaceError::Refused(_)) => (None, 0),
            Err(FaceError::Inference(error)) => return Err(error),
        };
        if self.face.is_none() {
            self.open.clear();
        }
        Ok(())
    }

    fn learn(&mut self, seen: &Observation) {
        if let Some(lids) = seen.frontal_lids() {
            self.open.push_back(lids);
            if self.open.len() > BASELINE_MOST {
                self.open.pop_front();
            }
        }
    }

    /// The advice to show: the present one until its reason is well gone, or until a more important one is due.
    fn advise(&mut self, at: Duration) -> Option<Advice> {
        let severity = |advice: Advice| observation::severity(&self.recent, advice, &self.spec);
        let wanted = Advice::ALL.iter().copied().find(|a| severity(*a) > 1.0);
        let next = match self.shown {
            Some((shown, _)) if severity(shown) < advice::LEAVE => wanted,
            Some((shown, since)) if at.saturating_sub(since) < STAYS => Some(shown),
            Some((shown, _)) => wanted.filter(|w| w < &shown).or(Some(shown)),
            None => wanted,
        };
        if next != self.shown.map(|(advice, _)| advice) {
            self.shown = next.map(|advice| (advice, at));
        }
        next
    }

    fn hold(&mut self, good: bool, at: Duration) -> Duration {
        if !good || self.face.is_none() {
            self.good_since = None;
            return Duration::ZERO;
        }
        at.saturating_sub(*self.good_since.get_or_insert(at))
    }
}

fn ellipse(face: &Face, frame: &Frame) -> Ellipse {
    let [left, top, right, bottom] = crate::face::bounds(face.landmarks());
    let (width, height) = (f64::from(frame.width()), f64::from(frame.height()));
    Ellipse {
        cx: f64::midpoint(left, right) / width,
        cy: f64::midpoint(top, bottom) / height,
        rx: (right - left) / 2.0 / width,
        ry: (bottom - top) / 2.0 / height,
    }
}
