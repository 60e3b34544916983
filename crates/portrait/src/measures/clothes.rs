//! Clothes in the colour of what is behind them: the share of the clothes' edge within CIEDE2000 10 of the delivered
//! background, where the shoulders would melt into it, and within 6 of the backdrop beside it, where the matte has
//! little to go by. Own measures; the standard for degree photos asks for clothes clearly unlike the background.

use super::{Person, value};
use crate::colour::{Lab, delta_e_2000, lab_of_linear};
use crate::geometry::Point;
use crate::measure::Assessment;

/// CIEDE2000 below which clothes melt into the delivered background: black on dark blue is 20, white on the standard's
/// light grey 3.
const BACKGROUND: f64 = 10.0;
/// CIEDE2000 below which clothes are hard to tell from the backdrop.
const BACKDROP: f64 = 6.0;
/// Rows begin this far below the chin, in face widths: under the collar.
const BELOW_CHIN: f64 = 0.45;
/// How far inside and outside of the edge is looked, in face widths.
const INSIDE: f64 = 0.04;
const OUTSIDE: f64 = 0.06;
/// Steps of the first look for the edge: a twenty-fifth of the face's width.
const STRIDE: i64 = 8;
/// Fewer rows than this say nothing.
const LEAST: usize = 10;

pub(super) fn on_background(person: &Person) -> Assessment {
    let wanted = person.background.lab();
    share(person, |inside, _| delta_e_2000(inside, wanted) < BACKGROUND)
}

pub(super) fn on_backdrop(person: &Person) -> Assessment {
    share(person, |inside, outside| delta_e_2000(inside, outside) < BACKDROP)
}

/// The share of edge places for which `like` holds of the colours inside and outside.
fn share(person: &Person, like: impl Fn(Lab, Lab) -> bool) -> Assessment {
    let pairs = edge(person);
    if pairs.len() < LEAST {
        return Assessment::FailureToAssess;
    }
    let share = pairs.iter().filter(|(i, o)| like(*i, *o)).count() as f64 / pairs.len() as f64;
    value(share, 100.0 * (1.0 - share))
}

/// Colours just inside and outside of the shoulders' outer edges, row by row.
fn edge(person: &Person) -> Vec<(Lab, Lab)> {
    let width = person.face.width_px();
    let (first, step) = (person.face.chin().y + BELOW_CHIN * width, (width / 20.0).max(1.0));
    let rows =
        (0..).map(|i| first + f64::from(i) * step).take_while(|y| *y < f64::from(person.frame.height()));
    rows.take(60).flat_map(|y| [-1.0, 1.0].map(|side| at_row(person, y, side))).flatten().collect()
}

/// The colours at one side of a row; none where the person reaches the frame's side or is not there.
fn at_row(person: &Person, y: f64, side: f64) -> Option<(Lab, Lab)> {
    let (middle, width) = (person.face.chin().x, person.face.width_px());
    let most = if side < 0.0 { middle } else { f64::from(person.frame.width()) - 1.0 - middle };
    let step = (width / 200.0).max(1.0);
    let steps = (most / step) as i64;
    let at = |i: i64| Point { x: middle + side * i as f64 * step, y };
    let covered = |i: &i64| person.matte.alpha_at(at(*i)) > 0.5;
    // From outside in strides, then outwards again step by step.
    let stride = (0..=steps).rev().step_by(STRIDE as usize).find(covered)?;
    let edge = (stride..=steps.min(stride + STRIDE)).rev().find(covered)?;
    let (inside, outside) = (edge - (INSIDE * width / step) as i64, edge + (OUTSIDE * width / step) as i64);
    let fits = inside > 0 && outside < steps;
    fits.then(|| (colour(person, at(inside)), colour(person, at(outside))))
}

fn colour(person: &Person, at: Point) -> Lab {
    lab_of_linear(person.frame.linear(at.x.round() as i64, at.y.round() as i64).map(f64::from))
}
