//! Gaze: how far the irises lie off the middle between the eyes' corners, in eye widths, the mean of both eyes; to the
//! image's right is positive. Own measure: the standard asks for eyes that look ahead and gives no formula. A turned
//! head that still looks at the lens is judged by its pose. Full score in the middle, none at a third.

use super::{Sight, value};
use crate::measure::Assessment;

/// Corner at the image's left, corner at the image's right, iris.
const EYES: [[usize; 3]; 2] = [[33, 133, 468], [362, 263, 473]];

pub(super) fn assess(sight: &Sight) -> Assessment {
    let off = EYES.map(|[left, right, iris]| {
        let [left, right, iris] = [left, right, iris].map(|i| sight.points[i]);
        let (dx, dy) = (right.x - left.x, right.y - left.y);
        ((iris.x - left.x) * dx + (iris.y - left.y) * dy) / (dx * dx + dy * dy) - 0.5
    });
    let gaze = f64::midpoint(off[0], off[1]);
    value(gaze, 100.0 - 300.0 * gaze.abs())
}
