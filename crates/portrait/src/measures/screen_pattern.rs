//! ScreenPattern: how regular the finest detail of the face is. A phone's pixels and a print's dots, seen by a camera,
//! leave a pattern that repeats every few pixels; skin does not repeat. Own measure: the largest autocorrelation, at 3 to
//! 20 pixels, of the second differences along rows and columns of the face's inner part. It is told to staff and
//! accuses nobody: a knitted collar or a strong JPEG may repeat too.
//!
//! The depths of the landmarks are no help: the network gives a flat picture of a face the depths of a face.

use super::{Sight, value};
use crate::measure::Assessment;

/// Distances at which a pattern may repeat, pixels. 8 is left out: it is a JPEG's own.
const LAGS: std::ops::RangeInclusive<usize> = 3..=20;
const JPEG: usize = 8;

pub(super) fn assess(sight: &Sight) -> Assessment {
    let picture = super::sharpness::inner(sight);
    if !picture.large_enough() {
        return Assessment::FailureToAssess;
    }
    let regular = regularity(picture.rows()).max(regularity(picture.turned().rows()));
    value(regular, 100.0 * (1.0 - regular))
}

/// The largest normalised autocorrelation of the second differences.
fn regularity<'a>(rows: impl Iterator<Item = &'a [f32]>) -> f64 {
    let mut energy = 0.0_f64;
    let mut sums = [0.0_f64; 21];
    for row in rows {
        let fine: Vec<f32> =
            row.windows(3).map(|w| w[0] - 2.0 * w[1] + w[2]).map(|v| v.clamp(-24.0, 24.0)).collect();
        energy += fine.iter().map(|v| f64::from(v * v)).sum::<f64>();
        for lag in LAGS.filter(|lag| lag % JPEG != 0) {
            let products = fine.iter().zip(fine.iter().skip(lag)).map(|(a, b)| f64::from(a * b));
            sums[lag] += products.sum::<f64>();
        }
    }
    let largest = sums.iter().copied().fold(0.0, f64::max);
    if energy > 0.0 { largest / energy } else { 0.0 }
}
