//! What a picture's light tells before any network has run: whether print can be in it, and whether light shines on it.
//!
//! Left out on purpose: exposure. Print that is too dark to read has no edges and counts as none.

use image::RgbImage;

use super::detect::resize;
use super::quad::Quad;

/// The longer side of the picture that is looked at, pixels.
const SIDE: u32 = 640;
/// A step of brightness between neighbours that an edge of print makes, of 255.
const EDGE: i16 = 8;
/// The side of a cell, pixels; how many steps each up and down make it one of print the one way, and how many the other way.
const CELL: usize = 16;
const STEPS: (usize, usize) = (14, 7);
/// Cells of print in a row that a line makes, or anywhere in the picture that a slanting document makes. Measured: at most 8 and 33 in an
/// empty booth, faces and hair; on the sample documents across half the frame 13 level and 66 at any slant; level across
/// a third of it 9, and so when blurred to 2.5 pixels or at 40 % of the light.
const ROW: usize = 9;
const ANYWHERE: usize = 50;
/// A channel as bright as this has no print left under the light.
const BURNT: u8 = 252;

/// Whether the picture has no cells of print as a document makes them.
pub(super) fn is_empty(picture: &RgbImage) -> bool {
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
    let along = cells.chunks_exact(columns).map(|row| longest(row.iter().copied()));
    let down = (0..columns).map(|column| longest(cells.iter().skip(column).step_by(columns).copied()));
    let row = along.chain(down).max().unwrap_or(0);
    row < ROW && cells.iter().filter(|&&print| print).count() < ANYWHERE
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
    let (across, down) = (counts[0].min(counts[1]), counts[2].min(counts[3]));
    across.max(down) >= STEPS.0 && across.min(down) >= STEPS.1
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
