//! What nokhwa does not tell about a video device, asked of the driver through V4L2 itself.
//!
//! - Which nodes capture pictures: nokhwa lists metadata nodes too, unsorted.
//! - Which modes have a whole frame rate: nokhwa's public list takes 2/25 s for 25 fps.
//! - A device left at a fractional rate or in an unknown format makes nokhwa's constructor fail whatever is asked for;
//!   [`settle`] puts the wanted mode in place before.
//! - One control's value, without asking the camera for all the others.
//! - How long the frame in a buffer is and when it was taken ([`BufferFacts`]): nokhwa gives out the whole buffer,
//!   with an older frame's bytes behind a shorter new one.

use std::io;
use std::mem;
use std::os::fd::RawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use v4l::capability::Flags;
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::v4l_sys::{v4l2_buffer, v4l2_control};
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Device, Format, FourCC, v4l2};

use super::pipes::Out;
use super::refusal;
use crate::camera::CameraId;
use crate::fault::CameraFault;
use crate::mode::{Mode, PixelFormat};
use crate::webcam::nodes::{self, Node, SYSFS};
use crate::wire::{Message, Note};

/// The formats that nokhwa can capture and the booth can read.
const FORMATS: [(PixelFormat, &[u8; 4]); 5] = [
    (PixelFormat::Mjpeg, b"MJPG"),
    (PixelFormat::Yuyv, b"YUYV"),
    (PixelFormat::Nv12, b"NV12"),
    (PixelFormat::Rgb, b"RGB3"),
    (PixelFormat::Bgr, b"BGR3"),
];

/// Sizes to ask for where a device offers a range instead of a list.
const SIZES: [(u32, u32); 3] = [(1280, 720), (1920, 1080), (640, 480)];

/// Tells the parent of every camera that captures pictures, with its modes.
pub(super) fn list(out: &mut Out) -> io::Result<()> {
    for node in nodes::list(Path::new(SYSFS), None) {
        // The bindings panic on a driver that gives its name in no known encoding: that is this camera's fault only.
        let asked = catch_unwind(AssertUnwindSafe(|| modes(&node))).unwrap_or(Err(CameraFault::DeviceFailed));
        let (modes, fault) = match asked {
            Ok(Some(modes)) => (modes, None),
            Ok(None) => continue,
            Err(fault) => (Vec::new(), Some(fault)),
        };
        let node_path = node.path().display().to_string();
        out.send(&Message::Note(Note::Listed {
            id: node.id,
            name: node.name,
            node: node_path,
            modes,
            fault,
        }))?;
    }
    out.send(&Message::Note(Note::ListEnd))
}

/// The nodes to try for this camera, lowest number first.
pub(super) fn candidates(id: Option<&CameraId>) -> Vec<Node> {
    nodes::list(Path::new(SYSFS), id)
}

/// The modes that a node offers at whole frame rates, or none where it captures no pictures.
pub(super) fn modes(node: &Node) -> Result<Option<Vec<Mode>>, CameraFault> {
    let device = Device::with_path(node.path()).map_err(|error| refusal::opening(&error))?;
    let abilities = device.query_caps().map_err(|error| refusal::opening(&error))?.capabilities;
    if !abilities.contains(Flags::VIDEO_CAPTURE | Flags::STREAMING) {
        return Ok(None);
    }
    let offered = device.enum_formats().map_err(|error| refusal::opening(&error))?;
    let known =
        FORMATS.iter().filter(|(_, code)| offered.iter().any(|format| format.fourcc == FourCC::new(code)));
    Ok(Some(known.flat_map(|&(format, code)| format_modes(&device, format, FourCC::new(code))).collect()))
}

fn format_modes(device: &Device, format: PixelFormat, code: FourCC) -> Vec<Mode> {
    let mut modes = Vec::new();
    for (width, height) in sizes(device, code) {
        let rates = whole_rates(device, code, width, height);
        modes.extend(rates.into_iter().map(|fps| Mode::new(format, width, height, fps)));
    }
    modes
}

fn sizes(device: &Device, code: FourCC) -> Vec<(u32, u32)> {
    // A format without a list of sizes is one that can't be asked for.
    let listed = device.enum_framesizes(code).unwrap_or_default();
    listed
        .into_iter()
        .flat_map(|size| match size.size {
            FrameSizeEnum::Discrete(size) => vec![(size.width, size.height)],
            FrameSizeEnum::Stepwise(range) => SIZES
                .into_iter()
                .filter(|(width, height)| {
                    (range.min_width..=range.max_width).contains(width)
                        && (range.min_height..=range.max_height).contains(height)
                })
                .collect(),
        })
        .collect()
}

fn whole_rates(device: &Device, code: FourCC, width: u32, height: u32) -> Vec<u32> {
    let listed = device.enum_frameintervals(code, width, height).unwrap_or_default();
    listed
        .into_iter()
        .flat_map(|interval| match interval.interval {
            FrameIntervalEnum::Discrete(time) if time.numerator == 1 => vec![time.denominator],
            FrameIntervalEnum::Discrete(_) => vec![],
            // A range of intervals: 30 fps is within those of every device met so far; a refusal tries the next mode.
            FrameIntervalEnum::Stepwise(_) => vec![30],
        })
        .collect()
}

/// Puts a mode in place and lets go of the device again; the mode stays.
pub(super) fn settle(node: &Node, mode: Mode) -> Result<(), CameraFault> {
    let refused = |error: io::Error| refusal::opening(&error);
    let device = Device::with_path(node.path()).map_err(refused)?;
    let code = FORMATS.iter().find(|(format, _)| *format == mode.format).map(|(_, code)| FourCC::new(code));
    let code = code.ok_or(CameraFault::ModeRefused)?;
    let got = device.set_format(&Format::new(mode.width, mode.height, code)).map_err(refused)?;
    let rate = device.set_params(&Parameters::with_fps(mode.fps)).map_err(refused)?.interval;
    let exact = (got.width, got.height, got.fourcc) == (mode.width, mode.height, code)
        && (rate.numerator, rate.denominator) == (1, mode.fps);
    if exact { Ok(()) } else { Err(CameraFault::ModeRefused) }
}

/// The descriptor under which this process has a node open.
pub(super) fn descriptor(node: &Node) -> Option<RawFd> {
    let open = std::fs::read_dir("/proc/self/fd").ok()?;
    open.filter_map(Result::ok)
        .find(|entry| std::fs::read_link(entry.path()).is_ok_and(|target| target == node.path()))
        .and_then(|entry| entry.file_name().to_str()?.parse().ok())
}

/// What the driver knows of the frame that this process holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct BufferFacts {
    /// Bytes of the frame.
    pub(super) bytes: usize,
    /// When its first data came: nanoseconds of the monotonic clock; none where the driver uses another clock.
    pub(super) monotonic_ns: Option<u64>,
}

const BUFFER_CAPTURE: u32 = 1;
const MEMORY_MMAP: u32 = 1;
const FLAG_QUEUED: u32 = 0x2;
const FLAG_DONE: u32 = 0x4;
const CLOCK_MASK: u32 = 0xe000;
const CLOCK_MONOTONIC: u32 = 0x2000;
/// More buffers than V4L2 ever grants.
const MAX_BUFFERS: u32 = 32;

/// The facts of the one buffer that is with this process: neither queued for the driver nor waiting to be taken.
pub(super) fn held_buffer(device: RawFd) -> io::Result<BufferFacts> {
    for index in 0..MAX_BUFFERS {
        let buffer = query(device, index)?;
        if buffer.flags & (FLAG_QUEUED | FLAG_DONE) == 0 {
            let clock = buffer.flags & CLOCK_MASK == CLOCK_MONOTONIC;
            let time =
                buffer.timestamp.tv_sec as u64 * 1_000_000_000 + buffer.timestamp.tv_usec as u64 * 1_000;
            return Ok(BufferFacts { bytes: buffer.bytesused as usize, monotonic_ns: clock.then_some(time) });
        }
    }
    Err(io::Error::from(io::ErrorKind::NotFound))
}

fn query(device: RawFd, index: u32) -> io::Result<v4l2_buffer> {
    // SAFETY: the structure is plain data, for which all zeros is a valid value.
    let mut buffer: v4l2_buffer = unsafe { mem::zeroed() };
    buffer.index = index;
    buffer.type_ = BUFFER_CAPTURE;
    buffer.memory = MEMORY_MMAP;
    // SAFETY: VIDIOC_QUERYBUF reads and fills one v4l2_buffer, to which the pointer leads.
    unsafe { v4l2::ioctl(device, v4l2::vidioc::VIDIOC_QUERYBUF, (&raw mut buffer).cast())? };
    Ok(buffer)
}

/// A control's value, by V4L2's number for it.
pub(super) fn read_control(device: RawFd, number: u32) -> io::Result<i64> {
    let mut control = v4l2_control { id: number, value: 0 };
    // SAFETY: VIDIOC_G_CTRL reads and fills one v4l2_control, to which the pointer leads.
    unsafe { v4l2::ioctl(device, v4l2::vidioc::VIDIOC_G_CTRL, (&raw mut control).cast())? };
    Ok(control.value.into())
}

/// Sets a control, by V4L2's number for it.
pub(super) fn write_control(device: RawFd, number: u32, value: i64) -> io::Result<()> {
    let value = i32::try_from(value).map_err(io::Error::other)?;
    let mut control = v4l2_control { id: number, value };
    // SAFETY: VIDIOC_S_CTRL reads and fills one v4l2_control, to which the pointer leads.
    unsafe { v4l2::ioctl(device, v4l2::vidioc::VIDIOC_S_CTRL, (&raw mut control).cast()) }
}

/// Whether the driver has another frame ready.
pub(super) fn has_newer(device: RawFd) -> bool {
    let mut poll = libc::pollfd { fd: device, events: libc::POLLIN, revents: 0 };
    // SAFETY: one pollfd, to which the pointer leads; a time-out of zero returns at once.
    unsafe { libc::poll(&raw mut poll, 1, 0) > 0 && poll.revents & libc::POLLIN != 0 }
}

/// The machine's monotonic clock in nanoseconds.
pub(crate) fn monotonic_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call fills the timespec to which the pointer leads; the clock exists on every Linux.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}
