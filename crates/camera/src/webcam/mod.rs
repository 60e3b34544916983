//! A webcam, by way of a capture process that is watched and replaced.
//!
//! Opening starts a supervisor thread that lives as long as the stream. It finds the camera, starts the capture
//! process, takes in its frames, and starts a new one whenever that one dies, goes silent or sends nonsense; after an
//! unplugging it looks for the camera under whatever number it comes back.

mod listing;
pub(crate) mod nodes;
mod process;
mod supervisor;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use crate::brightness;
use crate::camera::{Camera, CameraInfo, CameraKind, FrameStream, Health, OpenRequest};
use crate::control::{Control, ControlKind};
use crate::fault::{CameraFault, FaultRecord};
use crate::frame::Frame;
use crate::hold::{Calibration, Held, Loose, LooseReason};
use crate::mode::Mode;
use crate::slot::Slot;
use crate::wire::Settled;
use supervisor::{Ask, Supervisor, What};

/// The program that becomes the capture process: one whose `main` begins with [`crate::worker::intercept`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Arguments to put before the capture process's own.
    pub arguments: Vec<OsString>,
}

impl WorkerCommand {
    /// The running program itself.
    ///
    /// # Errors
    /// [`CameraFault::WorkerNotStarted`] where the operating system does not say which that is.
    pub fn this_program() -> Result<Self, CameraFault> {
        let program = std::env::current_exe().map_err(|error| {
            tracing::error!(%error, "the running program can't be found");
            CameraFault::WorkerNotStarted
        })?;
        Ok(Self { program, arguments: Vec::new() })
    }
}

/// The webcams of this machine.
#[derive(Debug, Clone)]
pub struct Webcam {
    worker: WorkerCommand,
    sysfs: PathBuf,
}

impl Webcam {
    /// Webcams with the running program as their capture process.
    ///
    /// # Errors
    /// [`CameraFault::WorkerNotStarted`] where the running program can't be found.
    pub fn new() -> Result<Self, CameraFault> {
        Ok(Self::with_worker(WorkerCommand::this_program()?))
    }

    /// Webcams with another program as their capture process.
    pub fn with_worker(worker: WorkerCommand) -> Self {
        Self { worker, sysfs: nodes::SYSFS.into() }
    }
}

impl Camera for Webcam {
    fn kind(&self) -> CameraKind {
        CameraKind::Webcam
    }

    fn enumerate(&self) -> Result<Vec<CameraInfo>, CameraFault> {
        // No device, no question: this is the usual answer on a machine that has no camera, and it costs nothing.
        if nodes::list(&self.sysfs, None).is_empty() {
            return Ok(Vec::new());
        }
        listing::ask(&self.worker)
    }

    fn open(&self, want: &OpenRequest) -> Result<Box<dyn FrameStream>, CameraFault> {
        let slot = Slot::new();
        let (asks, asked) = mpsc::channel();
        let supervisor =
            Supervisor::new(self.worker.clone(), want.clone(), self.sysfs.clone(), slot.clone(), asked);
        std::thread::Builder::new()
            .name("camera-supervisor".into())
            .spawn(move || supervisor.run())
            .map_err(|_| CameraFault::WorkerNotStarted)?;
        Ok(Box::new(WebcamStream { slot, asks }))
    }
}

/// How long a camera may take to answer to a control: the order waits for the next frame, then for the camera.
const CONTROL_TIME: Duration = Duration::from_secs(3);

struct WebcamStream {
    slot: Arc<Slot>,
    /// Dropping it ends the supervisor, and the capture process with it.
    asks: Sender<Ask>,
}

/// How long the picture may take to show what was held: a few frames, and the time that the camera was busy.
const SETTLING_TIME: Duration = Duration::from_secs(1);

impl WebcamStream {
    fn ask(&self, what: What) -> Result<Settled, CameraFault> {
        let (answer, answered) = mpsc::channel();
        self.asks.send(Ask { what, answer }).map_err(|_| CameraFault::WorkerNotStarted)?;
        answered.recv_timeout(CONTROL_TIME).unwrap_or(Err(CameraFault::Stalled))
    }

    /// Takes a hold back that has changed the picture: the value that the camera told was not the one it used. Many
    /// tell the last manual value while they set the exposure themselves.
    fn give_up(&self, wrong: &Held) -> Result<Held, CameraFault> {
        let mut held = self.release()?;
        let calibrated = |kind| held.holds(kind);
        let jumped = wrong.controls.iter().map(|control| control.kind).filter(|kind| !calibrated(*kind));
        let jumped: Vec<_> = jumped.map(|kind| Loose { kind, reason: LooseReason::Jumped }).collect();
        held.loose.extend(wrong.loose.iter().copied().chain(jumped));
        Ok(held)
    }
}

impl FrameStream for WebcamStream {
    fn kind(&self) -> CameraKind {
        CameraKind::Webcam
    }

    fn mode(&self) -> Option<Mode> {
        self.slot.mode()
    }

    fn latest(&self) -> Option<Arc<Frame>> {
        self.slot.latest()
    }

    fn recent(&self, count: usize) -> Vec<Arc<Frame>> {
        self.slot.recent(count)
    }

    fn wait_newer(&self, after_sequence: u64, timeout: Duration) -> Option<Arc<Frame>> {
        self.slot.wait_newer(after_sequence, timeout)
    }

    fn health(&self) -> Health {
        self.slot.health()
    }

    fn controls(&self) -> Vec<Control> {
        self.slot.controls()
    }

    fn set_control(&self, kind: ControlKind, value: i64) -> Result<Vec<Control>, CameraFault> {
        self.ask(What::Set(kind, value)).map(|settled| settled.controls)
    }

    fn hold(&self) -> Result<Held, CameraFault> {
        let before = self.latest();
        let held = self.ask(What::Hold)?.held();
        let after = self.settle(SETTLING_TIME);
        let jumped = match (&before, &after) {
            (Some(before), Some(after)) => brightness::jumped(before, after),
            _ => false,
        };
        if jumped && held.holds(ControlKind::Exposure) {
            return self.give_up(&held);
        }
        Ok(held)
    }

    fn release(&self) -> Result<Held, CameraFault> {
        self.ask(What::Release).map(Settled::held)
    }

    fn calibrate(&self, calibration: Calibration) -> Result<Held, CameraFault> {
        self.ask(What::Calibrate(calibration)).map(Settled::held)
    }

    fn faults(&self) -> Vec<FaultRecord> {
        self.slot.faults()
    }
}
