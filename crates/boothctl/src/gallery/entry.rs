//! One picture of the gallery: what became of it, and the files that show it.

use super::contour::{Head, Square, squares};
use super::plane::{Plane, similarity};
use super::truth::{Errors, Truth};
use crate::files;
use crate::photo::{Refusal, Workshop, photo_of};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, imageops};
use portrait::{Frame, MatteSource, Measure, Measurement, Verified};
use std::io::{self, Cursor};
use std::path::Path;

/// Width of the pictures that show source and cut-out, pixels.
const SHOWN_WIDTH: u32 = 426;

/// A picture and what became of it.
pub struct Entry {
    /// The picture's name without its ending, which its files begin with.
    pub name: String,
    /// Whether the source could be shown.
    pub source: bool,
    /// What became of it.
    pub result: Result<Accepted, Refusal>,
}

/// What an accepted picture shows.
pub struct Accepted {
    /// Every measure of source and photo.
    pub measures: Vec<Measurement>,
    /// The photo's width and height.
    pub size: (u32, u32),
    /// Length of the file.
    pub bytes: usize,
    /// What the cut-out was made with.
    pub source: MatteSource,
    /// How sure the cut-out is, 0 to 1.
    pub confidence: f64,
    /// The parts to look at.
    pub squares: Vec<Square>,
    /// How far alpha is off, where the truth is known.
    pub errors: Option<Errors>,
    /// Whether there is an ideal photo.
    pub ideal: bool,
}

impl Entry {
    /// Takes the photo of the picture `path` and writes what shows it into `out`.
    ///
    /// # Errors
    /// The system's, for the files in `out`.
    pub fn make(path: &Path, name: &str, workshop: &Workshop, out: &Path) -> io::Result<Self> {
        let named = |ending: &str| out.join(format!("{name}_{ending}"));
        let bytes = match files::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                return Ok(Self { name: name.to_owned(), source: false, result: Err(Refusal::Read(error)) });
            }
        };
        let source = Frame::decode(&bytes).ok();
        if let Some(frame) = &source {
            files::write(&named("source.jpg"), &jpeg(&reduced(frame)?)?)?;
        }
        let result = match photo_of(&bytes, path, workshop) {
            Ok(verified) => Ok(Accepted::show(&verified, path, name, workshop, out)?),
            Err(refusal) => Err(refusal),
        };
        Ok(Self { name: name.to_owned(), source: source.is_some(), result })
    }

    /// Whether there is a photo.
    pub fn is_accepted(&self) -> bool {
        self.result.is_ok()
    }

    /// What was measured, as far as it came.
    pub fn measures(&self) -> &[Measurement] {
        match &self.result {
            Ok(accepted) => &accepted.measures,
            Err(refusal) => refusal.measures(),
        }
    }
}

impl Accepted {
    fn show(
        verified: &Verified,
        path: &Path,
        name: &str,
        workshop: &Workshop,
        out: &Path,
    ) -> io::Result<Self> {
        let named = |ending: &str| out.join(format!("{name}_{ending}"));
        files::write(&named("photo.jpg"), &verified.jpeg)?;
        let frame = verified.matte.frame_size();
        let alpha = Plane::of_alpha16(&verified.matte.alpha16(), frame);
        files::write(&named("matte.png"), &png(grey(&alpha)?)?)?;
        let size = (workshop.spec.photo.width_px, workshop.spec.photo.height_px);
        let to_photo = similarity(verified.transform);
        let truth = Truth::beside(path, name, frame);
        let ideal = truth.as_ref().and_then(|t| t.ideal(&to_photo, size, workshop.spec.background.colour));
        if let Some(ideal) = &ideal {
            files::write(&named("ideal.png"), &png(DynamicImage::ImageRgb8(ideal.clone()))?)?;
        }
        let in_photo = truth.as_ref().map(|t| t.alpha.carried(&to_photo, size));
        let squares = squares(&alpha.carried(&to_photo, size), in_photo.as_ref(), &head(&verified.measures));
        Ok(Self {
            measures: verified.measures.clone(),
            size,
            bytes: verified.jpeg.len(),
            source: verified.matte.source(),
            confidence: verified.matte.confidence(),
            squares,
            errors: truth.as_ref().map(|t| t.errors(&alpha)),
            ideal: ideal.is_some(),
        })
    }
}

/// Where the measures say that the head is; every delivered photo has them.
fn head(measures: &[Measurement]) -> Head {
    let value = |measure| measures.iter().find(|m| m.measure == measure).map_or(0.0, |m| m.value);
    Head {
        hair_top: value(Measure::HairTop),
        eye_line: value(Measure::EyeLine),
        face_width: value(Measure::FaceWidth),
    }
}

fn reduced(frame: &Frame) -> io::Result<DynamicImage> {
    let whole = RgbImage::from_raw(frame.width(), frame.height(), frame.rgb().to_vec());
    whole
        .map(DynamicImage::ImageRgb8)
        .map(shown)
        .ok_or_else(|| io::Error::other("a frame without its pixels"))
}

fn grey(plane: &Plane) -> io::Result<DynamicImage> {
    let data = plane.data.iter().map(|v| (255.0 * v + 0.5) as u8).collect();
    let whole = GrayImage::from_raw(plane.width as u32, plane.height as u32, data);
    whole
        .map(DynamicImage::ImageLuma8)
        .map(shown)
        .ok_or_else(|| io::Error::other("a plane without its values"))
}

fn shown(picture: DynamicImage) -> DynamicImage {
    if picture.width() <= SHOWN_WIDTH {
        return picture;
    }
    let height = (picture.height() * SHOWN_WIDTH / picture.width()).max(1);
    picture.resize_exact(SHOWN_WIDTH, height, imageops::FilterType::Triangle)
}

fn jpeg(picture: &DynamicImage) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(picture).map_err(io::Error::other)?;
    Ok(bytes)
}

fn png(picture: DynamicImage) -> io::Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(io::Error::other)?;
    Ok(bytes.into_inner())
}
