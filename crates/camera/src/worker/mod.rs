//! The capture process: the booth's own program, started again to talk to the video driver.
//!
//! It is where nokhwa is used, with all that can go wrong there: a read that never returns, a panic, an abort, a dead
//! descriptor. It owns one camera, sends its newest good frames over a pipe, and ends, naming the fault, when the
//! camera fails; it repairs nothing. Its parent replaces it. It ends with its parent, whatever way that ends.
//!
//! What nokhwa 0.10.11 does on Linux, and why it harms nothing here ("rig" is the test in the virtual machine):
//!
//! | nokhwa | here |
//! |---|---|
//! | its decoder panics or aborts on a corrupt frame, and takes half a JPEG for a whole one | it is not built in; frames are walked to their last block before they are handed on (rig: corrupt, half, zero, junk) |
//! | it gives out the whole buffer, with stale bytes behind the frame | the driver is asked for the frame's length, and a JPEG is cut at its end marker (rig: half, a hundred frames byte for byte) |
//! | a read has no time-out | the parent watches the clock and kills this process (rig: stall, hanging process) |
//! | a dead descriptor is used again while the old camera lives; the number changes after replugging | a process opens one camera once, and ends when it fails; its successor looks for the device by its identity (rig: replugged under another number) |
//! | a fractional rate or an unknown format left in the device makes every opening fail | the mode is set through V4L2 before (rig: fractional rate) |
//! | the nearest and the highest mode are not what they say | only enumerated modes are asked for, exactly, one after the other (rig: a mode that is not offered; `mode::in_order`) |
//! | its list is unsorted, has metadata nodes, and panics on a file like /dev/videofoo | devices are listed from sysfs, sorted, and asked whether they capture (rig: the list; `webcam::nodes`) |
//! | its four buffers keep frames from before a pause | a frame that waited, or that a newer one follows, is discarded (rig: frames that waited) |
//! | its names for exposure, focus and zoom mean controls that USB cameras lack; a manual value is refused while the automatic mode is on; each setting asks the camera for all the others | V4L2's numbers are used, the automatic mode is switched off first, each is written and read back by itself (rig: controls, hold, calibration; `crate::fix`) |
//! | a busy camera is reported when the stream starts only; an input error stays until the device is opened anew | both openings map to one name, and any error while capturing ends this process (rig: busy; `refusal`) |
//! | its callback camera spins after an unplugging | it is not used |
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

use crate::wire::Start;

pub(crate) use device::monotonic_ns;

/// The first argument that makes a program the capture process.
pub(crate) const ROLE: &str = "capture-worker";
/// The second: list the cameras and end.
pub(crate) const LIST: &str = "list";
/// The second: capture; the third is the [`Start`] as JSON.
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
    let request = arguments.get(1).map(|text| serde_json::from_str::<Start>(text));
    let done = match (job, request) {
        (Some(LIST), None) => pipes::claim().and_then(|mut out| device::list(&mut out)),
        (Some(CAPTURE), Some(Ok(start))) => pipes::claim().and_then(|out| capture::run(&start, out)),
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
