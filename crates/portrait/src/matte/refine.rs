//! Alpha and foreground colour in the network's uncertain band.
//!
//! A sensor mixes light linearly: a cell is `alpha F + (1 - alpha) B` in linear light. With B from the backdrop and
//! F carried over from the person's inside, alpha is the place of the cell's colour on the line from B to F. Its
//! variance follows from those of the cell, B and F and from the distance of the two colours; it is weighed against
//! the network's alpha by inverse variances, so where person and backdrop look alike the network decides.

use super::plate::{self, Plate};
use crate::grid::{Grid, fill};

/// Radii, in two-hundredths of the face width.
const BAND_OUT: f32 = 14.0;
const BAND_IN: f32 = 5.0;
const LOCAL: f32 = 4.0;
/// The network's alpha above and below which a cell is surely person or backdrop, if far from the band.
const SURE_PERSON: f32 = 0.95;
const SURE_BACKDROP: f32 = 0.05;
/// Variance of linear light from the sensor's noise and the JPEG's rounding.
const NOISE: f32 = 2e-5;

/// Gives alpha and linear foreground colour at each cell of the shot.
pub(super) fn refine(
    shot: &Grid<3>,
    net: &Grid<1>,
    empty: Option<&Grid<3>>,
    unit: f32,
) -> (Grid<1>, Grid<3>) {
    let radius = |two_hundredths: f32| ((two_hundredths * unit).round() as usize).max(1);
    let backdrop = far_from(net, radius(BAND_OUT), |a| a > SURE_BACKDROP);
    let person = far_from(net, radius(BAND_IN), |a| a < SURE_PERSON);
    let plate = match empty {
        Some(empty) => plate::from_empty(shot, empty, &backdrop, radius(LOCAL)),
        None => plate::from_shot(shot, &backdrop, radius(LOCAL)),
    };
    let inside = fill(shot, &person);
    let spread =
        plate::residual(shot, &plate::masked_mean(shot, &person, radius(LOCAL)), &person, radius(LOCAL));
    let doubt = doubt(net, radius(LOCAL));
    let band = Band { shot, net, plate: &plate, doubt: &doubt, backdrop: &backdrop, person: &person };
    let mut alpha = band.alpha(&inside, &spread);
    let mut foreground = band.foreground(&alpha, &inside, radius(2.0));
    alpha = band.alpha(&foreground, &spread);
    foreground = band.foreground(&alpha, &inside, radius(2.0));
    (alpha, foreground)
}

/// 1 where no cell within `radius` satisfies the test, 0 elsewhere.
fn far_from(net: &Grid<1>, radius: usize, test: impl Fn(f32) -> bool) -> Grid<1> {
    let hits = net.map(|a| [f32::from(u8::from(test(a[0])))]);
    hits.box_mean(radius).map(|v| [f32::from(u8::from(v[0] < 1e-7))])
}

/// The network's variance: its own spread nearby, and a little everywhere.
fn doubt(net: &Grid<1>, radius: usize) -> Grid<1> {
    let moments = net.map(|a| [a[0], a[0] * a[0]]).box_mean(radius);
    moments.map(|m| [(m[1] - m[0] * m[0]).max(0.0) + 1e-3])
}

struct Band<'a> {
    shot: &'a Grid<3>,
    net: &'a Grid<1>,
    plate: &'a Plate,
    doubt: &'a Grid<1>,
    backdrop: &'a Grid<1>,
    person: &'a Grid<1>,
}

impl Band<'_> {
    /// Alpha from the colour line and the network.
    fn alpha(&self, foreground: &Grid<3>, spread: &Grid<1>) -> Grid<1> {
        let mut out = self.net.clone();
        for i in 0..out.data.len() {
            out.data[i][0] = if self.person.data[i][0] > 0.5 {
                1.0
            } else if self.backdrop.data[i][0] > 0.5 {
                0.0
            } else {
                let (alpha, variance) = self.line(i, foreground.data[i], spread.data[i][0]);
                let doubt = self.doubt.data[i][0];
                settle((alpha * doubt + self.net.data[i][0] * variance) / (doubt + variance))
            };
        }
        out
    }

    /// The cell's place on the line from backdrop to foreground, and its variance.
    fn line(&self, i: usize, f: [f32; 3], spread: f32) -> (f32, f32) {
        let (c, b) = (self.shot.data[i], self.plate.colour.data[i]);
        let along: [f32; 3] = std::array::from_fn(|k| f[k] - b[k]);
        let length = along.iter().map(|v| v * v).sum::<f32>().max(1e-6);
        let place = (0..3).map(|k| (c[k] - b[k]) * along[k]).sum::<f32>() / length;
        let alpha = place.clamp(0.0, 1.0);
        let miss = (0..3).map(|k| (c[k] - b[k] - alpha * along[k]).powi(2)).sum::<f32>() / 3.0;
        let variance =
            NOISE + (1.0 - alpha).powi(2) * self.plate.variance.data[i][0] + alpha * alpha * spread;
        (alpha, (variance + miss) / length)
    }

    /// The foreground's colour: what the cell leaves once the backdrop's share is taken out, held to the
    /// neighbourhood's foreground where that share leaves little to see (after Forte, Approximate fast foreground
    /// colour estimation, 2021).
    fn foreground(&self, alpha: &Grid<1>, inside: &Grid<3>, radius: usize) -> Grid<3> {
        let weighted = Grid {
            width: alpha.width,
            height: alpha.height,
            data: (0..alpha.data.len())
                .map(|i| {
                    let (a, c) = (alpha.data[i][0], self.shot.data[i]);
                    let w = a * a * a;
                    [c[0] * w, c[1] * w, c[2] * w, w]
                })
                .collect(),
        };
        let near = weighted.box_mean(radius);
        let mut out = self.shot.clone();
        for i in 0..out.data.len() {
            let a = alpha.data[i][0];
            if a < 1.0 {
                let (n, b, c) = (near.data[i], self.plate.colour.data[i], self.shot.data[i]);
                let trust = (n[3] * 20.0).min(1.0);
                out.data[i] = std::array::from_fn(|k| {
                    let local = if n[3] > 1e-6 { n[k] / n[3] } else { 0.0 };
                    let guess = trust * local + (1.0 - trust) * inside.data[i][k];
                    let rest = c[k] - a * guess - (1.0 - a) * b[k];
                    (guess + a * rest / (a * a + 0.02)).clamp(0.0, 1.0)
                });
            }
        }
        out
    }
}

/// Noise leaves a trace of alpha in plain backdrop and a trace of its lack in the person: both ends are settled.
fn settle(alpha: f32) -> f32 {
    ((alpha - 0.02) / 0.96).clamp(0.0, 1.0)
}
