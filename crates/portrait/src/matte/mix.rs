//! One cell as a mixture of light: `c = alpha F + (1 - alpha) B + noise`, all of them uncertain.
//!
//! The person's and the backdrop's colour are normal variables with a mean and a covariance, and so is the
//! network's alpha; the most likely alpha and foreground follow (Chuang et al., A Bayesian approach to digital
//! matting, 2001, with the backdrop known and the network as the prior). Cameras and JPEG store colour at half the
//! resolution of brightness, so beside an edge a cell's colour is that of its surroundings: the covariance grows
//! along the line of equal brightness from B to F by the spread of alpha around the cell.

/// Squared noise of 8-bit sRGB values (3.6 steps): sensor and JPEG.
const NOISE: f32 = 2e-4;
/// The least linear value at which noise still falls with the light.
const NOISE_FLOOR: f32 = 0.01;
/// Squared relative uncertainty of brightness: shading of the person, shadow on the backdrop.
const SHADING: f32 = 0.1;
const SHADOW: f32 = 0.003;
/// How heavily a colour off the line speaks against the line.
const OFF_LINE: f32 = 0.3;

/// What is known of one cell.
pub(super) struct Cell {
    /// The shot's colour.
    pub(super) colour: [f32; 3],
    /// The backdrop's colour and its variance a channel.
    pub(super) backdrop: [f32; 3],
    pub(super) backdrop_variance: [f32; 3],
    /// The person's colour here and its variance.
    pub(super) person: [f32; 3],
    pub(super) person_variance: [f32; 3],
    /// The network's alpha and its variance.
    pub(super) net: f32,
    pub(super) doubt: f32,
    /// The variance of alpha around the cell.
    pub(super) around: f32,
}

impl Cell {
    /// The most likely alpha, 0 to 1, where the covariance is that of `guess`, and its variance.
    pub(super) fn alpha(&self, guess: f32) -> (f32, f32) {
        let along: [f32; 3] = std::array::from_fn(|k| self.person[k] - self.backdrop[k]);
        let from: [f32; 3] = std::array::from_fn(|k| self.colour[k] - self.backdrop[k]);
        let s = self.covariance(guess).factored();
        let (p, q) = (s.half(along), s.half(from));
        let (length, place) = (dot(p, p), dot(p, q));
        // The distance from the line, in standard deviations, weakens the line.
        let at = (place / length.max(1e-12)).clamp(0.0, 1.0);
        let off: [f32; 3] = std::array::from_fn(|k| q[k] - at * p[k]);
        let weaken = 1.0 / (1.0 + OFF_LINE * dot(off, off));
        let prior = 1.0 / self.doubt;
        let certainty = length * weaken + prior;
        (((place * weaken + self.net * prior) / certainty).clamp(0.0, 1.0), 1.0 / certainty)
    }

    /// The most likely foreground for an alpha.
    pub(super) fn foreground(&self, alpha: f32) -> [f32; 3] {
        let rest: [f32; 3] = std::array::from_fn(|k| {
            self.colour[k] - alpha * self.person[k] - (1.0 - alpha) * self.backdrop[k]
        });
        let pull = self.covariance(alpha).factored().solve(rest);
        let shading = SHADING * dot(self.person, pull);
        std::array::from_fn(|k| {
            let step = self.person_variance[k] * pull[k] + shading * self.person[k];
            (self.person[k] + alpha * step).clamp(0.0, 1.0)
        })
    }

    /// The covariance of the cell's colour around the mixture.
    fn covariance(&self, alpha: f32) -> Symmetric {
        let (f, b) = (alpha * alpha, (1.0 - alpha) * (1.0 - alpha));
        let mut s = Symmetric::diagonal(std::array::from_fn(|k| {
            4.0 * NOISE * self.colour[k].max(NOISE_FLOOR)
                + f * self.person_variance[k]
                + b * self.backdrop_variance[k]
        }));
        s.add(f * SHADING, self.person);
        s.add(b * SHADOW, self.backdrop);
        s.add(self.around, self.equal_brightness());
        s
    }

    /// The step from backdrop to person at constant brightness, as far as colour coding has it: chroma is a
    /// difference of gamma-coded values (square roots here), brought back to linear light at the cell's colour.
    fn equal_brightness(&self) -> [f32; 3] {
        let coded: [f32; 3] = std::array::from_fn(|k| self.person[k].sqrt() - self.backdrop[k].sqrt());
        let luma = 0.299 * coded[0] + 0.587 * coded[1] + 0.114 * coded[2];
        std::array::from_fn(|k| (coded[k] - luma) * 2.0 * self.colour[k].max(1e-3).sqrt())
    }
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// A symmetric positive definite 3x3 matrix: the lower triangle, row by row.
struct Symmetric([f32; 6]);

/// Its Cholesky factor, the diagonal inverted.
struct Factor([f32; 6]);

impl Symmetric {
    fn diagonal(d: [f32; 3]) -> Self {
        Self([d[0], 0.0, d[1], 0.0, 0.0, d[2]])
    }

    /// Adds `scale v v^T`.
    fn add(&mut self, scale: f32, v: [f32; 3]) {
        let s = v.map(|x| x * scale);
        let terms = [s[0] * v[0], s[1] * v[0], s[1] * v[1], s[2] * v[0], s[2] * v[1], s[2] * v[2]];
        self.0.iter_mut().zip(terms).for_each(|(m, t)| *m += t);
    }

    fn factored(&self) -> Factor {
        let [a, b, c, d, e, f] = self.0;
        let l00 = 1.0 / a.max(1e-12).sqrt();
        let (l10, l20) = (b * l00, d * l00);
        let l11 = 1.0 / (c - l10 * l10).max(1e-12).sqrt();
        let l21 = (e - l20 * l10) * l11;
        let l22 = 1.0 / (f - l20 * l20 - l21 * l21).max(1e-12).sqrt();
        Factor([l00, l10, l11, l20, l21, l22])
    }
}

impl Factor {
    /// `L^-1 v`: whitened.
    fn half(&self, v: [f32; 3]) -> [f32; 3] {
        let [l00, l10, l11, l20, l21, l22] = self.0;
        let x = v[0] * l00;
        let y = (v[1] - l10 * x) * l11;
        [x, y, (v[2] - l20 * x - l21 * y) * l22]
    }

    /// The inverse matrix times `v`.
    fn solve(&self, v: [f32; 3]) -> [f32; 3] {
        let [l00, l10, l11, l20, l21, l22] = self.0;
        let [x, y, z] = self.half(v);
        let z = z * l22;
        let y = (y - l21 * z) * l11;
        [(x - l10 * y - l20 * z) * l00, y, z]
    }
}
