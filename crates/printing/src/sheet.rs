//! A sheet as data: what goes on which paper.

use crate::{FontError, JpegError, Paper, PhotoSize};
use std::num::NonZeroU32;

/// A sheet of one photo, several times.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetSpec {
    /// The paper; the page is exactly this.
    pub paper: Paper,
    /// The upright photo's size.
    pub photo: PhotoSize,
    /// The white between neighbours, in millimetres (0 to 50).
    pub gap_mm: f64,
    /// The white that no photo enters at the paper's edges, in millimetres (0 to 50).
    pub margin_mm: f64,
    /// Whether to draw hairlines beside the grid, in line with the photos' edges.
    pub cut_marks: bool,
    /// A line of text outside the photos.
    pub footer: Option<Footer>,
    /// How many photos.
    pub copies: Copies,
}

/// The line of text on a sheet. It takes only room that the photos leave: below them, or else along their right side.
#[derive(Clone, Debug, PartialEq)]
pub struct Footer {
    /// The words, one line.
    pub text: String,
    /// The size of the letters in points (4 to 24).
    pub size_pt: f64,
}

/// How many photos go on a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// As many as fit in one grid.
    Fill,
    /// Exactly so many, in rows from the top.
    Exactly(NonZeroU32),
}

/// Why a sheet can't be made.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// A length outside its bounds.
    #[error("the {what} of {value} is outside {least} to {most}")]
    OutOfBounds {
        /// Which measure.
        what: &'static str,
        /// What was given, in the measure's unit.
        value: f64,
        /// The least allowed.
        least: f64,
        /// The most allowed.
        most: f64,
    },
    /// Not one photo fits the paper inside its margins.
    #[error("a photo of {photo} doesn't fit paper of {paper} with a margin of {margin_mm} mm")]
    PhotoDoesNotFit {
        /// The photo.
        photo: PhotoSize,
        /// The paper.
        paper: Paper,
        /// The margin.
        margin_mm: f64,
    },
    /// More copies than fit.
    #[error("{asked} copies were asked for and {capacity} fit")]
    TooManyCopies {
        /// The number asked for.
        asked: u32,
        /// The number that fit.
        capacity: u32,
    },
    /// The photos leave no room for the footer's height, below them or beside them.
    #[error("the footer needs {needed_mm:.1} mm and the photos leave {free_mm:.1} mm")]
    NoRoomForFooter {
        /// The height of the line with its distance.
        needed_mm: f64,
        /// The larger of what is free below and beside.
        free_mm: f64,
    },
    /// The footer is longer than the side it runs along.
    #[error("the footer is {needed_mm:.1} mm long and its side has {free_mm:.1} mm")]
    FooterTooLong {
        /// The length of the words.
        needed_mm: f64,
        /// The length of the side.
        free_mm: f64,
    },
    /// The photo isn't a JPEG that a PDF can carry.
    #[error("the photo can't go into a PDF")]
    Jpeg(#[from] JpegError),
    /// The picture's shape is so unlike the print's that filling it would cut too much away.
    #[error("filling {photo} would cut {cut_percent:.0} % off a picture of {width_px}x{height_px} pixels")]
    ShapeDiffers {
        /// The print.
        photo: PhotoSize,
        /// The picture's width.
        width_px: u32,
        /// The picture's height.
        height_px: u32,
        /// How much of one side would be lost.
        cut_percent: f64,
    },
    /// The footer can't be set in this font.
    #[error("the footer can't be set")]
    Font(#[from] FontError),
}
