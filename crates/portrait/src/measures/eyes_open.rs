//! ISO/IEC 29794-5 EyesOpen: the smaller eye's largest lid distance over the distance from eyes to chin; the score's
//! sigmoid has its middle at 0.02 and a width of 0.01. Beside it the network's own blink.
//!
//! People's eyes differ more than a blink does: where the preview has shown a person's open eyes, lids and blink are
//! taken relative to those ([`Baseline`]).

use super::{Sight, value};
use crate::measure::{Assessment, sigmoid};

/// A person's own open eyes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// Lid distance over eyes to chin.
    pub lids: f64,
    /// The network's blink.
    pub blink: f64,
}

/// Lid distance of the rendered people's open eyes, the mean of 0.06 to 0.095.
const USUAL_LIDS: f64 = 0.077;
/// Blink of the rendered people's open eyes, the mean of 0.02 to 0.13.
const USUAL_BLINK: f64 = 0.06;
/// A baseline may explain no more than this: below it the preview has never seen the eyes open.
const LEAST_LIDS: f64 = 0.04;
const MOST_BLINK: f64 = 0.25;

/// Upper and lower lid, in pairs: right eye, left eye.
const LIDS: [[(usize, usize); 3]; 2] =
    [[(159, 145), (160, 144), (158, 153)], [(386, 374), (387, 373), (385, 380)]];
/// eyeBlinkLeft and eyeBlinkRight.
const BLINK: [usize; 2] = [9, 10];

/// The smaller eye's lid distance over eyes to chin.
pub(super) fn lids(sight: &Sight) -> f64 {
    let open = |pair: &(usize, usize)| sight.points[pair.0].distance(sight.points[pair.1]);
    let eye = |pairs: &[(usize, usize); 3]| pairs.iter().map(open).fold(0.0, f64::max);
    LIDS.iter().map(eye).fold(f64::INFINITY, f64::min) / sight.eyes_to_chin
}

/// The larger blink.
pub(super) fn blink(sight: &Sight) -> f64 {
    BLINK.map(|i| sight.blendshape(i)).into_iter().fold(0.0, f64::max)
}

pub(super) fn assess(sight: &Sight) -> Assessment {
    let usual = sight.baseline.map_or(USUAL_LIDS, |b| b.lids.max(LEAST_LIDS));
    let open = lids(sight) * USUAL_LIDS / usual;
    value(open, 100.0 * sigmoid(open, 0.02, 0.01))
}

pub(super) fn assess_blink(sight: &Sight) -> Assessment {
    let usual = sight.baseline.map_or(USUAL_BLINK, |b| b.blink.min(MOST_BLINK));
    let closed = (blink(sight) - usual + USUAL_BLINK).max(0.0);
    value(closed, 100.0 * (1.0 - closed))
}
