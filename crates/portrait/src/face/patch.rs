//! A turned square of the frame, resampled for a network.

use crate::frame::Frame;
use crate::geometry::Point;

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
/// grows with the reduction so that no source pixel is skipped.
pub(crate) fn sample(frame: &Frame, patch: Patch, columns: usize, rows: usize, border: Border) -> Vec<f32> {
    let taps = |extent: f64, count: usize| ((extent / count as f64).round() as usize).clamp(1, 8);
    let (across, down) = (taps(patch.width, columns), taps(patch.height, rows));
    let mut out = Vec::with_capacity(columns * rows * 3);
    for row in 0..rows {
        for column in 0..columns {
            let mut sum = [0.0_f32; 3];
            for tap in 0..across * down {
                let u = (column * across + tap % across) as f64 + 0.5;
                let v = (row * down + tap / across) as f64 + 0.5;
                let at = patch.to_source(u / (columns * across) as f64, v / (rows * down) as f64);
                let rgb = bilinear(frame, at, border);
                sum = std::array::from_fn(|i| sum[i] + rgb[i]);
            }
            out.extend(sum.map(|v| v / (across * down) as f32));
        }
    }
    out
}

fn bilinear(frame: &Frame, at: Point, border: Border) -> [f32; 3] {
    let (x0, y0) = (at.x.floor(), at.y.floor());
    let (fx, fy) = ((at.x - x0) as f32, (at.y - y0) as f32);
    let (x, y) = (x0 as i64, y0 as i64);
    let inside = |x: i64, y: i64| {
        (0..i64::from(frame.width())).contains(&x) && (0..i64::from(frame.height())).contains(&y)
    };
    let get = |x, y| {
        if border == Border::Black && !inside(x, y) { [0.0; 3] } else { frame.pixel(x, y).map(f32::from) }
    };
    let (a, b, c, d) = (get(x, y), get(x + 1, y), get(x, y + 1), get(x + 1, y + 1));
    std::array::from_fn(|i| {
        let (top, bottom) = (a[i] + (b[i] - a[i]) * fx, c[i] + (d[i] - c[i]) * fx);
        top + (bottom - top) * fy
    })
}
