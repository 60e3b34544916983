//! Learns the empty backdrop from a second of frames.

use super::{CalibrationError, Calibrations};
use crate::burst;
use camera::FrameStream;
use portrait::{Backdrop, BackdropError, Models};
use std::time::Duration;

/// From how many frames a backdrop is learned, and how far they are apart: together a second at 30 frames a second, in which whoever
/// moves has moved.
const FRAMES: usize = 8;
const APART: u64 = 4;

/// How long one of these frames is waited for.
const FRAME_WAIT: Duration = Duration::from_millis(1000);

/// Why no backdrop was learned.
#[derive(Debug, thiserror::Error)]
pub enum LearnError {
    /// The camera gave too few pictures.
    #[error("too few pictures come from the camera")]
    NoPicture,
    /// The pictures aren't those of an empty, quiet booth.
    #[error("the booth is not empty and quiet")]
    Backdrop(#[from] BackdropError),
    /// The backdrop can't be stored.
    #[error("the backdrop can't be stored")]
    Keep(#[from] CalibrationError),
}

impl Calibrations {
    /// Learns the backdrop that the camera sees now, and keeps it if `still_empty` says yes after the frames were taken.
    ///
    /// # Errors
    /// [`LearnError`]. A backdrop that could not be stored is used until the booth stops.
    pub fn learn_backdrop(
        &self,
        camera: &dyn FrameStream,
        models: &Models,
        at: domain::UtcMillis,
        still_empty: impl FnOnce() -> bool,
    ) -> Result<(), LearnError> {
        let frames = frames(camera);
        if frames.len() < FRAMES || !still_empty() {
            return Err(LearnError::NoPicture);
        }
        let backdrop = Backdrop::learn(&frames.iter().collect::<Vec<_>>(), models)?;
        Ok(self.keep_backdrop(backdrop, camera, at)?)
    }
}

fn frames(camera: &dyn FrameStream) -> Vec<portrait::Frame> {
    let mut last = camera.latest().map_or(0, |frame| frame.sequence);
    let mut frames = vec![];
    while frames.len() < FRAMES {
        let Some(frame) = camera.wait_newer(last, FRAME_WAIT) else { break };
        last = frame.sequence + APART - 1;
        frames.extend(burst::pixels(&frame));
    }
    frames
}
