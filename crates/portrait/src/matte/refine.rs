//! Alpha and foreground colour in the network's uncertain band.
//!
//! A sensor mixes light linearly: a cell is `alpha F + (1 - alpha) B` in linear light. With B from the backdrop and
//! F carried over from the person's inside, alpha is the place of the cell's colour on the line from B to F. Its
//! variance follows from those of the cell, B and F and from the distance of the two colours; it is weighed against
//! the network's alpha by inverse variances, so where person and backdrop look alike the network decides.
//!
//! The constants were chosen on ten rendered people with exact alpha before plain, cluttered and like-coloured
//! backdrops; the scores are in `docs/portrait.md`.

use super::plate::{self, Plate};
use crate::grid::{Grid, fill};

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
/// Variance of linear light from the sensor's noise and the JPEG's rounding.
const NOISE: f32 = 2e-5;
/// Squared relative uncertainty of the carried-over colours: shading of the person, shadow on the backdrop.
const SHADING: f32 = 0.1;
const SHADOW: f32 = 0.01;
/// How heavily a colour off the line speaks against the line.
const OFF_LINE: f32 = 6.0;
/// The network's variance: this share of its own spread nearby, and a little everywhere.
const DOUBT_SHARE: f32 = 0.5;
const DOUBT_FLOOR: f32 = 5e-4;
/// How firmly a thin foreground is held to its neighbourhood's colour.
const HOLD: f32 = 0.005;
/// Alpha this close to an end is taken for the end: noise leaves traces of the person in plain backdrop.
const SETTLE: f32 = 0.02;

/// Gives alpha and linear foreground colour at each cell of the shot; `unit` is a two-hundredth of the face width
/// in cells.
pub(super) fn refine(
    shot: &Grid<3>,
    net: &Grid<1>,
    empty: Option<&Grid<3>>,
    unit: f32,
) -> (Grid<1>, Grid<3>) {
    let radius = |units: f32| ((units * unit).round() as usize).max(1);
    let plate_of = |known: &Grid<1>| plate::model(shot, empty, known, radius(LOCAL), radius(STRUCTURE));
    let outside = far_from(net, radius(BAND_OUT), |a| a > SURE_BACKDROP);
    let person = far_from(net, radius(BAND_IN), |a| a < SURE_PERSON);
    let near_person = plate::masked_mean(shot, &person, radius(LOCAL));
    let band = Band {
        shot,
        net,
        outside: &outside,
        person: &person,
        inside: &fill(shot, &person),
        spread: &plate::residual(shot, &near_person, &person, radius(LOCAL)),
        doubt: &doubt(net, radius(LOCAL)),
    };
    let first = band.alpha(&plate_of(&outside), band.inside);
    // The first look shows the strands; what lies between them is backdrop, shadow and all.
    let plate = plate_of(&far_from(&first, radius(STRAND_CLEARANCE), |a| a > STRAND));
    let foreground = band.foreground(&first, &plate, radius(LOCAL));
    let alpha = band.alpha(&plate, &foreground);
    let foreground = band.foreground(&alpha, &plate, radius(LOCAL));
    (alpha, foreground)
}

/// 1 where no cell within `radius` satisfies the test, 0 elsewhere.
fn far_from(alpha: &Grid<1>, radius: usize, test: impl Fn(f32) -> bool) -> Grid<1> {
    let hits = alpha.map(|a| [f32::from(u8::from(test(a[0])))]);
    hits.box_mean(radius).map(|v| [f32::from(u8::from(v[0] < 1e-7))])
}

/// The network's variance from its spread nearby.
fn doubt(net: &Grid<1>, radius: usize) -> Grid<1> {
    let moments = net.map(|a| [a[0], a[0] * a[0]]).box_mean(radius);
    moments.map(|m| [DOUBT_SHARE * (m[1] - m[0] * m[0]).max(0.0) + DOUBT_FLOOR])
}

/// What is known before the colours are asked.
struct Band<'a> {
    shot: &'a Grid<3>,
    net: &'a Grid<1>,
    /// 1 where surely no person is.
    outside: &'a Grid<1>,
    /// 1 where surely nothing but the person is.
    person: &'a Grid<1>,
    /// The sure person's colours carried outwards, and their variance.
    inside: &'a Grid<3>,
    spread: &'a Grid<1>,
    doubt: &'a Grid<1>,
}

impl Band<'_> {
    /// Alpha from the colour line and the network.
    fn alpha(&self, plate: &Plate, foreground: &Grid<3>) -> Grid<1> {
        let mut out = self.net.clone();
        for (i, out) in out.data.iter_mut().enumerate() {
            out[0] = if self.person.data[i][0] > 0.5 {
                1.0
            } else if self.outside.data[i][0] > 0.5 {
                0.0
            } else {
                let (alpha, variance) = self.line(i, plate, foreground.data[i]);
                let doubt = self.doubt.data[i][0];
                settle((alpha * doubt + self.net.data[i][0] * variance) / (doubt + variance))
            };
        }
        out
    }

    /// The cell's place on the line from backdrop to foreground, and its variance.
    fn line(&self, i: usize, plate: &Plate, f: [f32; 3]) -> (f32, f32) {
        let (c, b) = (self.shot.data[i], plate.colour.data[i]);
        let along: [f32; 3] = std::array::from_fn(|k| f[k] - b[k]);
        let length = along.iter().map(|v| v * v).sum::<f32>().max(1e-6);
        let place = (0..3).map(|k| (c[k] - b[k]) * along[k]).sum::<f32>() / length;
        let alpha = place.clamp(0.0, 1.0);
        let off: [f32; 3] = std::array::from_fn(|k| c[k] - b[k] - alpha * along[k]);
        let backdrop = plate.variance.data[i][0] + SHADOW * mean_square(b);
        let person = self.spread.data[i][0] + SHADING * mean_square(f);
        let variance =
            NOISE + (1.0 - alpha).powi(2) * backdrop + alpha * alpha * person + OFF_LINE * mean_square(off);
        (alpha, variance / length)
    }

    /// The foreground's colour: what the cell leaves once the backdrop's share is taken out, held to the
    /// neighbourhood's foreground where that share leaves little to see (after Forte, Approximate fast foreground
    /// colour estimation, 2021, with the backdrop known).
    fn foreground(&self, alpha: &Grid<1>, plate: &Plate, radius: usize) -> Grid<3> {
        let near = self.near(alpha, radius);
        let mut out = self.shot.clone();
        for (i, out) in out.data.iter_mut().enumerate() {
            let a = alpha.data[i][0];
            if a < 1.0 {
                let (n, b, c) = (near.data[i], plate.colour.data[i], *out);
                let trust = (n[3] * 20.0).min(1.0);
                *out = std::array::from_fn(|k| {
                    let local = n[k] / n[3].max(1e-6);
                    let guess = trust * local + (1.0 - trust) * self.inside.data[i][k];
                    let rest = c[k] - a * guess - (1.0 - a) * b[k];
                    (guess + a * rest / (a * a + HOLD)).clamp(0.0, 1.0)
                });
            }
        }
        out
    }

    /// Local sums of the shot's colours, weighted so that nearly whole person counts most, and of the weights.
    fn near(&self, alpha: &Grid<1>, radius: usize) -> Grid<4> {
        let weigh = |(a, c): (&[f32; 1], &[f32; 3])| {
            let w = a[0].powi(3);
            [c[0] * w, c[1] * w, c[2] * w, w]
        };
        let data = alpha.data.iter().zip(&self.shot.data).map(weigh).collect();
        Grid { width: alpha.width, height: alpha.height, data }.box_mean(radius)
    }
}

fn mean_square(v: [f32; 3]) -> f32 {
    v.iter().map(|v| v * v).sum::<f32>() / 3.0
}

fn settle(alpha: f32) -> f32 {
    ((alpha - SETTLE) / (1.0 - 2.0 * SETTLE)).clamp(0.0, 1.0)
}
