//! ISO/IEC 29794-5 LeftwardCrop, RightwardCrop, MarginAbove and MarginBelow of the face image: the eyes' middle from
//! the photo's sides in eye distances, and from its top and bottom in distances from eyes to chin. Scores are sigmoids
//! of width 0.1 about 0.9, 0.9, 1.4 and 1.8.

use super::value;
use crate::face::Face;
use crate::frame::Frame;
use crate::measure::{Assessment, sigmoid};

/// Where a head lies in a finished photo, photo pixels.
pub(super) struct Place {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) eyes_to_chin: f64,
    ied: f64,
    x: f64,
    y: f64,
}

impl Place {
    pub(super) fn of(photo: &Frame, face: &Face) -> Self {
        let eyes = face.eye_centre();
        Self {
            width: photo.width().into(),
            height: photo.height().into(),
            eyes_to_chin: eyes.distance(face.chin()),
            ied: face.inter_eye_px(),
            x: eyes.x + 0.5,
            y: eyes.y + 0.5,
        }
    }
}

pub(super) fn leftward(place: &Place) -> Assessment {
    margin(place.x / place.ied, 0.9)
}

pub(super) fn rightward(place: &Place) -> Assessment {
    margin((place.width - place.x) / place.ied, 0.9)
}

pub(super) fn above(place: &Place) -> Assessment {
    margin(place.y / place.eyes_to_chin, 1.4)
}

pub(super) fn below(place: &Place) -> Assessment {
    margin((place.height - place.y) / place.eyes_to_chin, 1.8)
}

fn margin(share: f64, middle: f64) -> Assessment {
    value(share, 100.0 * sigmoid(share, middle, 0.1))
}
