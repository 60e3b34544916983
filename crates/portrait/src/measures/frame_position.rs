//! Where the person is in the frame: too near (face width over the frame's height: a near lens distorts a face), and
//! off its middle (the light and the backdrop are made for the middle). Own measures; the score falls from 100 in the
//! middle to 0 at the edge.

use super::{Sight, value};
use crate::measure::Assessment;

pub(super) fn assess(sight: &Sight) -> Assessment {
    value(sight.off_centre, 100.0 - 200.0 * sight.off_centre.abs())
}

/// The face's share of the frame's height; full score up to a third, none at two thirds.
pub(super) fn share(sight: &Sight) -> Assessment {
    value(sight.face_share, 200.0 - 300.0 * sight.face_share)
}
