//! What can go wrong with a network.

use std::path::PathBuf;

/// Why a network could not be loaded.
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
