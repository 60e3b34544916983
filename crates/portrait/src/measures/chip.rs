//! The face's picture that everything is measured on: cut around the head, its eyes at most 90 pixels apart.
//!
//! A smaller face is copied pixel by pixel, so that nothing is sharpened or smoothed by resampling.

use crate::colour::Rgb;
use crate::face::{Border, Face, OVAL, Patch, bounds, sample};
use crate::frame::Frame;
use crate::geometry::{Point, crossing};

/// Eyes further apart are brought nearer: a photo has about 90 pixels between them.
const MOST_IED: f64 = 90.0;
/// Room around the landmarks, in face widths: left and right, above, below.
const BESIDE: f64 = 0.2;
const ABOVE: f64 = 0.45;
const BELOW: f64 = 0.12;

/// A small picture of a head.
pub(super) struct Chip {
    width: usize,
    height: usize,
    rgb: Vec<[u8; 3]>,
    luma: Vec<u8>,
    /// The source point of the top left pixel's centre.
    origin: Point,
    /// Chip pixels a source pixel.
    scale: f64,
    /// Luma of the face's hull.
    hull: [u32; 256],
}

impl Chip {
    /// Cuts a face out of its frame.
    pub(super) fn cut(frame: &Frame, face: &Face) -> Self {
        let scale = (MOST_IED / face.inter_eye_px()).min(1.0);
        let [left, top, right, bottom] = bounds(face.landmarks());
        let width_px = face.width_px();
        let (left, top) = ((left - BESIDE * width_px).round(), (top - ABOVE * width_px).round());
        let extent = |from: f64, to: f64, room: f64| ((to + room * width_px - from) * scale).ceil().max(8.0);
        let (width, height) = (extent(left, right, BESIDE) as usize, extent(top, bottom, BELOW) as usize);
        let half = 0.5 / scale - 0.5;
        let origin = Point { x: left + half, y: top + half };
        let rgb = if scale < 1.0 {
            reduced(frame, (left, top), (width, height), scale)
        } else {
            copied(frame, (left, top), (width, height))
        };
        let luma: Vec<u8> = rgb.iter().map(luma).collect();
        let mut chip = Self { width, height, rgb, luma, origin, scale, hull: [0; 256] };
        chip.hull = chip.histogram(&OVAL.map(|i| chip.place(face.landmarks()[i])));
        chip
    }

    /// Chip pixels a source pixel.
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    /// Where a source point lies in the chip.
    pub(super) fn place(&self, p: Point) -> Point {
        Point { x: (p.x - self.origin.x) * self.scale, y: (p.y - self.origin.y) * self.scale }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are.
    pub(super) fn luma_rows(&self) -> usize {
        self.height
    }

    /// One row of luma.
    pub(super) fn luma_row(&self, y: usize) -> &[u8] {
        &self.luma[y * self.width..(y + 1) * self.width]
    }

    /// Luma histogram of the face's hull.
    pub(super) fn hull_histogram(&self) -> &[u32; 256] {
        &self.hull
    }

    /// Luma histogram inside an outline.
    pub(super) fn histogram(&self, outline: &[Point]) -> [u32; 256] {
        let mut histogram = [0; 256];
        self.inside(outline, |luma, _| histogram[usize::from(luma)] += 1);
        histogram
    }

    /// Visits luma and colour of every pixel inside an outline.
    pub(super) fn inside(&self, outline: &[Point], mut visit: impl FnMut(u8, [u8; 3])) {
        let [_, top, _, bottom] = bounds(outline);
        for y in top.max(0.0).ceil() as usize..=(bottom.max(0.0) as usize).min(self.height - 1) {
            let Some((left, right)) = crossing(outline, y as f64) else { continue };
            for x in left.max(0.0).ceil() as usize..=(right.max(0.0) as usize).min(self.width - 1) {
                let i = y * self.width + x;
                visit(self.luma[i], self.rgb[i]);
            }
        }
    }

    /// The pixels of a square, as far as they lie inside the chip.
    pub(super) fn square(&self, at: Point, side: f64) -> impl Iterator<Item = [u8; 3]> + '_ {
        let range = |v: f64, most: usize| {
            let from = (v - side / 2.0).round().max(0.0) as usize;
            from..((v + side / 2.0).round().max(0.0) as usize + 1).min(most)
        };
        let (rows, columns) = (range(at.y, self.height), range(at.x, self.width));
        rows.flat_map(move |y| columns.clone().map(move |x| self.rgb[y * self.width + x]))
    }

    /// Median of each channel over a square; black where the square lies outside.
    pub(super) fn median(&self, at: Point, side: f64) -> Rgb {
        let pixels: Vec<[u8; 3]> = self.square(at, side).collect();
        Rgb(std::array::from_fn(|k| {
            let mut values: Vec<u8> = pixels.iter().map(|p| p[k]).collect();
            let middle = values.len() / 2;
            if values.is_empty() { 0 } else { *values.select_nth_unstable(middle).1 }
        }))
    }
}

/// Rec. 709 luma of the encoded values.
pub(super) fn luma(rgb: &[u8; 3]) -> u8 {
    let [r, g, b] = rgb.map(u32::from);
    ((2126 * r + 7152 * g + 722 * b + 5000) / 10000) as u8
}

fn copied(frame: &Frame, (left, top): (f64, f64), (width, height): (usize, usize)) -> Vec<[u8; 3]> {
    let (left, top) = (left as i64, top as i64);
    (0..height as i64)
        .flat_map(|y| (0..width as i64).map(move |x| (x, y)))
        .map(|(x, y)| frame.pixel(left + x, top + y))
        .collect()
}

fn reduced(
    frame: &Frame,
    (left, top): (f64, f64),
    (width, height): (usize, usize),
    scale: f64,
) -> Vec<[u8; 3]> {
    let (w, h) = (width as f64 / scale, height as f64 / scale);
    let centre = Point { x: left - 0.5 + w / 2.0, y: top - 0.5 + h / 2.0 };
    let values =
        sample(frame, Patch { centre, width: w, height: h, radians: 0.0 }, width, height, Border::Nearest);
    values.chunks_exact(3).map(|p| [p[0], p[1], p[2]].map(|v| (v + 0.5) as u8)).collect()
}
