//! The delivered background: its colour, its evenness, and where the hair begins above it.

use std::collections::HashMap;

use crate::colour::{Rgb, delta_e_2000, lab_of_linear};
use crate::frame::Frame;
use crate::grid::Grid;
use crate::measure::{Measure, Measurement};
use crate::specification::Specification;

/// Background is measured this many pixels from any trace of the person: a JPEG block's width and one more, so
/// that no block holds both.
const CLEAR_PX: usize = 9;
/// Side of the blocks whose mean is judged one by one.
const BLOCK: usize = 4;
/// CIEDE2000 from the background at which a pixel is hair: above the JPEG's ringing (2 to 4 beside hair), below
/// the faintest strand that counts (alpha 0.3 of black on light blue is 15).
const HAIR_DELTA_E: f64 = 10.0;

/// CIEDE2000 of the mean and of the worst block of background. A photo without clear background cannot be assessed.
pub(super) fn measure(photo: &Frame, alpha: &[f32], spec: &Specification) -> [Measurement; 2] {
    let clear = clear(photo, alpha);
    let wanted = spec.background.colour.lab();
    let (width, height) = (photo.width() as usize, photo.height() as usize);
    let (mut sum, mut count, mut worst) = ([0.0_f64; 3], 0_usize, 0.0_f64);
    let mut last = ([f64::NAN; 3], 0.0);
    for by in 0..height / BLOCK {
        for bx in 0..width / BLOCK {
            let Some(mean) = block(photo, &clear, bx * BLOCK, by * BLOCK) else { continue };
            sum = std::array::from_fn(|k| sum[k] + mean[k]);
            count += 1;
            // Most blocks are alike to the last bit: the one before is not judged again.
            if mean != last.0 {
                last = (mean, delta_e_2000(lab_of_linear(mean), wanted));
            }
            worst = worst.max(last.1);
        }
    }
    let rules = [
        (Measure::BackgroundColour, (0.0, spec.background.mean_delta_e)),
        (Measure::BackgroundUniformity, (0.0, spec.background.max_delta_e)),
    ];
    if count == 0 {
        return rules.map(|(measure, window)| Measurement::failed(measure, window));
    }
    let mean = delta_e_2000(lab_of_linear(sum.map(|v| v / count as f64)), wanted);
    [Measurement::judged(rules[0].0, mean, rules[0].1), Measurement::judged(rules[1].0, worst, rules[1].1)]
}

/// Where no person is near.
fn clear(photo: &Frame, alpha: &[f32]) -> Grid<1> {
    let data = alpha.iter().map(|&a| [f32::from(u8::from(a > 0.0))]).collect();
    let person = Grid { width: photo.width() as usize, height: photo.height() as usize, data };
    person.box_mean(CLEAR_PX).map(|v| [f32::from(u8::from(v[0] < 1e-7))])
}

/// The mean linear colour of a block that is background throughout.
fn block(photo: &Frame, clear: &Grid<1>, x: usize, y: usize) -> Option<[f64; 3]> {
    let mut sum = [0.0; 3];
    for (x, y) in (0..BLOCK * BLOCK).map(|i| (x + i % BLOCK, y + i / BLOCK)) {
        if clear.data[y * clear.width + x][0] < 0.5 {
            return None;
        }
        let linear = photo.linear(x as i64, y as i64);
        sum = std::array::from_fn(|k| sum[k] + f64::from(linear[k]));
    }
    Some(sum.map(|v| v / (BLOCK * BLOCK) as f64))
}

/// The topmost row with at least `pixels` pixels that are not background; not a number if there is none.
pub(super) fn hair_top(photo: &Frame, background: Rgb, pixels: usize) -> f64 {
    let wanted = background.lab();
    let width = photo.width() as usize;
    // A photo's background has few colours: each is judged once.
    let mut judged: HashMap<[u8; 3], bool> = HashMap::new();
    let mut is_hair = |p: &[u8]| {
        let colour = [p[0], p[1], p[2]];
        let judge = || delta_e_2000(Rgb(colour).lab(), wanted) > HAIR_DELTA_E;
        colour != background.0 && *judged.entry(colour).or_insert_with(judge)
    };
    let mut rows = photo.rgb().chunks_exact(width * 3);
    let row = rows.position(|row| row.chunks_exact(3).filter(|p| is_hair(p)).count() >= pixels);
    row.map_or(f64::NAN, |row| row as f64)
}
