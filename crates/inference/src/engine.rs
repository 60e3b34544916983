//! The engine itself: its library, its one environment a process, and where its files lie.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;

use crate::{ModelError, memory};

/// File name of ONNX Runtime inside the models' directory.
pub const RUNTIME_FILE: &str = "libonnxruntime.so.1.23.2";

/// ONNX Runtime's one environment of this process: the engine allows no second one, so neither loading a second
/// set of models nor a test run can do without this global.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// The inference engine, started. Clones are the same engine.
#[derive(Debug, Clone)]
pub struct Engine(Environment);

impl Engine {
    /// Starts ONNX Runtime from `directory`; the second call and later ones give the engine that runs.
    ///
    /// The process's allocator is told to keep what is freed: networks and pictures take and free blocks of ten
    /// megabytes by the dozen.
    ///
    /// # Errors
    /// [`ModelError::Missing`], [`ModelError::Library`] or [`ModelError::Engine`].
    pub fn start(directory: &Path) -> Result<Self, ModelError> {
        memory::keep();
        let mut slot = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(environment) = slot.as_ref() {
            return Ok(Self(environment.clone()));
        }
        let environment = environment(&directory.join(RUNTIME_FILE))?;
        *slot = Some(environment.clone());
        Ok(Self(environment))
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.0
    }
}

/// The directory that set-up fills: `$CAMPUS_BOOTH_MODELS`, or `~/.cache/campus-booth/models`.
#[must_use]
pub fn default_directory() -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    std::env::var_os("CAMPUS_BOOTH_MODELS")
        .map_or_else(|| home().join(".cache/campus-booth/models"), PathBuf::from)
}

/// The loader's own message for a missing file names no cause, so ask the system first.
pub(crate) fn readable(path: &Path) -> Result<(), ModelError> {
    std::fs::File::open(path)
        .map(drop)
        .map_err(|source| ModelError::Missing { path: path.to_owned(), source })
}

fn environment(library: &Path) -> Result<Environment, ModelError> {
    readable(library)?;
    ort::init_from(library)
        .map_err(|e| ModelError::Library { path: library.to_owned(), source: Box::new(e) })?
        .with_name("campus-booth")
        .with_telemetry(false)
        .build()
        .map_err(ModelError::Engine)
}
