//! TeethShown: the share of light, nearly colourless pixels inside the lips' inner edge. Own measure. Closed lips have
//! no inside and show none.

use super::{Sight, mouth_closed, value};
use crate::colour::{Lab, Rgb};
use crate::geometry::Point;
use crate::measure::Assessment;

/// The inner edge of the lips.
const INNER: [usize; 20] =
    [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95];
/// Lips nearer than this are closed, as far as landmarks tell: closed mouths measure up to 0.045.
const CLOSED: f64 = 0.045;
/// Teeth have at least this share of the cheeks' lightness and at most this chroma.
const LIGHT: f64 = 0.75;
const CHROMA: f64 = 16.0;

pub(super) fn assess(sight: &Sight) -> Assessment {
    if mouth_closed::opening(sight) < CLOSED {
        return value(0.0, 100.0);
    }
    let cheek = sight.cheek_lightness();
    let outline: Vec<Point> = INNER.iter().map(|&i| sight.points[i]).collect();
    let (mut all, mut teeth) = (0_u32, 0_u32);
    sight.chip.inside(&outline, |_, rgb| {
        let Lab([l, a, b]) = Rgb(rgb).lab();
        all += 1;
        teeth += u32::from(l > LIGHT * cheek && a.hypot(b) < CHROMA);
    });
    let share = f64::from(teeth) / f64::from(all.max(1));
    value(share, 100.0 * (1.0 - share))
}
