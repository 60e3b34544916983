//! What the fake webcam sees: eight frames of 1280x720, each with its number in three squares, over a pattern that
//! leaves no part of a frame empty.

use std::fs;
use std::path::Path;
use std::time::{Instant, SystemTime};

use camera::{Frame, PixelFormat, Rgb8Image};

pub const WIDTH: u32 = 1280;
pub const HEIGHT: u32 = 720;
/// How many frames there are.
pub const COUNT: usize = 8;
/// The size of the raw frame: a small one, because the machine is slow.
pub const RAW: (u32, u32) = (640, 480);

const SQUARE: u32 = 80;

/// Writes the frames and the raw frame where the rig expects them.
pub fn write(shared: &Path) {
    let folder = shared.join("frames");
    fs::create_dir_all(&folder).unwrap();
    for number in 0..COUNT {
        let frame = Frame {
            sequence: 0,
            captured_at: SystemTime::now(),
            captured: Instant::now(),
            width: WIDTH,
            height: HEIGHT,
            format: PixelFormat::Rgb,
            data: draw(number).into(),
            simulated: true,
        };
        fs::write(folder.join(format!("{number}.jpg")), frame.jpeg().unwrap()).unwrap();
    }
    fs::write(shared.join("raw.yuyv"), raw()).unwrap();
}

fn draw(number: usize) -> Vec<u8> {
    let mut seed = number as u32 + 1;
    let mut pixels = Vec::with_capacity((WIDTH * HEIGHT * 3) as usize);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (seed >> 29) as u8;
            let pixel = match square_at(x, y) {
                Some(bit) if number >> bit & 1 == 1 => [250; 3],
                Some(_) => [5; 3],
                None => [(x / 6) as u8, (y / 4) as u8, 120],
            };
            pixels.extend(pixel.map(|value: u8| value.saturating_add(noise)));
        }
    }
    pixels
}

/// Which of the three squares a pixel is in: they stand at the frame's bottom, so that half a frame lacks them.
fn square_at(x: u32, y: u32) -> Option<u32> {
    let row = HEIGHT - 2 * SQUARE..HEIGHT - SQUARE;
    let column = x / (2 * SQUARE);
    (row.contains(&y) && x % (2 * SQUARE) < SQUARE && column < 3).then_some(column)
}

/// The number that a decoded frame shows, after checking the pattern around it.
pub fn number(image: &Rgb8Image) -> usize {
    assert_eq!((image.width, image.height), (WIDTH, HEIGHT));
    for (x, y) in [(300, 100), (640, 360), (900, 600), (1200, 700), (100, 20)] {
        let seen = image.pixel(x, y).unwrap();
        let drawn = [(x / 6) as u8, (y / 4) as u8, 120];
        for (seen, drawn) in seen.into_iter().zip(drawn) {
            // The noise adds 0 to 7, JPEG at quality 90 with halved chroma moves a value by some more.
            assert!(seen.abs_diff(drawn.saturating_add(3)) <= 24, "{x},{y}: {seen} instead of {drawn}");
        }
    }
    let lit = |bit: u32| {
        let centre = image.pixel(bit * 2 * SQUARE + SQUARE / 2, HEIGHT - SQUARE - SQUARE / 2).unwrap();
        usize::from(centre[1] > 128) << bit
    };
    lit(0) | lit(1) | lit(2)
}

/// A raw frame: left half red, right half blue, in limited-range BT.601.
fn raw() -> Vec<u8> {
    let (red, blue) = ([81, 90, 81, 240], [41, 240, 41, 110]);
    let pairs = RAW.0 / 2;
    (0..RAW.1).flat_map(|_| (0..pairs).flat_map(|pair| if pair < pairs / 2 { red } else { blue })).collect()
}

/// Checks a decoded raw frame.
pub fn check_raw(image: &Rgb8Image) {
    assert_eq!((image.width, image.height), RAW);
    for (x, y, red) in [(10, 10, true), (300, 470, true), (340, 10, false), (630, 470, false)] {
        let [r, _, b] = image.pixel(x, y).unwrap();
        assert!(if red { r > 240 && b < 15 } else { b > 240 && r < 15 }, "{x},{y}: red {r}, blue {b}");
    }
}
