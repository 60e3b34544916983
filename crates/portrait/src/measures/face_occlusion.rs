//! ISO/IEC 29794-5 FaceOcclusionPrevention and MouthOcclusionPrevention, by colour instead of a parsing network: how
//! far nose, lip and chin are in a*b* from the skin under the eyes. Plain skin differs by 2 to 9, a mask by 19 to 34.
//! A hand before the mouth has the skin's colour and is not found. The score falls to none at twice a mask's least.

use super::{Sight, chroma_distance, value};
use crate::colour::Lab;
use crate::measure::Assessment;

/// Under the eyes.
const UPPER: [usize; 2] = [230, 450];
/// Tip of the nose, between nose and lip, chin, lower cheeks.
const LOWER: [usize; 5] = [4, 164, 199, 205, 425];
/// Between nose and lip, chin.
const MOUTH: [usize; 2] = [164, 199];

pub(super) fn assess(sight: &Sight) -> Assessment {
    farthest(sight, &LOWER)
}

/// The same around the mouth alone.
pub(super) fn mouth(sight: &Sight) -> Assessment {
    farthest(sight, &MOUTH)
}

fn farthest(sight: &Sight, places: &[usize]) -> Assessment {
    let colour = |i: &usize| sight.colour(sight.points[*i], 0.12);
    let [Lab(right), Lab(left)] = UPPER.map(|i| colour(&i));
    let skin = Lab(std::array::from_fn(|k| f64::midpoint(right[k], left[k])));
    let distance = places.iter().map(|i| chroma_distance(colour(i), skin)).fold(0.0, f64::max);
    value(distance, 100.0 - 100.0 * distance / 38.0)
}
