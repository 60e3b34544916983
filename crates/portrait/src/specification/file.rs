//! The specification as it stands in its TOML file, and the rules that turn it into a [`Specification`].

use serde::Deserialize;

use super::limits::{LimitTables, limits};
use super::{BackgroundRule, FileRule, PhotoSize, SourceRule, Specification, SpecificationError, Window};
use crate::colour::Rgb;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpecificationFile {
    name: String,
    photo: PhotoTable,
    background: BackgroundTable,
    file: FileTable,
    hair_top_px: WindowTable,
    eye_line_px: WindowTable,
    face_width_px: WindowTable,
    eye_centre_px: WindowTable,
    roll_deg: WindowTable,
    source: SourceTable,
    #[serde(default)]
    limits: LimitTables,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhotoTable {
    width_px: u32,
    height_px: u32,
    density_dpi: u16,
    print_width_mm: f64,
    print_height_mm: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BackgroundTable {
    colour: [u8; 3],
    mean_delta_e: f64,
    max_delta_e: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTable {
    min_bytes: usize,
    max_bytes: usize,
    min_quality: u8,
    icc_profile: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowTable {
    low: f64,
    high: f64,
    preferred: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceTable {
    min_inter_eye_px: f64,
    max_roll_deg: f64,
    max_face_share: f64,
    min_highlight: f64,
    max_burnt_face: f64,
}

impl SpecificationFile {
    /// Checks every rule and gives the specification.
    pub(super) fn validate(self) -> Result<Specification, SpecificationError> {
        let photo = self.photo.validate()?;
        let (width, height) = (f64::from(photo.width_px), f64::from(photo.height_px));
        let source = self.source.validate()?;
        let mut limits = limits(self.limits)?;
        limits.extend(source.limits());
        let spec = Specification {
            name: self.name,
            background: self.background.validate()?,
            file: self.file.validate()?,
            hair_top_px: self.hair_top_px.within("hair_top_px", 0.0, height)?,
            eye_line_px: self.eye_line_px.within("eye_line_px", 0.0, height)?,
            face_width_px: self.face_width_px.within("face_width_px", 1.0, width)?,
            eye_centre_px: self.eye_centre_px.within("eye_centre_px", -width / 2.0, width / 2.0)?,
            roll_deg: self.roll_deg.within("roll_deg", -45.0, 45.0)?,
            source,
            limits,
            photo,
        };
        hair_above_eyes(&spec)?;
        Ok(spec)
    }
}

/// The preferred hair top must lie above the preferred eye line, or no head could have both.
fn hair_above_eyes(spec: &Specification) -> Result<(), SpecificationError> {
    let (hair, eyes) = (spec.hair_top_px.preferred, spec.eye_line_px.preferred);
    require("hair_top_px.preferred", hair, hair < eyes, "above eye_line_px.preferred")
}

fn require(
    field: &'static str,
    value: f64,
    holds: bool,
    rule: &'static str,
) -> Result<(), SpecificationError> {
    if holds { Ok(()) } else { Err(SpecificationError::Impossible { field, value, rule }) }
}

impl PhotoTable {
    fn validate(self) -> Result<PhotoSize, SpecificationError> {
        let side =
            |field, value: u32| require(field, value.into(), (64..=4096).contains(&value), "64 to 4096");
        side("photo.width_px", self.width_px)?;
        side("photo.height_px", self.height_px)?;
        let density = self.density_dpi;
        require("photo.density_dpi", density.into(), (72..=1200).contains(&density), "72 to 1200")?;
        let paper = |field, value: f64| require(field, value, (5.0..=300.0).contains(&value), "5 to 300 mm");
        paper("photo.print_width_mm", self.print_width_mm)?;
        paper("photo.print_height_mm", self.print_height_mm)?;
        Ok(PhotoSize {
            width_px: self.width_px,
            height_px: self.height_px,
            density_dpi: density,
            print_width_mm: self.print_width_mm,
            print_height_mm: self.print_height_mm,
        })
    }
}

impl BackgroundTable {
    fn validate(self) -> Result<BackgroundRule, SpecificationError> {
        let range = |field, value: f64| require(field, value, value > 0.0 && value <= 100.0, "0 to 100");
        range("background.mean_delta_e", self.mean_delta_e)?;
        range("background.max_delta_e", self.max_delta_e)?;
        Ok(BackgroundRule {
            colour: Rgb(self.colour),
            mean_delta_e: self.mean_delta_e,
            max_delta_e: self.max_delta_e,
        })
    }
}

impl FileTable {
    fn validate(self) -> Result<FileRule, SpecificationError> {
        if self.min_bytes > self.max_bytes {
            let (low, high) = (self.min_bytes as f64, self.max_bytes as f64);
            return Err(SpecificationError::CrossedWindow { field: "file", low, high, preferred: low });
        }
        let quality = self.min_quality;
        require("file.min_quality", quality.into(), (1..=100).contains(&quality), "1 to 100")?;
        Ok(FileRule {
            min_bytes: self.min_bytes,
            max_bytes: self.max_bytes,
            min_quality: quality,
            icc_profile: self.icc_profile,
        })
    }
}

impl WindowTable {
    fn within(self, field: &'static str, least: f64, most: f64) -> Result<Window, SpecificationError> {
        let Self { low, high, preferred } = self;
        if !(low <= preferred && preferred <= high) {
            return Err(SpecificationError::CrossedWindow { field, low, high, preferred });
        }
        require(field, low, low >= least, "inside the photo")?;
        require(field, high, high <= most, "inside the photo")?;
        Ok(Window { low, high, preferred })
    }
}

impl SourceTable {
    fn validate(self) -> Result<SourceRule, SpecificationError> {
        let eyes = self.min_inter_eye_px;
        require("source.min_inter_eye_px", eyes, (1.0..=1000.0).contains(&eyes), "1 to 1000")?;
        let roll = self.max_roll_deg;
        require("source.max_roll_deg", roll, (0.0..=45.0).contains(&roll), "0 to 45")?;
        let share = |field, value: f64| require(field, value, (0.0..=1.0).contains(&value), "0 to 1");
        share("source.max_face_share", self.max_face_share)?;
        share("source.min_highlight", self.min_highlight)?;
        share("source.max_burnt_face", self.max_burnt_face)?;
        Ok(SourceRule {
            min_inter_eye_px: eyes,
            max_roll_deg: roll,
            max_face_share: self.max_face_share,
            min_highlight: self.min_highlight,
            max_burnt_face: self.max_burnt_face,
        })
    }
}
