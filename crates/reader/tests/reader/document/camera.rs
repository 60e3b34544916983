//! Documents as a booth's camera would see them: held before a person, tilted, shrunk, blurred, lit badly, compressed.

use std::path::PathBuf;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage, imageops};
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};

/// A frame of the camera, pixels.
pub const FRAME: (u32, u32) = (1280, 720);
/// The distance of the picture plane, pixels: a webcam of some 65 degrees.
const FOCAL: f32 = 1000.0;

/// How a document is held and seen.
#[derive(Debug, Clone, Copy)]
pub struct Pose {
    /// The document's width as a share of the frame's.
    pub share: f32,
    /// Degrees about the vertical axis, about the horizontal one, and in the picture's plane.
    pub yaw: f32,
    pub pitch: f32,
    pub roll: f32,
    /// The standard deviation of a Gaussian blur, pixels.
    pub blur: f32,
    /// The length of a smear along the picture's rows, pixels.
    pub smear: u32,
    /// The standard deviation of noise, of 255.
    pub noise: f32,
    /// What the light is multiplied by.
    pub light: f32,
    /// The radius of a reflected lamp, as a share of the document's width; 0 for none.
    pub glare: f32,
    /// JPEG's quality.
    pub quality: u8,
    /// Another number, other noise, place and glare.
    pub seed: u64,
}

impl Pose {
    /// Held well: 60 % of the frame's width, slightly soft and noisy.
    pub const GOOD: Self = Self {
        share: 0.6,
        yaw: 3.0,
        pitch: -4.0,
        roll: 1.5,
        blur: 0.7,
        smear: 1,
        noise: 3.0,
        light: 0.9,
        glare: 0.0,
        quality: 85,
        seed: 1,
    };
}

/// A file of the sample folder.
pub fn sample(path: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/sample")).join(path)
}

/// The booth with a person and nothing in their hands.
pub fn person() -> RgbImage {
    let open = |name: &str| image::open(sample(name)).unwrap();
    let (person, alpha) = (open("student_foreground.jpg").to_rgb8(), open("student_alpha.png").to_luma8());
    let mut scene = open("backdrop.jpg").to_rgb8();
    for (x, y, pixel) in scene.enumerate_pixels_mut() {
        let share = f32::from(alpha.get_pixel(x, y)[0]) / 255.0;
        let there = person.get_pixel(x, y);
        for c in 0..3 {
            pixel[c] = (f32::from(there[c]) * share + f32::from(pixel[c]) * (1.0 - share)) as u8;
        }
    }
    imageops::crop_imm(&scene, 0, 120, FRAME.0, FRAME.1).to_image()
}

/// The document in front of the scene, as the pose says.
pub fn shoot(document: &RgbImage, scene: &RgbImage, pose: Pose) -> RgbImage {
    let mut random = Random(pose.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut sheet = document.clone();
    if pose.glare > 0.0 {
        lamp(&mut sheet, pose.glare, (0.2 + 0.6 * random.next(), 0.2 + 0.6 * random.next()));
    }
    let mut frame = scene.clone();
    lay(&mut frame, &sheet, pose, (random.next() - 0.5, random.next() - 0.5));
    if pose.blur > 0.0 {
        frame = imageops::fast_blur(&frame, pose.blur);
    }
    expose(&mut frame, pose, &mut random);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, pose.quality).encode_image(&frame).unwrap();
    image::load_from_memory(&jpeg).unwrap().to_rgb8()
}

/// Lays the sheet over the frame in perspective, with thumbs at its sides.
fn lay(frame: &mut RgbImage, sheet: &RgbImage, pose: Pose, (dx, dy): (f32, f32)) {
    let (width, height) = (sheet.width() as f32, sheet.height() as f32);
    let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    let to = corners.map(|corner| seen_at(corner, (width, height), pose, (dx * 60.0, dy * 40.0)));
    // Reduced first, so that the warp does not step over pixels.
    let scale = (pose.share * FRAME.0 as f32 / width * 1.25).min(1.0);
    let small = imageops::resize(
        sheet,
        (width * scale) as u32,
        (height * scale) as u32,
        imageops::FilterType::Triangle,
    );
    let from = corners.map(|(x, y)| (x * scale, y * scale));
    let projection = Projection::from_control_points(from, to).unwrap();
    let mut seen = RgbImage::new(frame.width(), frame.height());
    let nothing = Border::Constant(Rgb([1, 0, 1]));
    warp_into(&small, projection, Interpolation::Bilinear, nothing, &mut seen);
    for (x, y, pixel) in seen.enumerate_pixels().filter(|(_, _, pixel)| pixel.0 != [1, 0, 1]) {
        frame.put_pixel(x, y, *pixel);
    }
    for (a, b) in [(to[0], to[3]), (to[1], to[2])] {
        let thumb = (a.0 * 0.45 + b.0 * 0.55, a.1 * 0.45 + b.1 * 0.55);
        disc(frame, thumb, pose.share * FRAME.0 as f32 * 0.03);
    }
}

/// Where a corner is seen: turned about the document's middle, then projected.
fn seen_at((x, y): (f32, f32), (width, height): (f32, f32), pose: Pose, (dx, dy): (f32, f32)) -> (f32, f32) {
    let (x, y) = ((x - width / 2.0) / width, (y - height / 2.0) / width);
    let (sin, cos) = pose.roll.to_radians().sin_cos();
    let (x, y) = (x * cos - y * sin, x * sin + y * cos);
    let (sin, cos) = pose.yaw.to_radians().sin_cos();
    let (x, z) = (x * cos, x * sin);
    let (sin, cos) = pose.pitch.to_radians().sin_cos();
    let (y, z) = (y * cos - z * sin, y * sin + z * cos);
    let distance = FOCAL / (pose.share * FRAME.0 as f32);
    let depth = distance + z;
    (FRAME.0 as f32 / 2.0 + dx + FOCAL * x / depth, FRAME.1 as f32 / 2.0 + dy + FOCAL * y / depth)
}

fn disc(frame: &mut RgbImage, (x, y): (f32, f32), radius: f32) {
    imageproc::drawing::draw_filled_ellipse_mut(
        frame,
        (x as i32, y as i32),
        (radius * 1.4) as i32,
        radius as i32,
        Rgb([196, 150, 128]),
    );
}

/// A lamp's reflection: burnt out in the middle, fading outwards.
fn lamp(sheet: &mut RgbImage, radius: f32, (x, y): (f32, f32)) {
    let (x, y) = (x * sheet.width() as f32, y * sheet.height() as f32);
    let radius = radius * sheet.width() as f32;
    for (px, py, pixel) in sheet.enumerate_pixels_mut() {
        let away = (px as f32 - x).hypot(py as f32 - y) / radius;
        let added = 420.0 * (-away * away).exp();
        *pixel = Rgb(pixel.0.map(|v| (f32::from(v) + added).min(255.0) as u8));
    }
}

/// Smear, light and noise.
fn expose(frame: &mut RgbImage, pose: Pose, random: &mut Random) {
    let sharp = frame.clone();
    for (x, y, pixel) in frame.enumerate_pixels_mut() {
        let noise = random.normal() * pose.noise;
        for c in 0..3 {
            let sum: u32 =
                (0..pose.smear).map(|i| u32::from(sharp.get_pixel((x + i).min(FRAME.0 - 1), y)[c])).sum();
            let value =
                sum as f32 / pose.smear as f32 * pose.light + noise + random.normal() * pose.noise * 0.5;
            pixel[c] = value.clamp(0.0, 255.0) as u8;
        }
    }
}

/// A small generator: the same seed gives the same picture.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Nearly normal: the sum of four, of variance 1.
    fn normal(&mut self) -> f32 {
        ((0..4).map(|_| self.next()).sum::<f32>() - 2.0) * 3f32.sqrt()
    }
}
