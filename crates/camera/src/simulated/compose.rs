//! One frame of a scene: people over the backdrop, light, movement, noise.
//!
//! Light adds up linearly, so it is added up on linear values: a soft edge blended in sRGB would be visibly too dark.

use super::cast::Cast;
use super::layers::{Backdrop, ENCODED, Person};
use super::scene::{Curtain, Pose, Staging};
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

/// Draws a staging as the sensor would see it; `seed` makes the noise. People who were not called are left out.
pub(super) fn draw(backdrop: &Backdrop, cast: &Cast, staging: &Staging, seed: u64) -> Rgb8Image {
    let mut canvas = hang(backdrop, staging);
    for (actor, pose) in &staging.actors {
        if let Some(person) = cast.get(*actor) {
            let (right, down) = staging.shift;
            let pose = Pose { dx: pose.dx + right as f32, dy: pose.dy + down as f32, ..*pose };
            place(&mut canvas, person, pose, staging.side_light);
        }
    }
    if staging.card {
        hold_up_a_card(&mut canvas);
    }
    if staging.blur > 0 {
        smear(&mut canvas, staging.blur as usize);
    }
    expose(&canvas, staging, seed)
}

type Canvas = Vec<[f32; 3]>;

/// The backdrop as it lies behind the people; what a shifted camera sees beyond its picture repeats the last pixels.
fn hang(backdrop: &Backdrop, staging: &Staging) -> Canvas {
    let (right, down) = staging.shift;
    let inside = |at: i64, size: u32| at.clamp(0, i64::from(size) - 1) as usize;
    let mut canvas = Vec::with_capacity((WIDTH * HEIGHT) as usize);
    for y in 0..HEIGHT {
        let row = inside(i64::from(y + FIRST_ROW) - i64::from(down), backdrop.height);
        let row = &backdrop.pixels[row * backdrop.width as usize..][..backdrop.width as usize];
        canvas.extend((0..WIDTH).map(|x| {
            let pixel = row[inside(i64::from(x) - i64::from(right), backdrop.width)];
            dyed(pixel.map(f32::from), staging.curtain)
        }));
    }
    canvas
}

/// The blue cloth's colour in linear light (16 bits) as another cloth's: its folds stay, as luminance (ITU-R BT.709).
fn dyed(pixel: [f32; 3], curtain: Curtain) -> [f32; 3] {
    let luminance = 0.2126 * pixel[0] + 0.7152 * pixel[1] + 0.0722 * pixel[2];
    match curtain {
        Curtain::Blue => pixel,
        Curtain::Grey => [luminance; 3],
        Curtain::White => [(luminance * WHITE_CLOTH).min(65_535.0); 3],
    }
}

/// Covers the middle of the frame with a card that gives back [`CARD`] of the light, in all colours alike.
fn hold_up_a_card(canvas: &mut Canvas) {
    let (across, down) = CARD_PLACE;
    for row in canvas.chunks_exact_mut(WIDTH as usize).take(down.1).skip(down.0) {
        row[across.0..across.1].fill([CARD * 65_535.0; 3]);
    }
}

/// Linear light: an 8-bit sRGB value of 205, as a white card should be exposed.
const CARD: f32 = 0.61;
/// Where the card is in the frame: across and down, from and to, in pixels.
const CARD_PLACE: ((usize, usize), (usize, usize)) = ((400, 880), (200, 520));

/// How much more light a white cloth gives back than the blue one.
const WHITE_CLOTH: f32 = 2.5;

/// Lays a person over the canvas, sampling between pixels.
fn place(canvas: &mut Canvas, person: &Person, pose: Pose, side_light: f32) {
    let (sin, cos) = pose.roll.to_radians().sin_cos();
    let centre = (NECK.0 + pose.dx, NECK.1 + pose.dy);
    for (y, row) in canvas.chunks_exact_mut(WIDTH as usize).enumerate() {
        let down = y as f32 + FIRST_ROW as f32 - centre.1;
        for (x, pixel) in row.iter_mut().enumerate() {
            let right = x as f32 - centre.0;
            // The way back: from the frame to the person's own picture.
            let across = (cos * right + sin * down) / pose.scale;
            let u = (across + NECK.0) / person.enlarged - person.left as f32;
            let v = ((cos * down - sin * right) / pose.scale + NECK.1) / person.enlarged - person.top as f32;
            let Some([r, g, b, alpha]) = sample(person, u, v) else { continue };
            let through = 1.0 - alpha / 65_535.0;
            let lit = 1.0 + side_light * (across / CHEEK).clamp(-1.0, 1.0);
            *pixel =
                [r * lit + pixel[0] * through, g * lit + pixel[1] * through, b * lit + pixel[2] * through];
        }
    }
}

/// From the middle of a face to its cheek, in the source pictures' pixels: where light from one side is at its full.
const CHEEK: f32 = 90.0;

/// Smears each row over `reach` pixels to either side, as a movement during the exposure does.
fn smear(canvas: &mut Canvas, reach: usize) {
    let mut sums: Vec<[f32; 3]> = Vec::with_capacity(WIDTH as usize + 1);
    for row in canvas.chunks_exact_mut(WIDTH as usize) {
        sums.clear();
        sums.push([0.0; 3]);
        let mut sum = [0.0; 3];
        for pixel in row.iter() {
            sum = std::array::from_fn(|channel| sum[channel] + pixel[channel]);
            sums.push(sum);
        }
        for (x, pixel) in row.iter_mut().enumerate() {
            let (from, to) = (x.saturating_sub(reach), (x + reach + 1).min(WIDTH as usize));
            *pixel =
                std::array::from_fn(|channel| (sums[to][channel] - sums[from][channel]) / (to - from) as f32);
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
    let gains = staging.gains.map(|gain| gain * staging.light / 16.0);
    let mut data = Vec::with_capacity(canvas.len() * 3);
    for pixel in canvas {
        for (value, gain) in pixel.iter().zip(gains) {
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

    fn drawing(staging: &Staging) -> Rgb8Image {
        let backdrop = Backdrop::load().expect("the sample pictures are whole");
        let mut cast = Cast::default();
        cast.call(staging.actors.iter().map(|(actor, _)| *actor)).expect("the sample pictures are whole");
        draw(&backdrop, &cast, staging, 1)
    }

    #[test]
    fn each_scene_shows_what_it_says() {
        let drawn = |scene: Scene| drawing(&scene.staging());
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
