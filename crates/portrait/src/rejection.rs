//! Why a photo is refused. Words for students are the window's business: here are codes and figures.

use std::fmt;

use crate::measure::{Measure, Measurement};

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

/// What is wrong with how somebody stands in the picture, or with the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// The picture is out of focus or smeared.
    Blurred,
    /// The eyes are behind dark glasses.
    DarkGlasses,
    /// Hair or something else is before the eyes.
    EyesCovered,
    /// Something is before nose, mouth or chin.
    FaceCovered,
    /// The head is turned to the person's right.
    TurnedRight,
    /// The head is turned to the person's left.
    TurnedLeft,
    /// The head looks up.
    ChinUp,
    /// The head looks down.
    ChinDown,
    /// An eye is closed.
    EyesClosed,
    /// The eyes look aside.
    LooksAside,
    /// The mouth is open.
    MouthOpen,
    /// Teeth show.
    TeethShown,
    /// One side of the face is darker than the other.
    UnevenLight,
    /// Glasses reflect.
    GlassesGlare,
    /// The person stands far from the frame's middle.
    OffCentre,
    /// Skin has an unnatural colour.
    UnnaturalColour,
    /// Clothes have the background's colour.
    ClothesLikeBackground,
}

impl Defect {
    /// The defect's code on the wire, such as `eyes_closed`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Blurred => "blurred",
            Self::DarkGlasses => "dark_glasses",
            Self::EyesCovered => "eyes_covered",
            Self::FaceCovered => "face_covered",
            Self::TurnedRight => "turned_right",
            Self::TurnedLeft => "turned_left",
            Self::ChinUp => "chin_up",
            Self::ChinDown => "chin_down",
            Self::EyesClosed => "eyes_closed",
            Self::LooksAside => "looks_aside",
            Self::MouthOpen => "mouth_open",
            Self::TeethShown => "teeth_shown",
            Self::UnevenLight => "uneven_light",
            Self::GlassesGlare => "glasses_glare",
            Self::OffCentre => "off_centre",
            Self::UnnaturalColour => "unnatural_colour",
            Self::ClothesLikeBackground => "clothes_like_background",
        }
    }
}

/// Why there is no photo.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// A measure of the source lies outside its limit.
    Defect {
        /// What is wrong.
        defect: Defect,
        /// The measure that says so.
        measure: Measure,
        /// Its value.
        value: f64,
    },
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
    /// Whether the face can't be seen well enough to trust what else is measured on it.
    pub(crate) fn hides_the_face(&self) -> bool {
        use Defect as D;
        let Self::Defect { defect, .. } = self else { return false };
        matches!(defect, D::DarkGlasses | D::EyesCovered | D::FaceCovered | D::UnevenLight)
    }

    /// The reason's code on the wire, such as `no_face`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Defect { defect, .. } => defect.code(),
            Self::NoFace => "no_face",
            Self::SeveralFaces { .. } => "several_faces",
            Self::FaceTooSmall { .. } => "face_too_small",
            Self::FaceTooLarge { .. } => "face_too_large",
            Self::TooDark { .. } => "too_dark",
            Self::TooBright { .. } => "too_bright",
            Self::HeadTilted { .. } => "head_tilted",
            Self::CutOff { side: Side::Top, .. } => "cut_off_top",
            Self::CutOff { side: Side::Bottom, .. } => "cut_off_bottom",
            Self::CutOff { side: Side::Left | Side::Right, .. } => "cut_off_side",
            Self::NoCropFits { window: Measure::HairTop } => "hair_too_high",
            Self::NoCropFits { .. } => "no_crop_fits",
            Self::MeasureFailed { .. } => "measure_failed",
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
            Self::Defect { defect, measure, value } => {
                write!(f, "{}: {} is {value:.2} {}", defect.code(), measure.standard_name(), measure.unit())
            }
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
