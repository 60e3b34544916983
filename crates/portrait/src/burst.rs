//! Which frame of a burst becomes the photo: the one whose face is sharpest, most open-eyed and best posed.
//!
//! Every frame of a burst shows the same person in the same light a moment apart, so the comparison needs the
//! landmarks and the small picture of the face alone, not the matte.

use crate::face::{Face, FaceError};
use crate::frame::Frame;
use crate::light::Exposure;
use crate::measure::{Measure, Measurement, Verdict};
use crate::measures::{Baseline, Sight};
use crate::models::{InferenceError, Models};
use crate::specification::Specification;
use crate::white::WhiteBalance;

/// One frame of a burst and how good it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighed {
    /// Its place in the burst.
    pub index: usize,
    /// 0 to 100; below 50 a measure fails.
    pub score: f64,
}

/// What a frame is weighed by, and how much: eyes and sharpness are what differs most within half a second.
const WEIGHTS: [(Measure, f64); 7] = [
    (Measure::EyesOpen, 3.0),
    (Measure::EyeBlink, 2.0),
    (Measure::Sharpness, 3.0),
    (Measure::HeadPoseYaw, 1.0),
    (Measure::HeadPosePitch, 1.0),
    (Measure::MouthClosed, 1.0),
    (Measure::Gaze, 1.0),
];

/// Orders the frames of a burst, the best first; the earlier of two equals first. Frames without a single face come
/// last with a score of 0.
///
/// # Errors
/// [`InferenceError`].
pub fn weigh(
    frames: &[&Frame],
    spec: &Specification,
    models: &Models,
    baseline: Option<Baseline>,
    white: WhiteBalance,
) -> Result<Vec<Weighed>, InferenceError> {
    let mut weighed = Vec::with_capacity(frames.len());
    let mut known: Option<Face> = None;
    for (index, frame) in frames.iter().enumerate() {
        let face = same(frame, known.take(), models)?;
        let score = match &face {
            Some(face) => {
                let sight = Sight::new(frame, face, models, baseline, white)?;
                // Somebody may have switched a lamp in the middle of the burst.
                let lit = Exposure::measure(frame, &sight).reason(spec).is_none();
                score(&sight.measure(spec), lit)
            }
            None => 0.0,
        };
        weighed.push(Weighed { index, score });
        known = face;
    }
    weighed.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(weighed)
}

/// The face of the frame before, or whoever is there.
fn same(frame: &Frame, known: Option<Face>, models: &Models) -> Result<Option<Face>, InferenceError> {
    if let Some(known) = known
        && let Some(face) = known.track(frame, models)?
    {
        return Ok(Some(face));
    }
    match Face::find(frame, models) {
        Ok(face) => Ok(Some(face)),
        Err(FaceError::Refused(_)) => Ok(None),
        Err(FaceError::Inference(error)) => Err(error),
    }
}

/// The weighted mean of how good the measures are, halved if one of them fails or the shot is badly lit.
fn score(measures: &[Measurement], lit: bool) -> f64 {
    let total: f64 = WEIGHTS.iter().map(|(_, w)| w).sum();
    let found = |m: Measure| measures.iter().find(|x| x.measure == m);
    let good = |(m, w): &(Measure, f64)| w * found(*m).map_or(0.0, goodness);
    let mean = WEIGHTS.iter().map(good).sum::<f64>() / total;
    let fails = measures.iter().any(|m| m.verdict == Verdict::Fail);
    if fails || !lit { mean / 2.0 } else { mean }
}

/// A measure's score; for sharpness and open eyes the value itself goes on where the score is full.
fn goodness(m: &Measurement) -> f64 {
    let bounded = |best: f64| 100.0 * (m.value / best).clamp(0.0, 1.0);
    match m.measure {
        Measure::Sharpness => bounded(2.5),
        Measure::EyesOpen => bounded(0.1),
        _ => m.score.map_or(0.0, f64::from),
    }
}
