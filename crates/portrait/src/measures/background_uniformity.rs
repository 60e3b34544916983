//! ISO/IEC 29794-5 BackgroundUniformity of the source: the mean Scharr gradient of the luma where the matte sees no
//! person, before that background is replaced; the score is 190 times the complement of a sigmoid of width 100 about
//! 10. Beside it the shadow that a person throws on the backdrop. Both say how much the matte had to do; the delivered
//! background is measured by itself.

use super::chip::luma;
use super::{Person, value};
use crate::geometry::Point;
use crate::measure::{Assessment, sigmoid};

/// Places looked at, about.
const PLACES: usize = 6_000;
/// Fewer than this say nothing.
const LEAST: usize = 500;

/// Source pixels of sure background, sampled evenly.
fn places(person: &Person) -> impl Iterator<Item = Point> {
    let step = (person.matte.pixels().len() / PLACES).max(1);
    person.matte.pixels().step_by(step).filter(|(_, alpha)| *alpha <= 0.0).map(|(at, _)| at)
}

fn brightness(person: &Person, at: Point, dx: i64, dy: i64) -> f64 {
    f64::from(luma(&person.frame.pixel(at.x as i64 + dx, at.y as i64 + dy)))
}

pub(super) fn assess(person: &Person) -> Assessment {
    let gradient = |at: Point| {
        let v = |dx, dy| brightness(person, at, dx, dy);
        let across = 3.0 * (v(1, -1) + v(1, 1) - v(-1, -1) - v(-1, 1)) + 10.0 * (v(1, 0) - v(-1, 0));
        let down = 3.0 * (v(-1, 1) + v(1, 1) - v(-1, -1) - v(1, -1)) + 10.0 * (v(0, 1) - v(0, -1));
        across.hypot(down)
    };
    let gradients: Vec<f64> = places(person).map(gradient).collect();
    if gradients.len() < LEAST {
        return Assessment::FailureToAssess;
    }
    let mean = gradients.iter().sum::<f64>() / gradients.len() as f64;
    value(mean, 190.0 * (1.0 - sigmoid(mean, 10.0, 100.0)))
}

/// 1 less the 5th percentile of the backdrop's luma over its median; the score falls from 100 to none at a half.
pub(super) fn shadow(person: &Person) -> Assessment {
    let mut values: Vec<f64> = places(person).map(|at| brightness(person, at, 0, 0)).collect();
    if values.len() < LEAST {
        return Assessment::FailureToAssess;
    }
    let mut at = |share: f64| {
        let i = (share * (values.len() - 1) as f64) as usize;
        *values.select_nth_unstable_by(i, f64::total_cmp).1
    };
    let (dark, usual) = (at(0.05), at(0.5));
    let shadow = 1.0 - dark / usual.max(1.0);
    value(shadow, 100.0 - 200.0 * shadow)
}
