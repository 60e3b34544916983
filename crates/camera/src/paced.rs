//! A stream whose frames come from a thread of this process, at a camera's rate: pictures from a folder, a simulated
//! booth.
//!
//! A folder has nothing to set: to hold or to calibrate it is answered, and changes nothing. A simulated booth has
//! settings that act as a webcam's do ([`Settings`]).

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::camera::{CameraKind, FrameStream, Health};
use crate::control::{Control, ControlKind};
use crate::fault::{CameraFault, FaultRecord};
use crate::fix::{self, Settings};
use crate::frame::Frame;
use crate::hold::{Calibration, Held};
use crate::mode::Mode;
use crate::slot::Slot;
use crate::wire::Settled;

/// The settings of a camera that has none.
pub(crate) struct NoSettings;

impl Settings for NoSettings {
    fn list(&self) -> Vec<Control> {
        Vec::new()
    }

    fn read(&self, _kind: ControlKind) -> Result<i64, CameraFault> {
        Err(CameraFault::ControlRefused)
    }

    fn write(&mut self, _kind: ControlKind, _value: i64) -> Result<(), CameraFault> {
        Err(CameraFault::ControlRefused)
    }
}

/// The consumers' end.
pub(crate) struct PacedStream {
    kind: CameraKind,
    slot: Arc<Slot>,
    settings: Mutex<Box<dyn Settings + Send>>,
    calibration: Mutex<Calibration>,
    /// Told when somebody holds the settings.
    held: Box<dyn Fn() + Send + Sync>,
    /// Dropping it ends the thread.
    _stop: Sender<()>,
}

impl PacedStream {
    /// Starts a thread that does `turn` for each frame. `turn` publishes into the slot or notes a fault there, and says
    /// whether it did: while it has nothing yet, it is asked again sooner. It ends with the stream. `held` is told when a
    /// student's session begins to hold the settings.
    ///
    /// # Errors
    /// [`CameraFault::WorkerNotStarted`] where the operating system grants no thread.
    pub(crate) fn start(
        kind: CameraKind,
        slot: Arc<Slot>,
        fps: u32,
        settings: impl Settings + Send + 'static,
        turn: impl FnMut() -> bool + Send + 'static,
        held: impl Fn() + Send + Sync + 'static,
    ) -> Result<Box<dyn FrameStream>, CameraFault> {
        let (stop, stopped) = mpsc::channel();
        std::thread::Builder::new()
            .name(format!("camera-{kind:?}").to_lowercase())
            .spawn(move || pace(turn, fps, &stopped))
            .map_err(|_| CameraFault::WorkerNotStarted)?;
        let settings: Mutex<Box<dyn Settings + Send>> = Mutex::new(Box::new(settings));
        Ok(Box::new(Self {
            kind,
            slot,
            settings,
            calibration: Mutex::default(),
            held: Box::new(held),
            _stop: stop,
        }))
    }

    fn fix(&self, calibration: Calibration) -> Result<Held, CameraFault> {
        fix::fix(&mut **self.settings.lock(), &calibration.wishes()).map(Settled::held)
    }
}

fn pace(mut turn: impl FnMut() -> bool, fps: u32, stopped: &Receiver<()>) {
    let interval = Duration::from_secs(1) / fps.max(1);
    let mut next = Instant::now();
    loop {
        // Before the first frame there is no rhythm to keep: look again soon.
        next = if turn() { (next + interval).max(Instant::now()) } else { Instant::now() + interval / 8 };
        let wait = next.saturating_duration_since(Instant::now());
        // The stream is dropped: nobody looks any more.
        if stopped.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
    }
}

impl FrameStream for PacedStream {
    fn kind(&self) -> CameraKind {
        self.kind
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
        self.settings.lock().list()
    }

    fn set_control(&self, kind: ControlKind, value: i64) -> Result<Vec<Control>, CameraFault> {
        fix::set(&mut **self.settings.lock(), kind, value).map(|settled| settled.controls)
    }

    fn hold(&self) -> Result<Held, CameraFault> {
        (self.held)();
        fix::hold(&mut **self.settings.lock()).map(Settled::held)
    }

    fn release(&self) -> Result<Held, CameraFault> {
        let calibration = *self.calibration.lock();
        self.fix(calibration)
    }

    fn calibrate(&self, calibration: Calibration) -> Result<Held, CameraFault> {
        *self.calibration.lock() = calibration;
        self.fix(calibration)
    }

    fn faults(&self) -> Vec<FaultRecord> {
        self.slot.faults()
    }
}
