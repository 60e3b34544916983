//! The last gate: the file is decoded again and measured as a collector would.
//!
//! What is delivered is [`Verified`], and there is no other way to make one than [`Verified::check`].

mod background;

use crate::align::{HAIR_PIXELS, eye_target};
use crate::encode::Encoded;
use crate::face::{Face, FaceError};
use crate::frame::Frame;
use crate::jpeg;
use crate::matte::Matte;
use crate::measure::{Measure, Measurement, Verdict};
use crate::models::Models;
use crate::rejection::{Reason, Rejection};
use crate::specification::Specification;

/// A photo that passed, with what was measured on the decoded file.
pub struct Verified {
    /// The file.
    pub jpeg: Vec<u8>,
    /// Every measure, of source and photo.
    pub measures: Vec<Measurement>,
    /// From source to photo pixels, row by row; integer coordinates are pixel centres.
    pub transform: [[f64; 3]; 2],
    /// The person's matte in the source.
    pub matte: Matte,
}

impl std::fmt::Debug for Verified {
    /// The length alone: the pixels are a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verified({} bytes)", self.jpeg.len())
    }
}

/// Decodes the file and measures it against the specification.
///
/// # Errors
/// [`Rejection`] with the failed measures and a [`Reason`] for each kind of failure.
pub fn check(
    encoded: &Encoded,
    spec: &Specification,
    models: &Models,
) -> Result<Vec<Measurement>, Rejection> {
    let photo = Frame::decode(encoded.jpeg())
        .map_err(|e| Rejection::new(Reason::Unreadable { what: crate::chain(&e) }))?;
    let mut measures = container(encoded, &photo, spec);
    measures.extend(background::measure(&photo, encoded.alpha(), spec));
    measures.extend(geometry(&photo, spec, models)?);
    let reasons = reasons(&measures, encoded, spec);
    if reasons.is_empty() { Ok(measures) } else { Err(Rejection { reasons, measures }) }
}

/// Size, density, length and end of the file.
fn container(encoded: &Encoded, photo: &Frame, spec: &Specification) -> Vec<Measurement> {
    let structure = jpeg::structure(encoded.jpeg());
    let length = encoded.jpeg().len();
    let exactly = |measure, value: f64, wanted: f64| Measurement::judged(measure, value, (wanted, wanted));
    let density = structure.density_dpi.filter(|(x, y)| x == y).map_or(0.0, |(x, _)| f64::from(x));
    let behind = structure.end.map_or(f64::INFINITY, |end| (length - end) as f64);
    let bytes = (spec.file.min_bytes as f64, spec.file.max_bytes as f64);
    vec![
        exactly(Measure::PhotoWidth, photo.width().into(), spec.photo.width_px.into()),
        exactly(Measure::PhotoHeight, photo.height().into(), spec.photo.height_px.into()),
        exactly(Measure::Density, density, spec.photo.density_dpi.into()),
        Measurement::judged(Measure::FileSize, length as f64, bytes),
        Measurement::judged(
            Measure::Quality,
            encoded.quality().into(),
            (spec.file.min_quality.into(), 100.0),
        ),
        exactly(Measure::TrailingBytes, behind, 0.0),
    ]
}

/// Where the head lies in the decoded photo.
fn geometry(photo: &Frame, spec: &Specification, models: &Models) -> Result<Vec<Measurement>, Rejection> {
    let face = match Face::find_in_photo(photo, models) {
        Ok(face) => face,
        Err(FaceError::Refused(_)) => {
            return Ok(vec![Measurement::failed(Measure::SingleFacePresent, (1.0, 1.0))]);
        }
        Err(e) => return Err(e.into()),
    };
    let eyes = face.eye_centre();
    let middle = eye_target(spec, 0.0, 0.0).x;
    let hair = background::hair_top(photo, spec.background.colour, HAIR_PIXELS);
    let mut measures = vec![
        Measurement::judged(Measure::HairTop, hair, spec.hair_top_px.bounds()),
        Measurement::judged(Measure::EyeLine, eyes.y, spec.eye_line_px.bounds()),
        Measurement::judged(Measure::FaceWidth, face.width_px(), spec.face_width_px.bounds()),
        Measurement::judged(Measure::EyeCentre, eyes.x - middle, spec.eye_centre_px.bounds()),
        Measurement::judged(Measure::HeadPoseRoll, face.roll_deg(), spec.roll_deg.bounds()),
    ];
    measures.extend(crate::measures::in_photo(photo, &face, spec));
    Ok(measures)
}

/// One reason for each kind of failure.
fn reasons(measures: &[Measurement], encoded: &Encoded, spec: &Specification) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    let value = |m: Measure| measures.iter().find(|x| x.measure == m).map_or(f64::NAN, |x| x.value);
    for failed in measures.iter().filter(|m| !matches!(m.verdict, Verdict::Pass | Verdict::Warn)) {
        let reason = match failed.measure {
            Measure::BackgroundColour | Measure::BackgroundUniformity => Reason::BackgroundImpure {
                mean: value(Measure::BackgroundColour),
                worst: value(Measure::BackgroundUniformity),
            },
            Measure::FileSize => Reason::FileOutOfWindow {
                bytes: encoded.jpeg().len(),
                min: spec.file.min_bytes,
                max: spec.file.max_bytes,
            },
            Measure::SingleFacePresent => Reason::NoFace,
            measure => Reason::MeasureFailed { measure, value: failed.value },
        };
        if !reasons.iter().any(|r| r.code() == reason.code() && r == &reason) {
            reasons.push(reason);
        }
    }
    reasons
}
