//! ISO/IEC 29794-5 Sharpness. The standard's own is a trained classifier; here it is the product of two figures over
//! the face's inner part, each over the value where rendered people's sharp and blurred pictures part:
//!
//! - how much of the gradient another blur takes away (a picture that is blurred already loses little): the share of
//!   the neighbouring differences lost to a mean over 11 pixels, the smaller of both directions (the blur metric of
//!   Crete et al., 2007, from its other end); sharp 0.50 to 0.63, blurred 0.38 to 0.47;
//! - the 98th percentile of the smoothed gradient, over the contrast and times the eye distance: sharp 10 to 15,
//!   blurred 5 to 9.
//!
//! Noise raises the first and smoothing takes noise out of the second, so neither fools both.

use super::{Sight, value};
use crate::geometry::Point;
use crate::measure::{Assessment, sigmoid};

const LOSS: f64 = 0.48;
const GRADIENT: f64 = 10.0;
/// Half the pixels of the mean.
const REACH: usize = 5;

pub(super) fn assess(sight: &Sight) -> Assessment {
    let picture = inner(sight);
    if !picture.large_enough() {
        return Assessment::FailureToAssess;
    }
    let turned = picture.turned();
    let loss = picture.loss().min(turned.loss());
    let sharpness = loss / LOSS * picture.gradient() * sight.ied / GRADIENT;
    value(sharpness, 100.0 * sigmoid(sharpness, 1.0, 0.1))
}

/// Luma of a part of the face.
pub(super) struct Picture {
    width: usize,
    height: usize,
    luma: Vec<f32>,
}

/// From the brows to the chin, between the jaws.
pub(super) fn inner(sight: &Sight) -> Picture {
    let at = |i: usize| -> Point { sight.points[i] };
    let most = |v: f64, extent: usize| (v.max(0.0) as usize).min(extent);
    let rows = sight.chip.luma_rows();
    let (left, right) = (most(at(172).x, sight.chip.width()), most(at(397).x, sight.chip.width()));
    let (top, bottom) = (most(at(105).y.min(at(334).y), rows), most(at(152).y, rows));
    let luma: Vec<f32> = (top..bottom)
        .flat_map(|y| &sight.chip.luma_row(y)[left.min(right)..right])
        .map(|&v| f32::from(v))
        .collect();
    Picture { width: right.saturating_sub(left), height: bottom.saturating_sub(top), luma }
}

impl Picture {
    /// Whether there is enough to say something.
    pub(super) fn large_enough(&self) -> bool {
        self.width >= 24 && self.height >= 24
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.luma.chunks_exact(self.width)
    }

    /// Rows become columns.
    pub(super) fn turned(&self) -> Self {
        let luma =
            (0..self.width).flat_map(|x| self.luma.iter().skip(x).step_by(self.width).copied()).collect();
        Self { width: self.height, height: self.width, luma }
    }

    /// The share of the differences along the rows that a mean over [`REACH`] to both sides takes away.
    fn loss(&self) -> f64 {
        let (mut lost, mut all) = (0.0_f64, 0.0_f64);
        for row in self.rows() {
            // The mean of a longer row than the differences need: its own difference is that of the ends.
            let ends = 2 * REACH + 1;
            for x in REACH + 1..row.len() - REACH {
                let own = (row[x] - row[x - 1]).abs();
                let blurred = (row[x + REACH] - row[x - REACH - 1]).abs() / ends as f32;
                lost += f64::from((own - blurred).max(0.0));
                all += f64::from(own);
            }
        }
        if all > 0.0 { lost / all } else { 0.0 }
    }

    /// The 98th percentile of the gradient after a small binomial blur, over the contrast.
    fn gradient(&self) -> f64 {
        let smooth = self.smoothed().turned().smoothed().turned();
        let (w, data) = (self.width, &smooth.luma);
        let mut squares: Vec<f32> = (1..self.height - 1)
            .flat_map(|y| (1..w - 1).map(move |x| y * w + x))
            .map(|i| {
                ((data[i + 1] - data[i - 1]) / 2.0).powi(2) + ((data[i + w] - data[i - w]) / 2.0).powi(2)
            })
            .collect();
        let mut luma = self.luma.clone();
        let contrast = percentile(&mut luma, 0.98) - percentile(&mut luma, 0.02);
        f64::from(percentile(&mut squares, 0.98).sqrt() / contrast.max(1.0))
    }

    /// Each row through 1 4 6 4 1: about a Gaussian of one pixel.
    fn smoothed(&self) -> Self {
        let mut luma = self.luma.clone();
        for (from, to) in self.rows().zip(luma.chunks_exact_mut(self.width)) {
            for x in 2..from.len() - 2 {
                let [a, b, c, d, e] = [from[x - 2], from[x - 1], from[x], from[x + 1], from[x + 2]];
                to[x] = (a + e + 4.0 * (b + d) + 6.0 * c) / 16.0;
            }
        }
        Self { luma, ..*self }
    }
}

fn percentile(values: &mut [f32], share: f64) -> f32 {
    let at = (share * (values.len() - 1) as f64) as usize;
    *values.select_nth_unstable_by(at, f32::total_cmp).1
}
