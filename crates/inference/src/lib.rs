//! Networks loaded from one directory and run on pictures, for the rooms that see: `portrait` and `reader`.
//!
//! This is the only room that names the inference engine. **Invariant:** what the engine answers is copied out as plain
//! numbers, so that no room above holds anything of it.
//!
//! Left out on purpose: fetching and verifying weights, which set-up does; and what a network's numbers mean, which its
//! room knows.

mod engine;
mod error;
mod memory;
mod network;

pub use engine::{Engine, RUNTIME_FILE, default_directory};
pub use error::{InferenceError, ModelError};
pub use network::{Layout, Network, Tensor};
