//! Whether a picture became brighter or darker as a whole between two frames.
//!
//! Compared patch by patch, and the middle patch counts: somebody who moves changes some of them, a changed exposure
//! all of them.

use crate::frame::{Frame, FrameError};

/// Patches across and down.
const PATCHES: (u32, u32) = (16, 9);
/// Factor between two frames' 8-bit values beyond which the exposure has changed.
///
/// Measured on the simulated booth (a person who sways, a noisy sensor): 1.000 without a change, 0.72 with half the
/// light, 1.37 with twice. A third of a stop, the least that is seen beside the other picture, is 1.11.
const JUMP: f64 = 1.11;

/// Whether the exposure has changed. Frames that can't be compared count as unchanged.
pub(crate) fn jumped(before: &Frame, after: &Frame) -> bool {
    match change(before, after) {
        Ok(factor) => !(1.0 / JUMP..=JUMP).contains(&factor),
        Err(error) => {
            tracing::warn!(%error, "two frames can't be compared");
            false
        }
    }
}

/// The factor by which the middle patch's mean value has changed.
fn change(before: &Frame, after: &Frame) -> Result<f64, FrameError> {
    let (before, after) = (patches(before)?, patches(after)?);
    let mut factors: Vec<f64> = before.iter().zip(&after).map(|(before, after)| after / before).collect();
    factors.sort_by(f64::total_cmp);
    Ok(factors.get(factors.len() / 2).copied().unwrap_or(1.0))
}

/// The mean value of each patch, one more than it is so that black can be divided by.
fn patches(frame: &Frame) -> Result<Vec<f64>, FrameError> {
    let image = frame.rgb()?;
    let (across, down) = (PATCHES.0.min(image.width), PATCHES.1.min(image.height));
    let mut sums = vec![(0_u64, 0_u64); (across * down) as usize];
    let stride = image.width as usize * 3;
    for (y, row) in image.data.chunks_exact(stride.max(1)).enumerate() {
        let line = (y as u64 * u64::from(down) / u64::from(image.height)) as usize * across as usize;
        for (x, pixel) in row.as_chunks::<3>().0.iter().enumerate() {
            let (sum, count) = &mut sums[line + x * across as usize / image.width as usize];
            *sum += pixel.iter().map(|&value| u64::from(value)).sum::<u64>();
            *count += 3;
        }
    }
    Ok(sums.iter().map(|&(sum, count)| 1.0 + sum as f64 / count.max(1) as f64).collect())
}

#[cfg(test)]
mod tests {
    use std::time::{Instant, SystemTime};

    use super::*;
    use crate::mode::PixelFormat;
    use crate::simulated::studio_frames;

    fn factor(one: &Frame, other: &Frame) -> f64 {
        change(one, other).expect("whole frames")
    }

    #[test]
    fn a_swaying_person_is_no_jump_and_another_exposure_is() {
        let [one, other, half, twice] = studio_frames([(0.0, 1.0), (0.3, 1.0), (0.3, 0.5), (0.3, 2.0)]);
        let factors = [&other, &half, &twice].map(|later| factor(&one, later));
        println!("{factors:.3?}");
        assert!((0.99..1.01).contains(&factors[0]), "{factors:?}");
        assert!(!jumped(&one, &other) && jumped(&one, &half) && jumped(&one, &twice), "{factors:?}");
    }

    #[test]
    fn somebody_who_comes_into_a_third_of_the_picture_is_no_jump() {
        let frame = |value: u8, changed: usize| {
            let mut data = vec![value; 64 * 36 * 3];
            data[..changed * 3].fill(10);
            let (captured_at, captured) = (SystemTime::now(), Instant::now());
            let (width, height, format) = (64, 36, PixelFormat::Rgb);
            Frame {
                sequence: 1,
                captured_at,
                captured,
                width,
                height,
                format,
                data: data.into(),
                simulated: true,
            }
        };
        assert!(!jumped(&frame(120, 0), &frame(120, 64 * 12)));
        assert!(jumped(&frame(120, 0), &frame(140, 64 * 12)), "the rest of the picture tells");
        let cut = Frame { data: vec![0; 5].into(), ..frame(120, 0) };
        assert!(!jumped(&frame(120, 0), &cut), "what can't be compared is no reason to give up a hold");
    }
}
