//! ShouldersLevel: the slope between the outer shoulders against the eye line, from the matte's upper edge one face
//! width to both sides of the chin. Own measure. Long hair lies over a shoulder and changes it, so it is only told.

use super::{Person, value};
use crate::geometry::Point;
use crate::measure::Assessment;

/// Columns, in face widths from the chin.
const ASIDE: f64 = 0.95;

pub(super) fn assess(person: &Person) -> Assessment {
    let (chin, width) = (person.face.chin(), person.face.width_px());
    let top = |side: f64| {
        let x = chin.x + side * ASIDE * width;
        let inside = (0.0..f64::from(person.frame.width())).contains(&x);
        let rows = (0..).map(|i| chin.y + f64::from(i)).take_while(|y| *y < f64::from(person.frame.height()));
        let edge = rows.take((2.0 * width) as usize).find(|&y| person.matte.alpha_at(Point { x, y }) > 0.5);
        edge.filter(|&y| inside && y > chin.y)
    };
    let (Some(right), Some(left)) = (top(-1.0), top(1.0)) else { return Assessment::FailureToAssess };
    let slope = (left - right).atan2(2.0 * ASIDE * width).to_degrees() - person.face.roll_deg();
    value(slope, 100.0 - 5.0 * slope.abs())
}
