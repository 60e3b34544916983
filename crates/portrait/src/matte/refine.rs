//! Alpha and foreground colour in the network's uncertain band.
//!
//! Two looks: the first, with the backdrop and the person carried over from where both are sure, shows the strands;
//! the second takes the backdrop from between them, shadow and all, and the person's colour from the strands
//! themselves. What one cell says is in [`super::mix`].

use super::MatteSource;
use super::coarse::{Coarse, Place, Sums};
use super::mask::Mask;
use super::mix::Cell;
use super::plate::{Plate, Reach};
use crate::grid::Grid;

/// Radii, in two-hundredths of the face width: how far beyond the network's outline strands are looked for, how
/// far inside the person is sure, and over what distance colours are local.
const BAND_OUT: f32 = 8.0;
const BAND_IN: f32 = 3.0;
const LOCAL: f32 = 4.0;
/// Radius over which the backdrop's structure counts as uncertainty.
const STRUCTURE: f32 = 14.0;
/// Distance from strands at which the second look takes cells for backdrop, and the alpha that makes a strand.
const STRAND_CLEARANCE: f32 = 2.0;
const STRAND: f32 = 0.15;
/// The network's alpha above and below which a cell is surely person or backdrop, if far from the band.
const SURE_PERSON: f32 = 0.95;
const SURE_BACKDROP: f32 = 0.05;
/// The network's variance: this share of its own spread nearby, and a little everywhere.
const DOUBT_SHARE: f32 = 1.0;
const DOUBT_FLOOR: f32 = 2e-3;
/// The network's alpha below which a cell that looks like the backdrop is not asked further.
const NOBODY: f32 = 0.02;
/// Mean weight of person from which a block's colour stands for itself.
const PERSON_ENOUGH: f32 = 0.2;
/// Alpha this close to an end is taken for the end: noise leaves traces of the person in plain backdrop. More at
/// the upper end would sharpen the outline further, but lay hair's own backdrop on the new one.
const SETTLE_LOW: f32 = 0.03;
const SETTLE_HIGH: f32 = 0.01;
/// Alpha from which a cell tells the person's colour.
const FAINTEST: f32 = 0.2;

/// What came of it.
pub(super) struct Refined {
    pub(super) alpha: Grid<1>,
    pub(super) foreground: Grid<3>,
    pub(super) source: MatteSource,
    /// 1 less twice the mean standard deviation of alpha over the band.
    pub(super) confidence: f32,
}

/// Gives alpha and linear foreground colour at each cell of the shot; `empty` is the stored backdrop there, `unit`
/// a two-hundredth of the face width in cells.
pub(super) fn refine(seen: Grid<3>, net: Grid<1>, empty: Option<&Grid<4>>, unit: f32) -> Refined {
    let shot = &seen;
    let radius = |units: f32| ((units * unit).round() as usize).max(1);
    let step = ((2.0 * LOCAL * unit + 1.0) / 3.0).round().max(1.0) as usize;
    let reach = Reach { step, wide: (radius(STRUCTURE) / step).max(1) };
    let near = Mask::of(&net, |a| a > SURE_BACKDROP).grown(radius(BAND_OUT));
    let person = Mask::of(&net, |a| a >= SURE_PERSON).shrunk(radius(BAND_IN));
    let band = Band::new(shot, &net, &near, &person, step);
    let (plate, source) = Plate::choose(shot, empty, |i| !near.at(i), reach);
    let inside = Person::new(shot, step, |p| person.at(p.cell).then(|| (shot.data[p.cell], 1.0)));
    let mut first = sure(&net, &near, &person);
    if source == MatteSource::Network {
        let (colours, confidence) = (band.foreground(&first, &plate, &inside), band.confidence_of_net());
        return Refined { alpha: first, foreground: painted(seen, colours), source, confidence };
    }
    let guess = first.clone();
    band.alpha(&guess, &mut first, &plate, &inside, |x, y| band.spread.at(x, y)[0]);

    // The first look shows the strands; what lies between them is backdrop, shadow and all.
    let strands = Mask::of(&first, |a| a > STRAND).grown(radius(STRAND_CLEARANCE));
    let plate = plate.again(shot, |i| !strands.at(i), reach);
    let inside = Person::new(shot, step, |p| seen_person(shot, &first, &plate, p));
    let mut alpha = first.clone();
    let confidence = band.alpha(&first, &mut alpha, &plate, &inside, |x, y| around(&first, x, y));
    let colours = band.foreground(&alpha, &plate, &inside);
    band.cells.iter().for_each(|&i| alpha.data[i][0] = settle(alpha.data[i][0]));
    Refined { alpha, foreground: painted(seen, colours), source, confidence }
}

/// The shot with some cells' colours replaced.
fn painted(mut shot: Grid<3>, colours: Vec<(usize, [f32; 3])>) -> Grid<3> {
    colours.into_iter().for_each(|(i, colour)| shot.data[i] = colour);
    shot
}

/// The network's alpha, 1 and 0 where that is sure.
fn sure(net: &Grid<1>, near: &Mask, person: &Mask) -> Grid<1> {
    let value = |(i, a): (usize, &[f32; 1])| match (person.at(i), near.at(i)) {
        (true, _) => [1.0],
        (false, false) => [0.0],
        (false, true) => *a,
    };
    Grid { width: net.width, height: net.height, data: net.data.iter().enumerate().map(value).collect() }
}

/// The person's colour at a cell once the backdrop's share is taken out, and how much it tells.
fn seen_person(shot: &Grid<3>, alpha: &Grid<1>, plate: &Plate, at: Place) -> Option<([f32; 3], f32)> {
    let (a, c) = (alpha.data[at.cell][0], shot.data[at.cell]);
    if a >= 1.0 {
        return Some((c, 1.0));
    }
    (a > FAINTEST).then(|| {
        let (b, _) = plate.at(at.x, at.y);
        (std::array::from_fn(|k| ((c[k] - (1.0 - a) * b[k]) / a).clamp(0.0, 1.0)), a * a * a)
    })
}

/// The person's local colour and its variance a channel.
struct Person(Coarse<6>);

impl Person {
    fn new(shot: &Grid<3>, step: usize, f: impl Fn(Place) -> Option<([f32; 3], f32)>) -> Self {
        let sums = Sums::new((shot.width, shot.height), step, |p| {
            f(p).map(|(c, w)| ([c[0], c[1], c[2], c[0] * c[0], c[1] * c[1], c[2] * c[2]], w))
        });
        let variance = |m: &[f32; 6], k: usize| (m[k + 3] - m[k] * m[k]).max(0.0);
        let moments = |m: &[f32; 6]| [m[0], m[1], m[2], variance(m, 0), variance(m, 1), variance(m, 2)];
        Self(sums.means(1, PERSON_ENOUGH).map(moments))
    }

    fn at(&self, x: usize, y: usize) -> ([f32; 3], [f32; 3]) {
        let [r, g, b, u, v, w] = self.0.at(x, y);
        ([r, g, b], [u, v, w])
    }
}

/// The variance of alpha over 3x3 cells.
fn around(alpha: &Grid<1>, x: usize, y: usize) -> f32 {
    let (mut sum, mut square) = (0.0, 0.0);
    for dy in -1..=1 {
        for dx in -1..=1 {
            let a = alpha.at(x as i64 + dx, y as i64 + dy)[0];
            sum += a;
            square += a * a;
        }
    }
    (square / 9.0 - (sum / 9.0).powi(2)).max(0.0)
}

/// The cells that the colours decide.
struct Band<'a> {
    shot: &'a Grid<3>,
    net: &'a Grid<1>,
    cells: Vec<usize>,
    /// The variance of the network's alpha nearby.
    spread: Coarse<1>,
}

impl<'a> Band<'a> {
    fn new(shot: &'a Grid<3>, net: &'a Grid<1>, near: &Mask, person: &Mask, step: usize) -> Self {
        let cells = (0..shot.data.len()).filter(|&i| near.at(i) && !person.at(i)).collect();
        let moments = Sums::new((net.width, net.height), step, |p| {
            let a = net.data[p.cell][0];
            Some(([a, a * a], 1.0))
        });
        let spread = moments.means(1, 1.0).map(|m| [(m[1] - m[0] * m[0]).max(0.0)]);
        Self { shot, net, cells, spread }
    }

    /// The network's variance.
    fn doubt(&self, x: usize, y: usize) -> f32 {
        DOUBT_SHARE * self.spread.at(x, y)[0] + DOUBT_FLOOR
    }

    fn place(&self, i: usize) -> (usize, usize) {
        (i % self.shot.width, i / self.shot.width)
    }

    fn cell(&self, i: usize, plate: &Plate, person: &Person, around: f32) -> Cell {
        let (x, y) = self.place(i);
        let (backdrop, backdrop_variance) = plate.at(x, y);
        let (colour, variance) = person.at(x, y);
        Cell {
            colour: self.shot.data[i],
            backdrop,
            backdrop_variance,
            person: colour,
            person_variance: variance,
            net: self.net.data[i][0],
            doubt: self.doubt(x, y),
            around,
        }
    }

    /// Puts the most likely alpha of each cell into `out` and returns the confidence.
    fn alpha(
        &self,
        guess: &Grid<1>,
        out: &mut Grid<1>,
        plate: &Plate,
        person: &Person,
        around: impl Fn(usize, usize) -> f32,
    ) -> f32 {
        let (mut deviation, mut decided) = (0.0, 0);
        for &i in &self.cells {
            let (x, y) = self.place(i);
            if self.net.data[i][0] < NOBODY && plate.explains(x, y, self.shot.data[i]) {
                out.data[i][0] = 0.0;
                continue;
            }
            decided += 1;
            let (alpha, variance) = self.cell(i, plate, person, around(x, y)).alpha(guess.data[i][0]);
            out.data[i][0] = alpha;
            deviation += variance.sqrt();
        }
        confidence(deviation, decided)
    }

    fn confidence_of_net(&self) -> f32 {
        let unsure = self.cells.iter().filter(|&&i| self.net.data[i][0] >= NOBODY);
        let places: Vec<_> = unsure.map(|&i| self.place(i)).collect();
        confidence(places.iter().map(|&(x, y)| self.doubt(x, y).sqrt()).sum(), places.len())
    }

    /// The most likely colour of the person in each cell that has any.
    fn foreground(&self, alpha: &Grid<1>, plate: &Plate, person: &Person) -> Vec<(usize, [f32; 3])> {
        let some = self.cells.iter().filter(|&&i| alpha.data[i][0] > 0.0);
        some.map(|&i| {
            let (x, y) = self.place(i);
            let cell = self.cell(i, plate, person, around(alpha, x, y));
            (i, cell.foreground(alpha.data[i][0]))
        })
        .collect()
    }
}

/// 1 less twice the mean of some deviations.
fn confidence(sum: f32, count: usize) -> f32 {
    (1.0 - 2.0 * sum / count.max(1) as f32).clamp(0.0, 1.0)
}

fn settle(alpha: f32) -> f32 {
    ((alpha - SETTLE_LOW) / (1.0 - SETTLE_LOW - SETTLE_HIGH)).clamp(0.0, 1.0)
}
