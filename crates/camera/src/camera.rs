//! What a camera is: something that can be listed and opened, and a stream of its newest frames.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::control::{Control, ControlKind};
use crate::fault::{CameraFault, FaultRecord};
use crate::frame::Frame;
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
}

impl Default for OpenRequest {
    /// Any camera, 1280x720 MJPEG at 30 fps before all others.
    fn default() -> Self {
        Self { camera: None, modes: PREFERRED.to_vec() }
    }
}

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

    /// What went wrong since the stream was opened, oldest first, at most [`crate::FAULTS_KEPT`].
    fn faults(&self) -> Vec<FaultRecord>;
}
