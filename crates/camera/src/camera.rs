//! What a camera is: something that can be listed and opened, and a stream of its newest frames.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::control::{Control, ControlKind};
use crate::fault::{CameraFault, FaultRecord};
use crate::frame::Frame;
use crate::hold::{Calibration, Held};
use crate::mode::{Mode, PREFERRED};

/// Where frames come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CameraKind {
    /// A V4L2 device.
    Webcam,
    /// Pictures from a folder: for demonstrations and tests, never for an official photo.
    Folder,
    /// A rendered person in a rendered booth: for demonstrations and tests, never for an official photo.
    Simulated,
}

/// Which device, so that it is found again under another node number: a USB device's vendor, product and serial
/// number as `046d:0825:SERIAL`, another device's bus name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CameraId(pub String);

impl std::fmt::Display for CameraId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// A camera that could be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraInfo {
    /// Where its frames come from.
    pub kind: CameraKind,
    /// What to ask for when opening it.
    pub id: CameraId,
    /// The maker's name for it.
    pub name: String,
    /// Where it is now: a device node, a folder, or empty.
    pub place: String,
    /// What it offers, in no particular order; empty where it could not be asked.
    pub modes: Vec<Mode>,
    /// Why it can't be used just now, where it could not be asked.
    pub fault: Option<CameraFault>,
}

/// What to open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRequest {
    /// This device only, or whichever is there.
    pub camera: Option<CameraId>,
    /// The modes to try first, in this order; every other mode that the camera offers is a fall-back.
    pub modes: Vec<Mode>,
    /// What staff measured for this booth's light; put in place at every opening, also after a reconnection.
    #[serde(default)]
    pub calibration: Calibration,
}

impl Default for OpenRequest {
    /// Any camera, 1280x720 MJPEG at 30 fps before all others, exposure and colour left to the camera.
    fn default() -> Self {
        Self { camera: None, modes: PREFERRED.to_vec(), calibration: Calibration::default() }
    }
}

/// After how many frames a setting shows: the frame being exposed, the one being read out, and two in the camera's
/// own pipeline.
pub const SETTLING_FRAMES: u32 = 4;

/// How a stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Opened; no frame has come yet.
    Starting,
    /// Good frames are coming.
    Streaming,
    /// No good frame comes, and why. A transient fault ends by itself.
    Faulted(CameraFault),
}

/// A source of frames.
pub trait Camera: Send + Sync {
    /// Where frames come from.
    fn kind(&self) -> CameraKind;

    /// What could be opened; empty where nothing is connected. It may take seconds with a webcam that is unwell.
    ///
    /// # Errors
    /// [`CameraFault`] where the list could not be made at all.
    fn enumerate(&self) -> Result<Vec<CameraInfo>, CameraFault>;

    /// Starts a stream and returns at once; whether frames come is the stream's [`Health`], and a camera that is
    /// missing now is used when it appears.
    ///
    /// # Errors
    /// [`CameraFault`] where no stream can be started whatever is connected later.
    fn open(&self, want: &OpenRequest) -> Result<Box<dyn FrameStream>, CameraFault>;
}

/// Frames as they come. One slot holds the newest: whoever is slow misses frames and delays nobody. Dropping the
/// stream closes the camera soon after, without waiting for it.
pub trait FrameStream: Send + Sync {
    /// Where frames come from.
    fn kind(&self) -> CameraKind;

    /// The mode that was agreed with the camera; none until it is open.
    fn mode(&self) -> Option<Mode>;

    /// The newest good frame; none before the first and while the stream is faulted, so that nobody takes an old
    /// picture for the present.
    fn latest(&self) -> Option<Arc<Frame>>;

    /// The newest good frames, oldest first, at most `count` and at most [`crate::RECENT_FRAMES`]: what a burst around
    /// the shutter chooses from. Fewer where fewer have come since the stream began or since a fault, which takes them
    /// all away, or where they are so large that they would take more than [`crate::RECENT_BYTES`].
    fn recent(&self, count: usize) -> Vec<Arc<Frame>>;

    /// Waits until there is a frame with a sequence number above `after_sequence`, at most for `timeout`.
    fn wait_newer(&self, after_sequence: u64, timeout: Duration) -> Option<Arc<Frame>>;

    /// How the stream is now.
    fn health(&self) -> Health;

    /// The settings that the open camera has; empty where it has none or is not open.
    fn controls(&self) -> Vec<Control>;

    /// Sets one of them, switching its automatic mode off where it has one, and returns the settings afterwards.
    ///
    /// # Errors
    /// [`CameraFault::ControlRefused`] where the camera lacks it or refuses the value, or the fault that keeps the
    /// camera from answering.
    fn set_control(&self, kind: ControlKind, value: i64) -> Result<Vec<Control>, CameraFault>;

    /// Holds exposure, gain, white balance and focus at their present values, for a student's session: their automatic
    /// modes go off, the values are read back, and they are put in place again should the camera be replugged
    /// meanwhile. What the camera can't hold is in [`Held::loose`]; that is an answer, not a fault. It takes up to a
    /// second with a webcam, which is looked at until it shows what was set.
    ///
    /// # Errors
    /// The fault that keeps the camera from answering. [`release`](Self::release) is due all the same: a camera that
    /// answers too late holds nevertheless.
    fn hold(&self) -> Result<Held, CameraFault>;

    /// Ends [`hold`](Self::hold): settings go to their calibrated values, those without one back to the camera's
    /// automatic modes. [`Held::controls`] are the calibrated ones.
    ///
    /// # Errors
    /// The fault that keeps the camera from answering. The release stands nevertheless: it takes effect when the
    /// camera is back.
    fn release(&self) -> Result<Held, CameraFault>;

    /// Takes these values for the calibrated ones, now and at every later opening of this stream, and ends a hold.
    ///
    /// # Errors
    /// As [`release`](Self::release).
    fn calibrate(&self, calibration: Calibration) -> Result<Held, CameraFault>;

    /// Waits for a frame that shows what was set before this call, at most for `timeout`. A camera shows a new exposure
    /// some frames late: the frame returned was captured at least [`SETTLING_FRAMES`] frames' time from now.
    fn settle(&self, timeout: Duration) -> Option<Arc<Frame>> {
        let now = Instant::now();
        let fps = self.mode().map_or(30, |mode| mode.fps.max(1));
        let (from, deadline) = (now + SETTLING_FRAMES * Duration::from_secs(1) / fps, now + timeout);
        let mut seen = 0;
        loop {
            let frame = self.wait_newer(seen, deadline.saturating_duration_since(Instant::now()))?;
            if frame.captured >= from {
                return Some(frame);
            }
            seen = frame.sequence;
        }
    }

    /// What went wrong since the stream was opened, oldest first, at most [`crate::FAULTS_KEPT`].
    fn faults(&self) -> Vec<FaultRecord>;
}
