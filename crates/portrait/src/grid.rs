//! Rectangles of values: box means, and filling what is unknown from what is known.

/// `width * height` vectors of `N` values, row by row.
#[derive(Debug, Clone)]
pub(crate) struct Grid<const N: usize> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) data: Vec<[f32; N]>,
}

impl<const N: usize> Grid<N> {
    /// A grid of one value.
    pub(crate) fn filled(width: usize, height: usize, value: [f32; N]) -> Self {
        Self { width, height, data: vec![value; width * height] }
    }

    /// The value at a column and row, the nearest inside for a place outside.
    pub(crate) fn at(&self, x: i64, y: i64) -> [f32; N] {
        let x = x.clamp(0, self.width as i64 - 1) as usize;
        let y = y.clamp(0, self.height as i64 - 1) as usize;
        self.data[y * self.width + x]
    }

    /// A grid of the same size made from each value.
    pub(crate) fn map<const M: usize>(&self, f: impl Fn(&[f32; N]) -> [f32; M]) -> Grid<M> {
        Grid { width: self.width, height: self.height, data: self.data.iter().map(f).collect() }
    }

    /// The mean over squares of `2 * radius + 1`; beyond the edge counts as the nearest line's absence (the window
    /// shrinks).
    pub(crate) fn box_mean(&self, radius: usize) -> Self {
        let mut rows = Self::filled(self.width, self.height, [0.0; N]);
        for (from, to) in self.data.chunks_exact(self.width).zip(rows.data.chunks_exact_mut(self.width)) {
            slide_along(from, to, radius);
        }
        let mut out = Self::filled(self.width, self.height, [0.0; N]);
        slide_down(&rows, &mut out, radius);
        out
    }
}

/// A sliding sum of vectors.
#[derive(Clone)]
struct Sum<const N: usize>([f64; N]);

impl<const N: usize> Sum<N> {
    fn add(&mut self, v: &[f32; N]) {
        (0..N).for_each(|k| self.0[k] += f64::from(v[k]));
    }

    fn subtract(&mut self, v: &[f32; N]) {
        (0..N).for_each(|k| self.0[k] -= f64::from(v[k]));
    }

    fn mean(&self, share: f64) -> [f32; N] {
        self.0.map(|v| (v * share) as f32)
    }
}

/// How many of `extent` places lie within `radius` of `at`, as a share of one.
fn share(at: usize, radius: usize, extent: usize) -> f64 {
    1.0 / ((at + radius).min(extent - 1) - at.saturating_sub(radius) + 1) as f64
}

/// Running means along one row.
fn slide_along<const N: usize>(from: &[[f32; N]], to: &mut [[f32; N]], radius: usize) {
    let mut sum = Sum([0.0; N]);
    from.iter().take(radius).for_each(|v| sum.add(v));
    for (x, to) in to.iter_mut().enumerate() {
        from.get(x + radius).into_iter().for_each(|v| sum.add(v));
        x.checked_sub(radius + 1).into_iter().for_each(|left| sum.subtract(&from[left]));
        *to = sum.mean(share(x, radius, from.len()));
    }
}

/// Running means down all columns at once, so that memory is read row by row.
fn slide_down<const N: usize>(from: &Grid<N>, to: &mut Grid<N>, radius: usize) {
    let row = |y: usize| from.data[y * from.width..(y + 1) * from.width].iter();
    let mut sums = vec![Sum([0.0; N]); from.width];
    for y in 0..radius.min(from.height) {
        sums.iter_mut().zip(row(y)).for_each(|(s, v)| s.add(v));
    }
    for y in 0..from.height {
        if y + radius < from.height {
            sums.iter_mut().zip(row(y + radius)).for_each(|(s, v)| s.add(v));
        }
        if y > radius {
            sums.iter_mut().zip(row(y - radius - 1)).for_each(|(s, v)| s.subtract(v));
        }
        let share = share(y, radius, from.height);
        let to = &mut to.data[y * from.width..(y + 1) * from.width];
        to.iter_mut().zip(&sums).for_each(|(to, s)| *to = s.mean(share));
    }
}

/// The cells of a picture of `columns` x `rows` pixels, each the mean of `step` x `step` of them; `pixel` gives the value
/// at a column and row. A step need not be whole: a pixel across two cells counts in both by its parts. Pixels that fill
/// no whole cell at the right and at the bottom are left out.
pub(crate) fn mean_cells<const N: usize>(
    (columns, rows): (usize, usize),
    step: f64,
    pixel: impl Fn(usize, usize) -> [f32; N],
) -> Grid<N> {
    let cells = |pixels: usize| ((pixels as f64 / step) as usize).max(1);
    let (width, height) = (cells(columns), cells(rows));
    let (across, down) = (parts(width, step, columns), parts(height, step, rows));
    let mut out = Grid::filled(width, height, [0.0; N]);
    let mut line = vec![[0.0; N]; width];
    for (y, row) in down.iter().enumerate() {
        line.fill([0.0; N]);
        for (x, part) in across.iter().enumerate() {
            part.give(pixel(x, y), |cell, v| add(&mut line[cell], v));
        }
        for (x, value) in line.iter().enumerate() {
            row.give(*value, |cell, v| add(&mut out.data[cell * width + x], v));
        }
    }
    out
}

/// The cell that a pixel begins in, the pixel's part of that cell, and its part of the next.
struct Part {
    cell: usize,
    own: f32,
    next: f32,
}

impl Part {
    fn give<const N: usize>(&self, value: [f32; N], mut to: impl FnMut(usize, [f32; N])) {
        to(self.cell, value.map(|v| v * self.own));
        if self.next > 0.0 {
            to(self.cell + 1, value.map(|v| v * self.next));
        }
    }
}

/// The parts of every pixel along one side of `cells` cells in `pixels` pixels.
fn parts(cells: usize, step: f64, pixels: usize) -> Vec<Part> {
    let part = |pixel: usize| {
        let cell = ((pixel as f64 / step) as usize).min(cells - 1);
        let end = (cell + 1) as f64 * step;
        let inside = (end - pixel as f64).min(1.0);
        let next = if cell + 1 < cells { 1.0 - inside } else { 0.0 };
        Part { cell, own: (inside / step) as f32, next: (next / step) as f32 }
    };
    (0..((cells as f64 * step).ceil() as usize).min(pixels)).map(part).collect()
}

fn add<const N: usize>(sum: &mut [f32; N], value: [f32; N]) {
    sum.iter_mut().zip(value).for_each(|(sum, v)| *sum += v);
}

/// Fills a grid from its known places: `weight` is 0 where a value is unknown. Known places keep their values;
/// unknown ones get a smooth blend of the nearest known ones (push-pull over a pyramid of 2x2 means; Gortler et
/// al., The Lumigraph, 1996).
pub(crate) fn fill<const N: usize>(values: &Grid<N>, weight: &Grid<1>) -> Grid<N> {
    if values.width <= 1 && values.height <= 1 {
        return values.clone();
    }
    let (coarse, coarse_weight) = reduce(values, weight);
    let coarse = fill(&coarse, &coarse_weight);
    let mut out = values.clone();
    for y in 0..values.height {
        for x in 0..values.width {
            let i = y * values.width + x;
            let own = weight.data[i][0].min(1.0);
            if own < 1.0 {
                let from = enlarge(&coarse, x, y);
                let to = &mut out.data[i];
                for k in 0..N {
                    to[k] = own * to[k] + (1.0 - own) * from[k];
                }
            }
        }
    }
    out
}

/// Weighted means of 2x2 cells and the sum of their weights, at most 1.
fn reduce<const N: usize>(values: &Grid<N>, weight: &Grid<1>) -> (Grid<N>, Grid<1>) {
    let (width, height) = (values.width.div_ceil(2), values.height.div_ceil(2));
    let mut out = Grid::filled(width, height, [0.0; N]);
    let mut sums = Grid::filled(width, height, [0.0]);
    for y in 0..values.height {
        for x in 0..values.width {
            let (from, to) = (y * values.width + x, y / 2 * width + x / 2);
            let w = weight.data[from][0];
            sums.data[to][0] += w;
            for k in 0..N {
                out.data[to][k] += w * values.data[from][k];
            }
        }
    }
    for (value, sum) in out.data.iter_mut().zip(&mut sums.data) {
        let total = sum[0].max(1e-12);
        value.iter_mut().for_each(|v| *v /= total);
        sum[0] = sum[0].min(1.0);
    }
    (out, sums)
}

/// Bilinear value of the next coarser grid at a fine place.
fn enlarge<const N: usize>(coarse: &Grid<N>, x: usize, y: usize) -> [f32; N] {
    // A fine cell's centre lies a quarter of a coarse cell off the coarse centre.
    let near =
        |v: usize| (v as i64 / 2, if v.is_multiple_of(2) { v as i64 / 2 - 1 } else { v as i64 / 2 + 1 });
    let ((x0, x1), (y0, y1)) = (near(x), near(y));
    let (a, b, c, d) = (coarse.at(x0, y0), coarse.at(x1, y0), coarse.at(x0, y1), coarse.at(x1, y1));
    std::array::from_fn(|k| 0.5625 * a[k] + 0.1875 * (b[k] + c[k]) + 0.0625 * d[k])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cells of a row of values.
    fn cells(row: &[f32], step: f64) -> Vec<f32> {
        mean_cells((row.len(), 1), step, |x, _| [row[x]]).data.iter().map(|v| v[0] * step as f32).collect()
    }

    #[test]
    fn a_step_of_one_keeps_every_pixel() {
        assert_eq!(cells(&[1.0, 5.0, 2.0], 1.0), [1.0, 5.0, 2.0]);
    }

    #[test]
    fn a_pixel_across_two_cells_counts_in_both() {
        // One row of pixels fills no more than a part of a cell's height; the rest of the height counts as nothing.
        for (cell, expected) in cells(&[3.0, 6.0, 9.0], 1.5).iter().zip([4.0, 8.0]) {
            assert!((cell - expected).abs() < 1e-5, "a cell holds {cell} of {expected}");
        }
    }

    #[test]
    fn an_even_picture_stays_even_at_any_step() {
        for step in [1.0, 1.1, 1.7, 2.0, 2.3, 3.9] {
            let reduced = mean_cells((97, 61), step, |_, _| [0.25]);
            assert_eq!((reduced.width, reduced.height), ((97.0 / step) as usize, (61.0 / step) as usize));
            let off = reduced.data.iter().map(|v| (v[0] - 0.25).abs()).fold(0.0, f32::max);
            assert!(off < 1e-6, "step {step}: off by {off}");
        }
    }
}
