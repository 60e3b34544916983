//! Learning a backdrop from frames of the empty booth, and refusing what is none.

use super::{Backdrop, BackdropError, FULL};
use crate::colour::linear_table;
use crate::face::{Face, FaceError};
use crate::frame::Frame;
use crate::light;
use crate::matte::region::{PERSON, presence};
use crate::models::{InferenceError, Models};
use crate::rejection::Reason;

/// Share of the view that may belong to somebody: the segmenter sees up to 0.1 % of a person in the empty sample
/// booths (cloth, grey, white, corridor), and 12 to 30 % before people at the booth's distances.
const SOMEBODY: f64 = 0.02;
/// The brightest hundredth below which the lamps are off: the dimmest sample frames have 0.09.
const DARK: f64 = 0.02;
/// Side of the blocks that are compared between frames.
const BLOCK: usize = 8;
/// Difference of a block's mean root of light that noise does not make: it is 0.01 a pixel, so 0.002 a block.
const MOVED: f32 = 0.03;
/// Share of blocks that may differ.
const STILL: f64 = 0.002;
/// Deviation of the root of light of one pixel where too few frames tell.
const NOISE: f32 = 0.01;
/// From this many frames on the mean is quieter than a mean over 3x3 pixels of one.
const ENOUGH: usize = 4;

impl Backdrop {
    /// Learns the backdrop from frames of the empty booth: each pixel's mean in linear light and its deviation.
    ///
    /// Eight frames are good; from fewer than four the colours are smoothed over 3x3 pixels instead.
    ///
    /// # Errors
    /// [`BackdropError`]: no frames or different sizes, somebody in view, something moving, too dark, inference.
    pub fn learn(frames: &[&Frame], models: &Models) -> Result<Self, BackdropError> {
        let first = *frames.first().ok_or(BackdropError::TooFew)?;
        let size = |f: &Frame| (f.width(), f.height());
        if frames.iter().any(|f| size(f) != size(first)) {
            return Err(BackdropError::Sizes);
        }
        let highlight = frames.iter().map(|f| light::highlight(f)).fold(f64::INFINITY, f64::min);
        if highlight < DARK {
            return Err(BackdropError::TooDark { highlight });
        }
        let moving = moving_share(frames);
        if moving > STILL {
            return Err(BackdropError::Moving { share: moving });
        }
        // What stands still in all frames stands in the first.
        if somebody(first, models)? {
            return Err(BackdropError::SomebodyInView);
        }
        Ok(mean(frames))
    }
}

/// Whether a face or a body is to be seen.
fn somebody(frame: &Frame, models: &Models) -> Result<bool, InferenceError> {
    match Face::find(frame, models) {
        Ok(_) | Err(FaceError::Refused(Reason::SeveralFaces { .. })) => return Ok(true),
        Err(FaceError::Refused(_)) => {}
        Err(FaceError::Inference(e)) => return Err(e),
    }
    let cells = presence(frame, models)?;
    let taken = cells.iter().filter(|&&p| p >= PERSON).count();
    Ok(taken as f64 > SOMEBODY * cells.len() as f64)
}

/// The largest share of blocks in which a frame differs from the first, a change of all light aside.
fn moving_share(frames: &[&Frame]) -> f64 {
    let [first, others @ ..] = frames else { return 0.0 };
    let first = block_roots(first);
    let share = |frame: &&Frame| {
        let blocks = block_roots(frame);
        let total = |b: &[f32]| b.iter().sum::<f32>().max(1e-6);
        let gain = total(&first) / total(&blocks);
        let differ = blocks.iter().zip(&first).filter(|(a, b)| (*a * gain - *b).abs() > MOVED);
        differ.count() as f64 / first.len().max(1) as f64
    };
    others.iter().map(share).fold(0.0, f64::max)
}

/// Mean of the root of green light in each whole block.
fn block_roots(frame: &Frame) -> Vec<f32> {
    let table = linear_table();
    let (width, height) = (frame.width() as usize, frame.height() as usize);
    let (columns, rows) = ((width / BLOCK).max(1), (height / BLOCK).max(1));
    let mut sums = vec![0.0; columns * rows];
    for (y, line) in frame.rgb().chunks_exact(width * 3).take(rows * BLOCK).enumerate() {
        for (x, pixel) in line.chunks_exact(3).take(columns * BLOCK).enumerate() {
            sums[y / BLOCK * columns + x / BLOCK] += table[usize::from(pixel[1])];
        }
    }
    let cells = (BLOCK.min(width) * BLOCK.min(height)) as f32;
    sums.into_iter().map(|s: f32| (s / cells).sqrt()).collect()
}

/// Mean colour and the mean's deviation at each pixel.
fn mean(frames: &[&Frame]) -> Backdrop {
    let (width, height) = (frames[0].width(), frames[0].height());
    let mut cells = Vec::with_capacity(width as usize * height as usize);
    for first_row in (0..height as usize).step_by(BLOCK) {
        let rows = first_row..(first_row + BLOCK).min(height as usize);
        let mut deviations = Deviations::new(width as usize);
        let start = cells.len();
        for y in rows {
            cells.extend((0..width as usize).map(|x| mean_cell(frames, x, y, &mut deviations)));
        }
        let codes = deviations.codes(frames.len());
        let blocks = codes.len();
        let set =
            |(i, cell): (usize, &mut [u16; 4])| cell[3] = codes[(i % width as usize / BLOCK).min(blocks - 1)];
        cells[start..].iter_mut().enumerate().for_each(set);
    }
    if frames.len() < ENOUGH {
        cells = smoothed(&cells, width as usize);
    }
    Backdrop { width, height, cells }
}

/// One pixel's mean over the frames, coded; its spread goes into the block's.
fn mean_cell(frames: &[&Frame], x: usize, y: usize, deviations: &mut Deviations) -> [u16; 4] {
    let table = linear_table();
    let (mut sum, mut roots) = ([0.0_f32; 3], [0.0_f32; 2]);
    for frame in frames {
        let at = (y * frame.width() as usize + x) * 3;
        let v: [f32; 3] = std::array::from_fn(|k| table[usize::from(frame.rgb()[at + k])]);
        (0..3).for_each(|k| sum[k] += v[k]);
        roots[0] += v[1].sqrt();
        roots[1] += v[1];
    }
    let count = frames.len() as f32;
    deviations.add(x, roots[1] - roots[0] * roots[0] / count);
    let [r, g, b] = sum.map(|v| ((v / count).sqrt() * FULL + 0.5) as u16);
    [r, g, b, 0]
}

/// The pooled spread of the frames' values in one row of blocks.
struct Deviations {
    squares: Vec<f32>,
    cells: Vec<usize>,
}

impl Deviations {
    fn new(width: usize) -> Self {
        let blocks = width.div_ceil(BLOCK);
        Self { squares: vec![0.0; blocks], cells: vec![0; blocks] }
    }

    fn add(&mut self, x: usize, squares: f32) {
        self.squares[x / BLOCK] += squares.max(0.0);
        self.cells[x / BLOCK] += 1;
    }

    /// The deviation of each block's means over `frames` frames, coded; one frame alone tells none, and a still
    /// picture repeated is not taken for a perfect camera.
    fn codes(&self, frames: usize) -> Vec<u16> {
        let code = |(&squares, &cells): (&f32, &usize)| {
            let freedom = cells * frames.saturating_sub(1);
            let pixel = if freedom > 0 { (squares / freedom as f32).sqrt() } else { NOISE };
            ((pixel.max(NOISE / 4.0) / (frames as f32).sqrt()) * FULL + 0.5) as u16
        };
        self.squares.iter().zip(&self.cells).map(code).collect()
    }
}

/// Means over 3x3 pixels, a third of the deviation.
fn smoothed(cells: &[[u16; 4]], width: usize) -> Vec<[u16; 4]> {
    let height = cells.len() / width;
    let mean = |i: usize| {
        let (x, y) = (i % width, i / width);
        let (mut sum, mut count) = ([0_u32; 3], 0);
        for row in y.saturating_sub(1)..=(y + 1).min(height - 1) {
            for cell in &cells[row * width + x.saturating_sub(1)..=row * width + (x + 1).min(width - 1)] {
                (0..3).for_each(|k| sum[k] += u32::from(cell[k]));
                count += 1;
            }
        }
        let [r, g, b] = sum.map(|v| ((v + count / 2) / count) as u16);
        [r, g, b, cells[i][3].div_ceil(3)]
    };
    (0..cells.len()).map(mean).collect()
}
