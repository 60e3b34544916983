//! Yes or no at each cell.

use crate::grid::Grid;

/// One flag a cell, row by row.
pub(super) struct Mask {
    width: usize,
    set: Vec<bool>,
}

impl Mask {
    /// Set where the test holds for alpha.
    pub(super) fn of(alpha: &Grid<1>, test: impl Fn(f32) -> bool) -> Self {
        Self { width: alpha.width, set: alpha.data.iter().map(|a| test(a[0])).collect() }
    }

    /// Whether a cell is set.
    pub(super) fn at(&self, i: usize) -> bool {
        self.set[i]
    }

    /// Also set within `radius` along rows and columns of what is set.
    pub(super) fn grown(mut self, radius: usize) -> Self {
        for row in self.set.chunks_exact_mut(self.width) {
            grow_line(row, radius);
        }
        self.grow_columns(radius);
        self
    }

    /// Not set within `radius` of what is not set.
    pub(super) fn shrunk(self, radius: usize) -> Self {
        self.inverted().grown(radius).inverted()
    }

    /// The opposite.
    pub(super) fn inverted(mut self) -> Self {
        self.set.iter_mut().for_each(|v| *v = !*v);
        self
    }

    /// Grows all columns at once, so that memory is read row by row: down, then up.
    fn grow_columns(&mut self, radius: usize) {
        let (width, rows) = (self.width, self.set.len() / self.width);
        let mut out = self.set.clone();
        for down in [true, false] {
            let mut left = vec![0_usize; width];
            for row in 0..rows {
                let y = if down { row } else { rows - 1 - row };
                let cells = y * width..(y + 1) * width;
                for ((left, &set), out) in left.iter_mut().zip(&self.set[cells.clone()]).zip(&mut out[cells]) {
                    *left = if set { radius + 1 } else { left.saturating_sub(1) };
                    *out |= *left > 0;
                }
            }
        }
        self.set = out;
    }
}

fn grow_line(line: &mut [bool], radius: usize) {
    let mut until = 0;
    let mut from = 0;
    for x in 0..line.len() {
        if line[x] && x >= from {
            let start = x.saturating_sub(radius).max(from);
            line[start..x].fill(true);
            until = x + radius + 1;
            from = x + 1;
        } else if x < until {
            line[x] = true;
        }
    }
}
