//! ISO/IEC 29794-5 HeadPose: yaw, pitch and roll of the head in the source, each scored 100 cos^2.
//!
//! The angles are those of [`crate::face::Pose`].

use super::{Sight, value};
use crate::measure::Assessment;

pub(super) fn yaw(sight: &Sight) -> Assessment {
    angle(sight.pose.yaw_deg)
}

pub(super) fn pitch(sight: &Sight) -> Assessment {
    angle(sight.pose.pitch_deg)
}

pub(super) fn tilt(sight: &Sight) -> Assessment {
    angle(sight.pose.roll_deg)
}

fn angle(degrees: f64) -> Assessment {
    value(degrees, 100.0 * degrees.to_radians().cos().powi(2))
}
