//! The whole way from frame to verified photo.

use std::time::{Duration, Instant};

use crate::align::Aligned;
use crate::colour::Rgb;
use crate::compose::Composed;
use crate::encode::Encoded;
use crate::face::Face;
use crate::frame::Frame;
use crate::light::Exposure;
use crate::matte::Matte;
use crate::models::Models;
use crate::rejection::{Measure, Measurement, Rejection};
use crate::specification::Specification;
use crate::verify::{self, Verified};

/// What may be chosen for one photo.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// Another background than the specification's.
    pub background: Option<Rgb>,
    /// A picture of the empty booth by the same camera, at the frame's size.
    pub backdrop: Option<&'a Frame>,
}

/// A stage of the way, for timing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Detector and landmarks.
    Face,
    /// Segmenter, matting network and refinement.
    Matte,
    /// The crop.
    Align,
    /// Mixing and resampling.
    Compose,
    /// The quality search.
    Encode,
    /// Decoding and measuring.
    Verify,
}

/// Makes the official photo of the one person in `frame`.
///
/// # Errors
/// [`Rejection`] with every reason known and what was measured until then.
pub fn take(
    frame: &Frame,
    spec: &Specification,
    models: &Models,
    options: &Options,
) -> Result<Verified, Rejection> {
    take_timed(frame, spec, models, options, &mut |_, _| {})
}

/// As [`take`], telling `note` how long each finished stage took.
///
/// # Errors
/// As [`take`].
pub fn take_timed(
    frame: &Frame,
    spec: &Specification,
    models: &Models,
    options: &Options,
    note: &mut dyn FnMut(Stage, Duration),
) -> Result<Verified, Rejection> {
    let replaced = options.background.map(|colour| spec.clone().with_background(colour));
    let spec = replaced.as_ref().unwrap_or(spec);
    let face = timed(Stage::Face, note, || Face::find(frame, models))?;
    let exposure = Exposure::measure(frame, &face);
    let mut measures = source_measures(&face, &exposure, spec);
    finish(frame, spec, models, options, (&face, &exposure), note)
        .map(|mut verified| {
            measures.append(&mut verified.measures);
            verified.measures = std::mem::take(&mut measures);
            verified
        })
        .map_err(|mut rejection| {
            measures.append(&mut rejection.measures);
            rejection.measures = std::mem::take(&mut measures);
            rejection
        })
}

/// Everything behind the face.
fn finish(
    frame: &Frame,
    spec: &Specification,
    models: &Models,
    options: &Options,
    (face, exposure): (&Face, &Exposure),
    note: &mut dyn FnMut(Stage, Duration),
) -> Result<Verified, Rejection> {
    if let Some(reason) = exposure.reason(spec) {
        return Err(Rejection::new(reason));
    }
    Aligned::check_source(face, spec)?;
    let matte = timed(Stage::Matte, note, || Matte::new(frame, face, models, options.backdrop))?;
    let aligned = timed(Stage::Align, note, || Aligned::new(frame, face, &matte, spec))?;
    let photo = timed(Stage::Compose, note, || {
        Composed::new(&matte, &aligned, spec.background.colour, exposure.gain())
    });
    let encoded = timed(Stage::Encode, note, || Encoded::new(&photo, spec))?;
    let measures = timed(Stage::Verify, note, || verify::check(&encoded, spec, models))?;
    Ok(Verified { jpeg: encoded.into_jpeg(), measures, transform: aligned.transform().matrix(), matte })
}

fn timed<T>(stage: Stage, note: &mut dyn FnMut(Stage, Duration), work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    note(stage, start.elapsed());
    result
}

fn source_measures(face: &Face, exposure: &Exposure, spec: &Specification) -> Vec<Measurement> {
    let mut measures = vec![
        Measurement::judged(Measure::SingleFacePresent, face.single_face_present(), (0.0, 1.0)),
        Measurement::judged(
            Measure::InterEyeDistance,
            face.inter_eye_px(),
            (spec.source.min_inter_eye_px, f64::INFINITY),
        ),
    ];
    measures.extend(exposure.measures(spec));
    measures
}
