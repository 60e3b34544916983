//! The networks: loading them from one directory and running them.
//!
//! This is the only file of the house that names the inference engine. Weights are neither fetched nor verified
//! here: set-up does that.

mod memory;
mod session;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ort::environment::Environment;
pub(crate) use session::Network;

/// File name of ONNX Runtime inside the models' directory.
pub const RUNTIME_FILE: &str = "libonnxruntime.so.1.23.2";

/// Every network of the way from frame to photo, loaded once and shared between threads.
#[derive(Debug)]
pub struct Models {
    pub(crate) detector: Network,
    pub(crate) landmarks: Network,
    pub(crate) blendshapes: Network,
    pub(crate) segmenter: Network,
    pub(crate) matting: Network,
}

/// Why the networks could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file is not there or cannot be read.
    #[error("the model file {path} cannot be read")]
    Missing {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// ONNX Runtime's library is not one.
    #[error("the inference library {path} cannot be loaded")]
    Library {
        /// The file.
        path: PathBuf,
        /// The loader's answer.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// ONNX Runtime did not start.
    #[error("the inference engine did not start")]
    Engine(#[source] ort::Error),
    /// A file is no such network.
    #[error("the model file {path} is corrupt")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// The engine's answer.
        source: ort::Error,
    },
    /// A file is a network with other inputs than the program knows.
    #[error("the model file {path} is another network than expected")]
    Unexpected {
        /// The file.
        path: PathBuf,
    },
}

/// A network refused to run or gave tensors of another shape.
#[derive(Debug, thiserror::Error)]
pub enum InferenceError {
    /// The engine failed.
    #[error("the network {network} failed")]
    Run {
        /// The network's file stem.
        network: &'static str,
        /// The engine's answer.
        source: ort::Error,
    },
    /// The outputs are not those of the network expected.
    #[error("the network {network} gave unexpected outputs")]
    Outputs {
        /// The network's file stem.
        network: &'static str,
    },
}

impl Models {
    /// Loads ONNX Runtime and the networks from `directory`. Each network runs on its caller's thread alone: a booth
    /// has other work for its second core, and the sum of both threads' time was never less.
    ///
    /// The process's allocator is told to keep what is freed; see [`memory`].
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
        memory::keep();
        let environment = engine(&directory.join(RUNTIME_FILE))?;
        let open = |name| Network::load(&environment, directory, name, threads);
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
        let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
        std::env::var_os("CAMPUS_BOOTH_MODELS")
            .map_or_else(|| home().join(".cache/campus-booth/models"), PathBuf::from)
    }
}

/// ONNX Runtime's one environment of this process: the engine allows no second one, so neither loading a second
/// set of models nor a test run can do without this global.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

fn engine(library: &Path) -> Result<Environment, ModelError> {
    let mut slot = ENVIRONMENT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(environment) = slot.as_ref() {
        return Ok(environment.clone());
    }
    readable(library)?;
    let environment = ort::init_from(library)
        .map_err(|e| ModelError::Library { path: library.to_owned(), source: Box::new(e) })?
        .with_name("campus-booth")
        .with_telemetry(false)
        .build()
        .map_err(ModelError::Engine)?;
    *slot = Some(environment.clone());
    Ok(environment)
}

/// The loader's own message for a missing file names no cause, so ask the system first.
fn readable(path: &Path) -> Result<(), ModelError> {
    std::fs::File::open(path)
        .map(drop)
        .map_err(|source| ModelError::Missing { path: path.to_owned(), source })
}
