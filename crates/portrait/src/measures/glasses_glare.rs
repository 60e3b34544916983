//! GlassesGlare: the share of burnt-out pixels around the eyes. Own measure. A catch light in an iris is under 1 %; a
//! lamp in a lens covers more. Full score without, none from a fifth.

use super::{Sight, value};
use crate::measure::Assessment;

/// A pixel from which nothing can be read.
const BURNT: u8 = 250;
/// The region around an eye, in eye distances: a lens.
const WIDTH: f64 = 0.7;
const HEIGHT: f64 = 0.45;

pub(super) fn assess(sight: &Sight) -> Assessment {
    let share = sight.eyes().map(|eye| {
        let (mut all, mut burnt) = (0_u32, 0_u32);
        sight.chip.inside(&super::rectangle(eye, WIDTH * sight.ied, HEIGHT * sight.ied), |luma, _| {
            all += 1;
            burnt += u32::from(luma >= BURNT);
        });
        f64::from(burnt) / f64::from(all.max(1))
    });
    let worse = share[0].max(share[1]);
    value(worse, 100.0 - 500.0 * worse)
}
