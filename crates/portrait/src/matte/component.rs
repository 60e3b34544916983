//! The main person's connected part.

use crate::grid::Grid;

/// Alpha from which cells hold together.
const CONNECTED: f32 = 0.05;

/// Clears everything that is not connected to the seed (a cell of the face).
pub(super) fn keep_main(mut alpha: Grid<1>, seed: (usize, usize)) -> Grid<1> {
    let (width, height) = (alpha.width, alpha.height);
    let mut kept = vec![false; alpha.data.len()];
    let mut open = vec![seed.1 * width + seed.0];
    while let Some(i) = open.pop() {
        if kept[i] || alpha.data[i][0] < CONNECTED {
            continue;
        }
        kept[i] = true;
        let (x, y) = (i % width, i / width);
        for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
            for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                if !kept[ny * width + nx] {
                    open.push(ny * width + nx);
                }
            }
        }
    }
    let near = grow(&kept, width, height);
    alpha.data.iter_mut().zip(near).filter(|(_, near)| !near).for_each(|(a, _)| a[0] = 0.0);
    alpha
}

/// Also the neighbours: the faint rim below the threshold belongs to the person.
fn grow(kept: &[bool], width: usize, height: usize) -> Vec<bool> {
    let mask = Grid { width, height, data: kept.iter().map(|&k| [f32::from(u8::from(k))]).collect() };
    mask.box_mean(2).data.iter().map(|v| v[0] > 1e-6).collect()
}
