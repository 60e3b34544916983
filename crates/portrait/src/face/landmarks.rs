//! 478 landmarks on a turned, enlarged face box: 256x256 in.

use super::detector::Candidate;
use super::patch::{Border, Patch, sample};
use super::{Face, LEFT_EYE, Mesh, RIGHT_EYE};
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
    around(&face.mesh.points, [33, 263])
}

/// The same around any landmarks, whose outer corners of the person's right and left eye are given.
fn around(points: &[Point], [right, left]: [usize; 2]) -> Patch {
    let [low_x, low_y, high_x, high_y] = super::bounds(points);
    let centre = Point { x: (low_x + high_x) / 2.0, y: (low_y + high_y) / 2.0 };
    square(centre, (high_x - low_x).max(high_y - low_y), points[right], points[left])
}

fn square(centre: Point, side: f64, right_eye: Point, left_eye: Point) -> Patch {
    let radians = (left_eye.y - right_eye.y).atan2(left_eye.x - right_eye.x);
    Patch { centre, width: side * ENLARGE, height: side * ENLARGE, radians }
}

/// Places the landmarks inside `patch`.
pub(super) fn place(frame: &Frame, patch: Patch, models: &Models) -> Result<Face, InferenceError> {
    let (mesh, presence) = run(&input(frame, patch), patch, models)?;
    let (right_eye, left_eye) = (eye(&mesh.points, RIGHT_EYE), eye(&mesh.points, LEFT_EYE));
    Ok(Face { mesh, mirrored: None, right_eye, left_eye, presence, others: Vec::new() })
}

/// Places the landmarks from two sights: of the mirror image inside `patch`, then of the picture in a patch around
/// what the first sight found. The eyes are the mean of both. The network is not symmetric: it sees rolls of 0.2
/// degrees and more where there are none, and the mirror image has them the other way.
///
/// A third sight, of the mirror image in the second patch, moved no label's error by more than 0.1 of a percent of
/// the face's width, and the roll's spread over 46 rendered people from 0.70 to 0.63 degrees.
pub(super) fn place_twice(frame: &Frame, patch: Patch, models: &Models) -> Result<Face, InferenceError> {
    let mut input = input(frame, patch);
    input.chunks_exact_mut(SIDE * 3).for_each(mirror);
    let (mirrored, presence) = run(&input, Patch { width: -patch.width, ..patch }, models)?;
    let mut face = place(frame, around(&mirrored.points, [263, 33]), models)?;
    face.right_eye = face.right_eye.midpoint(eye(&mirrored.points, LEFT_EYE));
    face.left_eye = face.left_eye.midpoint(eye(&mirrored.points, RIGHT_EYE));
    face.presence = face.presence.min(presence);
    face.mirrored = Some(mirrored);
    Ok(face)
}

fn input(frame: &Frame, patch: Patch) -> Vec<f32> {
    let mut input = sample(frame, patch, SIDE, SIDE, Border::Nearest);
    input.iter_mut().for_each(|v| *v /= 255.0);
    input
}

/// Reverses a row of pixels.
fn mirror(row: &mut [f32]) {
    row.reverse();
    row.chunks_exact_mut(3).for_each(<[f32]>::reverse);
}

/// The landmarks in source pixels and the presence of a face.
fn run(input: &[f32], patch: Patch, models: &Models) -> Result<(Mesh, f64), InferenceError> {
    let outputs = models.landmarks.run(input, SIDE, SIDE)?;
    let points = outputs.iter().find(|o| o.len() == COUNT * 3);
    // The face flag is the first single value; the second one says whether the tongue is out.
    let flag = outputs.iter().find(|o| o.len() == 1);
    let (Some(points), Some(flag)) = (points, flag) else { return Err(models.landmarks.unexpected()) };
    let place = |p: &[f32]| patch.to_source(f64::from(p[0]) / SIDE as f64, f64::from(p[1]) / SIDE as f64);
    let depth = |p: &[f32]| f64::from(p[2]) / SIDE as f64 * patch.width.abs();
    let mesh = Mesh {
        points: points.chunks_exact(3).map(place).collect(),
        depths: points.chunks_exact(3).map(depth).collect(),
    };
    Ok((mesh, 1.0 / (1.0 + (-f64::from(flag[0])).exp())))
}

fn eye(landmarks: &[Point], [outer, inner, iris]: [usize; 3]) -> Point {
    landmarks[outer].midpoint(landmarks[inner]).midpoint(landmarks[iris])
}
