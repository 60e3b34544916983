//! ISO/IEC 29794-5 IlluminationUniformity: the overlap of both cheeks' luma histograms, in squares of 0.3 eye
//! distances half-way between eyes and mouth; the score is 100 D^0.3. A smooth skin has narrow histograms, which part
//! at a difference that nobody sees, so the cheeks' ratio in linear light stands beside it: one dark side (阴阳脸).

use super::{Sight, value};
use crate::colour::luminance;
use crate::measure::Assessment;

/// Side of the squares, in eye distances.
const SIDE: f64 = 0.3;

pub(super) fn assess(sight: &Sight) -> Assessment {
    let [right, left] = sight.cheeks().map(|cheek| {
        let mut histogram = [0_u32; 256];
        sight.chip.inside(&super::rectangle(cheek, SIDE * sight.ied, SIDE * sight.ied), |luma, _| {
            histogram[usize::from(luma)] += 1;
        });
        let all = f64::from(histogram.iter().sum::<u32>());
        histogram.map(|n| f64::from(n) / all)
    });
    let overlap: f64 = right.iter().zip(&left).map(|(r, l)| r.min(*l)).sum();
    value(overlap, 100.0 * overlap.powf(0.3))
}

/// Full score at 1, none at 3.
pub(super) fn ratio(sight: &Sight) -> Assessment {
    let [right, left] = sight
        .cheeks()
        .map(|c| f64::from(luminance(sight.chip.median(c, SIDE * sight.ied).linear())).max(1e-4));
    let ratio = right.max(left) / right.min(left);
    value(ratio, 150.0 - 50.0 * ratio)
}
