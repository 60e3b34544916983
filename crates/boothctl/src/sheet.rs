//! `boothctl sheet`: a sheet of one photo as PDF.

use crate::failure::Failure;
use crate::{Outcome, files, output};
use booth::Places;
use printing::{Copies, Font, Footer, Paper, PhotoSize, SheetSpec, layout, sheet_pdf};
use std::num::NonZeroU32;
use std::path::PathBuf;

/// The size of the footer's letters in points, as on the kiosk's sheets.
const FOOTER_PT: f64 = 8.0;

/// Lay out a sheet of one photo and write it as PDF, to be printed at 100 %.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The photo, a JPEG; its bytes go into the PDF unchanged.
    photo: PathBuf,
    /// The printed photo's size in millimetres, such as 33x48.
    #[arg(long, value_name = "WIDTHxHEIGHT")]
    size: PhotoSize,
    /// The paper: 5in, 6in, A4, A5, A6, or WIDTHxHEIGHT in millimetres.
    #[arg(long)]
    paper: Paper,
    /// The PDF.
    #[arg(long, value_name = "F.pdf")]
    out: PathBuf,
    /// The white between photos in millimetres.
    #[arg(long, default_value_t = 1.0, value_name = "MM")]
    gap: f64,
    /// The white at the paper's edges in millimetres.
    #[arg(long, default_value_t = 2.0, value_name = "MM")]
    margin: f64,
    /// A line of text where the photos leave room for it.
    #[arg(long, value_name = "TEXT")]
    footer: Option<String>,
    /// Leave the cut marks out.
    #[arg(long)]
    no_cut_marks: bool,
    /// How many photos, instead of as many as fit.
    #[arg(long, value_name = "N")]
    copies: Option<NonZeroU32>,
}

impl Arguments {
    fn spec(&self) -> SheetSpec {
        SheetSpec {
            paper: self.paper,
            photo: self.size,
            gap_mm: self.gap,
            margin_mm: self.margin,
            cut_marks: !self.no_cut_marks,
            footer: self.footer.clone().map(|text| Footer { text, size_pt: FOOTER_PT }),
            copies: self.copies.map_or(Copies::Fill, Copies::Exactly),
        }
    }
}

/// Does the command.
///
/// # Errors
/// [`Failure`]; nothing is written then.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let Arguments { photo, out, .. } = arguments;
    let jpeg = files::read(photo).map_err(|source| Failure::Read { path: photo.clone(), source })?;
    let font = Font::from_file(&Places::from_environment()?.font)?;
    let impossible = |source| Failure::Sheet { path: photo.clone(), source };
    let laid = layout(&arguments.spec()).map_err(impossible)?;
    let pdf = sheet_pdf(&laid, &jpeg, &font).map_err(impossible)?;
    files::write(out, &pdf).map_err(|source| Failure::Write { path: out.clone(), source })?;
    let (count, size, paper) = (laid.placements.len(), arguments.size, arguments.paper);
    output::line(&format!("{}: {count} photos of {size} on paper of {paper}", out.display()))?;
    Ok(Outcome::Well)
}
