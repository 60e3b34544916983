//! The pictures around the shutter, decoded and brought into order: the most promising first.
//!
//! Nobody holds eyes and mouth still for a whole second. Of the frames just before and just after the shutter's moment the best is
//! made into the photo; the next two stay at hand.

use bytes::Bytes;
use camera::{Frame, FrameStream};
use portrait::{Baseline, InferenceError, Specification, WhiteBalance};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many frames from before the shutter are taken, and how old they may be: the student looks at the lens as the countdown ends.
const BEFORE: usize = 4;
const BEFORE_AGE: Duration = Duration::from_millis(250);

/// How many frames after it, and for how long they are waited for. With [`BEFORE`] that is nine frames in 0.3 s at 30 frames a
/// second, and eight in 0.6 s at 15.
const AFTER: usize = 5;
const AFTER_WAIT: Duration = Duration::from_millis(350);

/// How long the first frame after the shutter is waited for: four frames at the slowest rate that the camera room opens, 5 fps,
/// and the 3 s in which a faulty camera recovers.
const FIRST_WAIT: Duration = Duration::from_millis(3800);

/// How many of a burst are made into photos at most.
pub(crate) const TRIED: usize = 3;

/// One picture of a burst.
pub(crate) struct Shot {
    /// The camera's own JPEG, or one made of its raw picture.
    pub original: Bytes,
    /// Its pixels.
    pub pixels: portrait::Frame,
}

/// The frames around this moment, oldest first; nothing where no frame comes.
pub(crate) fn collect(camera: &dyn FrameStream, shutter: Instant) -> Vec<Arc<Frame>> {
    let mut frames = camera.recent(BEFORE);
    frames.retain(|frame| shutter.saturating_duration_since(frame.captured) <= BEFORE_AGE);
    let last = camera.latest().map_or(0, |frame| frame.sequence);
    let Some(first) = camera.wait_newer(last, FIRST_WAIT) else { return vec![] };
    let until = Instant::now() + AFTER_WAIT;
    let mut last = first.sequence;
    frames.push(first);
    for _ in 1..AFTER {
        let wait = until.saturating_duration_since(Instant::now());
        let Some(next) = camera.wait_newer(last, wait) else { break };
        last = next.sequence;
        frames.push(next);
    }
    frames
}

/// The [`TRIED`] best of these frames, the best first. A frame that can't be read is passed over.
///
/// # Errors
/// Those of the networks.
pub(crate) fn best(
    models: &portrait::Models,
    frames: &[Arc<Frame>],
    spec: &Specification,
    baseline: Option<Baseline>,
    white: WhiteBalance,
) -> Result<Vec<Shot>, InferenceError> {
    let mut shots: Vec<Option<Shot>> = frames.iter().filter_map(|frame| read(frame)).map(Some).collect();
    let pixels: Vec<&portrait::Frame> = shots.iter().flatten().map(|shot| &shot.pixels).collect();
    let weighed = portrait::weigh(&pixels, spec, models, baseline, white)?;
    tracing::debug!(
        frames = frames.len(),
        best = weighed.first().map(|best| best.score),
        "a burst was weighed"
    );
    let order = weighed.iter().map(|weighed| weighed.index).take(TRIED);
    Ok(order.filter_map(|index| shots.get_mut(index).and_then(Option::take)).collect())
}

/// The frame's pixels as the portrait room takes them.
pub(crate) fn pixels(frame: &Frame) -> Option<portrait::Frame> {
    let decoded = match frame.rgb() {
        Ok(decoded) => decoded,
        Err(error) => {
            tracing::warn!(%error, "the camera's picture can't be read");
            return None;
        }
    };
    match portrait::Frame::from_rgb8(decoded.width, decoded.height, decoded.data) {
        Ok(pixels) => Some(pixels),
        Err(error) => {
            tracing::warn!(%error, "the camera's picture can't be used");
            None
        }
    }
}

fn read(frame: &Frame) -> Option<Shot> {
    match frame.jpeg() {
        Ok(original) => Some(Shot { original, pixels: pixels(frame)? }),
        Err(error) => {
            tracing::warn!(%error, "the camera's picture can't be kept");
            None
        }
    }
}
