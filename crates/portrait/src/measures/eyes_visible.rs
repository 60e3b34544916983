//! ISO/IEC 29794-5 EyesVisible, by contrast instead of a parsing network: the lightness range (5th to 95th percentile)
//! around each eye over the lightness of the lightest skin. An eye has white, iris and lashes; behind dark glasses or
//! hair there is one darkness. The lower of both eyes counts; the score is full from 0.6.

use super::{Sight, value};
use crate::colour::Rgb;
use crate::geometry::Point;
use crate::measure::Assessment;

/// The region around an eye, in eye distances.
const WIDTH: f64 = 0.45;
const HEIGHT: f64 = 0.22;
/// Between the brows.
const GLABELLA: usize = 9;
/// Share of the skin's lightness below which what lies between the brows is hair: 0.32 under hair, 0.9 and more else,
/// a deep fringe included.
const HAIR: f64 = 0.6;

pub(super) fn assess(sight: &Sight) -> Assessment {
    let skin = lightest(sight);
    if skin <= 0.0 {
        return Assessment::FailureToAssess;
    }
    let contrast = sight.eyes().map(|eye| range(sight, eye)).into_iter().fold(f64::INFINITY, f64::min) / skin;
    value(contrast, contrast / 0.006)
}

/// Whether the eyes are hidden by hair, which then hangs between the brows too, and not by glasses.
pub(super) fn hair_between(sight: &Sight) -> bool {
    sight.colour(sight.points[GLABELLA], 0.12).0[0] < HAIR * lightest(sight)
}

/// Lightness of the lightest of the places where skin is expected.
fn lightest(sight: &Sight) -> f64 {
    let spots = [4, 164, 199, GLABELLA, 230, 450].map(|i| sight.points[i]);
    spots.into_iter().chain(sight.cheeks()).map(|p| sight.colour(p, 0.12).0[0]).fold(0.0, f64::max)
}

/// The lightness range around an eye.
fn range(sight: &Sight, eye: Point) -> f64 {
    let mut values: Vec<f64> = Vec::new();
    let outline = super::rectangle(eye, WIDTH * sight.ied, HEIGHT * sight.ied);
    sight.chip.inside(&outline, |_, rgb| values.push(Rgb(rgb).lab().0[0]));
    if values.len() < 20 {
        return 0.0;
    }
    let at = |share: f64, values: &mut Vec<f64>| {
        let i = (share * (values.len() - 1) as f64) as usize;
        *values.select_nth_unstable_by(i, f64::total_cmp).1
    };
    at(0.95, &mut values) - at(0.05, &mut values)
}
