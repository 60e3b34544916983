//! ISO/IEC 29794-5 MouthClosed: the largest opening of the lips over the distance from eyes to chin; the score is
//! the complement of a sigmoid with its middle at 0.2 and a width of 0.06. Beside it the network's own jaw opening.

use super::{Sight, value};
use crate::measure::{Assessment, sigmoid};

/// Inner edges of upper and lower lip, in pairs.
const LIPS: [(usize, usize); 5] = [(13, 14), (82, 87), (312, 317), (81, 178), (311, 402)];
/// jawOpen.
const JAW: usize = 25;

/// The lips' opening over eyes to chin.
pub(super) fn opening(sight: &Sight) -> f64 {
    let open = LIPS.iter().map(|&(a, b)| sight.points[a].distance(sight.points[b])).fold(0.0, f64::max);
    open / sight.eyes_to_chin
}

pub(super) fn assess(sight: &Sight) -> Assessment {
    let open = opening(sight);
    value(open, 100.0 * (1.0 - sigmoid(open, 0.2, 0.06)))
}

pub(super) fn jaw(sight: &Sight) -> Assessment {
    let open = sight.blendshape(JAW);
    value(open, 100.0 * (1.0 - open))
}
