//! What a picture's light tells before any network has run: whether print can be in it, and whether light shines on it.
//!
//! Left out on purpose: exposure. Print that is too dark to read has no edges and counts as none.

use image::RgbImage;

use super::detect::resize;
use super::quad::Quad;

/// The longer side of the picture that is looked at, pixels.
const SIDE: u32 = 640;
/// A step of brightness between neighbours that an edge of print makes, of 255.
const EDGE: i16 = 10;
/// The side of a cell, pixels, and how many steps up and down make it one of print.
const CELL: usize = 16;
const EDGES: usize = 24;
/// Cells of print in a row that a line makes.
const ROW: usize = 4;
/// A channel as bright as this has no print left under the light.
const BURNT: u8 = 252;

/// Whether the picture has no row of cells as print makes them.
pub(super) fn is_empty(picture: &RgbImage) -> bool {
    longest_row(picture) < ROW
}

/// The most cells of print side by side, in a row or a column.
fn longest_row(picture: &RgbImage) -> usize {
    let scale = (SIDE as f32 / picture.width().max(picture.height()) as f32).min(1.0);
    let side = |length: u32| ((length as f32 * scale) as u32).max(CELL as u32);
    let small = resize(picture, side(picture.width()), side(picture.height()));
    let (width, height) = (small.width() as usize, small.height() as usize);
    let luma: Vec<i16> =
        small.pixels().map(|p| (i16::from(p[0]) + 2 * i16::from(p[1]) + i16::from(p[2])) / 4).collect();
    let (columns, rows) = (width / CELL, height / CELL);
    let cells: Vec<bool> = (0..rows * columns)
        .map(|cell| is_print(&luma, width, (cell % columns) * CELL, (cell / columns) * CELL))
        .collect();
    let along = (0..rows).map(|row| longest(cells[row * columns..(row + 1) * columns].iter().copied()));
    let down = (0..columns).map(|column| longest(cells.iter().skip(column).step_by(columns).copied()));
    along.chain(down).max().unwrap_or(0)
}

/// Whether brightness goes both up and down often enough inside the cell, along its rows or along its columns.
fn is_print(luma: &[i16], width: usize, left: usize, top: usize) -> bool {
    let mut counts = [0usize; 4];
    for y in top..top + CELL - 1 {
        for x in left..left + CELL - 1 {
            let here = luma[y * width + x];
            let (across, down) = (luma[y * width + x + 1] - here, luma[(y + 1) * width + x] - here);
            counts[0] += usize::from(across > EDGE);
            counts[1] += usize::from(across < -EDGE);
            counts[2] += usize::from(down > EDGE);
            counts[3] += usize::from(down < -EDGE);
        }
    }
    counts[0].min(counts[1]) >= EDGES / 2 && counts[2].min(counts[3]) >= EDGES / 4
        || counts[2].min(counts[3]) >= EDGES / 2 && counts[0].min(counts[1]) >= EDGES / 4
}

fn longest(cells: impl Iterator<Item = bool>) -> usize {
    let (longest, _) = cells.fold((0, 0), |(longest, run): (usize, usize), print| {
        let run = if print { run + 1 } else { 0 };
        (longest.max(run), run)
    });
    longest
}

/// The share of places around these lines, as one rectangle, that are burnt out; 0 for no lines.
pub(super) fn burnt(picture: &RgbImage, lines: &[Quad]) -> f32 {
    let corners: Vec<(f32, f32)> = lines.iter().flat_map(Quad::corners).collect();
    let range = |values: &mut dyn Iterator<Item = f32>, most: u32| {
        let (low, high) = values.fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)));
        (low.clamp(0.0, most as f32) as u32, high.clamp(0.0, most as f32) as u32)
    };
    let (left, right) = range(&mut corners.iter().map(|c| c.0), picture.width());
    let (top, bottom) = range(&mut corners.iter().map(|c| c.1), picture.height());
    let places = (top..bottom).step_by(4).flat_map(|y| (left..right).step_by(4).map(move |x| (x, y)));
    let (burnt, all) = places.fold((0u32, 0u32), |(burnt, all), (x, y)| {
        let bright = picture.get_pixel(x, y).0.iter().all(|&v| v >= BURNT);
        (burnt + u32::from(bright), all + 1)
    });
    burnt as f32 / all.max(1) as f32
}
