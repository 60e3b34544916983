//! The backdrop's colour behind the person, and how far it can be trusted.

use crate::grid::{Grid, fill};

/// The backdrop in linear light at each cell, and the variance of the shot around it.
pub(super) struct Plate {
    pub(super) colour: Grid<3>,
    pub(super) variance: Grid<1>,
}

/// Models the backdrop from the shot itself: means over `radius` of what is surely backdrop, carried smoothly
/// behind the person.
pub(super) fn from_shot(shot: &Grid<3>, known: &Grid<1>, radius: usize) -> Plate {
    let mean = masked_mean(shot, known, radius);
    let colour = fill(&mean, known);
    let variance = residual(shot, &colour, known, radius);
    Plate { colour, variance }
}

/// Models the backdrop from a picture of the empty booth: its light is fitted to the shot's by a gain a channel
/// that varies as slowly as the light does.
pub(super) fn from_empty(shot: &Grid<3>, empty: &Grid<3>, known: &Grid<1>, radius: usize) -> Plate {
    let mut gain = shot.clone();
    let (mean, plate) = (masked_mean(shot, known, radius), masked_mean(empty, known, radius));
    for (g, (m, p)) in gain.data.iter_mut().zip(mean.data.iter().zip(&plate.data)) {
        *g = std::array::from_fn(|k| (m[k] / p[k].max(1e-3)).clamp(0.2, 5.0));
    }
    let gain = fill(&gain, known);
    let mut colour = empty.box_mean(1);
    for (c, g) in colour.data.iter_mut().zip(&gain.data) {
        *c = std::array::from_fn(|k| c[k] * g[k]);
    }
    let variance = residual(shot, &colour, known, radius);
    Plate { colour, variance }
}

/// Means over the known cells alone; what has none nearby keeps its value.
pub(super) fn masked_mean(values: &Grid<3>, known: &Grid<1>, radius: usize) -> Grid<3> {
    let mut weighted = Grid::filled(values.width, values.height, [0.0; 4]);
    for (w, (v, k)) in weighted.data.iter_mut().zip(values.data.iter().zip(&known.data)) {
        *w = [v[0] * k[0], v[1] * k[0], v[2] * k[0], k[0]];
    }
    let mut out = values.clone();
    for (o, s) in out.data.iter_mut().zip(weighted.box_mean(radius).data) {
        if s[3] > 1e-6 {
            *o = [s[0] / s[3], s[1] / s[3], s[2] / s[3]];
        }
    }
    out
}

/// Mean squared distance a channel of the shot from a model over the known cells, carried to the others.
pub(super) fn residual(shot: &Grid<3>, model: &Grid<3>, known: &Grid<1>, radius: usize) -> Grid<1> {
    let mut square = Grid::filled(shot.width, shot.height, [0.0; 3]);
    for (s, (a, b)) in square.data.iter_mut().zip(shot.data.iter().zip(&model.data)) {
        s[0] = (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f32>() / 3.0;
    }
    fill(&masked_mean(&square, known, radius).map(|v| [v[0]]), known)
}
