//! The backdrop's colour behind the person, and how far it can be trusted.

use crate::grid::{Grid, fill};

/// The backdrop in linear light at each cell, and the variance of the shot around it.
pub(super) struct Plate {
    pub(super) colour: Grid<3>,
    pub(super) variance: Grid<1>,
}

/// Models the backdrop where `known` (1 or 0) does not show it: from a picture of the empty booth if there is one,
/// else from the shot. Colours are means over `local`; structure within `wide` counts as variance.
pub(super) fn model(
    shot: &Grid<3>,
    empty: Option<&Grid<3>>,
    known: &Grid<1>,
    local: usize,
    wide: usize,
) -> Plate {
    match empty {
        Some(empty) => from_empty(shot, empty, known, local, wide),
        None => from_shot(shot, known, local, wide),
    }
}

/// Means over what is surely backdrop, carried smoothly behind the person.
fn from_shot(shot: &Grid<3>, known: &Grid<1>, local: usize, wide: usize) -> Plate {
    let colour = fill(&masked_mean(shot, known, local), known);
    let variance = residual(shot, &masked_mean(shot, known, wide), known, wide);
    Plate { colour, variance }
}

/// The empty booth, its light fitted to the shot's by a gain a channel that varies as slowly as the light does.
fn from_empty(shot: &Grid<3>, empty: &Grid<3>, known: &Grid<1>, local: usize, wide: usize) -> Plate {
    let (mut gain, plate) = (masked_mean(shot, known, local), masked_mean(empty, known, local));
    for (g, p) in gain.data.iter_mut().zip(&plate.data) {
        *g = std::array::from_fn(|k| (g[k] / p[k].max(1e-3)).clamp(0.2, 5.0));
    }
    let gain = fill(&gain, known);
    let mut colour = empty.box_mean(1);
    for (c, g) in colour.data.iter_mut().zip(&gain.data) {
        *c = std::array::from_fn(|k| c[k] * g[k]);
    }
    let variance = residual(shot, &colour, known, wide);
    Plate { colour, variance }
}

/// Means over the known cells alone; what has none nearby keeps its value.
pub(super) fn masked_mean(values: &Grid<3>, known: &Grid<1>, radius: usize) -> Grid<3> {
    let weigh = |(v, k): (&[f32; 3], &[f32; 1])| [v[0] * k[0], v[1] * k[0], v[2] * k[0], k[0]];
    let data = values.data.iter().zip(&known.data).map(weigh).collect();
    let sums = Grid { width: values.width, height: values.height, data }.box_mean(radius);
    let mut out = values.clone();
    for (o, s) in out.data.iter_mut().zip(&sums.data) {
        if s[3] > 1e-6 {
            *o = [s[0] / s[3], s[1] / s[3], s[2] / s[3]];
        }
    }
    out
}

/// Mean squared distance a channel of the shot from a model over the known cells, carried to the others.
pub(super) fn residual(shot: &Grid<3>, model: &Grid<3>, known: &Grid<1>, radius: usize) -> Grid<1> {
    let square = |((a, b), k): ((&[f32; 3], &[f32; 3]), &[f32; 1])| {
        let distance = (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f32>() / 3.0;
        [distance * k[0], k[0]]
    };
    let data = shot.data.iter().zip(&model.data).zip(&known.data).map(square).collect();
    let sums = Grid { width: shot.width, height: shot.height, data }.box_mean(radius);
    fill(&sums.map(|s| [s[0] / s[1].max(1e-6)]), known)
}
