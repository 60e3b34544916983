//! Pixels in, an official photo and its report out.
//!
//! The way is a chain of types, each made from the one before:
//! [`Frame`] -> [`Face`] -> [`Matte`] -> [`Aligned`] -> [`Composed`] -> [`Encoded`] -> [`Verified`].
//! [`take`] walks it. What a photo must be is a [`Specification`]; what the networks are is [`Models`].
//!
//! Leaves out on purpose: any retouching of the face, judging the expression, storage, and words for students.
//!
//! **Invariant.** A [`Verified`] photo was decoded again from its bytes and measured against its specification.

mod align;
mod backdrop;
mod burst;
mod coach;
mod colour;
mod compose;
mod encode;
mod face;
mod frame;
mod geometry;
mod grid;
mod jpeg;
mod light;
mod matte;
mod measure;
mod measures;
mod models;
mod outline;
mod rejection;
mod silhouette;
mod specification;
mod take;
mod verify;
mod white;

pub use align::Aligned;
pub use backdrop::{Agreement, Backdrop, BackdropError};
pub use burst::{Weighed, weigh};
pub use coach::{Advice, Coach, Coaching};
pub use colour::{Lab, Rgb, delta_e_2000, lab_of_linear};
pub use compose::Composed;
pub use encode::Encoded;
pub use face::{Face, FaceError, Pose};
pub use frame::{Frame, FrameError, MAX_PIXELS};
pub use geometry::{Area, Point, Similarity};
pub use jpeg::{Structure, pictures, structure};
pub use matte::{Matte, MatteSource};
pub use measure::{Limit, Measure, Measurement, Verdict};
pub use measures::Baseline;
pub use models::{InferenceError, ModelError, Models, RUNTIME_FILE};
pub use outline::{Outline, outline};
pub use rejection::{Defect, Reason, Rejection, Side};
pub use silhouette::{Ellipse, Rect, Silhouette, silhouette};
pub use specification::{
    BackgroundRule, FileRule, PhotoSize, SourceRule, Specification, SpecificationError, Window,
};
pub use take::{Options, Stage, take, take_timed};
pub use verify::{Verified, check};
pub use white::{Card, CardError, WhiteBalance};

/// An error and its causes on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |e| e.source());
    causes.fold(error.to_string(), |line, cause| format!("{line}: {cause}"))
}
