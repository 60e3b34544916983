//! What was measured, and why a photo is refused.
//!
//! Measures carry the names of ISO/IEC 29794-5 where it has one. Words for students are the window's business: here
//! are codes and figures.

use std::fmt;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// ISO/IEC 29794-5 single face present: 1 less the second face's area over the first's.
    SingleFacePresent,
    /// ISO/IEC 29794-5 inter-eye distance, in the source, pixels.
    InterEyeDistance,
    /// ISO/IEC 29794-5 head pose roll, in the photo, degrees.
    HeadPoseRoll,
    /// ISO/IEC 29794-5 luminance: the source's brightest hundredth, linear, of full scale.
    Luminance,
    /// ISO/IEC 29794-5 over-exposure: share of the source's face hull with luma 247 to 255.
    OverExposure,
    /// Topmost hair below the photo's top edge, pixels.
    HairTop,
    /// Eye line below the photo's top edge, pixels.
    EyeLine,
    /// Face width in the photo, pixels.
    FaceWidth,
    /// Eye centre right of the photo's middle, pixels.
    EyeCentre,
    /// CIEDE2000 of the photo's mean background from the specified colour.
    BackgroundColour,
    /// CIEDE2000 of the photo's worst 4x4 block of background.
    BackgroundUniformity,
    /// The photo's width in pixels.
    PhotoWidth,
    /// The photo's height in pixels.
    PhotoHeight,
    /// The density in the photo's JFIF segment, dots per inch.
    Density,
    /// The file's length in bytes.
    FileSize,
    /// The JPEG quality the photo was written with.
    Quality,
    /// Bytes behind the JPEG's end marker.
    TrailingBytes,
}

impl Measure {
    /// The measure's name on the wire, such as `hair_top`.
    pub fn code(self) -> &'static str {
        match self {
            Self::SingleFacePresent => "single_face_present",
            Self::InterEyeDistance => "inter_eye_distance",
            Self::HeadPoseRoll => "head_pose_roll",
            Self::Luminance => "luminance",
            Self::OverExposure => "over_exposure",
            Self::HairTop => "hair_top",
            Self::EyeLine => "eye_line",
            Self::FaceWidth => "face_width",
            Self::EyeCentre => "eye_centre",
            Self::BackgroundColour => "background_colour",
            Self::BackgroundUniformity => "background_uniformity",
            Self::PhotoWidth => "photo_width",
            Self::PhotoHeight => "photo_height",
            Self::Density => "density",
            Self::FileSize => "file_size",
            Self::Quality => "quality",
            Self::TrailingBytes => "trailing_bytes",
        }
    }

    /// The unit of the measure's values.
    pub fn unit(self) -> &'static str {
        match self {
            Self::SingleFacePresent | Self::Luminance | Self::OverExposure | Self::Quality => "",
            Self::HeadPoseRoll => "deg",
            Self::BackgroundColour | Self::BackgroundUniformity => "delta_e",
            Self::Density => "dpi",
            Self::FileSize | Self::TrailingBytes => "byte",
            _ => "px",
        }
    }
}

/// What a measurement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The value lies in its window.
    Pass,
    /// The value lies outside.
    Fail,
    /// There is no value: its window is not judged.
    NotAssessed,
}

/// One measured value beside its window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement {
    /// What was measured.
    pub measure: Measure,
    /// The value, in [`Measure::unit`]; not a number if it could not be assessed.
    pub value: f64,
    /// The allowed interval, if there is one.
    pub window: Option<(f64, f64)>,
    /// Whether the value lies inside.
    pub verdict: Verdict,
}

impl Measurement {
    /// A value judged against a window.
    pub(crate) fn judged(measure: Measure, value: f64, (low, high): (f64, f64)) -> Self {
        let verdict = if low <= value && value <= high { Verdict::Pass } else { Verdict::Fail };
        Self { measure, value, window: Some((low, high)), verdict }
    }

    /// A measure that could not be computed.
    pub(crate) fn failed(measure: Measure, window: (f64, f64)) -> Self {
        Self { measure, value: f64::NAN, window: Some(window), verdict: Verdict::NotAssessed }
    }

    /// Whether the value lies in its window.
    pub fn passes(&self) -> bool {
        self.verdict == Verdict::Pass
    }

    /// The unit of the value.
    pub fn unit(&self) -> &'static str {
        self.measure.unit()
    }
}

/// A side of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The image's left.
    Left,
    /// The image's right.
    Right,
    /// The top.
    Top,
    /// The bottom.
    Bottom,
}

/// Why there is no photo.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// No face in the frame.
    NoFace,
    /// More than one person in the frame.
    SeveralFaces {
        /// How many.
        count: usize,
    },
    /// The face has too few pixels: come nearer.
    FaceTooSmall {
        /// Distance of the eyes, source pixels.
        inter_eye_px: f64,
        /// The least allowed.
        need: f64,
    },
    /// The frame is too small around the face for any crop: step back.
    FaceTooLarge {
        /// The smallest crop's width and height, source pixels.
        need_px: (f64, f64),
        /// The frame's width and height.
        frame_px: (u32, u32),
    },
    /// The shot is too dark.
    TooDark {
        /// Linear luminance of the brightest hundredth.
        highlight: f64,
        /// The least allowed.
        need: f64,
    },
    /// The face is burnt out.
    TooBright {
        /// Share of the face that is burnt out.
        burnt: f64,
        /// The most allowed.
        most: f64,
    },
    /// The head is tilted more than may be levelled.
    HeadTilted {
        /// Roll in degrees, positive to the image's right.
        roll_deg: f64,
        /// The most allowed.
        most: f64,
    },
    /// The photo would reach beyond the frame on this side.
    CutOff {
        /// The side.
        side: Side,
        /// By how many source pixels.
        missing_px: f64,
    },
    /// No scale and place satisfies all windows; without this one there would be.
    NoCropFits {
        /// The window that cannot be met.
        window: Measure,
    },
    /// The person could not be told from the background.
    NoPerson,
    /// The delivered background is not the specified colour.
    BackgroundImpure {
        /// CIEDE2000 of the mean.
        mean: f64,
        /// CIEDE2000 of the worst block.
        worst: f64,
    },
    /// No allowed quality gives a file of the right size.
    FileOutOfWindow {
        /// Bytes at the nearest quality.
        bytes: usize,
        /// Least bytes.
        min: usize,
        /// Most bytes.
        max: usize,
    },
    /// The photo's measured geometry or container is not what was aimed at.
    MeasureFailed {
        /// The measure outside its window.
        measure: Measure,
        /// Its value.
        value: f64,
    },
    /// The picture, or the finished file, could not be read or processed.
    Unreadable {
        /// What failed, for the log.
        what: String,
    },
}

impl Reason {
    /// The reason's code on the wire, such as `no_face`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoFace => "no_face",
            Self::SeveralFaces { .. } => "several_faces",
            Self::FaceTooSmall { .. } => "face_too_small",
            Self::FaceTooLarge { .. } => "face_too_large",
            Self::TooDark { .. } => "too_dark",
            Self::TooBright { .. } => "too_bright",
            Self::HeadTilted { .. } => "head_tilted",
            Self::CutOff { .. } => "cut_off",
            Self::NoCropFits { .. } | Self::MeasureFailed { .. } => "no_crop_fits",
            Self::NoPerson => "no_person",
            Self::BackgroundImpure { .. } => "background_impure",
            Self::FileOutOfWindow { .. } => "file_out_of_window",
            Self::Unreadable { .. } => "unreadable",
        }
    }
}

impl fmt::Display for Reason {
    /// A technician's sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFace => write!(f, "no face found"),
            Self::SeveralFaces { count } => write!(f, "{count} faces found, one expected"),
            Self::FaceTooSmall { inter_eye_px, need } => {
                write!(f, "face too small: {inter_eye_px:.0} px between the eyes, {need:.0} needed")
            }
            Self::FaceTooLarge { need_px: (w, h), frame_px: (fw, fh) } => {
                write!(f, "face too large: the photo needs {w:.0}x{h:.0} px, the frame has {fw}x{fh}")
            }
            Self::TooDark { highlight, need } => {
                write!(f, "too dark: brightest hundredth at {highlight:.2}, {need:.2} needed")
            }
            Self::TooBright { burnt, most } => {
                write!(
                    f,
                    "too bright: {:.0} % of the face burnt out, at most {:.0} %",
                    burnt * 100.0,
                    most * 100.0
                )
            }
            Self::HeadTilted { roll_deg, most } => {
                write!(f, "head tilted by {roll_deg:.1} degrees, at most {most:.1}")
            }
            Self::CutOff { side, missing_px } => {
                write!(f, "cut off: {missing_px:.0} px missing at the {}", side.name())
            }
            Self::NoCropFits { window } => write!(f, "no crop fits: {} cannot be met", window.code()),
            Self::NoPerson => write!(f, "the person could not be told from the background"),
            Self::BackgroundImpure { mean, worst } => {
                write!(f, "background off by {mean:.2} in the mean, {worst:.2} at worst (CIEDE2000)")
            }
            Self::FileOutOfWindow { bytes, min, max } => {
                write!(f, "file of {bytes} bytes, {min} to {max} allowed")
            }
            Self::MeasureFailed { measure, value } => write!(f, "measured {} is {value:.1}", measure.code()),
            Self::Unreadable { what } => write!(f, "{what}"),
        }
    }
}

impl Side {
    /// The side's English name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Top => "top",
            Self::Bottom => "bottom",
        }
    }
}

/// Why a picture gave no photo, with what was measured until then.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}", .reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Rejection {
    /// The reasons; at least one.
    pub reasons: Vec<Reason>,
    /// What was measured.
    pub measures: Vec<Measurement>,
}

impl Rejection {
    /// A rejection for one reason.
    pub(crate) fn new(reason: Reason) -> Self {
        Self { reasons: vec![reason], measures: Vec::new() }
    }
}

impl From<crate::face::FaceError> for Rejection {
    fn from(error: crate::face::FaceError) -> Self {
        match error {
            crate::face::FaceError::Refused(reason) => Self::new(reason),
            crate::face::FaceError::Inference(e) => e.into(),
        }
    }
}

impl From<crate::models::InferenceError> for Rejection {
    fn from(error: crate::models::InferenceError) -> Self {
        Self::new(Reason::Unreadable { what: crate::chain(&error) })
    }
}
