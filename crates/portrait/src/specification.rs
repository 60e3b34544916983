//! What a programme demands of a photo: size, density, background, file, and where the head belongs.
//!
//! Every figure comes from a file under `assets/specs/`; the code holds none. A [`Specification`] can only be
//! made by [`Specification::parse`], so each one in hand has ordered windows and possible sizes. Prices, consents
//! and the like belong to the programme, not to this.

mod file;
mod limits;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::colour::Rgb;
use crate::measure::{Limit, Measure};

/// A closed interval with the value to aim at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    low: f64,
    high: f64,
    preferred: f64,
}

impl Window {
    /// The lowest allowed value.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The highest allowed value.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// The value to aim at, inside the window.
    pub fn preferred(&self) -> f64 {
        self.preferred
    }

    /// Whether `value` lies inside, the ends included.
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// The ends as a pair.
    pub fn bounds(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}

/// The picture's size on screen and on paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhotoSize {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// Density written into the file, dots per inch.
    pub density_dpi: u16,
    /// Width of the printed copy in millimetres.
    pub print_width_mm: f64,
    /// Height of the printed copy in millimetres.
    pub print_height_mm: f64,
}

/// The background and how far the delivered file may stray from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BackgroundRule {
    /// The colour, sRGB.
    pub colour: Rgb,
    /// Greatest CIEDE2000 of the mean background.
    pub mean_delta_e: f64,
    /// Greatest CIEDE2000 of a 4x4 block of background.
    pub max_delta_e: f64,
}

/// The file's size and coding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FileRule {
    /// Least bytes.
    pub min_bytes: usize,
    /// Most bytes.
    pub max_bytes: usize,
    /// Least JPEG quality, 1 to 100.
    pub min_quality: u8,
    /// Whether an sRGB ICC profile goes into the file; without one a baseline JFIF is sRGB by convention.
    pub icc_profile: bool,
}

/// What the source picture must bring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SourceRule {
    /// Least distance between the eye centres, source pixels.
    pub min_inter_eye_px: f64,
    /// Greatest roll that may be levelled, degrees.
    pub max_roll_deg: f64,
    /// Greatest face width over the frame's height: a face nearer to the lens is distorted.
    pub max_face_share: f64,
    /// Linear luminance of the frame's brightest hundredth, of full scale, below which the shot is too dark.
    /// The frame is judged, not the face: a dark skin is not a dark shot.
    pub min_highlight: f64,
    /// Share of the face that may be burnt out (luma 247 to 255), 0 to 1.
    pub max_burnt_face: f64,
}

/// Everything a photo must satisfy.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Specification {
    /// The specification's name, such as `degree`.
    pub name: String,
    /// Size in pixels and on paper.
    pub photo: PhotoSize,
    /// The background.
    pub background: BackgroundRule,
    /// The file.
    pub file: FileRule,
    /// Topmost hair, photo pixels below the top edge.
    pub hair_top_px: Window,
    /// Eye line, photo pixels below the top edge.
    pub eye_line_px: Window,
    /// Face width, cheek to cheek, photo pixels.
    pub face_width_px: Window,
    /// Eye centre right of the middle column, photo pixels.
    pub eye_centre_px: Window,
    /// Roll of the eye line in the photo, degrees.
    pub roll_deg: Window,
    /// What the source must bring.
    pub source: SourceRule,
    limits: BTreeMap<Measure, Limit>,
}

/// Why a specification was refused.
#[derive(Debug, thiserror::Error)]
pub enum SpecificationError {
    /// The file could not be read.
    #[error("cannot read the specification {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The text is no specification.
    #[error("the specification is not valid")]
    Syntax(#[from] toml::de::Error),
    /// A window's ends are crossed, or its preferred value lies outside.
    #[error("the window {field} is crossed: low {low}, preferred {preferred}, high {high}")]
    CrossedWindow {
        /// The table's name in the file.
        field: &'static str,
        /// The low end.
        low: f64,
        /// The high end.
        high: f64,
        /// The preferred value.
        preferred: f64,
    },
    /// A limit is of no measure of the person.
    #[error("{name} is no measure that has a limit")]
    UnknownMeasure {
        /// The name found.
        name: String,
    },
    /// A measure of the person has no limit.
    #[error("the measure {name} has no limit")]
    NoLimit {
        /// The measure.
        name: &'static str,
    },
    /// A single value is impossible.
    #[error("the field {field} cannot be {value}: {rule}")]
    Impossible {
        /// The field's path in the file.
        field: &'static str,
        /// The value found.
        value: f64,
        /// What it must be.
        rule: &'static str,
    },
}

impl Specification {
    /// Reads and validates a specification's TOML text.
    ///
    /// # Errors
    /// [`SpecificationError`] naming the first field that is missing, unknown, crossed or impossible.
    ///
    /// ```
    /// let text = include_str!("../../../assets/specs/degree.toml");
    /// let degree = portrait::Specification::parse(text)?;
    /// assert_eq!((degree.photo.width_px, degree.photo.height_px), (480, 640));
    /// # Ok::<(), portrait::SpecificationError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, SpecificationError> {
        toml::from_str::<file::SpecificationFile>(text)?.validate()
    }

    /// Reads and validates the specification file at `path`.
    ///
    /// # Errors
    /// As [`Specification::parse`], or [`SpecificationError::Read`].
    pub fn load(path: &Path) -> Result<Self, SpecificationError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| SpecificationError::Read { path: path.to_owned(), source })?;
        Self::parse(&text)
    }

    /// The limit of a measure of the person; none for a measure that has a rule of its own here.
    pub fn limit(&self, measure: Measure) -> Option<&Limit> {
        self.limits.get(&measure)
    }

    /// The same specification with another background colour.
    pub fn with_background(mut self, colour: Rgb) -> Self {
        self.background.colour = colour;
        self
    }
}
