//! The main person's connected part.

use super::mask::Mask;
use crate::grid::Grid;

/// Alpha from which cells hold together.
const CONNECTED: f32 = 0.05;
/// Cells around them that belong to them too: the faint rim below the threshold.
const RIM: usize = 2;

/// Clears everything that is not connected to the seed (a cell of the face).
pub(super) fn keep_main(mut alpha: Grid<1>, seed: (usize, usize)) -> Grid<1> {
    let (width, height) = (alpha.width, alpha.height);
    let mut kept = vec![false; alpha.data.len()];
    let seed = seed.1 * width + seed.0;
    let mut open = Vec::new();
    if alpha.data[seed][0] >= CONNECTED {
        kept[seed] = true;
        open.push(seed);
    }
    while let Some(i) = open.pop() {
        let (x, y) = (i % width, i / width);
        for row in y.saturating_sub(1)..=(y + 1).min(height - 1) {
            for column in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                let next = row * width + column;
                if !kept[next] && alpha.data[next][0] >= CONNECTED {
                    kept[next] = true;
                    open.push(next);
                }
            }
        }
    }
    let near = Mask::new(width, kept).grown(RIM);
    alpha.data.iter_mut().enumerate().filter(|(i, _)| !near.at(*i)).for_each(|(_, a)| a[0] = 0.0);
    alpha
}
