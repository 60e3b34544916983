//! One look at a picture: made black and white in some way, then searched for finder patterns, each plausible three of which are
//! read.
//!
//! The decoder is rxing's; its parts are called one by one so that a picture full of false patterns costs no more than a bounded
//! time.

use super::find::{Corner, Symbol};
use image::GrayImage;
use rxing::common::{BitMatrix, DetectorRXingResult, HybridBinarizer};
use rxing::qrcode::cpp_port::{decoder, detector};
use rxing::{Binarizer, Luma8Source};
use std::panic::{AssertUnwindSafe, catch_unwind};
use zeroize::Zeroizing;

/// The most finder patterns that are combined, the largest first. A phone beside two posters has nine.
const MOST_PATTERNS: usize = 40;

/// The most combinations that are read in one look.
const MOST_SETS: usize = 60;

/// From a picture's steps back to the light: edges lie where they are, and not where a screen's light spread to.
const LINEAR: f32 = 2.2;

/// Leaves only the brightest parts white: the dark modules of a screen that outshines the sensor are grey.
const OVER_BRIGHT: f32 = 6.0;

/// The looks in their order, each of which read frames that no other did when they were compared on frames drawn as in this
/// crate's tests: halved dim ones, linear ones far tilted, over-bright ones, and with a wide window dim and dense ones.
pub(super) const LOOKS: [Look; 5] =
    [Look::AsItIs, Look::Halved, Look::Toned(LINEAR), Look::Toned(OVER_BRIGHT), Look::WideWindow];

/// How a picture is made black and white.
#[derive(Clone, Copy, Debug)]
pub(super) enum Look {
    /// Every pixel, against its surroundings of 40 by 40 pixels.
    AsItIs,
    /// Means of 2 by 2 pixels, against the same number of surroundings.
    Halved,
    /// Every step raised to a power, and then as it is.
    Toned(f32),
    /// Means of 3 by 3 pixels, against the mean of a wide window.
    WideWindow,
}

/// What one look saw.
#[derive(Default)]
pub(super) struct Seen {
    pub symbols: Vec<Symbol>,
    /// Whether three patterns that no read symbol has could be one more symbol.
    pub unread: bool,
}

impl Look {
    /// The symbols that this look reads. A picture that the decoder panics at has none in this look; others may still read it.
    pub(super) fn at(self, picture: &GrayImage) -> Seen {
        catch_unwind(AssertUnwindSafe(|| self.read(picture))).unwrap_or_default()
    }

    fn read(self, picture: &GrayImage) -> Seen {
        let seen = match self {
            Self::AsItIs => hybrid(picture).map(|bits| read(&bits, 1.0)),
            Self::Halved => hybrid(&halved(picture)).map(|bits| read(&bits, 2.0)),
            Self::Toned(power) => hybrid(&toned(picture, power)).map(|bits| read(&bits, 1.0)),
            Self::WideWindow => wide_window(picture).map(|bits| read(&bits, 1.0)),
        };
        seen.unwrap_or_default()
    }
}

fn hybrid(picture: &GrayImage) -> Option<BitMatrix> {
    let source = Luma8Source::new_with_slice(picture.as_raw(), picture.width(), picture.height()).ok()?;
    let binarizer = HybridBinarizer::new(source);
    binarizer.get_black_matrix().ok().cloned()
}

fn halved(picture: &GrayImage) -> GrayImage {
    let row = picture.width() as usize;
    let raw = picture.as_raw();
    GrayImage::from_fn(picture.width() / 2, picture.height() / 2, |x, y| {
        let at = 2 * y as usize * row + 2 * x as usize;
        let sum: u32 = [raw[at], raw[at + 1], raw[at + row], raw[at + row + 1]].map(u32::from).iter().sum();
        image::Luma([(sum / 4) as u8])
    })
}

fn toned(picture: &GrayImage, power: f32) -> GrayImage {
    let step = |value: u8| (255.0 * (f32::from(value) / 255.0).powf(power)).round() as u8;
    let table: [u8; 256] = std::array::from_fn(|value| step(value as u8));
    let mut toned = picture.clone();
    toned.iter_mut().for_each(|pixel| *pixel = table[usize::from(*pixel)]);
    toned
}

/// Black where the mean of 3 by 3 pixels is below the mean of the window around it, whose side is a sixteenth of the picture's.
fn wide_window(picture: &GrayImage) -> Option<BitMatrix> {
    let sums = Sums::of(picture);
    let reach = (picture.width().max(picture.height()) / 32).max(8) as usize;
    let mut bits = BitMatrix::new(picture.width(), picture.height()).ok()?;
    for y in 0..picture.height() {
        for x in 0..picture.width() {
            let (own, own_count) = sums.around(x as usize, y as usize, 1);
            let (all, all_count) = sums.around(x as usize, y as usize, reach);
            // Below by a fiftieth of the mean: the noise of a dim picture must not fill its margins with specks.
            if 50 * own * all_count < 49 * all * own_count {
                bits.set(x, y);
            }
        }
    }
    Some(bits)
}

/// Sums of all pixels above and left of each place.
struct Sums {
    width: usize,
    height: usize,
    sums: Vec<u64>,
}

impl Sums {
    fn of(picture: &GrayImage) -> Self {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let stride = width + 1;
        let mut sums = vec![0; stride * (height + 1)];
        for (y, row) in picture.as_raw().chunks_exact(width).enumerate() {
            let mut along = 0;
            for (x, &pixel) in row.iter().enumerate() {
                along += u64::from(pixel);
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + along;
            }
        }
        Self { width, height, sums }
    }

    /// Sum and number of the pixels at most `reach` away in each direction.
    fn around(&self, x: usize, y: usize, reach: usize) -> (u64, u64) {
        let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(self.width));
        let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(self.height));
        let at = |x: usize, y: usize| self.sums[y * (self.width + 1) + x];
        let sum = at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top);
        (sum, ((right - left) * (bottom - top)) as u64)
    }
}

/// Reads a black and white picture whose pixels are `scale` pixels of the frame.
fn read(bits: &BitMatrix, scale: f32) -> Seen {
    let mut patterns = detector::FindFinderPatterns(bits, true, 0);
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.size));
    patterns.truncate(MOST_PATTERNS);
    let mut seen = Seen::default();
    let mut used = Vec::new();
    let mut unread = Vec::new();
    for set in detector::GenerateFinderPatternSets(&mut patterns).into_iter().take(MOST_SETS) {
        let three = [set.bl, set.tl, set.tr];
        if three.iter().any(|pattern| used.contains(pattern)) {
            continue;
        }
        match symbol(bits, &set, scale) {
            Some(symbol) => {
                used.extend(three);
                seen.symbols.push(symbol);
            }
            None => unread.push(three),
        }
    }
    seen.unread = unread.iter().any(|three| !three.iter().any(|pattern| used.contains(pattern)));
    seen
}

fn symbol(bits: &BitMatrix, set: &detector::FinderPatternSet, scale: f32) -> Option<Symbol> {
    let sampled = detector::SampleQR(bits, set).ok()?;
    let decoded = decoder::Decode(sampled.getBits()).ok().filter(|decoded| decoded.isValid())?;
    let corner = |at: &rxing::Point| Corner { x: at.x * scale, y: at.y * scale };
    let [top_left, top_right, bottom_left, bottom_right] = sampled.getPoints() else { return None };
    Some(Symbol {
        payload: Zeroizing::new(decoded.content().bytes().to_vec()),
        corners: [top_left, top_right, bottom_right, bottom_left].map(corner),
        modules: sampled.getBits().width(),
        part: decoded.structuredAppend().count > 1,
    })
}
