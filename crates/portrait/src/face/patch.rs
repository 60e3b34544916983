//! A turned square of the frame, resampled for a network.

use crate::frame::Frame;
use crate::geometry::{Point, floor};

/// What lies outside the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Border {
    /// Black.
    Black,
    /// The nearest pixel.
    Nearest,
}

/// A rectangle around `centre`, turned by `radians`, in source pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patch {
    pub(crate) centre: Point,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) radians: f64,
}

impl Patch {
    /// The source point of a place in the patch; (0, 0) is its top left corner, (1, 1) its bottom right.
    pub(crate) fn to_source(self, u: f64, v: f64) -> Point {
        let (x, y) = ((u - 0.5) * self.width, (v - 0.5) * self.height);
        let (sin, cos) = self.radians.sin_cos();
        // Corners are half a pixel outside of the outermost centres.
        Point { x: self.centre.x + cos * x - sin * y, y: self.centre.y + sin * x + cos * y }
    }
}

/// Samples `patch` to `columns` x `rows` pixels of interleaved RGB, 0 to 255: bilinear, averaged over a grid that
/// grows with the reduction; each bilinear value covers two source pixels, so few are skipped.
pub(crate) fn sample(frame: &Frame, patch: Patch, columns: usize, rows: usize, border: Border) -> Vec<f32> {
    let taps = |extent: f64, count: usize| ((extent.abs() / count as f64 / 2.0).round() as usize).clamp(1, 3);
    let (across, down) = (taps(patch.width, columns), taps(patch.height, rows));
    let share = 1.0 / (across * down) as f32;
    let steps = Steps::new(patch, columns * across, rows * down);
    let mut out = vec![0.0; columns * rows * 3];
    for (row, cells) in out.chunks_exact_mut(columns * 3).enumerate() {
        for y in row * down..(row + 1) * down {
            for (column, cell) in cells.chunks_exact_mut(3).enumerate() {
                for x in column * across..(column + 1) * across {
                    let rgb = bilinear(frame, steps.at(x, y), border);
                    cell.iter_mut().zip(rgb).for_each(|(sum, v)| *sum += v);
                }
            }
        }
        cells.iter_mut().for_each(|sum| *sum *= share);
    }
    out
}

/// The source points of a grid of taps over a patch.
struct Steps {
    first: Point,
    right: Point,
    down: Point,
}

impl Steps {
    fn new(patch: Patch, columns: usize, rows: usize) -> Self {
        let (sin, cos) = patch.radians.sin_cos();
        let (dx, dy) = (patch.width / columns as f64, patch.height / rows as f64);
        Self {
            first: patch.to_source(0.5 / columns as f64, 0.5 / rows as f64),
            right: Point { x: cos * dx, y: sin * dx },
            down: Point { x: -sin * dy, y: cos * dy },
        }
    }

    fn at(&self, column: usize, row: usize) -> Point {
        let (column, row) = (column as f64, row as f64);
        Point {
            x: self.first.x + self.right.x * column + self.down.x * row,
            y: self.first.y + self.right.y * column + self.down.y * row,
        }
    }
}

fn bilinear(frame: &Frame, at: Point, border: Border) -> [f32; 3] {
    let (x, y) = (floor(at.x), floor(at.y));
    let (fx, fy) = ((at.x - x as f64) as f32, (at.y - y as f64) as f32);
    let [a, b, c, d] = cell(frame, x, y).unwrap_or_else(|| edge_cell(frame, x, y, border));
    std::array::from_fn(|i| {
        let [a, b, c, d] = [a[i], b[i], c[i], d[i]].map(f32::from);
        let (top, bottom) = (a + (b - a) * fx, c + (d - c) * fx);
        top + (bottom - top) * fy
    })
}

/// The four pixels right of and below (x, y), if all are inside.
fn cell(frame: &Frame, x: i64, y: i64) -> Option<[[u8; 3]; 4]> {
    let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
    let row = frame.width() as usize * 3;
    if x + 1 >= frame.width() as usize || y + 1 >= frame.height() as usize {
        return None;
    }
    let at = y * row + x * 3;
    let (top, bottom) = (frame.rgb().get(at..at + 6)?, frame.rgb().get(at + row..at + row + 6)?);
    let pixel = |p: &[u8]| [p[0], p[1], p[2]];
    Some([pixel(top), pixel(&top[3..]), pixel(bottom), pixel(&bottom[3..])])
}

/// The four pixels at the frame's edge or beyond it.
fn edge_cell(frame: &Frame, x: i64, y: i64, border: Border) -> [[u8; 3]; 4] {
    let inside = |x: i64, y: i64| {
        (0..i64::from(frame.width())).contains(&x) && (0..i64::from(frame.height())).contains(&y)
    };
    [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| match border {
        Border::Black if !inside(x + dx, y + dy) => [0; 3],
        _ => frame.pixel(x + dx, y + dy),
    })
}
