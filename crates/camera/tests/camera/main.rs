//! The camera crate as its users see it: folder and simulated booth. A real webcam is tested in a virtual machine
//! (`tests/camera` of the workspace), its supervision beside the code.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod folder;
mod simulated;
mod webcam;

use std::sync::Arc;
use std::time::Duration;

use camera::{Frame, FrameStream};

/// Long enough for a loaded machine; nothing waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(20);

fn newer(stream: &dyn FrameStream, after: u64) -> Arc<Frame> {
    stream.wait_newer(after, PATIENCE).expect("a frame comes")
}
