//! Yes or no at each cell.

use crate::grid::Grid;

/// One flag a cell, row by row.
pub(super) struct Mask {
    width: usize,
    set: Vec<bool>,
}

impl Mask {
    /// Flags row by row.
    pub(super) fn new(width: usize, set: Vec<bool>) -> Self {
        Self { width, set }
    }

    /// Set where the test holds for alpha.
    pub(super) fn of(alpha: &Grid<1>, test: impl Fn(f32) -> bool) -> Self {
        Self { width: alpha.width, set: alpha.data.iter().map(|a| test(a[0])).collect() }
    }

    /// Whether a cell is set.
    pub(super) fn at(&self, i: usize) -> bool {
        self.set[i]
    }

    /// Also set within `radius`, at most 254, of what is set, along rows and then columns.
    pub(super) fn grown(mut self, radius: usize) -> Self {
        let reach = radius.min(254) as u8 + 1;
        self.set.chunks_exact_mut(self.width).for_each(|row| grow_row(row, reach));
        let rows = self.set.len() / self.width;
        let mut out = self.set.clone();
        let mut left = vec![0_u8; self.width];
        for row in 0..rows {
            self.sweep(row, reach, &mut left, &mut out);
        }
        left.fill(0);
        for row in (0..rows).rev() {
            self.sweep(row, reach, &mut left, &mut out);
        }
        Self { width: self.width, set: out }
    }

    /// Not set within `radius` of what is not set.
    pub(super) fn shrunk(self, radius: usize) -> Self {
        self.inverted().grown(radius).inverted()
    }

    fn inverted(mut self) -> Self {
        self.set.iter_mut().for_each(|v| *v = !*v);
        self
    }

    /// One row of a sweep down or up: `left` counts down the rows that the last set cell still reaches.
    fn sweep(&self, row: usize, reach: u8, left: &mut [u8], out: &mut [bool]) {
        let cells = row * self.width..(row + 1) * self.width;
        for ((left, &set), out) in left.iter_mut().zip(&self.set[cells.clone()]).zip(&mut out[cells]) {
            *left = if set { reach } else { left.saturating_sub(1) };
            *out |= *left > 0;
        }
    }
}

fn grow_row(row: &mut [bool], reach: u8) {
    let mut left = 0_u8;
    // Backwards first: what that sets must not count as set forwards.
    let mut last = usize::MAX;
    for x in 0..row.len() {
        if row[x] {
            let start = x.saturating_sub(usize::from(reach) - 1);
            let start = if last == usize::MAX { start } else { start.max(last + 1) };
            row[start..x].fill(true);
            (left, last) = (reach, x);
        } else {
            left = left.saturating_sub(1);
            row[x] = left > 0;
        }
    }
}
