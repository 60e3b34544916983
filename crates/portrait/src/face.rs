//! The face in a frame: a detector's box refined to 478 landmarks, and how many others there are.
//!
//! A port of the pre- and post-processing of MediaPipe's face landmarker (Apache-2.0 models). Leaves out expression
//! and occlusion: whether the pose is acceptable is for the checks that come after.

mod blendshapes;
mod detector;
mod landmarks;
mod patch;
mod pose;
mod search;

use crate::frame::Frame;
use crate::geometry::Point;
use crate::models::{InferenceError, Models};
use crate::rejection::Reason;
pub(crate) use patch::{Border, Patch, sample};
pub use pose::Pose;

/// One person's face, in source pixels.
#[derive(Clone)]
pub struct Face {
    mesh: Mesh,
    /// What the network says of the mirror image, in the same source pixels.
    mirrored: Option<Mesh>,
    right_eye: Point,
    left_eye: Point,
    presence: f64,
    others: Vec<f64>,
}

/// The landmarks of one look: places and depths, source pixels; a smaller depth is nearer to the lens.
#[derive(Clone)]
pub(crate) struct Mesh {
    pub(crate) points: Vec<Point>,
    pub(crate) depths: Vec<f64>,
}

/// Why there is no single face to go on with.
#[derive(Debug, thiserror::Error)]
pub enum FaceError {
    /// The picture shows no usable face.
    #[error("the picture was refused: {0}")]
    Refused(Reason),
    /// A network failed.
    #[error("the face could not be searched")]
    Inference(#[from] InferenceError),
}

impl std::fmt::Debug for Face {
    /// Counts alone: landmarks are biometric.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Face({} landmarks, {} others)", self.mesh.points.len(), self.others.len())
    }
}

/// The person's right eye (image left): outer corner, inner corner, iris.
const RIGHT_EYE: [usize; 3] = [33, 133, 468];
/// The person's left eye: outer corner, inner corner, iris.
const LEFT_EYE: [usize; 3] = [263, 362, 473];
/// The face's outline at the cheeks, right and left.
const CHEEKS: [usize; 2] = [234, 454];
const CHIN: usize = 152;
/// The face's outline, clockwise on the canonical face.
pub(crate) const OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
    149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

impl Face {
    /// Finds the one face of a frame.
    ///
    /// # Errors
    /// [`FaceError::Refused`] with [`Reason::NoFace`] or [`Reason::SeveralFaces`]; [`FaceError::Inference`].
    pub fn find(frame: &Frame, models: &Models) -> Result<Self, FaceError> {
        Self::only(search::faces(frame, models)?)
    }

    /// Finds the one face of a finished photo, which fills a good part of it.
    ///
    /// # Errors
    /// As [`Face::find`].
    pub(crate) fn find_in_photo(photo: &Frame, models: &Models) -> Result<Self, FaceError> {
        Self::only(search::in_photo(photo, models)?)
    }

    /// The largest face, if no other is of a like size.
    fn only(mut faces: Vec<Self>) -> Result<Self, FaceError> {
        faces.sort_by(|a, b| b.area().total_cmp(&a.area()));
        let Some(main) = faces.first() else { return Err(FaceError::Refused(Reason::NoFace)) };
        let others: Vec<f64> = faces[1..].iter().map(|f| f.area() / main.area()).collect();
        let count = 1 + others.iter().filter(|&&ratio| ratio >= BYSTANDER_AREA).count();
        if count > 1 {
            return Err(FaceError::Refused(Reason::SeveralFaces { count }));
        }
        let main = faces.swap_remove(0);
        Ok(Self { others, ..main })
    }

    /// The same face in the next frame of a preview: placed once, around where it was. None if it is not there any
    /// more. Others in view are not looked for.
    ///
    /// # Errors
    /// [`InferenceError`].
    pub fn track(&self, frame: &Frame, models: &Models) -> Result<Option<Self>, InferenceError> {
        search::follow(frame, self, models)
    }

    /// The landmarks, source pixels, in MediaPipe's numbering.
    pub fn landmarks(&self) -> &[Point] {
        &self.mesh.points
    }

    /// The depths of the landmarks, source pixels, smaller ones nearer to the lens; 0 lies about between the ears.
    pub fn depths(&self) -> &[f64] {
        &self.mesh.depths
    }

    /// The looks at the picture and, where there was one, at its mirror image: in the latter a point's number is that
    /// of its opposite.
    pub(crate) fn meshes(&self) -> (&Mesh, Option<&Mesh>) {
        (&self.mesh, self.mirrored.as_ref())
    }

    /// The network's confidence that the landmarks lie on a face, 0 to 1.
    pub fn presence(&self) -> f64 {
        self.presence
    }

    /// Centre of the person's right eye (image left): half-way between the middle of its corners and its iris,
    /// the mean of what the network says of the picture and of its mirror image.
    pub fn right_eye(&self) -> Point {
        self.right_eye
    }

    /// Centre of the person's left eye, likewise.
    pub fn left_eye(&self) -> Point {
        self.left_eye
    }

    /// The middle of both eye centres.
    pub fn eye_centre(&self) -> Point {
        self.right_eye().midpoint(self.left_eye())
    }

    /// Distance of the eye centres, pixels.
    pub fn inter_eye_px(&self) -> f64 {
        self.right_eye().distance(self.left_eye())
    }

    /// Angle of the line through the eyes, degrees, positive if the person's left eye lies lower in the picture
    /// (the head tips to the image's right).
    pub fn roll_deg(&self) -> f64 {
        let (right, left) = (self.right_eye(), self.left_eye());
        (left.y - right.y).atan2(left.x - right.x).to_degrees()
    }

    /// Face width, cheek to cheek, pixels.
    pub fn width_px(&self) -> f64 {
        let [right, left] = CHEEKS.map(|i| self.mesh.points[i]);
        right.distance(left)
    }

    /// Tip of the chin.
    pub fn chin(&self) -> Point {
        self.mesh.points[CHIN]
    }

    /// ISO/IEC 29794-5 SingleFacePresent: 1 less the area of the second face over that of the largest.
    pub fn single_face_present(&self) -> f64 {
        1.0 - self.others.first().copied().unwrap_or(0.0).min(1.0)
    }

    /// Area of the landmarks' box, square pixels.
    fn area(&self) -> f64 {
        let b = bounds(&self.mesh.points);
        (b[2] - b[0]) * (b[3] - b[1])
    }
}

/// A face with at least this share of the main one's area stands in the booth too; a smaller one is a poster or a
/// print on a shirt. A quarter of the width: someone three booths' depths behind.
const BYSTANDER_AREA: f64 = 1.0 / 16.0;

/// Left, top, right, bottom of some points.
pub(crate) fn bounds(points: &[Point]) -> [f64; 4] {
    points.iter().fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |b, p| {
        [b[0].min(p.x), b[1].min(p.y), b[2].max(p.x), b[3].max(p.y)]
    })
}
