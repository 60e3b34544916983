//! ISO/IEC 29794-5 SingleFacePresent: 1 less the area of the second face over that of the largest; the score is the
//! hundredfold.

use super::{Sight, value};
use crate::measure::Assessment;

pub(super) fn assess(sight: &Sight) -> Assessment {
    value(sight.single_face, 100.0 * sight.single_face)
}
