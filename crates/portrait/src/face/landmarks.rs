//! 478 landmarks on a turned, enlarged face box: 256x256 in.

use super::Face;
use super::detector::Candidate;
use super::patch::{Border, Patch, sample};
use crate::frame::Frame;
use crate::geometry::Point;
use crate::models::{InferenceError, Models};

/// The network's input side.
const SIDE: usize = 256;
/// Landmarks of x, y and z.
const COUNT: usize = 478;
/// The face box is enlarged by this; MediaPipe's default.
const ENLARGE: f64 = 1.5;

/// The turned square around a detected face.
pub(super) fn patch_of(candidate: &Candidate) -> Patch {
    square(candidate.centre, candidate.width.max(candidate.height), candidate.right_eye, candidate.left_eye)
}

/// The turned square around known landmarks: tighter than the detector's, as in tracking.
pub(super) fn patch_around(face: &Face) -> Patch {
    let [left, top, right, bottom] = super::bounds(&face.landmarks);
    let centre = Point { x: (left + right) / 2.0, y: (top + bottom) / 2.0 };
    square(centre, (right - left).max(bottom - top), face.landmarks[33], face.landmarks[263])
}

fn square(centre: Point, side: f64, right_eye: Point, left_eye: Point) -> Patch {
    let radians = (left_eye.y - right_eye.y).atan2(left_eye.x - right_eye.x);
    Patch { centre, width: side * ENLARGE, height: side * ENLARGE, radians }
}

/// Places the landmarks inside `patch`.
pub(super) fn place(frame: &Frame, patch: Patch, models: &Models) -> Result<Face, InferenceError> {
    let mut input = sample(frame, patch, SIDE, SIDE, Border::Nearest);
    input.iter_mut().for_each(|v| *v /= 255.0);
    let outputs = models.landmarks.run(&input, SIDE, SIDE)?;
    let points = outputs.iter().find(|o| o.len() == COUNT * 3);
    // The face flag is the first single value; the second one says whether the tongue is out.
    let flag = outputs.iter().find(|o| o.len() == 1);
    let (Some(points), Some(flag)) = (points, flag) else { return Err(models.landmarks.unexpected()) };
    let place = |p: &[f32]| patch.to_source(f64::from(p[0]) / SIDE as f64, f64::from(p[1]) / SIDE as f64);
    Ok(Face {
        landmarks: points.chunks_exact(3).map(place).collect(),
        presence: 1.0 / (1.0 + (-f64::from(flag[0])).exp()),
        others: Vec::new(),
    })
}
