//! The capture process: the booth's own program, started again to talk to the video driver.
//!
//! It is where nokhwa is used, with all that can go wrong there: a read that never returns, a panic, an abort, a dead
//! descriptor. It owns one camera, sends its newest good frames over a pipe, and ends, naming the fault, when the
//! camera fails; it repairs nothing. Its parent replaces it. It ends with its parent, whatever way that ends.
//!
//! A program that opens a [`crate::Webcam`] begins its `main` with
//! ```no_run
//! # use std::process::ExitCode;
//! fn main() -> ExitCode {
//!     if let Some(code) = camera::worker::intercept() {
//!         return code;
//!     }
//!     // ...
//! #   ExitCode::SUCCESS
//! }
//! ```

mod capture;
mod controls;
mod device;
mod pipes;
mod refusal;

use std::process::ExitCode;

use crate::camera::OpenRequest;

pub(crate) use device::monotonic_ns;

/// The first argument that makes a program the capture process.
pub(crate) const ROLE: &str = "capture-worker";
/// The second: list the cameras and end.
pub(crate) const LIST: &str = "list";
/// The second: capture; the third is the [`OpenRequest`] as JSON.
pub(crate) const CAPTURE: &str = "capture";

/// Does the capture process's work if this process was started for it, and gives the status to exit with; none in
/// any other process. Call it before anything else: before threads, windows and logs.
pub fn intercept() -> Option<ExitCode> {
    let arguments: Vec<String> = std::env::args().collect();
    (arguments.get(1)? == ROLE).then(|| run(&arguments[2..]))
}

/// Runs one of the two jobs; `arguments` are those behind the role.
fn run(arguments: &[String]) -> ExitCode {
    let job = arguments.first().map(String::as_str);
    let request = arguments.get(1).map(|text| serde_json::from_str::<OpenRequest>(text));
    let done = match (job, request) {
        (Some(LIST), None) => pipes::claim().and_then(|mut out| device::list(&mut out)),
        (Some(CAPTURE), Some(Ok(request))) => pipes::claim().and_then(|out| capture::run(&request, out)),
        _ => {
            eprintln!("{ROLE}: expects '{LIST}' or '{CAPTURE} REQUEST'");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{ROLE}: {error}");
            ExitCode::FAILURE
        }
    }
}
