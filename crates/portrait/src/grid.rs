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
        let rows = lines(&self.data, self.width, self.height, (self.width, 1), radius);
        let data = lines(&rows, self.height, self.width, (1, self.width), radius);
        Self { width: self.width, height: self.height, data }
    }
}

/// Running means along lines. `(line, step)` are the strides from one line to the next and along a line.
fn lines<const N: usize>(
    data: &[[f32; N]],
    length: usize,
    count: usize,
    (line, step): (usize, usize),
    radius: usize,
) -> Vec<[f32; N]> {
    let mut out = vec![[0.0; N]; data.len()];
    for start in (0..count).map(|i| i * line) {
        let at = |i: usize| &data[start + i * step];
        let mut sum = [0.0_f64; N];
        let mut add = |v: &[f32; N], sign: f64| {
            for k in 0..N {
                sum[k] += sign * f64::from(v[k]);
            }
            sum
        };
        let mut held = 0_usize;
        for i in 0..radius.min(length) {
            add(at(i), 1.0);
            held += 1;
        }
        for i in 0..length {
            if i + radius < length {
                add(at(i + radius), 1.0);
                held += 1;
            }
            let current = if i > radius {
                held -= 1;
                add(at(i - radius - 1), -1.0)
            } else {
                add(&[0.0; N], 1.0)
            };
            out[start + i * step] = current.map(|v| (v / held as f64) as f32);
        }
    }
    out
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
    let near = |v: usize| (v as i64 / 2, if v % 2 == 0 { v as i64 / 2 - 1 } else { v as i64 / 2 + 1 });
    let ((x0, x1), (y0, y1)) = (near(x), near(y));
    let (a, b, c, d) = (coarse.at(x0, y0), coarse.at(x1, y0), coarse.at(x0, y1), coarse.at(x1, y1));
    std::array::from_fn(|k| 0.5625 * a[k] + 0.1875 * (b[k] + c[k]) + 0.0625 * d[k])
}
