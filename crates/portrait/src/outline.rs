//! The person's rough outline for the live preview with the official background: the small segmenter alone. Never used
//! for a photo.

use crate::frame::Frame;
use crate::matte::region::{SIDE, presence};
use crate::models::{InferenceError, Models};

/// How much of each cell is the person, for the whole frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Outline {
    /// Cells across the frame.
    pub width: usize,
    /// Cells down the frame.
    pub height: usize,
    /// 0 to 255, row by row.
    pub alpha: Vec<u8>,
}

impl std::fmt::Debug for Outline {
    /// The size alone: the shape is a person's.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outline({}x{})", self.width, self.height)
    }
}

/// Outlines the people in a frame, 256 cells each way whatever its aspect.
///
/// # Errors
/// [`InferenceError`].
pub fn outline(frame: &Frame, models: &Models) -> Result<Outline, InferenceError> {
    let values = presence(frame, models)?;
    // The network's soft edge is wider than a preview's should be.
    let edge = |v: f32| ((v - 0.25) * 2.0).clamp(0.0, 1.0);
    let alpha = values.iter().map(|&v| (edge(v) * 255.0 + 0.5) as u8).collect();
    Ok(Outline { width: SIDE, height: SIDE, alpha })
}
