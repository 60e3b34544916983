//! The networks of the way from frame to photo, loaded together from one directory.
//!
//! Weights are neither fetched nor verified here: set-up does that.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use inference::{Engine, Network};
pub use inference::{InferenceError, ModelError, RUNTIME_FILE};

/// Every network of the way from frame to photo, loaded once and shared between threads.
#[derive(Debug)]
pub struct Models {
    pub(crate) detector: Network,
    pub(crate) landmarks: Network,
    pub(crate) blendshapes: Network,
    pub(crate) segmenter: Network,
    pub(crate) matting: Network,
}

impl Models {
    /// Loads ONNX Runtime and the networks from `directory`. Each network runs on its caller's thread alone: a booth
    /// has other work for its second core, and the sum of both threads' time was never less.
    ///
    /// The process's allocator is told to keep what is freed; see [`Engine::start`].
    ///
    /// # Errors
    /// [`ModelError`] naming the first file that is missing or corrupt.
    pub fn load(directory: &Path) -> Result<Self, ModelError> {
        Self::load_for(directory, NonZeroUsize::MIN)
    }

    /// As [`Models::load`], with this many threads for each network. The numbers do not depend on it.
    ///
    /// # Errors
    /// As [`Models::load`].
    pub fn load_for(directory: &Path, threads: NonZeroUsize) -> Result<Self, ModelError> {
        let engine = Engine::start(directory)?;
        let open = |name| Network::load(&engine, directory, name, threads);
        Ok(Self {
            detector: open("face_detector")?,
            landmarks: open("face_landmarks")?,
            blendshapes: open("face_blendshapes")?,
            segmenter: open("selfie_segmenter")?,
            matting: open("modnet_int8")?,
        })
    }

    /// The directory that set-up fills: `$CAMPUS_BOOTH_MODELS`, or `~/.cache/campus-booth/models`.
    pub fn default_directory() -> PathBuf {
        inference::default_directory()
    }
}
