//! Opens a camera and sends its newest good frames until it fails.

use std::io;
use std::os::fd::RawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use bytes::Bytes;
use nokhwa::Camera;
use nokhwa::utils::Resolution;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType,
};

use super::pipes::{self, Out};
use super::{controls, device, refusal};
use crate::camera::OpenRequest;
use crate::control::Control;
use crate::fault::{BadFrame, CameraFault};
use crate::hold::Wish;
use crate::mode::{self, Mode, PixelFormat};
use crate::webcam::nodes::Node;
use crate::wire::{Message, Note, Order, Settled, Start, WireFrame};
use crate::{fix, jpeg, pixels};

/// A frame older than this, and two frames' time, was waiting in a buffer while nobody looked.
///
/// Four buffers hold their frames however long a pause lasts. A frame's time stamp is taken when its first data comes,
/// and a raw frame takes nearly a frame's time to arrive: hence the two.
const STALE: Duration = Duration::from_millis(150);
/// Stale frames in a row after which the time stamps are wrong, not the frames: twice the number of buffers.
const MAX_STALE: u32 = 8;

/// Captures until the camera fails, which the last message names, or the parent is gone.
pub(super) fn run(start: &Start, mut out: Out) -> io::Result<()> {
    let orders = pipes::orders()?;
    let mut capture = match Capture::open(&start.request) {
        Ok(capture) => capture,
        Err(fault) => return out.send(&Message::Note(Note::Fault(fault))),
    };
    let wishes = start.wishes.clone().unwrap_or_else(|| start.request.calibration.wishes());
    let controls = capture.prepare(&wishes);
    out.send(&Message::Note(Note::Opened { mode: capture.mode, controls }))?;
    capture.unproven = Some(wishes);
    let fault = loop {
        capture.obey(&orders, &mut out)?;
        match capture.next() {
            Ok(Taken::Good(frame)) => {
                out.send(&Message::Frame(frame))?;
                if let Some(wishes) = capture.unproven.take() {
                    out.send(&Message::Note(Note::Controls(capture.prepare(&wishes))))?;
                }
            }
            Ok(Taken::Bad(kind)) => out.send(&Message::Note(Note::Bad(kind)))?,
            Ok(Taken::Stale) => {}
            Err(fault) => break fault,
        }
    };
    out.send(&Message::Note(Note::Fault(fault)))?;
    // Not by dropping: the bindings panic when a stream on a failing device is stopped.
    std::process::exit(0);
}

/// An open camera, streaming.
struct Capture {
    camera: Camera,
    mode: Mode,
    /// nokhwa's descriptor, which lives as long as `camera`.
    device: RawFd,
    stale: u32,
    /// Settings to look at again when the first frame has come: some cameras forget them when the stream starts. None
    /// once the parent has set anything, which must not be undone.
    unproven: Option<Vec<Wish>>,
}

/// What became of one frame.
enum Taken {
    Good(WireFrame),
    Bad(BadFrame),
    /// A newer one is there, or this one waited too long.
    Stale,
}

impl Capture {
    /// Opens the first candidate that works, in its first mode that works.
    fn open(request: &OpenRequest) -> Result<Self, CameraFault> {
        let mut refusal = None;
        for node in device::candidates(request.camera.as_ref()) {
            match Self::open_node(&node, &request.modes) {
                Ok(Some(capture)) => return Ok(capture),
                Ok(None) => {}
                Err(fault) => {
                    refusal.get_or_insert(fault);
                }
            }
        }
        Err(refusal.unwrap_or(CameraFault::Missing))
    }

    /// None where the node captures no pictures.
    fn open_node(node: &Node, wanted: &[Mode]) -> Result<Option<Self>, CameraFault> {
        let Some(offered) = device::modes(node)? else { return Ok(None) };
        for mode in mode::in_order(&offered, wanted) {
            match Self::open_mode(node, mode) {
                Ok(capture) => return Ok(Some(capture)),
                // Only a refused mode is a reason to ask for another one.
                Err(CameraFault::ModeRefused) => {}
                Err(fault) => return Err(fault),
            }
        }
        Err(CameraFault::ModeRefused)
    }

    fn open_mode(node: &Node, mode: Mode) -> Result<Self, CameraFault> {
        device::settle(node, mode)?;
        let formats = [frame_format(mode.format)];
        let exact = CameraFormat::new(Resolution::new(mode.width, mode.height), formats[0], mode.fps);
        let request = RequestedFormat::with_formats(RequestedFormatType::Exact(exact), &formats);
        let refused = |error| {
            eprintln!("{}: {mode} was refused: {error}", super::ROLE);
            refusal::opening_nokhwa(&error)
        };
        let mut camera =
            Camera::with_backend(CameraIndex::Index(node.number), request, ApiBackend::Video4Linux)
                .map_err(refused)?;
        camera.open_stream().map_err(refused)?;
        let device = device::descriptor(node).ok_or(CameraFault::Unplugged)?;
        Ok(Self { camera, mode, device, stale: 0, unproven: None })
    }

    /// Puts settings in place and gives them all, as far as they can be read: pictures matter more than settings.
    fn prepare(&mut self, wishes: &[Wish]) -> Vec<Control> {
        let prepared = catch_unwind(AssertUnwindSafe(|| fix::fix(&mut self.settings(), wishes)));
        prepared.ok().and_then(Result::ok).unwrap_or_default().controls
    }

    fn settings(&self) -> controls::Open<'_> {
        controls::Open { camera: &self.camera, device: self.device }
    }

    /// Does what the parent asked for since the last frame.
    fn obey(&mut self, orders: &Receiver<Order>, out: &mut Out) -> io::Result<()> {
        for order in orders.try_iter() {
            if let Some(answer) = self.settle(&order) {
                self.unproven = None;
                out.send(&Message::Note(Note::Set(answer)))?;
            }
        }
        Ok(())
    }

    /// Obeys an order about settings; none where it is about something else.
    fn settle(&mut self, order: &Order) -> Option<Result<Settled, CameraFault>> {
        let mut settings = self.settings();
        match order {
            Order::Set { kind, value } => Some(fix::set(&mut settings, *kind, *value)),
            Order::Fix(wishes) => Some(fix::fix(&mut settings, wishes)),
            Order::Hold => Some(fix::hold(&mut settings)),
            Order::Stop => None,
        }
    }

    /// Waits for a frame, for ever if need be: the parent watches the clock.
    fn next(&mut self) -> Result<Taken, CameraFault> {
        let buffer = self.camera.frame_raw().map_err(|error| {
            eprintln!("{}: {error}", super::ROLE);
            refusal::capturing(&error)
        })?;
        let facts = device::held_buffer(self.device).map_err(|error| refusal::opening(&error))?;
        let now = device::monotonic_ns();
        let taken_at = facts.monotonic_ns.unwrap_or(now);
        let age = Duration::from_nanos(now.saturating_sub(taken_at));
        let waited = age > STALE + 2 * Duration::from_secs(1) / self.mode.fps.max(1);
        if self.stale < MAX_STALE && (waited || device::has_newer(self.device)) {
            self.stale += 1;
            return Ok(Taken::Stale);
        }
        self.stale = 0;
        let bytes = &buffer[..facts.bytes.min(buffer.len())];
        let monotonic_ns = if waited { now } else { taken_at };
        Ok(match examine(bytes, self.mode) {
            Ok(data) => {
                let Mode { format, width, height, .. } = self.mode;
                Taken::Good(WireFrame { monotonic_ns, format, width, height, data })
            }
            Err(kind) => Taken::Bad(kind),
        })
    }
}

/// The frame's own bytes, if it is whole and of the agreed size.
fn examine(bytes: &[u8], mode: Mode) -> Result<Bytes, BadFrame> {
    if let Some(expected) = mode.format.frame_bytes(mode.width, mode.height) {
        return pixels::check_size(bytes, expected).map(|()| Bytes::copy_from_slice(bytes));
    }
    let found = jpeg::inspect(bytes)?;
    if (found.width, found.height) != (mode.width, mode.height) {
        return Err(BadFrame::WrongSize);
    }
    Ok(jpeg::complete(bytes, &found))
}

fn frame_format(format: PixelFormat) -> FrameFormat {
    match format {
        PixelFormat::Mjpeg => FrameFormat::MJPEG,
        PixelFormat::Yuyv => FrameFormat::YUYV,
        PixelFormat::Nv12 => FrameFormat::NV12,
        PixelFormat::Rgb => FrameFormat::RAWRGB,
        PixelFormat::Bgr => FrameFormat::RAWBGR,
    }
}
