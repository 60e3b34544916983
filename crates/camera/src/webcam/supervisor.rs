//! The thread that keeps a webcam's frames coming.
//!
//! It is the only one that starts, listens to and ends capture processes. It never waits without a deadline, so
//! nothing that a camera, a driver or a capture process does can block it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::{Duration, Instant, SystemTime};

use super::process::{Event, Worker};
use super::{WorkerCommand, nodes};
use crate::camera::{Health, OpenRequest};
use crate::control::{Control, ControlKind};
use crate::fault::{BadFrame, CameraFault, Persistence};
use crate::frame::Frame;
use crate::mode::Mode;
use crate::pixels;
use crate::slot::Slot;
use crate::wire::{Message, Note, Order, WireFrame};
use crate::worker;

/// The time limits, each with its reason.
mod limits {
    use std::time::Duration;

    /// Opening a USB camera takes 0.1 to 1 s; a wedged one hangs.
    pub(super) const OPENING: Duration = Duration::from_secs(5);
    /// Cameras that adjust their exposure first send nothing for up to 1.5 s.
    pub(super) const FIRST_FRAME: Duration = Duration::from_millis(2500);
    /// Thirty frames missed.
    pub(super) const SILENCE: Duration = Duration::from_secs(1);
    /// Bad frames for so long call for opening the camera anew.
    pub(super) const BAD_FRAMES: Duration = Duration::from_secs(5);
    /// Between two attempts: short enough to be back within a second, long enough to cost nothing.
    pub(super) const RETRY: Duration = Duration::from_millis(300);
    /// Between two attempts where somebody has to change the set-up first.
    pub(super) const RETRY_PERMANENT: Duration = Duration::from_secs(3);
    /// Between two looks at the list of devices, which costs some 20 microseconds.
    pub(super) const LOOK: Duration = Duration::from_millis(100);
    /// The longest time for which a control waits to be passed on.
    pub(super) const ASKS: Duration = Duration::from_millis(30);
}

/// Bad frames in a row that make a fault: one or two are a disturbed cable.
const BAD_IN_A_ROW: u32 = 3;

/// A consumer's wish to set a control, and where the answer goes.
pub(super) struct Ask {
    pub(super) kind: ControlKind,
    pub(super) value: i64,
    pub(super) answer: Sender<Result<Vec<Control>, CameraFault>>,
}

pub(super) struct Supervisor {
    command: WorkerCommand,
    request: OpenRequest,
    sysfs: PathBuf,
    slot: Arc<Slot>,
    asks: Receiver<Ask>,
    /// Those whose order is with the capture process, first come first.
    waiting: Vec<Sender<Result<Vec<Control>, CameraFault>>>,
}

/// Nobody holds the stream any more.
struct Closed;

impl Supervisor {
    pub(super) fn new(
        command: WorkerCommand,
        request: OpenRequest,
        sysfs: PathBuf,
        slot: Arc<Slot>,
        asks: Receiver<Ask>,
    ) -> Self {
        Self { command, request, sysfs, slot, asks, waiting: Vec::new() }
    }

    /// Works until the stream is dropped.
    pub(super) fn run(mut self) {
        loop {
            let Ok(fault) = self.attempt() else { return };
            self.failed(fault);
            let pause = match fault.persistence() {
                Persistence::Transient => limits::RETRY,
                Persistence::Permanent => limits::RETRY_PERMANENT,
            };
            if self.pause(pause).is_err() {
                return;
            }
        }
    }

    /// Finds the camera, starts a capture process and watches it to its end.
    fn attempt(&mut self) -> Result<CameraFault, Closed> {
        self.find()?;
        let mut worker = match self.start() {
            Ok(worker) => worker,
            Err(fault) => return Ok(fault),
        };
        let ended = self.watch(&mut worker);
        tracing::debug!(process = worker.id(), "the capture process is given up");
        ended
    }

    /// Waits until the kernel lists a camera that would do.
    fn find(&mut self) -> Result<(), Closed> {
        while nodes::list(&self.sysfs, self.request.camera.as_ref()).is_empty() {
            self.failed(CameraFault::Missing);
            self.pause(limits::LOOK)?;
        }
        Ok(())
    }

    fn start(&self) -> Result<Worker, CameraFault> {
        let request = serde_json::to_string(&self.request).map_err(|error| {
            tracing::error!(%error, "the request can't be passed on");
            CameraFault::WorkerNotStarted
        })?;
        Worker::start(&self.command, &[OsString::from(worker::CAPTURE), request.into()])
    }

    /// Takes in what the capture process sends until it fails.
    fn watch(&mut self, worker: &mut Worker) -> Result<CameraFault, Closed> {
        let mut watch = Watch::begin(Instant::now());
        loop {
            self.pass_on(worker)?;
            match worker.next(watch.deadline.min(Instant::now() + limits::ASKS)) {
                Event::Message(message) => {
                    if let Some(fault) = self.take(message, &mut watch) {
                        return Ok(fault);
                    }
                }
                Event::Quiet if Instant::now() >= watch.deadline => return Ok(CameraFault::Stalled),
                Event::Quiet => {}
                Event::Ended => return Ok(CameraFault::WorkerDied),
            }
        }
    }

    /// Acts on one message; a fault means that this capture process has done its time.
    fn take(&mut self, message: Message, watch: &mut Watch) -> Option<CameraFault> {
        let now = Instant::now();
        match message {
            Message::Note(Note::Opened { mode, controls }) => {
                tracing::info!(%mode, "the camera is open");
                self.slot.opened(mode, controls);
                watch.opened(mode, now);
                None
            }
            Message::Frame(frame) => {
                match watch.mode.ok_or(BadFrame::WrongSize).and_then(|mode| accept(frame, mode)) {
                    Ok(frame) => {
                        self.slot.publish(frame);
                        watch.good(now);
                        None
                    }
                    Err(kind) => self.bad(kind, watch, now),
                }
            }
            Message::Note(Note::Bad(kind)) => self.bad(kind, watch, now),
            Message::Note(Note::Fault(fault)) => Some(fault),
            Message::Note(Note::Set(result)) => {
                self.answer(result);
                None
            }
            Message::Note(Note::Listed { .. } | Note::ListEnd) | Message::Order(_) => {
                Some(CameraFault::WorkerDied)
            }
        }
    }

    fn bad(&self, kind: BadFrame, watch: &mut Watch, now: Instant) -> Option<CameraFault> {
        watch.bad(now);
        if watch.bad_in_a_row == BAD_IN_A_ROW {
            self.report(CameraFault::BadFrames(kind));
        }
        let since = watch.bad_since?;
        (now.duration_since(since) > limits::BAD_FRAMES).then_some(CameraFault::BadFrames(kind))
    }

    /// Hands the consumers' wishes to the capture process.
    fn pass_on(&mut self, worker: &mut Worker) -> Result<(), Closed> {
        loop {
            match self.asks.try_recv() {
                Ok(ask) => match worker.order(Order::Set { kind: ask.kind, value: ask.value }) {
                    Ok(()) => self.waiting.push(ask.answer),
                    Err(fault) => tell(&ask.answer, Err(fault)),
                },
                Err(TryRecvError::Empty) => return Ok(()),
                Err(TryRecvError::Disconnected) => return Err(Closed),
            }
        }
    }

    fn answer(&mut self, result: Result<Vec<Control>, CameraFault>) {
        if let Ok(controls) = &result {
            self.slot.set_controls(controls.clone());
        }
        if !self.waiting.is_empty() {
            tell(&self.waiting.remove(0), result);
        }
    }

    /// Reports the fault and lets nobody wait for an answer that won't come.
    fn failed(&mut self, fault: CameraFault) {
        for waiting in self.waiting.drain(..) {
            tell(&waiting, Err(fault));
        }
        // A camera that was unplugged is missing too: the first says more.
        let unplugged = self.slot.health() == Health::Faulted(CameraFault::Unplugged);
        if !(fault == CameraFault::Missing && unplugged) {
            self.report(fault);
        }
    }

    fn report(&self, fault: CameraFault) {
        if self.slot.health() != Health::Faulted(fault) {
            tracing::warn!(fault = fault.name(), "{fault}");
        }
        self.slot.fault(fault);
    }

    /// Lets time pass while answering that there is no camera to set.
    fn pause(&self, time: Duration) -> Result<(), Closed> {
        let end = Instant::now() + time;
        loop {
            match self.asks.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(ask) => tell(&ask.answer, Err(self.present_fault())),
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(Closed),
            }
        }
    }

    fn present_fault(&self) -> CameraFault {
        match self.slot.health() {
            Health::Faulted(fault) => fault,
            Health::Starting | Health::Streaming => CameraFault::Missing,
        }
    }
}

/// Answers a consumer, who may have stopped waiting.
fn tell(answer: &Sender<Result<Vec<Control>, CameraFault>>, result: Result<Vec<Control>, CameraFault>) {
    if answer.send(result).is_err() {
        tracing::debug!("nobody waits for the control's answer any more");
    }
}

/// One capture process's clock.
struct Watch {
    mode: Option<Mode>,
    deadline: Instant,
    bad_in_a_row: u32,
    bad_since: Option<Instant>,
    silence: Duration,
}

impl Watch {
    fn begin(now: Instant) -> Self {
        let deadline = now + limits::OPENING;
        Self { mode: None, deadline, bad_in_a_row: 0, bad_since: None, silence: limits::SILENCE }
    }

    fn opened(&mut self, mode: Mode, now: Instant) {
        self.mode = Some(mode);
        self.deadline = now + limits::FIRST_FRAME;
        // A slow mode may take its time: five frames.
        self.silence = limits::SILENCE.max(Duration::from_secs(5) / mode.fps.max(1));
    }

    fn good(&mut self, now: Instant) {
        self.deadline = now + self.silence;
        self.bad_in_a_row = 0;
        self.bad_since = None;
    }

    fn bad(&mut self, now: Instant) {
        self.deadline = now + self.silence;
        self.bad_in_a_row = self.bad_in_a_row.saturating_add(1);
        self.bad_since.get_or_insert(now);
    }
}

/// The frame as consumers get it, if it is what was agreed. The capture process has looked into the picture already;
/// this looks whether the message holds what it says.
fn accept(frame: WireFrame, mode: Mode) -> Result<Frame, BadFrame> {
    if (frame.format, frame.width, frame.height) != (mode.format, mode.width, mode.height) {
        return Err(BadFrame::WrongSize);
    }
    match mode.format.frame_bytes(mode.width, mode.height) {
        Some(expected) => pixels::check_size(&frame.data, expected)?,
        None if !frame.data.starts_with(&[0xFF, 0xD8]) => return Err(BadFrame::NotJpeg),
        None if !frame.data.ends_with(&[0xFF, 0xD9]) => return Err(BadFrame::Truncated),
        None => {}
    }
    let age = Duration::from_nanos(worker::monotonic_ns().saturating_sub(frame.monotonic_ns));
    let (now, wall) = (Instant::now(), SystemTime::now());
    Ok(Frame {
        sequence: 0,
        captured_at: wall.checked_sub(age).unwrap_or(wall),
        captured: now.checked_sub(age).unwrap_or(now),
        width: frame.width,
        height: frame.height,
        format: frame.format,
        data: frame.data,
        simulated: false,
    })
}

#[cfg(test)]
#[path = "supervisor_tests.rs"]
mod tests;
