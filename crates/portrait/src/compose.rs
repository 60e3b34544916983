//! The person on the specified background, at the photo's size.
//!
//! Mixed and resampled in linear light, as a sensor would have. The face's pixels are changed by the similarity
//! and by one gain a channel for the whole picture; nothing is retouched.

use crate::align::Aligned;
use crate::colour::{Rgb, encode_channel};
use crate::geometry::{Point, Similarity, floor};
use crate::matte::Matte;

/// The finished pixels of a photo and the person's alpha on them.
#[derive(Clone)]
pub struct Composed {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
    alpha: Vec<f32>,
}

impl std::fmt::Debug for Composed {
    /// The size alone: the pixels are a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Composed({}x{})", self.width, self.height)
    }
}

impl Composed {
    /// Lays the matte's person on `background`, brightened by `gain` in linear light, a channel each.
    pub fn new(matte: &Matte, aligned: &Aligned, background: Rgb, gain: [f32; 3]) -> Self {
        let (width, height) = (aligned.width(), aligned.height());
        let sampler = Sampler::new(matte, aligned, background.linear(), gain);
        let mut rgb = Vec::with_capacity((width * height * 3) as usize);
        let mut alpha = Vec::with_capacity((width * height) as usize);
        let mut kernel = Kernel::default();
        for y in 0..height {
            for x in 0..width {
                let (colour, a) = sampler.at(x, y, &mut kernel).unwrap_or_default();
                rgb.extend(if a == 0.0 { background.0 } else { colour.map(encode_channel) });
                alpha.push(a);
            }
        }
        Self { width, height, rgb, alpha }
    }

    /// A photo of these pixels, all of them the person's.
    #[cfg(test)]
    pub(crate) fn of_pixels(width: u32, height: u32, rgb: Vec<u8>) -> Self {
        let alpha = vec![1.0; (width * height) as usize];
        Self { width, height, rgb, alpha }
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Interleaved RGB bytes.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The person's alpha at each pixel, 0 to 1.
    pub fn alpha(&self) -> &[f32] {
        &self.alpha
    }
}

/// Resamples the composed scene: Catmull-Rom, widened by the reduction, held between the values it lies among so
/// that no edge rings.
struct Sampler {
    scene: Mixed,
    from: Similarity,
    /// Grid cells a photo pixel, at least 1: the kernel's stretch.
    stretch: f64,
}

/// A scene value: the three colours and alpha.
type Scene = [f32; 4];

impl Sampler {
    fn new(matte: &Matte, aligned: &Aligned, background: [f32; 3], gain: [f32; 3]) -> Self {
        let to_source = aligned.transform().inverse();
        let stretch = (1.0 / (aligned.transform().scale() * matte.step())).max(1.0);
        Self { scene: Mixed::new(matte, background, gain), from: to_grid(matte, to_source), stretch }
    }

    /// Linear colour and alpha of a photo pixel; none where the kernel sees nothing of the person.
    fn at(&self, x: u32, y: u32, kernel: &mut Kernel) -> Option<([f32; 3], f32)> {
        let place = self.from.apply(Point { x: x.into(), y: y.into() });
        kernel.across.lay(place.x, self.stretch);
        kernel.down.lay(place.y, self.stretch);
        if !self.scene.has_person(kernel) {
            return None;
        }
        let mut sums = Sums::default();
        for (cy, wy, near_y) in kernel.down.iter() {
            for (cx, wx, near_x) in kernel.across.iter() {
                sums.add(self.scene.at(cx, cy), wx * wy, near_x && near_y);
            }
        }
        let [r, g, b, a] = sums.value();
        Some(([r, g, b], a))
    }
}

/// From photo pixels to the matte's grid.
fn to_grid(matte: &Matte, to_source: Similarity) -> Similarity {
    let origin = matte.to_grid(to_source.apply(Point { x: 0.0, y: 0.0 }));
    let step = matte.step();
    Similarity { a: to_source.a / step, b: to_source.b / step, c: origin.x, d: origin.y }
}

/// The matte's person mixed with the background, cell by cell, once: each cell is under many kernels.
struct Mixed {
    width: i64,
    cells: Vec<Scene>,
    /// The columns from the first to the last cell with some person, row by row.
    spans: Vec<(i64, i64)>,
    empty: Scene,
}

/// A row without person: it ends before it begins.
const NOBODY: (i64, i64) = (i64::MAX, i64::MIN);

impl Mixed {
    fn new(matte: &Matte, background: [f32; 3], gain: [f32; 3]) -> Self {
        let (width, height) = matte.grid_size();
        let mut cells = Vec::with_capacity(width * height);
        let mut spans = vec![NOBODY; height];
        for (y, span) in spans.iter_mut().enumerate() {
            for x in 0..width as i64 {
                let (a, f) = matte.at(x, y as i64);
                if a > 0.0 {
                    *span = (span.0.min(x), x);
                }
                let mix = |k: usize| a * f[k] * gain[k] + (1.0 - a) * background[k];
                cells.push([mix(0), mix(1), mix(2), a]);
            }
        }
        let [r, g, b] = background;
        Self { width: width as i64, cells, spans, empty: [r, g, b, 0.0] }
    }

    /// The scene at a cell; beyond the matte is background.
    fn at(&self, x: i64, y: i64) -> Scene {
        if !(0..self.width).contains(&x) || !(0..self.spans.len() as i64).contains(&y) {
            return self.empty;
        }
        self.cells[(y * self.width + x) as usize]
    }

    /// Whether any cell between a row's outermost ones of the person is under the taps.
    fn has_person(&self, kernel: &Kernel) -> bool {
        let row = |y: i64| usize::try_from(y).unwrap_or(0).min(self.spans.len());
        let (left, right) = (kernel.across.first, kernel.across.end());
        self.spans[row(kernel.down.first)..row(kernel.down.end())].iter().any(|s| s.0 < right && s.1 >= left)
    }
}

/// The kernel laid on one place; kept from pixel to pixel for its memory.
#[derive(Default)]
struct Kernel {
    across: Taps,
    down: Taps,
}

/// The kernel's cells along one side, with their weights and whether each lies within the kernel's inner lobe.
#[derive(Default)]
struct Taps {
    first: i64,
    weights: Vec<(f32, bool)>,
}

impl Taps {
    /// Lays the kernel on a place.
    fn lay(&mut self, place: f64, stretch: f64) {
        let reach = 2.0 * stretch;
        self.first = -floor(reach - place);
        let last = floor(place + reach);
        let weigh = |cell: i64| {
            let d = ((cell as f64 - place) / stretch).abs();
            (catmull_rom(d as f32), d < 1.0)
        };
        self.weights.clear();
        self.weights.extend((self.first..=last).map(weigh));
    }

    /// The cell behind the last one.
    fn end(&self) -> i64 {
        self.first + self.weights.len() as i64
    }

    /// Each cell with its weight.
    fn iter(&self) -> impl Iterator<Item = (i64, f32, bool)> + '_ {
        self.weights.iter().zip(self.first..).map(|(&(weight, near), cell)| (cell, weight, near))
    }
}

/// The interpolating cubic of Catmull and Rom (Keys, 1981, a = -1/2).
fn catmull_rom(d: f32) -> f32 {
    if d < 1.0 {
        (1.5 * d - 2.5) * d * d + 1.0
    } else if d < 2.0 {
        ((-0.5 * d + 2.5) * d - 4.0) * d + 2.0
    } else {
        0.0
    }
}

struct Sums {
    total: f32,
    value: Scene,
    low: Scene,
    high: Scene,
}

impl Default for Sums {
    fn default() -> Self {
        Self { total: 0.0, value: [0.0; 4], low: [f32::MAX; 4], high: [f32::MIN; 4] }
    }
}

impl Sums {
    fn add(&mut self, scene: Scene, weight: f32, near: bool) {
        self.total += weight;
        for (sum, v) in self.value.iter_mut().zip(scene) {
            *sum += weight * v;
        }
        if near {
            let lower = |a: f32, b: f32| if b < a { b } else { a };
            let higher = |a: f32, b: f32| if b > a { b } else { a };
            self.low = std::array::from_fn(|k| lower(self.low[k], scene[k]));
            self.high = std::array::from_fn(|k| higher(self.high[k], scene[k]));
        }
    }

    fn value(&self) -> Scene {
        std::array::from_fn(|k| (self.value[k] / self.total).max(self.low[k]).min(self.high[k]))
    }
}
