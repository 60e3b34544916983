//! A phone with a code on its screen, as a webcam sees it: drawn in linear light, with what lens, screen and sensor do to it.
//!
//! Left out on purpose: a rolling shutter and the curve of a screen protector; no figure for either was at hand.

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};
use qrcode::{EcLevel, QrCode};

pub const WIDTH: u32 = 1280;
pub const HEIGHT: u32 = 720;

/// What is held to the camera, and how.
#[derive(Clone, Debug)]
pub struct Scene {
    pub payload: Vec<u8>,
    /// The code's side in the frame, in pixels, seen straight on.
    pub side_px: f32,
    /// Degrees about the upright axis, the level axis and the optical axis.
    pub tilt: [f32; 3],
    /// The lens's blur, sigma in pixels.
    pub blur: f32,
    /// Light of the screen's white; 1 is the sensor's full well.
    pub screen: f32,
    /// How much of the bright parts' light spreads over their surroundings.
    pub bloom: f32,
    /// A lamp's reflection at a place of the code (0 to 1 across and down), its size in code sides, its light.
    pub glare: Option<[f32; 4]>,
    /// Light that the whole screen reflects.
    pub haze: f32,
    /// How deep the beat of the screen's and the sensor's grids is, and its period in pixels.
    pub moire: [f32; 2],
    /// The sensor's noise, sigma in steps of 255.
    pub noise: f32,
    pub jpeg_quality: u8,
    pub seed: u64,
}

impl Scene {
    /// A code of `bytes` bytes held quietly, filling two thirds of the frame's height.
    pub fn quiet(bytes: usize, seed: u64) -> Self {
        Self {
            payload: payload(bytes, seed),
            side_px: 480.0,
            tilt: [0.0, 0.0, 2.0],
            blur: 0.6,
            screen: 0.7,
            bloom: 0.0,
            glare: None,
            haze: 0.02,
            moire: [0.0, 8.0],
            noise: 2.0,
            jpeg_quality: 85,
            seed,
        }
    }

    /// The frame.
    pub fn frame(&self) -> GrayImage {
        let code = QrCode::with_error_correction_level(&self.payload, EcLevel::M).unwrap();
        let light = self.developed(&self.drawn(&code));
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, self.jpeg_quality).encode_image(&light).unwrap();
        image::load_from_memory(&jpeg).unwrap().into_luma8()
    }

    fn drawn(&self, code: &QrCode) -> Vec<f32> {
        let modules = code.width();
        let dark = code.to_colors();
        let view = View::of(self);
        let mut light = Vec::with_capacity((WIDTH * HEIGHT) as usize);
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let parts = [(0.25, 0.25), (0.75, 0.75)];
                let at = |(dx, dy)| {
                    let (u, v) = view.on_screen(x as f32 + dx, y as f32 + dy);
                    self.light_at(u, v, modules, &dark)
                };
                let beat = self.beat(x as f32, y as f32);
                light.push(parts.map(at).iter().sum::<f32>() / 2.0 * beat);
            }
        }
        light
    }

    /// The light at a place whose unit is the code's side and whose origin is the code's middle.
    fn light_at(&self, u: f32, v: f32, modules: usize, dark: &[qrcode::Color]) -> f32 {
        let background = 0.10 + 0.05 * (3.0 * u).sin() * (2.0 * v).cos();
        if u.abs() > 0.72 || v.abs() > 1.35 {
            return background;
        }
        if u.abs() > 0.68 || v.abs() > 1.30 {
            return 0.01;
        }
        let lit = if self.is_ink(u, v, modules, dark) { 0.004 } else { 1.0 };
        self.screen * lit + self.haze + self.reflection(u, v)
    }

    fn is_ink(&self, u: f32, v: f32, modules: usize, dark: &[qrcode::Color]) -> bool {
        let module = |at: f32| ((at + 0.5) * modules as f32).floor();
        let (column, row) = (module(u), module(v));
        let inside = |at: f32| (0.0..modules as f32).contains(&at);
        if inside(column) && inside(row) {
            return dark[row as usize * modules + column as usize] == qrcode::Color::Dark;
        }
        // Lines of text above and below the code: words of dark strokes.
        let line = (v / 0.09).floor();
        let in_line = (v / 0.09).fract().abs();
        let far = v.abs() > 0.66 && v.abs() < 1.2 && u.abs() < 0.55;
        let stroke = ((u * 83.0 + line * 7.0).sin() + (u * 37.0).cos()) > 0.3;
        far && (0.2..0.7).contains(&in_line) && stroke
    }

    fn reflection(&self, u: f32, v: f32) -> f32 {
        self.glare.map_or(0.0, |[across, down, size, light]| {
            let (x, y) = ((u + 0.5 - across) / size, (v + 0.5 - down) / (0.6 * size));
            light * (-(x * x + y * y)).exp()
        })
    }

    fn beat(&self, x: f32, y: f32) -> f32 {
        let [depth, period] = self.moire;
        let wave = |along: f32| (std::f32::consts::TAU * along / period).sin();
        1.0 - depth / 2.0 * (1.0 + 0.5 * wave(x + 0.15 * y) + 0.5 * wave(y - 0.1 * x))
    }

    fn developed(&self, light: &[f32]) -> GrayImage {
        let mut light = light.to_vec();
        if self.bloom > 0.0 {
            let bright: Vec<f32> = light.iter().map(|l| (l - 0.5).max(0.0)).collect();
            let spread = blurred(&bright, 14.0);
            light.iter_mut().zip(&spread).for_each(|(l, s)| *l += self.bloom * s);
        }
        let seen = blurred(&light, self.blur);
        let mut dice = Dice(self.seed ^ 0x9e37_79b9);
        GrayImage::from_fn(WIDTH, HEIGHT, |x, y| {
            let value = 255.0 * seen[(y * WIDTH + x) as usize].clamp(0.0, 1.0).powf(1.0 / 2.2);
            Luma([(value + self.noise * dice.bell()).round().clamp(0.0, 255.0) as u8])
        })
    }
}

/// Base64 letters, as an encrypted payload has.
pub fn payload(bytes: usize, seed: u64) -> Vec<u8> {
    let mut dice = Dice(seed.wrapping_mul(0x1234_5677).wrapping_add(bytes as u64));
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (0..bytes).map(|_| letters[(dice.next() % 64) as usize]).collect()
}

/// The screen's place before the camera: a plane, turned, at a distance of 1 where the code has its straight-on size.
struct View {
    normal: [f32; 3],
    across: [f32; 3],
    down: [f32; 3],
    focal: f32,
    distance: f32,
}

impl View {
    fn of(scene: &Scene) -> Self {
        let [yaw, pitch, roll] = scene.tilt.map(f32::to_radians);
        let turn = |[x, y, z]: [f32; 3]| {
            let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
            let (y, z) = (y * pitch.cos() - z * pitch.sin(), y * pitch.sin() + z * pitch.cos());
            [x * yaw.cos() + z * yaw.sin(), y, z * yaw.cos() - x * yaw.sin()]
        };
        let focal = 1000.0;
        Self {
            normal: turn([0.0, 0.0, 1.0]),
            across: turn([1.0, 0.0, 0.0]),
            down: turn([0.0, 1.0, 0.0]),
            focal,
            distance: focal / scene.side_px,
        }
    }

    /// Where the ray of a pixel meets the screen.
    fn on_screen(&self, x: f32, y: f32) -> (f32, f32) {
        let ray = [(x - WIDTH as f32 / 2.0) / self.focal, (y - HEIGHT as f32 / 2.0) / self.focal, 1.0];
        let dot = |a: [f32; 3], b: [f32; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let depth = dot(self.normal, [0.0, 0.0, self.distance]) / dot(self.normal, ray);
        let met = [ray[0] * depth, ray[1] * depth, ray[2] * depth - self.distance];
        (dot(met, self.across), dot(met, self.down))
    }
}

/// A Gaussian, as three running means in each direction.
fn blurred(light: &[f32], sigma: f32) -> Vec<f32> {
    if sigma < 0.3 {
        return light.to_vec();
    }
    // Three boxes of this (fractional) half-width have the variance of the Gaussian.
    let reach = ((4.0 * sigma * sigma + 1.0).sqrt() - 1.0) / 2.0;
    let mut out = light.to_vec();
    for _ in 0..3 {
        out = boxed(&out, reach, 1, WIDTH as usize, WIDTH as usize, HEIGHT as usize);
        out = boxed(&out, reach, WIDTH as usize, HEIGHT as usize, 1, WIDTH as usize);
    }
    out
}

fn boxed(light: &[f32], reach: f32, step: usize, length: usize, next: usize, lines: usize) -> Vec<f32> {
    let whole = reach.floor() as isize;
    let part = reach - reach.floor();
    let mut out = vec![0.0; light.len()];
    for line in 0..lines {
        let at = |i: isize| light[line * next + i.clamp(0, length as isize - 1) as usize * step];
        let mut sum: f32 = (-whole..=whole).map(at).sum();
        for i in 0..length as isize {
            let ends = at(i - whole - 1) + at(i + whole + 1);
            out[line * next + i as usize * step] = (sum + part * ends) / (2.0 * reach + 1.0);
            sum += at(i + whole + 1) - at(i - whole);
        }
    }
    out
}

/// Numbers that look random and are the same each time (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// About a normal distribution of sigma 1: the sum of four evens.
    pub fn bell(&mut self) -> f32 {
        let sum: f32 = (0..4).map(|_| self.share()).sum();
        (sum - 2.0) * 3.0f32.sqrt()
    }
}
