//! EarsVisible: the share of skin in squares just outside of the cheeks' edge, where ears stand out. Own measure: hair
//! of any length hides them, so a low value is only told. Not assessed on a turned head, whose far ear is behind it.

use super::{Sight, chroma_distance, value};
use crate::colour::Rgb;
use crate::geometry::Point;
use crate::measure::Assessment;

/// The cheeks' edge at the ears, right and left.
const EDGES: [usize; 2] = [127, 356];
/// The squares' distance from the edge and their side, in eye distances.
const OUTSIDE: f64 = 0.1;
const SIDE: f64 = 0.16;
/// a*b* distance of one skin from itself, and the least share of its lightness in an ear's shade.
const SAME: f64 = 12.0;
const SHADE: f64 = 0.45;
/// A head turned further shows one ear only.
const MOST_YAW_DEG: f64 = 10.0;

pub(super) fn assess(sight: &Sight) -> Assessment {
    if sight.pose.yaw_deg.abs() > MOST_YAW_DEG {
        return Assessment::FailureToAssess;
    }
    let skin = sight.colour(sight.cheeks()[0], 0.3);
    let share = [(EDGES[0], -1.0), (EDGES[1], 1.0)].map(|(edge, side)| {
        let edge = sight.points[edge];
        let at = Point { x: edge.x + side * OUTSIDE * sight.ied, y: edge.y };
        let like = |rgb: &[u8; 3]| {
            let colour = Rgb(*rgb).lab();
            chroma_distance(colour, skin) < SAME && colour.0[0] > SHADE * skin.0[0]
        };
        let pixels: Vec<[u8; 3]> = sight.chip.square(at, SIDE * sight.ied).collect();
        pixels.iter().filter(|p| like(p)).count() as f64 / pixels.len().max(1) as f64
    });
    let lower = share[0].min(share[1]);
    value(lower, 100.0 * lower)
}
