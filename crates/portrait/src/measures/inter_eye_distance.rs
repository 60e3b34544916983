//! ISO/IEC 29794-5 InterEyeDistance: source pixels between the eyes over the cosine of the yaw; the score's sigmoid
//! has its middle at 70 and a width of 20.

use super::{Sight, value};
use crate::measure::{Assessment, sigmoid};

pub(super) fn assess(sight: &Sight) -> Assessment {
    let distance = sight.source_ied / sight.pose.yaw_deg.to_radians().cos();
    value(distance, 100.0 * sigmoid(distance, 70.0, 20.0))
}
