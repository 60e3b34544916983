//! The backdrop's colour behind the person, how far it can be trusted, and where it comes from.
//!
//! A stored picture is used only if it predicts the backdrop that this shot shows at least as well as the shot's
//! own surroundings do: a camera that moved and another light both show in that.

use super::MatteSource;
use super::coarse::{Coarse, Place, Sums};
use crate::grid::Grid;

/// A stored picture may predict the shot's backdrop worse than a local mean by this factor and this much (its own
/// noise and the shot's): then the two are as good, and the stored one sees behind the person.
const AS_GOOD: f32 = 1.1;
const NOISE: f32 = 1e-4;
/// Mean squared error of a channel from which a backdrop says nothing about what lies behind the person; the
/// cluttered corridor has 0.004.
const UNKNOWN: f32 = 0.03;
/// Least share of the cells that must show the backdrop.
const LEAST_SEEN: f32 = 0.01;

/// The backdrop behind the person.
pub(super) enum Plate<'a> {
    /// Modelled from the shot around the person: colours and variances a channel.
    Modelled { colour: Coarse<3>, variance: Coarse<3> },
    /// A stored picture (colours and their variance) under a slowly varying gain; what the fit leaves grows with
    /// the picture's gradient if the camera moved by a little.
    Stored { empty: &'a Grid<4>, gain: Coarse<3>, variance: Coarse<3>, shift: f32 },
}

/// Squared deviations within which a colour is the backdrop's.
const SAME: f32 = 4.0;

/// Radii in blocks and the side of a block in cells: colours are means over about three blocks, structure within
/// `wide` blocks is variance.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    pub(super) step: usize,
    pub(super) wide: usize,
}

/// Means over blocks count from the first known cell on.
const ANY: f32 = 1e-3;

impl<'a> Plate<'a> {
    /// The plate that predicts the `known` backdrop of the shot best, and which it is.
    pub(super) fn choose(
        shot: &Grid<3>,
        empty: Option<&'a Grid<4>>,
        known: impl Fn(usize) -> bool + Copy,
        reach: Reach,
    ) -> (Self, MatteSource) {
        let modelled = Self::of_shot(shot, known, reach);
        let (of_model, seen) = modelled.error(shot, known, reach);
        if let Some(empty) = empty {
            let stored = Self::of_empty(shot, empty, known, reach);
            if stored.error(shot, known, reach).0 <= AS_GOOD * of_model + NOISE && seen >= LEAST_SEEN {
                return (stored, MatteSource::Stored);
            }
        }
        let useful = of_model < UNKNOWN && seen >= LEAST_SEEN;
        (modelled, if useful { MatteSource::Modelled } else { MatteSource::Network })
    }

    /// The same kind of plate from other known cells.
    pub(super) fn again(&self, shot: &Grid<3>, known: impl Fn(usize) -> bool + Copy, reach: Reach) -> Self {
        match self {
            Self::Modelled { .. } => Self::of_shot(shot, known, reach),
            Self::Stored { empty, .. } => Self::of_empty(shot, empty, known, reach),
        }
    }

    /// Means of the shot over what is known to be backdrop, carried smoothly behind the person.
    fn of_shot(shot: &Grid<3>, known: impl Fn(usize) -> bool + Copy, reach: Reach) -> Self {
        let sums = Sums::new((shot.width, shot.height), reach.step, |Place { cell, .. }| {
            known(cell).then(|| {
                let c = shot.data[cell];
                ([c[0], c[1], c[2], c[0] * c[0], c[1] * c[1], c[2] * c[2]], 1.0)
            })
        });
        let spread = |m: &[f32; 6]| std::array::from_fn(|k| (m[k + 3] - m[k] * m[k]).max(0.0));
        Self::Modelled {
            colour: sums.means(1, ANY).map(|m| [m[0], m[1], m[2]]),
            variance: sums.means(reach.wide, ANY).map(spread),
        }
    }

    /// The picture of the empty booth, its light fitted to the shot's over the known cells.
    fn of_empty(
        shot: &Grid<3>,
        empty: &'a Grid<4>,
        known: impl Fn(usize) -> bool + Copy,
        reach: Reach,
    ) -> Self {
        let size = (shot.width, shot.height);
        let sums = Sums::new(size, reach.step, |Place { cell, .. }| {
            known(cell).then(|| {
                let (c, e) = (shot.data[cell], empty.data[cell]);
                ([c[0], c[1], c[2], e[0], e[1], e[2]], 1.0)
            })
        });
        let ratio = |m: &[f32; 6]| std::array::from_fn(|k| (m[k] / m[k + 3].max(1e-3)).clamp(0.2, 5.0));
        let gain = sums.means(1, ANY).map(ratio);
        let off = Sums::new(size, reach.step, |Place { cell, x, y, block }| {
            known(cell).then(|| {
                let (c, e, g) = (shot.data[cell], empty.data[cell], gain.of_block(block));
                let steep = steepness(empty, x, y);
                let squares: [f32; 3] = std::array::from_fn(|k| (c[k] - g[k] * e[k]).powi(2));
                let all = squares[0] + squares[1] + squares[2];
                ([squares[0], squares[1], squares[2], steep * all, steep * steep, steep], 1.0)
            })
        });
        // The squared shift, in cells, is the slope of the squared misfit over the squared gradient.
        let total = off.total();
        let mean: f32 = total[0] + total[1] + total[2];
        let shift =
            ((total[3] - total[5] * mean) / (total[4] - total[5] * total[5]).max(1e-12)).clamp(0.0, 64.0);
        let base = |m: &[f32; 6]| std::array::from_fn(|k| (m[k] - shift * m[5] / 3.0).max(0.1 * m[k]));
        let variance = off.means(reach.wide, ANY).map(base);
        Self::Stored { empty, gain, variance, shift: shift / 3.0 }
    }

    /// Mean squared error a channel over the known cells, and the share of known cells.
    fn error(&self, shot: &Grid<3>, known: impl Fn(usize) -> bool + Copy, reach: Reach) -> (f32, f32) {
        let all = shot.data.len();
        let cells = (0..all).step_by(reach.step * reach.step + 1).filter(|&i| known(i));
        let (mut sum, mut count) = (0.0, 0.0);
        for i in cells {
            let (_, v) = self.at(i % shot.width, i / shot.width);
            sum += (v[0] + v[1] + v[2]) / 3.0;
            count += 1.0;
        }
        (sum / f32::max(count, 1.0), count * (reach.step * reach.step + 1) as f32 / all as f32)
    }

    /// Whether a colour is within noise of the backdrop's at a cell.
    pub(super) fn explains(&self, x: usize, y: usize, colour: [f32; 3]) -> bool {
        let (b, v) = self.at(x, y);
        (0..3).all(|k| (colour[k] - b[k]).powi(2) < SAME * (v[k] + NOISE * b[k]))
    }

    /// Colour and variance a channel at a cell.
    pub(super) fn at(&self, x: usize, y: usize) -> ([f32; 3], [f32; 3]) {
        match self {
            Self::Modelled { colour, variance } => (colour.at(x, y), variance.at(x, y)),
            Self::Stored { empty, gain, variance, shift } => {
                let (g, e, v) = (gain.at(x, y), empty.data[y * empty.width + x], variance.at(x, y));
                let more = e[3] + if *shift > 0.0 { shift * steepness(empty, x, y) } else { 0.0 };
                (std::array::from_fn(|k| g[k] * e[k]), v.map(|v| v + more))
            }
        }
    }
}

/// The squared gradient of a picture at a cell, a cell's step, summed over the channels.
fn steepness(grid: &Grid<4>, x: usize, y: usize) -> f32 {
    let (left, right) = (x.saturating_sub(1), (x + 1).min(grid.width - 1));
    let (up, down) = (y.saturating_sub(1), (y + 1).min(grid.height - 1));
    let at = |x: usize, y: usize| &grid.data[y * grid.width + x];
    let (l, r, u, d) = (at(left, y), at(right, y), at(x, up), at(x, down));
    (0..3).map(|k| (r[k] - l[k]).powi(2) + (d[k] - u[k]).powi(2)).sum::<f32>() / 4.0
}
