//! The person on the specified background, at the photo's size.
//!
//! Mixed and resampled in linear light, as a sensor would have. The face's pixels are changed by the similarity
//! and by one gain a channel for the whole picture; nothing is retouched.

use crate::align::Aligned;
use crate::colour::{Rgb, encode_channel};
use crate::geometry::Point;
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
        for y in 0..height {
            for x in 0..width {
                let (colour, a) = sampler.at(x, y);
                rgb.extend(if a == 0.0 { background.0 } else { colour.map(encode_channel) });
                alpha.push(a);
            }
        }
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
struct Sampler<'a> {
    matte: &'a Matte,
    aligned: &'a Aligned,
    background: [f32; 3],
    gain: [f32; 3],
    /// Grid cells a photo pixel, at least 1: the kernel's stretch.
    stretch: f64,
}

/// A scene value: the three colours and alpha.
type Scene = [f32; 4];

impl<'a> Sampler<'a> {
    fn new(matte: &'a Matte, aligned: &'a Aligned, background: [f32; 3], gain: [f32; 3]) -> Self {
        let stretch = (1.0 / (aligned.transform().scale() * matte.step() as f64)).max(1.0);
        Self { matte, aligned, background, gain, stretch }
    }

    /// Linear colour and alpha of a photo pixel.
    fn at(&self, x: u32, y: u32) -> ([f32; 3], f32) {
        let source = self.aligned.transform().inverse().apply(Point { x: x.into(), y: y.into() });
        let place = self.matte.to_grid(source);
        let reach = 2.0 * self.stretch;
        let (x0, x1) = ((place.x - reach).ceil() as i64, (place.x + reach).floor() as i64);
        let (y0, y1) = ((place.y - reach).ceil() as i64, (place.y + reach).floor() as i64);
        let mut sums = Sums::default();
        for cy in y0..=y1 {
            let (wy, near_y) = self.weight(cy as f64 - place.y);
            for cx in x0..=x1 {
                let (wx, near_x) = self.weight(cx as f64 - place.x);
                sums.add(self.scene(cx, cy), wx * wy, near_x && near_y);
            }
        }
        let [r, g, b, a] = sums.value();
        ([r, g, b], a)
    }

    /// The kernel at a distance, and whether the distance is within its inner lobe.
    fn weight(&self, distance: f64) -> (f32, bool) {
        let d = (distance / self.stretch).abs();
        (catmull_rom(d as f32), d < 1.0)
    }

    fn scene(&self, x: i64, y: i64) -> Scene {
        let (a, f) = self.matte.at(x, y);
        let mix = |k: usize| a * f[k] * self.gain[k] + (1.0 - a) * self.background[k];
        [mix(0), mix(1), mix(2), a]
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
            self.low = std::array::from_fn(|k| self.low[k].min(scene[k]));
            self.high = std::array::from_fn(|k| self.high[k].max(scene[k]));
        }
    }

    fn value(&self) -> Scene {
        std::array::from_fn(|k| (self.value[k] / self.total).max(self.low[k]).min(self.high[k]))
    }
}
