//! Slowly varying quantities on blocks of cells: weighted means, carried on where nothing is known.
//!
//! The backdrop's light and the person's local colour change over several cells; a ninth of the cells is enough
//! for them, and the band asks for single values only.

use crate::grid::{Grid, fill};

/// Values at the centres of blocks of `step` x `step` cells.
pub(super) struct Coarse<const N: usize> {
    grid: Grid<N>,
    step: usize,
}

impl<const N: usize> Coarse<N> {
    /// The bilinear value at a cell.
    pub(super) fn at(&self, x: usize, y: usize) -> [f32; N] {
        let place = |v: usize| (v as f32 + 0.5) / self.step as f32 - 0.5;
        let ((x0, fx), (y0, fy)) = (split(place(x), self.grid.width), split(place(y), self.grid.height));
        let (right, down) = (usize::from(fx > 0.0), self.grid.width * usize::from(fy > 0.0));
        let i = y0 * self.grid.width + x0;
        let data = &self.grid.data;
        let (a, b, c, d) = (&data[i], &data[i + right], &data[i + down], &data[i + down + right]);
        std::array::from_fn(|k| {
            let (top, bottom) = (a[k] + fx * (b[k] - a[k]), c[k] + fx * (d[k] - c[k]));
            top + fy * (bottom - top)
        })
    }

    /// The value of a block.
    pub(super) fn of_block(&self, block: usize) -> [f32; N] {
        self.grid.data[block]
    }

    /// Each block's value changed by `f`.
    pub(super) fn map<const M: usize>(&self, f: impl Fn(&[f32; N]) -> [f32; M]) -> Coarse<M> {
        Coarse { grid: self.grid.map(f), step: self.step }
    }
}

/// The block left of or above a place and the share of the next one; places beyond the outermost centres take them.
fn split(place: f32, extent: usize) -> (usize, f32) {
    let place = place.clamp(0.0, (extent - 1) as f32);
    let before = place as usize;
    (before, place - before as f32)
}

/// A cell, and the block it lies in.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Index of the cell.
    pub(super) cell: usize,
    pub(super) x: usize,
    pub(super) y: usize,
    /// Index of the block.
    pub(super) block: usize,
}

/// Sums of weighted values over blocks.
pub(super) struct Sums<const N: usize> {
    values: Grid<N>,
    weights: Grid<1>,
    step: usize,
}

impl<const N: usize> Sums<N> {
    /// Sums what `f` gives for each cell: values and their weight, or nothing.
    pub(super) fn new(
        (width, height): (usize, usize),
        step: usize,
        f: impl Fn(Place) -> Option<([f32; N], f32)>,
    ) -> Self {
        let (columns, rows) = (width.div_ceil(step), height.div_ceil(step));
        let mut values = Grid::filled(columns, rows, [0.0; N]);
        let mut weights = Grid::filled(columns, rows, [0.0]);
        for y in 0..height {
            let row = y / step * columns;
            for column in 0..columns {
                let block = row + column;
                let (sum, weight) = (&mut values.data[block], &mut weights.data[block][0]);
                for x in column * step..((column + 1) * step).min(width) {
                    if let Some((v, w)) = f(Place { cell: y * width + x, x, y, block }) {
                        *weight += w;
                        (0..N).for_each(|k| sum[k] += w * v[k]);
                    }
                }
            }
        }
        Self { values, weights, step }
    }

    /// The weighted mean over all.
    pub(super) fn total(&self) -> [f32; N] {
        let weight = self.weights.data.iter().map(|w| f64::from(w[0])).sum::<f64>().max(1e-9);
        std::array::from_fn(|k| {
            (self.values.data.iter().map(|v| f64::from(v[k])).sum::<f64>() / weight) as f32
        })
    }

    /// Weighted means over the blocks within `radius`, smoothly carried to where nothing is known. A block whose
    /// cells weigh less than `enough` on average is blended with what lies around it.
    pub(super) fn means(&self, radius: usize, enough: f32) -> Coarse<N> {
        let mut values = self.values.box_mean(radius);
        let mut weights = self.weights.box_mean(radius);
        let full = 1.0 / (enough * (self.step * self.step) as f32);
        for (v, w) in values.data.iter_mut().zip(&mut weights.data) {
            let share = 1.0 / w[0].max(1e-9);
            v.iter_mut().for_each(|v| *v *= share);
            w[0] = if w[0] > 1e-6 { (w[0] * full).min(1.0) } else { 0.0 };
        }
        Coarse { grid: fill(&values, &weights), step: self.step }
    }
}
