//! Whether a frame shows the booth that was learned: the same place in a light that can be followed.
//!
//! The person, if there is one, is left out. The place is told by structure: brightness less its surroundings,
//! compared at every shift within reach. Where a backdrop has no structure, a shift changes nothing and is not
//! found. The light is told by the ratio of colours, fitted by a plane a channel.

use super::{Backdrop, FULL};
use crate::colour::linear_table;
use crate::frame::Frame;
use crate::grid::Grid;
use crate::matte::region::{PERSON, SIDE, presence};
use crate::models::{InferenceError, Models};

/// What a frame says about the stored backdrop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// The frame shows the backdrop, in a light that the matte follows.
    Same,
    /// The same place in another light.
    LightChanged,
    /// The camera or the booth moved, or the frame is of another size.
    Moved,
    /// Too little of the backdrop is to be seen.
    Unknown,
}

/// Width of the reduced pictures that are compared.
const WIDTH: usize = 320;
/// Half the side of the squares whose mean is taken off, and the largest shift tried, in reduced pixels.
const SURROUNDINGS: usize = 4;
const REACH: i64 = 8;
/// Kept from the person, in reduced pixels.
const CLEARANCE: usize = 12;
/// Least share of the view that must be seen.
const SEEN: f64 = 0.15;
/// Mean square of structure (roots of light) under which a backdrop has none: noise of a reduced pixel is 0.0025.
const PLAIN: f64 = 3e-5;
/// Correlation of structures under which they are of different things.
const ALIKE: f64 = 0.5;
/// Shift that matters, in frame pixels of a 1280 pixels wide frame.
const SHIFT_PX: f64 = 1.5;
/// Gain of all light that can be followed, ratio of two channels' gains, and spread of the gain around its plane.
const GAIN: (f64, f64) = (0.7, 1.4);
const TINT: f64 = 1.15;
const UNEVEN: f64 = 0.12;

impl Backdrop {
    /// Compares a frame, with or without a person in it, with the backdrop.
    ///
    /// # Errors
    /// [`InferenceError`] of the segmenter that finds the person.
    pub fn agreement(&self, frame: &Frame, models: &Models) -> Result<Agreement, InferenceError> {
        if self.size() != (frame.width(), frame.height()) {
            return Ok(Agreement::Moved);
        }
        let person = presence(frame, models)?;
        Ok(self
            .compare(frame, &|u, v| person[(v * SIDE as f64) as usize * SIDE + (u * SIDE as f64) as usize]))
    }

    /// As [`Backdrop::agreement`]; `person` gives the probability of one at fractions of width and height.
    fn compare(&self, frame: &Frame, person: &dyn Fn(f64, f64) -> f32) -> Agreement {
        let reduction = (frame.width() as usize).div_ceil(WIDTH).max(1);
        let (width, height) = (frame.width() as usize / reduction, frame.height() as usize / reduction);
        if width <= 4 * REACH as usize || height <= 4 * REACH as usize {
            return Agreement::Unknown;
        }
        let seen = seen((width, height), person);
        let share = seen.data.iter().filter(|v| v[0] > 0.0).count() as f64 / seen.data.len() as f64;
        if share < SEEN {
            return Agreement::Unknown;
        }
        let table = linear_table();
        let now = reduce((width, height), reduction, |x, y| {
            let at = (y * frame.width() as usize + x) * 3;
            std::array::from_fn(|k| table[usize::from(frame.rgb()[at + k])])
        });
        let learned = reduce((width, height), reduction, |x, y| {
            let cell = self.cells[y * self.width as usize + x];
            std::array::from_fn(|k| (f32::from(cell[k]) / FULL).powi(2))
        });
        let shift_limit = SHIFT_PX / reduction as f64 * (f64::from(frame.width()) / 1280.0).max(1.0);
        if moved(&now, &learned, &seen, shift_limit) {
            Agreement::Moved
        } else if relit(&now, &learned, &seen) {
            Agreement::LightChanged
        } else {
            Agreement::Same
        }
    }
}

/// 1 where the backdrop shows, away from the person and from the rim that a shift would need.
fn seen((width, height): (usize, usize), person: &dyn Fn(f64, f64) -> f32) -> Grid<1> {
    let mut taken = Grid::filled(width, height, [0.0]);
    for (i, taken) in taken.data.iter_mut().enumerate() {
        let (u, v) = ((i % width) as f64 / width as f64, (i / width) as f64 / height as f64);
        taken[0] = f32::from(u8::from(person(u, v) >= PERSON));
    }
    let mut seen = taken.box_mean(CLEARANCE).map(|v| [f32::from(u8::from(v[0] < 1e-6))]);
    let rim = REACH as usize;
    for (i, seen) in seen.data.iter_mut().enumerate() {
        let (x, y) = (i % width, i / width);
        if x < rim || y < rim || x + rim >= width || y + rim >= height {
            seen[0] = 0.0;
        }
    }
    seen
}

/// Means of `by` x `by` pixels in linear light.
fn reduce((width, height): (usize, usize), by: usize, at: impl Fn(usize, usize) -> [f32; 3]) -> Grid<3> {
    let mut out = Grid::filled(width, height, [0.0; 3]);
    let share = 1.0 / (by * by) as f32;
    for y in 0..height * by {
        for x in 0..width * by {
            let v = at(x, y);
            let cell = &mut out.data[y / by * width + x / by];
            (0..3).for_each(|k| cell[k] += share * v[k]);
        }
    }
    out
}

/// Whether the structure lies elsewhere, by more than `limit` reduced pixels, or is gone.
fn moved(now: &Grid<3>, learned: &Grid<3>, seen: &Grid<1>, limit: f64) -> bool {
    let (now, learned) = (structure(now), structure(learned));
    let energy = |grid: &Grid<1>| {
        let squares = grid.data.iter().zip(&seen.data).map(|(v, s)| f64::from(v[0] * v[0] * s[0]));
        squares.sum::<f64>() / seen.data.iter().map(|s| f64::from(s[0])).sum::<f64>().max(1.0)
    };
    let (of_now, of_learned) = (energy(&now), energy(&learned));
    if of_now.max(of_learned) < PLAIN {
        return false;
    }
    let at = |dx, dy| correlation(&now, &learned, seen, (dx, dy));
    let shifts = (-REACH..=REACH).flat_map(|dy| (-REACH..=REACH).map(move |dx| (dx, dy)));
    let (best, (dx, dy)) = shifts
        .map(|(dx, dy)| (at(dx, dy), (dx, dy)))
        .fold((f64::MIN, (0, 0)), |best, next| if next.0 > best.0 { next } else { best });
    if best < ALIKE {
        return true;
    }
    let peak = |minus: f64, plus: f64| {
        let bend = 2.0 * best - minus - plus;
        if bend > 1e-9 { ((plus - minus) / (2.0 * bend)).clamp(-0.5, 0.5) } else { 0.0 }
    };
    let x = dx as f64 + peak(at(dx - 1, dy), at(dx + 1, dy));
    let y = dy as f64 + peak(at(dx, dy - 1), at(dx, dy + 1));
    x.hypot(y) > limit
}

/// Root of green light less the mean around it.
fn structure(light: &Grid<3>) -> Grid<1> {
    let roots = light.map(|v| [v[1].sqrt()]);
    let mut out = roots.box_mean(SURROUNDINGS);
    out.data.iter_mut().zip(&roots.data).for_each(|(mean, v)| mean[0] = v[0] - mean[0]);
    out
}

/// Normalised correlation of `now` with `learned` where it lay before a shift.
fn correlation(now: &Grid<1>, learned: &Grid<1>, seen: &Grid<1>, (dx, dy): (i64, i64)) -> f64 {
    let (mut product, mut a2, mut b2) = (0.0_f32, 0.0_f32, 0.0_f32);
    for (i, seen) in seen.data.iter().enumerate() {
        if seen[0] > 0.0 {
            let from = i as i64 - dy * now.width as i64 - dx;
            let Some(b) = usize::try_from(from).ok().and_then(|from| learned.data.get(from)) else {
                continue;
            };
            let a = now.data[i][0];
            product += a * b[0];
            a2 += a * a;
            b2 += b[0] * b[0];
        }
    }
    f64::from(product) / (f64::from(a2) * f64::from(b2)).sqrt().max(1e-12)
}

/// Whether the light differs by more than the matte follows.
fn relit(now: &Grid<3>, learned: &Grid<3>, seen: &Grid<1>) -> bool {
    let total = |grid: &Grid<3>, k: usize| {
        let values = grid.data.iter().zip(&seen.data).map(|(v, s)| f64::from(v[k] * s[0]));
        values.sum::<f64>().max(1e-6)
    };
    let gains: [f64; 3] = std::array::from_fn(|k| total(now, k) / total(learned, k));
    let (least, most) = gains.iter().fold((f64::MAX, 0.0_f64), |(a, b), &g| (a.min(g), b.max(g)));
    let tinted = most / least > TINT;
    let field = Field::fit(now, learned, seen);
    let (least, most) = (least.min(field.least), most.max(field.most));
    least < GAIN.0 || most > GAIN.1 || tinted || field.spread > UNEVEN
}

/// The gain of green light over the view: a plane, and what it leaves.
struct Field {
    /// The plane's least and greatest value in the frame's corners.
    least: f64,
    most: f64,
    /// The spread around the plane, as a share of the gain.
    spread: f64,
}

impl Field {
    fn fit(now: &Grid<3>, learned: &Grid<3>, seen: &Grid<1>) -> Self {
        let samples = gains(now, learned, seen);
        let count = samples.len().max(1) as f64;
        let mean = samples.iter().map(|s| s[2]).sum::<f64>() / count;
        let slope = |axis: usize| {
            let centre = samples.iter().map(|s| s[axis]).sum::<f64>() / count;
            let up: f64 = samples.iter().map(|s| (s[axis] - centre) * (s[2] - mean)).sum();
            let down: f64 = samples.iter().map(|s| (s[axis] - centre).powi(2)).sum();
            (centre, up / down.max(1e-9))
        };
        let ((x0, across), (y0, down)) = (slope(0), slope(1));
        let plane = |x: f64, y: f64| mean + across * (x - x0) + down * (y - y0);
        let off = samples.iter().map(|s| (s[2] - plane(s[0], s[1])).powi(2)).sum::<f64>() / count;
        let corners = [(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)].map(|(x, y)| plane(x, y));
        Self {
            least: corners.iter().copied().fold(f64::MAX, f64::min),
            most: corners.iter().copied().fold(f64::MIN, f64::max),
            spread: off.sqrt() / mean.max(1e-6),
        }
    }
}

/// The gain at each cell that shows the backdrop: column and row as fractions from the middle, and the gain.
fn gains(now: &Grid<3>, learned: &Grid<3>, seen: &Grid<1>) -> Vec<[f64; 3]> {
    let wide = |grid: &Grid<3>| {
        let lit: Vec<[f32; 1]> = grid.data.iter().zip(&seen.data).map(|(v, s)| [v[1] * s[0]]).collect();
        Grid { width: grid.width, height: grid.height, data: lit }.box_mean(SURROUNDINGS)
    };
    let (now, learned) = (wide(now), wide(learned));
    (0..seen.data.len())
        .filter(|&i| seen.data[i][0] > 0.0 && learned.data[i][0] > 1e-3)
        .map(|i| {
            let x = (i % now.width) as f64 / now.width as f64 - 0.5;
            let y = (i / now.width) as f64 / now.height as f64 - 0.5;
            [x, y, f64::from(now.data[i][0] / learned.data[i][0])]
        })
        .collect()
}
