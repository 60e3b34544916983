//! A stream whose frames come from a thread of this process, at a camera's rate: pictures from a folder, a simulated
//! booth.
//!
//! There is no device behind it, so there is nothing to set: to hold or to calibrate it is answered, and changes
//! nothing.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use crate::camera::{CameraKind, FrameStream, Health};
use crate::control::{Control, ControlKind};
use crate::fault::{CameraFault, FaultRecord};
use crate::frame::Frame;
use crate::hold::{Calibration, HELD, Held, Loose, LooseReason};
use crate::mode::Mode;
use crate::slot::Slot;

/// The consumers' end.
pub(crate) struct PacedStream {
    kind: CameraKind,
    slot: Arc<Slot>,
    /// Dropping it ends the thread.
    _stop: Sender<()>,
}

impl PacedStream {
    /// Starts a thread that does `turn` for each frame. `turn` publishes into the slot or notes a fault there, and says
    /// whether it did: while it has nothing yet, it is asked again sooner. It ends with the stream.
    ///
    /// # Errors
    /// [`CameraFault::WorkerNotStarted`] where the operating system grants no thread.
    pub(crate) fn start(
        kind: CameraKind,
        slot: Arc<Slot>,
        fps: u32,
        turn: impl FnMut() -> bool + Send + 'static,
    ) -> Result<Box<dyn FrameStream>, CameraFault> {
        let (stop, stopped) = mpsc::channel();
        std::thread::Builder::new()
            .name(format!("camera-{kind:?}").to_lowercase())
            .spawn(move || pace(turn, fps, &stopped))
            .map_err(|_| CameraFault::WorkerNotStarted)?;
        Ok(Box::new(Self { kind, slot, _stop: stop }))
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

/// The answer of a camera that has nothing to set.
fn nothing_to_hold() -> Held {
    let loose = HELD.map(|kind| Loose { kind, reason: LooseReason::Absent });
    Held { controls: Vec::new(), loose: loose.to_vec() }
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
        Vec::new()
    }

    fn set_control(&self, _kind: ControlKind, _value: i64) -> Result<Vec<Control>, CameraFault> {
        Err(CameraFault::ControlRefused)
    }

    fn hold(&self) -> Result<Held, CameraFault> {
        Ok(nothing_to_hold())
    }

    fn release(&self) -> Result<Held, CameraFault> {
        Ok(nothing_to_hold())
    }

    fn calibrate(&self, _calibration: Calibration) -> Result<Held, CameraFault> {
        Ok(nothing_to_hold())
    }

    fn faults(&self) -> Vec<FaultRecord> {
        self.slot.faults()
    }
}
