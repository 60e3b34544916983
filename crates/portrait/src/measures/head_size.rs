//! ISO/IEC 29794-5 HeadSize: eyes to chin over the photo's height, best at 0.45; the score is 200 times the complement
//! of a sigmoid of width 0.05 over the distance from it. The degree photo's windows ask for smaller heads than the
//! standard's passport photo, so its score is low by design and nobody is refused for it.

use super::crop_margins::Place;
use super::value;
use crate::measure::{Assessment, sigmoid};

pub(super) fn assess(place: &Place) -> Assessment {
    let size = place.eyes_to_chin / place.height;
    value(size, 200.0 * (1.0 - sigmoid((size - 0.45).abs(), 0.0, 0.05)))
}
