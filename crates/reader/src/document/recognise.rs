//! What a line of text says, by PP-OCRv6's recognition network: the line is cut out level, and of the network's answer along it the likeliest
//! character at each step is taken, repeats and blanks dropped (CTC, greedy).

use image::{Rgb, RgbImage};
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};
use inference::{InferenceError, ModelError, Network, Tensor};

use super::detect::{normalised, resize};
use super::quad::Quad;

/// The height that the network reads at, pixels.
const HEIGHT: u32 = 48;
/// The network's input is at least this wide, as it was trained, and its widths are multiples of this much, so that few differ.
const LEAST_WIDTH: u32 = 320;
const WIDTH_STEP: u32 = 64;
/// The widest line: 44 characters take some 1150.
const MOST_WIDTH: u32 = 1600;
/// A line is cut out at most this tall before it is reduced.
const MOST_CUT_HEIGHT: f32 = 192.0;

/// One character of a line.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    pub(super) character: char,
    /// How sure the network is, 0 to 1.
    pub(super) confidence: f32,
}

/// A line as it was read.
#[derive(Clone, PartialEq)]
pub(super) struct Line {
    pub(super) quad: Quad,
    /// Every character that the network knows.
    pub(super) glyphs: Vec<Glyph>,
    /// The same answer, choosing among the characters of machine-readable zones only.
    pub(super) zone: Vec<Glyph>,
}

impl Line {
    pub(super) fn text(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.character).collect()
    }

    pub(super) fn zone_text(&self) -> String {
        self.zone.iter().map(|glyph| glyph.character).collect()
    }

    /// The mean confidence, 0 for an empty line.
    pub(super) fn confidence(&self) -> f32 {
        mean(&self.glyphs)
    }
}

/// The mean confidence of glyphs, 0 for none.
pub(super) fn mean(glyphs: &[Glyph]) -> f32 {
    glyphs.iter().map(|glyph| glyph.confidence).sum::<f32>() / (glyphs.len().max(1)) as f32
}

/// The recognition network with its characters.
#[derive(Debug)]
pub(super) struct Recogniser {
    network: Network,
    /// The character of each class; class 0 is the blank.
    characters: Vec<char>,
    /// The classes of a zone's characters.
    zone: Vec<usize>,
}

impl Recogniser {
    /// The network with the table that its file holds.
    pub(super) fn new(network: Network) -> Result<Self, ModelError> {
        let table = network.note("character")?.ok_or_else(|| network.unknown())?;
        let entries =
            table.trim_end_matches('\n').split('\n').map(|entry| entry.chars().next().unwrap_or(' '));
        // The blank goes before the table and the space behind it.
        let characters: Vec<char> =
            std::iter::once('\0').chain(entries).chain(std::iter::once(' ')).collect();
        let of_zone = |c: &char| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '<';
        let zone: Vec<usize> = (0..characters.len()).filter(|&class| of_zone(&characters[class])).collect();
        if zone.len() != 37 {
            return Err(network.unknown());
        }
        Ok(Self { network, characters, zone })
    }

    /// Reads one line of the picture.
    pub(super) fn read(&self, picture: &RgbImage, quad: Quad) -> Result<Line, InferenceError> {
        let level = cut(picture, &quad);
        let output =
            self.network.run_picture(&normalised(&level), level.width() as usize, HEIGHT as usize)?;
        let answer =
            output.into_iter().next().filter(|tensor| tensor.shape.last() == Some(&self.characters.len()));
        let answer = answer.ok_or_else(|| self.network.unexpected())?;
        let glyphs = self.decode(&answer, likeliest);
        let zone = self.decode(&answer, |step| likeliest_of(step, &self.zone));
        Ok(Line { quad, glyphs, zone })
    }

    /// The characters that `choose` takes along the line, without blanks and repeats.
    fn decode(&self, answer: &Tensor, choose: impl Fn(&[f32]) -> (usize, f32)) -> Vec<Glyph> {
        let mut glyphs: Vec<Glyph> = Vec::new();
        let mut before = 0;
        for step in answer.values.chunks_exact(self.characters.len()) {
            let (class, confidence) = choose(step);
            match glyphs.last_mut() {
                _ if class == 0 => {}
                Some(last) if class == before => last.confidence = last.confidence.max(confidence),
                _ => glyphs.push(Glyph { character: self.characters[class], confidence }),
            }
            before = class;
        }
        glyphs
    }
}

fn likeliest(step: &[f32]) -> (usize, f32) {
    step.iter()
        .copied()
        .enumerate()
        .fold((0, f32::MIN), |best, next| if next.1 > best.1 { next } else { best })
}

/// The likeliest of the blank and these classes.
fn likeliest_of(step: &[f32], classes: &[usize]) -> (usize, f32) {
    let values = classes.iter().map(|&class| (class, step[class]));
    values.fold((0, step[0]), |best, next| if next.1 > best.1 { next } else { best })
}

/// The line, level, at the network's height, and grey behind its end up to a width of the steps.
fn cut(picture: &RgbImage, quad: &Quad) -> RgbImage {
    let shrink = (MOST_CUT_HEIGHT / quad.height().max(1.0)).min(1.0);
    let (width, height) = ((quad.width() * shrink).ceil().max(2.0), (quad.height() * shrink).ceil().max(2.0));
    let mut level = RgbImage::new(width as u32, height as u32);
    let to = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    if let Some(projection) = Projection::from_control_points(quad.corners(), to) {
        warp_into(picture, projection, Interpolation::Bilinear, Border::Replicate, &mut level);
    }
    let width = ((width * HEIGHT as f32 / height).round() as u32).clamp(1, MOST_WIDTH);
    let line = resize(&level, width, HEIGHT);
    let mut canvas =
        RgbImage::from_pixel(width.next_multiple_of(WIDTH_STEP).max(LEAST_WIDTH), HEIGHT, Rgb([127; 3]));
    image::imageops::replace(&mut canvas, &line, 0, 0);
    canvas
}
