//! ISO/IEC 29794-5 NoHeadCoverings, by colour instead of a parsing network: the share of the region above the forehead
//! in colours that neither hair nor skin has. A covering in a hair's colour is not found, and a covering may be worn for
//! reasons that nobody has to explain to a booth: the value is told to staff, nobody is refused for it.

use super::{Sight, chroma_distance, value};
use crate::colour::{Lab, Rgb};
use crate::measure::Assessment;

/// Top of the forehead and the temples beside it.
const FOREHEAD: usize = 10;
/// The region: its middle above the forehead and its height, in distances from eyes to chin, its width in eye distances.
const ABOVE: f64 = 0.22;
const HEIGHT: f64 = 0.2;
const WIDTH: f64 = 0.9;
/// Hair is nearly colourless or lies between red and yellow (degrees of hue).
const GREY: f64 = 14.0;
const HUES: std::ops::Range<f64> = 10.0..100.0;

pub(super) fn assess(sight: &Sight) -> Assessment {
    let mut middle = sight.points[FOREHEAD];
    middle.y -= ABOVE * sight.eyes_to_chin;
    let cheeks = sight.cheeks().map(|c| sight.colour(c, 0.3));
    let (mut all, mut other) = (0_u32, 0_u32);
    let outline = super::rectangle(middle, WIDTH * sight.ied, HEIGHT * sight.eyes_to_chin);
    sight.chip.inside(&outline, |_, rgb| {
        let colour = Rgb(rgb).lab();
        all += 1;
        other += u32::from(!like_hair(colour) && chroma_distance(colour, cheeks[0]) > 12.0);
    });
    if all < 50 {
        return Assessment::FailureToAssess;
    }
    let share = f64::from(other) / f64::from(all);
    value(share, 100.0 * (1.0 - share))
}

fn like_hair(Lab([lightness, a, b]): Lab) -> bool {
    let chroma = a.hypot(b);
    lightness < 15.0 || chroma < GREY || HUES.contains(&b.atan2(a).to_degrees())
}
