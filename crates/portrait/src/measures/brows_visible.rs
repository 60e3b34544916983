//! BrowsVisible: the share of skin in the strips between brows and upper lids. Hair that hangs over the brows hides
//! those strips too. Own measure; dark frames of glasses lie there as well, so a low value is only told.

use super::{Sight, value};
use crate::geometry::Point;
use crate::measure::Assessment;

/// Places between brow and lid, right and left.
const STRIPS: [[usize; 3]; 2] = [[27, 28, 56], [257, 258, 286]];
/// Share of the cheeks' lightness that skin in the shade of a brow has.
const SKIN: f64 = 0.6;

pub(super) fn assess(sight: &Sight) -> Assessment {
    let cheek = sight.cheek_lightness();
    let share = STRIPS.map(|strip| {
        let places: Vec<Point> = strip.iter().map(|&i| sight.points[i]).collect();
        let light = |p: &&Point| sight.colour(**p, 0.08).0[0] > SKIN * cheek;
        places.iter().filter(light).count() as f64 / places.len() as f64
    });
    let lower = share[0].min(share[1]);
    value(lower, 100.0 * lower)
}
