//! Frames for the booth: from a webcam, from a folder of pictures, or from a simulated booth, behind one trait.
//!
//! **Invariant**: the booth's process never opens a video device. Everything that talks to a driver happens in a
//! capture process of its own ([`worker`]), which is killed and replaced when it hangs, dies or goes silent; so a
//! faulty camera costs a second and never the booth.
//!
//! Frames stay compressed until somebody asks a [`Frame`] for pixels. A stream holds the newest frame only: a slow
//! consumer misses frames and delays neither the camera nor other consumers.
//!
//! Left out on purpose: faces, crops and colours (the portrait crate), and what to tell the student about a fault
//! (the booth).

mod brightness;
mod camera;
mod control;
mod fault;
mod fix;
mod folder;
mod frame;
mod hold;
mod jpeg;
mod mode;
mod paced;
mod pixels;
mod simulated;
mod slot;
mod webcam;
mod wire;
pub mod worker;

pub use camera::{
    Camera, CameraId, CameraInfo, CameraKind, FrameStream, Health, OpenRequest, SETTLING_FRAMES,
};
pub use control::{Control, ControlKind};
pub use fault::{BadFrame, CameraFault, FAULTS_KEPT, FaultRecord, Persistence};
pub use folder::FolderCamera;
pub use frame::{Frame, FrameError, Rgb8Image, SharedFrame};
pub use hold::{Calibration, Held, Loose, LooseReason};
pub use mode::{Mode, PREFERRED, PixelFormat};
pub use simulated::{
    SCRIPT_BYTES, SCRIPT_STEPS, Scene, Script, ScriptError, SimulatedCamera, SimulatedControl, Step,
};
pub use slot::{RECENT_BYTES, RECENT_FRAMES};
pub use webcam::{Webcam, WorkerCommand};

/// The webcams that are connected, each with its modes or with the fault that keeps it from being asked.
///
/// # Errors
/// [`CameraFault`] where the capture process that asks them could not do its work.
pub fn list() -> Result<Vec<CameraInfo>, CameraFault> {
    Webcam::new()?.enumerate()
}
