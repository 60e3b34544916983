//! What is said about one picture, as a line of text or of JSON.

use crate::failure::{Failure, chain};
use portrait::{FrameError, MatteSource, Measure, Measurement, Rejection, Verdict};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A photo that was verified and written.
pub struct Photo {
    /// Its file.
    pub path: PathBuf,
    /// Every measure of source and photo.
    pub measures: Vec<Measurement>,
    /// From source to photo pixels, row by row.
    pub transform: [[f64; 3]; 2],
    /// What the cut-out was made with.
    pub source: MatteSource,
    /// How sure the cut-out is, 0 to 1.
    pub confidence: f64,
}

/// Why a picture gave no photo.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It can't be read.
    #[error("the file can't be read")]
    Read(#[source] std::io::Error),
    /// It is no picture.
    #[error("the file is no usable picture")]
    NoPicture(#[source] FrameError),
    /// It doesn't satisfy the specification.
    #[error(transparent)]
    Rejected(Rejection),
    /// It struck a defect of the program.
    #[error("the picture made the program fail; please report it")]
    Crashed,
    /// Its path names no file.
    #[error("the path names no file")]
    NoName,
    /// Another picture's photo has its name.
    #[error("{} has the same name and came first: rename one of them", first.display())]
    SameName {
        /// The other picture.
        first: PathBuf,
    },
    /// Its photo would take the place of a picture.
    #[error("{} is one of the pictures: choose another folder with --out", picture.display())]
    WouldReplace {
        /// The picture.
        picture: PathBuf,
    },
    /// The photo or the alpha can't be written.
    #[error("{} can't be written", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A picture and what became of it.
pub struct Answer<'a> {
    input: &'a Path,
    result: Result<Photo, Refusal>,
}

#[derive(Serialize)]
struct Line {
    input: String,
    verdict: &'static str,
    photo: Option<String>,
    measures: Vec<MeasureLine>,
    reasons: Vec<ReasonLine>,
    transform: Option<[[f64; 3]; 2]>,
    matte: Option<MatteLine>,
}

/// A number that isn't finite is null: JSON has none. An end of the threshold that is open is null too.
#[derive(Serialize)]
struct MeasureLine {
    measure: &'static str,
    name: &'static str,
    value: Option<f64>,
    unit: &'static str,
    score: Option<u8>,
    threshold: Option<Threshold>,
    verdict: &'static str,
}

#[derive(Serialize)]
struct Threshold {
    low: Option<f64>,
    high: Option<f64>,
}

#[derive(Serialize)]
struct MatteLine {
    source: &'static str,
    confidence: f64,
}

#[derive(Serialize)]
struct ReasonLine {
    code: &'static str,
    message: String,
}

impl<'a> Answer<'a> {
    /// What became of the picture `input`.
    pub fn new(input: &'a Path, result: Result<Photo, Refusal>) -> Self {
        Self { input, result }
    }

    /// Whether there is a photo.
    pub fn is_accepted(&self) -> bool {
        self.result.is_ok()
    }

    /// The answer as one line of JSON.
    ///
    /// # Errors
    /// [`Failure::Output`].
    pub fn json(&self) -> Result<String, Failure> {
        serde_json::to_string(&self.line()).map_err(|e| Failure::Output(e.into()))
    }

    /// The answer as one line to read.
    pub fn text(&self) -> String {
        let input = self.input.display();
        match &self.result {
            Ok(photo) => format!("{input}: {}: {}", photo.path.display(), figures(&photo.measures)),
            Err(refusal) => format!("{input}: refused: {}", refusal.sentence()),
        }
    }

    fn line(&self) -> Line {
        let photo = self.result.as_ref().ok();
        let refusal = self.result.as_ref().err();
        let measures = photo.map_or_else(|| refusal.map_or(&[][..], Refusal::measures), |p| &p.measures);
        Line {
            input: self.input.display().to_string(),
            verdict: if self.is_accepted() { "accepted" } else { "refused" },
            photo: photo.map(|photo| photo.path.display().to_string()),
            measures: measures.iter().map(MeasureLine::of).collect(),
            reasons: refusal
                .map_or_else(Vec::new, Refusal::sentences)
                .into_iter()
                .map(ReasonLine::of)
                .collect(),
            transform: photo.map(|photo| photo.transform),
            matte: photo
                .map(|photo| MatteLine { source: matte_source(photo.source), confidence: photo.confidence }),
        }
    }
}

impl Refusal {
    /// What was measured before it was refused.
    pub fn measures(&self) -> &[Measurement] {
        if let Self::Rejected(rejection) = self { &rejection.measures } else { &[] }
    }

    /// Each reason's code and sentence, the first one first.
    pub fn sentences(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Rejected(rejection) => {
                rejection.reasons.iter().map(|r| (r.code(), r.to_string())).collect()
            }
            other => vec![(other.code(), other.sentence())],
        }
    }

    /// The first reason's code on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => {
                rejection.reasons.first().map_or("unreadable", portrait::Reason::code)
            }
            Self::Read(_) | Self::NoPicture(_) => "unreadable",
            Self::Crashed => "crashed",
            Self::NoName => "no_name",
            Self::SameName { .. } => "same_name",
            Self::WouldReplace { .. } => "would_replace",
            Self::Write { .. } => "not_written",
        }
    }

    fn sentence(&self) -> String {
        chain(self)
    }
}

impl ReasonLine {
    fn of((code, message): (&'static str, String)) -> Self {
        Self { code, message }
    }
}

impl MeasureLine {
    fn of(measurement: &Measurement) -> Self {
        let finite = |value: f64| value.is_finite().then_some(value);
        Self {
            measure: measurement.measure.code(),
            name: measurement.measure.standard_name(),
            value: finite(measurement.value),
            unit: measurement.unit(),
            score: measurement.score,
            threshold: measurement
                .window
                .map(|(low, high)| Threshold { low: finite(low), high: finite(high) }),
            verdict: verdict(measurement.verdict),
        }
    }
}

/// The name on the wire of what a cut-out was made with.
pub fn matte_source(source: MatteSource) -> &'static str {
    match source {
        MatteSource::Stored => "stored",
        MatteSource::Modelled => "modelled",
        MatteSource::Network => "network",
    }
}

/// A verdict's name on the wire.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Warn => "warn",
        Verdict::Fail => "fail",
        Verdict::NotAssessed => "not_assessed",
    }
}

/// The measures that a technician looks at first; `--json` has them all.
const SHOWN: [Measure; 7] = [
    Measure::HairTop,
    Measure::EyeLine,
    Measure::FaceWidth,
    Measure::EyeCentre,
    Measure::HeadPoseRoll,
    Measure::BackgroundColour,
    Measure::FileSize,
];

fn figures(measures: &[Measurement]) -> String {
    let shown = SHOWN.iter().filter_map(|shown| measures.iter().find(|m| m.measure == *shown));
    let texts: Vec<String> = shown
        .map(|m| {
            let digits = if m.measure == Measure::FileSize { 0 } else { 1 };
            format!("{} {:.digits$} {}", m.measure.code(), m.value, m.unit())
        })
        .collect();
    texts.join(", ")
}
