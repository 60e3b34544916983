//! The thread that keeps a webcam's frames coming.
//!
//! It is the only one that starts, listens to and ends capture processes. It never waits without a deadline, so
//! nothing that a camera, a driver or a capture process does can block it.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;

use super::process::{Event, Worker};
use super::{WorkerCommand, nodes};
use crate::camera::{Health, OpenRequest};
use crate::control::ControlKind;
use crate::fault::{BadFrame, CameraFault, Persistence};
use crate::frame::Frame;
use crate::hold::{Calibration, Wish};
use crate::mode::Mode;
use crate::pixels;
use crate::slot::Slot;
use crate::wire::{Message, Note, Order, Settled, Start, WireFrame};
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

/// A consumer's wish about settings, and where the answer goes.
pub(super) struct Ask {
    pub(super) what: What,
    pub(super) answer: Sender<Answer>,
}

pub(super) type Answer = Result<Settled, CameraFault>;

/// What a consumer wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// One control at this value, until the camera is opened anew.
    Set(ControlKind, i64),
    /// Everything as it is, until it is released.
    Hold,
    /// Everything as calibrated.
    Release,
    /// Everything as calibrated now.
    Calibrate(Calibration),
}

pub(super) struct Supervisor {
    command: WorkerCommand,
    request: OpenRequest,
    sysfs: PathBuf,
    slot: Arc<Slot>,
    asks: Receiver<Ask>,
    /// Those whose order is with the capture process, first come first.
    waiting: VecDeque<Ask>,
    /// The settings that every capture process puts in place when it opens the camera.
    wishes: Vec<Wish>,
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
        let wishes = request.calibration.wishes();
        Self { command, request, sysfs, slot, asks, waiting: VecDeque::new(), wishes }
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
        let start = Start { request: self.request.clone(), wishes: Some(self.wishes.clone()) };
        let start = serde_json::to_string(&start).map_err(|error| {
            tracing::error!(%error, "the request can't be passed on");
            CameraFault::WorkerNotStarted
        })?;
        Worker::start(&self.command, &[OsString::from(worker::CAPTURE), start.into()])
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
            Message::Note(Note::Controls(controls)) => {
                self.slot.set_controls(controls);
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
                Ok(ask) => {
                    self.note(ask.what);
                    match worker.order(self.order(ask.what)) {
                        Ok(()) => self.waiting.push_back(ask),
                        Err(fault) => tell(&ask.answer, Err(fault)),
                    }
                }
                Err(TryRecvError::Empty) => return Ok(()),
                Err(TryRecvError::Disconnected) => return Err(Closed),
            }
        }
    }

    /// Remembers what later capture processes have to put in place; a hold's values are known with its answer only.
    fn note(&mut self, what: What) {
        match what {
            What::Calibrate(calibration) => {
                self.request.calibration = calibration;
                self.wishes = calibration.wishes();
            }
            What::Release => self.wishes = self.request.calibration.wishes(),
            What::Set(..) | What::Hold => {}
        }
    }

    fn order(&self, what: What) -> Order {
        match what {
            What::Set(kind, value) => Order::Set { kind, value },
            What::Hold => Order::Hold,
            What::Release | What::Calibrate(_) => Order::Fix(self.wishes.clone()),
        }
    }

    fn answer(&mut self, result: Answer) {
        let asked = self.waiting.pop_front();
        if let Ok(settled) = &result {
            self.slot.set_controls(settled.controls.clone());
            // A release that was asked for meanwhile has changed the wishes already: it wins.
            let released =
                self.waiting.iter().any(|later| matches!(later.what, What::Release | What::Calibrate(_)));
            if asked.as_ref().is_some_and(|ask| ask.what == What::Hold) && !released {
                hold_on(&mut self.wishes, settled);
            }
        }
        if let Some(ask) = asked {
            tell(&ask.answer, result);
        }
    }

    /// Reports the fault and lets nobody wait for an answer that won't come.
    fn failed(&mut self, fault: CameraFault) {
        for waiting in self.waiting.drain(..) {
            tell(&waiting.answer, Err(fault));
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
    fn pause(&mut self, time: Duration) -> Result<(), Closed> {
        let end = Instant::now() + time;
        loop {
            match self.asks.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(ask) => {
                    self.note(ask.what);
                    tell(&ask.answer, Err(self.present_fault()));
                }
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

/// Makes the held values those that a reopened camera gets.
fn hold_on(wishes: &mut [Wish], settled: &Settled) {
    for wish in wishes.iter_mut().filter(|wish| settled.fixed.contains(&wish.kind)) {
        let control = settled.controls.iter().find(|control| control.kind == wish.kind);
        wish.value = control.map(|control| control.value).or(wish.value);
    }
}

/// Answers a consumer, who may have stopped waiting.
fn tell(answer: &Sender<Answer>, result: Answer) {
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
        // A copy of its own: the parser's buffer holds more than this frame, and the ring would keep it all alive.
        data: Bytes::copy_from_slice(&frame.data),
        simulated: false,
    })
}

#[cfg(test)]
#[path = "supervisor_tests.rs"]
mod tests;
