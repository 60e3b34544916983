//! ISO/IEC 29794-5 LuminanceMean, LuminanceVariance, UnderExposurePrevention, OverExposurePrevention and DynamicRange,
//! all from the luma histogram of the face's hull.
//!
//! Their scores are known to favour light skin. Nobody is refused for one of them: whether a shot is too dark is
//! judged by the whole frame ([`crate::light`]), and too bright by burnt-out skin, which no skin tone has by itself.

use super::{Sight, value};
use crate::measure::{Assessment, sigmoid};

/// Luma from 0 up to here is under-exposed.
const UNDER: usize = 25;
/// Luma from here to 255 is over-exposed.
const OVER: usize = 247;

fn share(histogram: &[u32; 256], range: std::ops::RangeInclusive<usize>) -> f64 {
    f64::from(histogram[range].iter().sum::<u32>()) / f64::from(histogram.iter().sum::<u32>().max(1))
}

/// The share of over-exposed pixels.
pub(super) fn over(histogram: &[u32; 256]) -> f64 {
    share(histogram, OVER..=255)
}

/// Mean of a power of the luma, of full scale.
fn moment(histogram: &[u32; 256], about: f64, power: i32) -> f64 {
    let all = f64::from(histogram.iter().sum::<u32>().max(1));
    let term = |(i, &n): (usize, &u32)| f64::from(n) * (i as f64 / 255.0 - about).powi(power);
    histogram.iter().enumerate().map(term).sum::<f64>() / all
}

/// Score: a band from 0.2 to 0.8 with soft ends of 0.05.
pub(super) fn mean(sight: &Sight) -> Assessment {
    let mean = moment(sight.chip.hull_histogram(), 0.0, 1);
    value(mean, 100.0 * sigmoid(mean, 0.2, 0.05) * (1.0 - sigmoid(mean, 0.8, 0.05)))
}

/// Score: the sine that is full where 60 v / (60 v + 1) is a half.
pub(super) fn variance(sight: &Sight) -> Assessment {
    let histogram = sight.chip.hull_histogram();
    let variance = moment(histogram, moment(histogram, 0.0, 1), 2);
    let bent = 60.0 * variance / (60.0 * variance + 1.0);
    value(variance, 100.0 * (std::f64::consts::PI * bent).sin())
}

pub(super) fn assess_under(sight: &Sight) -> Assessment {
    let under = share(sight.chip.hull_histogram(), 0..=UNDER);
    value(under, 120.0 * (0.832 - sigmoid(under, 0.92, 0.05)))
}

pub(super) fn assess_over(sight: &Sight) -> Assessment {
    let over = over(sight.chip.hull_histogram());
    value(over, 1.0 / (over + 0.01))
}

/// Entropy in bits; the score is 12.5 a bit.
pub(super) fn dynamic_range(sight: &Sight) -> Assessment {
    let histogram = sight.chip.hull_histogram();
    let all = f64::from(histogram.iter().sum::<u32>().max(1));
    let term = |n: &u32| {
        let p = f64::from(*n) / all;
        if p > 0.0 { -p * p.log2() } else { 0.0 }
    };
    let entropy: f64 = histogram.iter().map(term).sum();
    value(entropy, 12.5 * entropy)
}
