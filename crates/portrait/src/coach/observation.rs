//! What one frame shows, and how far beyond its limit each advice's value is.

use std::collections::VecDeque;

use super::Advice;
use crate::face::Face;
use crate::frame::Frame;
use crate::geometry::Point;
use crate::light::Exposure;
use crate::measure::Measure;
use crate::measures::{Baseline, Sight};
use crate::models::{InferenceError, Models};
use crate::silhouette::silhouette;
use crate::specification::Specification;
use crate::white::WhiteBalance;

/// The crop may be this much smaller and larger than the silhouette's: within these every window of the shipped
/// specifications has room for the heads of the rendered people.
const SMALLEST: f64 = 0.55;
const LARGEST: f64 = 1.3;
/// The eyes may be this far above or below the silhouette's, of the frame's height.
const HEIGHT: f64 = 0.13;
/// Someone sideways is told before the shot would be refused.
const ASIDE: f64 = 0.75;
/// The face may be this much narrower than a specification's nearest allows.
const NEAR: f64 = 0.95;
/// Movement of the eyes from frame to frame, in eye distances, from which a shot smears.
const STILL: f64 = 0.06;

/// The values of one frame.
#[derive(Clone)]
pub(super) enum Observation {
    /// No face.
    Nobody,
    /// Several people.
    Several,
    /// One person.
    Person(Box<Values>),
}

/// A person's values.
#[derive(Clone)]
pub(super) struct Values {
    /// Face width over the silhouette's.
    size: f64,
    inter_eye_px: f64,
    face_share: f64,
    /// Eyes right of the frame's middle, over its width; below the silhouette's, over its height.
    across: f64,
    below: f64,
    eyes: Point,
    highlight: f64,
    lids: (f64, f64),
    measures: Vec<(Measure, f64)>,
    hair: bool,
}

impl Observation {
    pub(super) fn of(
        frame: &Frame,
        face: Option<&Face>,
        others: usize,
        models: &Models,
        spec: &Specification,
        (baseline, white): (Option<Baseline>, WhiteBalance),
    ) -> Result<Self, InferenceError> {
        let Some(face) = face else { return Ok(if others > 0 { Self::Several } else { Self::Nobody }) };
        let sight = Sight::new(frame, face, models, baseline, white)?;
        let (width, height) = (f64::from(frame.width()), f64::from(frame.height()));
        let eyes = face.eye_centre();
        // A specification whose own silhouette cannot be drawn is refused when it is loaded for a programme.
        let ideal = silhouette(spec, frame.width(), frame.height()).ok();
        let measures = sight.measure(spec);
        Ok(Self::Person(Box::new(Values {
            size: ideal.map_or(1.0, |s| face.width_px() / (2.0 * s.face.rx * width)),
            inter_eye_px: face.inter_eye_px(),
            face_share: face.width_px() / height,
            across: (eyes.x - (width - 1.0) / 2.0) / width,
            below: ideal.map_or(0.0, |s| eyes.y / height - s.eye_y),
            eyes,
            highlight: Exposure::measure(frame, &sight).highlight(),
            lids: sight.lids(),
            hair: sight.hair_between_eyes(),
            measures: measures.iter().map(|m| (m.measure, m.value)).collect(),
        })))
    }

    /// Whether there is exactly one person.
    pub(super) fn somebody(&self) -> bool {
        matches!(self, Self::Person(_))
    }

    /// Lids and blink of a face that is turned to the lens.
    pub(super) fn frontal_lids(&self) -> Option<(f64, f64)> {
        let Self::Person(values) = self else { return None };
        let frontal =
            values.of(Measure::HeadPoseYaw).abs() < 7.0 && values.of(Measure::HeadPosePitch).abs() < 7.0;
        frontal.then_some(values.lids)
    }
}

impl Values {
    fn of(&self, measure: Measure) -> f64 {
        self.measures.iter().find(|(m, _)| *m == measure).map_or(f64::NAN, |(_, v)| *v)
    }
}

/// How far the recent frames are beyond an advice's limit: 1 at the limit.
pub(super) fn severity(recent: &VecDeque<Observation>, advice: Advice, spec: &Specification) -> f64 {
    let people: Vec<&Values> = recent
        .iter()
        .filter_map(|o| if let Observation::Person(values) = o { Some(&**values) } else { None })
        .collect();
    let flag = |yes: bool| if yes { 2.0 } else { 0.0 };
    match (advice, recent.back()) {
        (Advice::StepIn, last) => flag(matches!(last, None | Some(Observation::Nobody))),
        (Advice::OnlyOne, last) => flag(matches!(last, Some(Observation::Several))),
        (_, Some(Observation::Person(_))) => of_person(&people, advice, spec),
        _ => 0.0,
    }
}

fn of_person(people: &[&Values], advice: Advice, spec: &Specification) -> f64 {
    let median = |value: &dyn Fn(&Values) -> f64| median(people.iter().map(|v| value(v)));
    let measured = |m: Measure| median(&|v| v.of(m));
    let high = |m: Measure| over(measured(m), spec.limit(m).map_or(f64::INFINITY, |l| l.high));
    let low = |m: Measure| under(measured(m), spec.limit(m).map_or(f64::NEG_INFINITY, |l| l.low));
    // Below the lower end of a window about zero.
    let negative = |m: Measure| spec.limit(m).map_or(0.0, |l| over(-measured(m), -l.low));
    let both = |m: Measure| high(m).max(negative(m));
    let hidden = low(Measure::EyesVisible);
    let hair = people.iter().filter(|v| v.hair).count() * 2 > people.len();
    let aside = spec.limit(Measure::FramePosition).map_or(f64::INFINITY, |l| l.high) * ASIDE;
    match advice {
        Advice::Closer => under(median(&|v| v.size), SMALLEST)
            .max(under(median(&|v| v.inter_eye_px), spec.source.min_inter_eye_px)),
        Advice::Back => over(median(&|v| v.size), LARGEST)
            .max(over(median(&|v| v.face_share), spec.source.max_face_share * NEAR)),
        // The frame's right is the person's left, and the mirrored preview's left.
        Advice::MoveRight => over(median(&|v| v.across), aside),
        Advice::MoveLeft => over(-median(&|v| v.across), aside),
        Advice::MoveUp => over(median(&|v| v.below), HEIGHT),
        Advice::MoveDown => over(-median(&|v| v.below), HEIGHT),
        Advice::MoreLight => under(median(&|v| v.highlight), spec.source.min_highlight),
        Advice::LessLight => high(Measure::OverExposure),
        Advice::EvenLight => high(Measure::CheekRatio),
        // A burnt-out face has glare everywhere and its colours nowhere.
        Advice::TakeOffGlasses | Advice::HairOffBrows | Advice::UncoverFace
            if high(Measure::OverExposure) > 1.0 =>
        {
            0.0
        }
        Advice::TakeOffGlasses => if hair { 0.0 } else { hidden }.max(high(Measure::GlassesGlare)),
        Advice::HairOffBrows => {
            if hair {
                hidden
            } else {
                0.0
            }
        }
        Advice::UncoverFace => high(Measure::FaceOcclusion).max(high(Measure::MouthOcclusion)),
        Advice::TakeOffCap => high(Measure::NoHeadCoverings),
        Advice::TurnRight => high(Measure::HeadPoseYaw),
        Advice::TurnLeft => negative(Measure::HeadPoseYaw),
        Advice::ChinDown => high(Measure::HeadPosePitch),
        Advice::ChinUp => negative(Measure::HeadPosePitch),
        Advice::LevelHead => both(Measure::HeadTilt),
        Advice::OpenEyes => low(Measure::EyesOpen).max(high(Measure::EyeBlink)),
        Advice::CloseMouth => {
            high(Measure::MouthClosed).max(high(Measure::JawOpen)).max(high(Measure::TeethShown))
        }
        Advice::LookHere => both(Measure::Gaze),
        Advice::HoldStill => low(Measure::Sharpness).max(over(movement(people), STILL)),
        Advice::StepIn | Advice::OnlyOne => 0.0,
    }
}

/// The median step of the eyes from frame to frame, in eye distances.
fn movement(people: &[&Values]) -> f64 {
    let steps = people.windows(2).map(|w| w[0].eyes.distance(w[1].eyes) / w[1].inter_eye_px);
    if people.len() < 2 { 0.0 } else { median(steps) }
}

/// A value over its highest.
fn over(value: f64, most: f64) -> f64 {
    if value.is_nan() { 0.0 } else { (value / most).max(0.0) }
}

/// The lowest over a value.
fn under(value: f64, least: f64) -> f64 {
    if value.is_nan() || least <= 0.0 { 0.0 } else { least / value.max(1e-6) }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.filter(|v| !v.is_nan()).collect();
    if values.is_empty() {
        return f64::NAN;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}
