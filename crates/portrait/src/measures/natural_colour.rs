//! ISO/IEC 29794-5 NaturalColour: how far the cheeks' mean a* lies outside of 5 to 25 and b* outside of 5 to 35; the
//! score is 200 times the complement of a sigmoid of width 10 about 0.

use super::{Sight, value};
use crate::colour::Lab;
use crate::measure::{Assessment, sigmoid};

pub(super) fn assess(sight: &Sight) -> Assessment {
    let [Lab(right), Lab(left)] = sight.cheeks().map(|c| sight.colour(c, 0.3));
    let (a, b) = (f64::midpoint(right[1], left[1]), f64::midpoint(right[2], left[2]));
    let outside = |v: f64, low: f64, high: f64| (low - v).max(v - high).max(0.0);
    let distance = outside(a, 5.0, 25.0).hypot(outside(b, 5.0, 35.0));
    value(distance, 200.0 * (1.0 - sigmoid(distance, 0.0, 10.0)))
}
