//! One frame of a scene: people over the backdrop, light, noise.
//!
//! Light adds up linearly, so it is added up on linear values: a soft edge blended in sRGB would be visibly too dark.

use super::layers::{ENCODED, Layers, Person};
use super::scene::{Actor, Pose, Staging};
use crate::frame::Rgb8Image;

/// Pixels across a simulated frame.
pub(super) const WIDTH: u32 = 1280;
/// Pixels down a simulated frame.
pub(super) const HEIGHT: u32 = 720;
/// The frame shows the source pictures' rows from here on: hair top about 100 rows below the frame's top, and room
/// for an official crop of 480x640 at the person's own scale.
const FIRST_ROW: u32 = 100;
/// About which point people turn and shrink: the neck, in the source pictures.
const NECK: (f32, f32) = (640.0, 600.0);

/// Draws a staging as the sensor would see it; `seed` makes the noise.
pub(super) fn draw(layers: &Layers, staging: &Staging, seed: u64) -> Rgb8Image {
    let mut canvas = backdrop(layers);
    for (actor, pose) in &staging.actors {
        let person = match actor {
            Actor::Student => &layers.student,
            Actor::Friend => &layers.friend,
        };
        place(&mut canvas, person, *pose);
    }
    expose(&canvas, staging, seed)
}

type Canvas = Vec<[f32; 3]>;

fn backdrop(layers: &Layers) -> Canvas {
    let first = (FIRST_ROW * layers.backdrop.width) as usize;
    let shown = layers.backdrop.pixels.iter().skip(first).take((WIDTH * HEIGHT) as usize);
    shown.map(|pixel| pixel.map(f32::from)).collect()
}

/// Lays a person over the canvas, sampling between pixels.
fn place(canvas: &mut Canvas, person: &Person, pose: Pose) {
    let (sin, cos) = pose.roll.to_radians().sin_cos();
    let centre = (NECK.0 + pose.dx, NECK.1 + pose.dy);
    for (y, row) in canvas.chunks_exact_mut(WIDTH as usize).enumerate() {
        let down = y as f32 + FIRST_ROW as f32 - centre.1;
        for (x, pixel) in row.iter_mut().enumerate() {
            let right = x as f32 - centre.0;
            // The way back: from the frame to the person's own picture.
            let u = (cos * right + sin * down) / pose.scale + NECK.0 - person.left as f32;
            let v = (cos * down - sin * right) / pose.scale + NECK.1 - person.top as f32;
            let Some([r, g, b, alpha]) = sample(person, u, v) else { continue };
            let through = 1.0 - alpha / 65_535.0;
            *pixel = [r + pixel[0] * through, g + pixel[1] * through, b + pixel[2] * through];
        }
    }
}

/// A person's premultiplied colour and alpha between four pixels; none outside.
#[inline]
fn sample(person: &Person, u: f32, v: f32) -> Option<[f32; 4]> {
    let inside = u >= 0.0 && v >= 0.0 && u < (person.width - 1) as f32 && v < (person.height - 1) as f32;
    if !inside {
        return None;
    }
    let at = v as usize * person.width as usize + u as usize;
    let below = at + person.width as usize;
    let (fu, fv) = (u.fract(), v.fract());
    let (top, bottom) = (person.pixels.get(at..at + 2)?, person.pixels.get(below..below + 2)?);
    Some(std::array::from_fn(|channel| {
        let value = |pixel: &[u16; 4]| f32::from(pixel[channel]);
        let upper = value(&top[0]) * (1.0 - fu) + value(&top[1]) * fu;
        let lower = value(&bottom[0]) * (1.0 - fu) + value(&bottom[1]) * fu;
        upper * (1.0 - fv) + lower * fv
    }))
}

/// Linear light to 8-bit sRGB with the sensor's noise.
fn expose(canvas: &Canvas, staging: &Staging, seed: u64) -> Rgb8Image {
    let mut noise = Noise::new(seed);
    let gain = staging.light / 16.0;
    let mut data = Vec::with_capacity(canvas.len() * 3);
    for pixel in canvas {
        for value in pixel {
            let code = ENCODED[((value * gain) as usize).min(4095)];
            data.push((code + noise.next() * staging.noise + 0.5).clamp(0.0, 255.0) as u8);
        }
    }
    Rgb8Image { width: WIDTH, height: HEIGHT, data }
}

/// Nearly normal numbers with a standard deviation of 1: the sum of four even ones.
struct Noise {
    state: u64,
}

impl Noise {
    fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 }
    }

    #[inline]
    fn next(&mut self) -> f32 {
        // Marsaglia's xorshift64; four of its 16-bit parts.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let parts = self.state;
        let sum = (parts & 0xFFFF) + (parts >> 16 & 0xFFFF) + (parts >> 32 & 0xFFFF) + (parts >> 48);
        // Four even numbers in 0..1 have variance 4/12.
        (sum as f32 / 65_535.0 - 2.0) * 1.732_050_8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulated::scene::Scene;

    fn mean(image: &Rgb8Image) -> f64 {
        image.data.iter().map(|&value| f64::from(value)).sum::<f64>() / image.data.len() as f64
    }

    #[test]
    fn noise_has_the_deviation_it_claims() {
        let mut noise = Noise::new(7);
        let values: Vec<f32> = (0..100_000).map(|_| noise.next()).collect();
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len() as f32;
        // Measured: mean 0.000, variance 1.00.
        assert!(mean.abs() < 0.02, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.03, "variance {variance}");
    }

    #[test]
    fn each_scene_shows_what_it_says() {
        let layers = Layers::load().expect("the sample pictures are whole");
        let drawn = |scene: Scene| draw(&layers, &scene.staging(), 1);
        let (person, empty) = (drawn(Scene::Person), drawn(Scene::Empty));
        // The middle of the forehead, of the friend's face, and of the upper right corner, in frame pixels.
        let pixel = |image: &Rgb8Image, at: (u32, u32)| image.pixel(at.0, at.1).expect("inside the frame");
        let skin = |rgb: [u8; 3]| rgb[0] > rgb[2];
        assert!(skin(pixel(&person, (640, 260))), "a face is in the middle");
        assert!(!skin(pixel(&empty, (640, 260))), "nobody is in the empty booth");
        assert!(!skin(pixel(&drawn(Scene::SteppedOut), (640, 260))), "the face has left the middle");
        assert!(pixel(&drawn(Scene::SteppedOut), (1250, 650))[2] < 90, "a dark sleeve is still there");
        let two = drawn(Scene::SecondFace);
        assert!(skin(pixel(&two, (730, 260))) && skin(pixel(&two, (320, 352))), "two faces");
        assert!(mean(&drawn(Scene::Dark)) < mean(&person) / 3.0, "the light is off");
        let tilted = drawn(Scene::Tilted);
        // The crown moves to the right: 12 degrees over 390 pixels are 81.
        assert!(pixel(&tilted, (721, 130))[2] < 90, "hair where the tilted head is");
        assert!(pixel(&person, (640, 130))[2] < 90, "hair where the level head is");
    }
}
