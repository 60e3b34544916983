//! The whole way from frame to verified photo.

use std::time::{Duration, Instant};

use crate::align::Aligned;
use crate::backdrop::Backdrop;
use crate::colour::Rgb;
use crate::compose::Composed;
use crate::encode::Encoded;
use crate::face::Face;
use crate::frame::Frame;
use crate::light::Exposure;
use crate::matte::Matte;
use crate::measure::Measurement;
use crate::measures::{Baseline, Sight};
use crate::models::Models;
use crate::rejection::{Reason, Rejection};
use crate::specification::Specification;
use crate::verify::{self, Verified};
use crate::white::WhiteBalance;

/// What may be chosen for one photo.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// Another background than the specification's.
    pub background: Option<Rgb>,
    /// The empty booth, learned by the same camera.
    pub backdrop: Option<&'a Backdrop>,
    /// The person's own open eyes, from the preview.
    pub baseline: Option<Baseline>,
    /// What a white card before this camera showed.
    pub white: Option<WhiteBalance>,
}

/// A stage of the way, for timing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Detector and landmarks.
    Face,
    /// What is measured on the person.
    Measure,
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
    let mut measures = Vec::new();
    let made = make(frame, spec, models, options, &mut measures, note);
    match made {
        Ok(verified) => Ok(Verified { measures, ..verified }),
        Err(mut rejection) => {
            measures.append(&mut rejection.measures);
            Err(Rejection { measures, ..rejection })
        }
    }
}

/// The way itself; what was measured is in `measures` wherever it ends.
fn make(
    frame: &Frame,
    spec: &Specification,
    models: &Models,
    options: &Options,
    measures: &mut Vec<Measurement>,
    note: &mut dyn FnMut(Stage, Duration),
) -> Result<Verified, Rejection> {
    let face = timed(Stage::Face, note, || Face::find(frame, models))?;
    let white = options.white.unwrap_or_default();
    let sight = timed(Stage::Measure, note, || Sight::new(frame, &face, models, options.baseline, white))?;
    let exposure = Exposure::measure(frame, &sight);
    measures.push(exposure.measured(spec));
    measures.extend(sight.measure(spec));
    refuse(source_reasons(frame, &face, &sight, &exposure, measures, spec))?;
    let matte = timed(Stage::Matte, note, || Matte::new(frame, &face, models, options.backdrop))?;
    let aligned = timed(Stage::Align, note, || Aligned::new(frame, &face, &matte, spec))?;
    measures.extend(timed(Stage::Measure, note, || sight.measure_person(frame, &face, &matte, spec)));
    refuse(sight.reasons(measures))?;
    let photo = timed(Stage::Compose, note, || {
        let gains = white.gains().map(|gain| gain * exposure.gain());
        Composed::new(&matte, &aligned, spec.background.colour, gains)
    });
    let encoded = timed(Stage::Encode, note, || Encoded::new(&photo, spec))?;
    measures.extend(timed(Stage::Verify, note, || verify::check(&encoded, spec, models))?);
    let transform = aligned.transform().matrix();
    Ok(Verified { jpeg: encoded.into_jpeg(), measures: Vec::new(), transform, matte })
}

fn refuse(reasons: Vec<Reason>) -> Result<(), Rejection> {
    if reasons.is_empty() { Ok(()) } else { Err(Rejection { reasons, measures: Vec::new() }) }
}

/// What is wrong with the shot before anything costly is done. A face of an unusable size, or a shot in the dark, says
/// nothing else for sure, so that stands first, and alone.
fn source_reasons(
    frame: &Frame,
    face: &Face,
    sight: &Sight,
    exposure: &Exposure,
    measures: &[Measurement],
    spec: &Specification,
) -> Vec<Reason> {
    let unusable = Aligned::check_size(frame, face, spec).or_else(|| exposure.reason(spec));
    if let Some(reason) = unusable {
        return vec![reason];
    }
    let mut reasons = sight.reasons(measures);
    if let Some(tilted) = Aligned::check_roll(face, spec) {
        let clear = reasons.iter().position(|r| !r.hides_the_face()).unwrap_or(reasons.len());
        reasons.insert(clear, tilted);
    }
    reasons
}

fn timed<T>(stage: Stage, note: &mut dyn FnMut(Stage, Duration), work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    note(stage, start.elapsed());
    result
}
