//! What the booth and its capture process say to each other over two pipes.
//!
//! A message is its length (4 bytes, little-endian), a tag (1 byte) and a body. Notes and orders are JSON; a frame is
//! a fixed header and the picture's bytes. Both ends are the same program, so there is no version. The reader trusts
//! nothing: a length beyond the limits, an unknown tag or a malformed body is an error, after which the pipe is
//! given up.

mod parser;

use bytes::{BufMut, Bytes, BytesMut};
use serde::{Deserialize, Serialize};

use crate::camera::{CameraId, OpenRequest};
use crate::control::{Control, ControlKind};
use crate::fault::{BadFrame, CameraFault};
use crate::hold::{Held, Loose, Wish};
use crate::mode::{Mode, PixelFormat};

pub(crate) use parser::{Parser, WireError};

/// Longest frame: 1920x1080 at four bytes a pixel is a quarter of it.
pub(crate) const MAX_FRAME: usize = 32 << 20;
/// Longest note or order.
pub(crate) const MAX_NOTE: usize = 256 << 10;

const TAG_NOTE: u8 = 1;
const TAG_FRAME: u8 = 2;
const TAG_ORDER: u8 = 3;

/// What the capture process reports besides frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Note {
    /// The camera is open in this mode; frames follow.
    Opened { mode: Mode, controls: Vec<Control> },
    /// A frame came that is not good.
    Bad(BadFrame),
    /// The process is about to end, and why.
    Fault(CameraFault),
    /// The answer to an order about settings: what they are afterwards, or why the order can't be obeyed.
    Set(Result<Settled, CameraFault>),
    /// All settings as they are now, unasked.
    Controls(Vec<Control>),
    /// One camera of a list.
    Listed { id: CameraId, name: String, node: String, modes: Vec<Mode>, fault: Option<CameraFault> },
    /// The list is complete.
    ListEnd,
}

/// What the booth asks of an open camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Order {
    /// Set a control.
    Set { kind: ControlKind, value: i64 },
    /// Put these settings in place, as far as the camera has them.
    Fix(Vec<Wish>),
    /// Fix exposure, gain, white balance and focus at their present values.
    Hold,
    /// End the process.
    Stop,
}

/// The settings after an order about them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settled {
    /// All of them.
    pub(crate) controls: Vec<Control>,
    /// Those that were fixed at a value by this order.
    pub(crate) fixed: Vec<ControlKind>,
    /// Those that could not be.
    pub(crate) loose: Vec<Loose>,
}

impl Settled {
    /// The answer as consumers get it: the fixed ones, with their values.
    pub(crate) fn held(self) -> Held {
        let fixed = |control: &Control| self.fixed.contains(&control.kind);
        Held { controls: self.controls.iter().copied().filter(fixed).collect(), loose: self.loose }
    }
}

/// What a capture process is started with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Start {
    /// The camera and its modes.
    #[serde(flatten)]
    pub(crate) request: OpenRequest,
    /// The settings to put in place; none: those of the request's calibration.
    #[serde(default)]
    pub(crate) wishes: Option<Vec<Wish>>,
}

/// A frame on its way to the booth.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct WireFrame {
    /// The driver's time stamp: nanoseconds of the machine's monotonic clock.
    pub(crate) monotonic_ns: u64,
    pub(crate) format: PixelFormat,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) data: Bytes,
}

// People are in these pictures: what is printed of them is their size.
impl std::fmt::Debug for WireFrame {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "WireFrame({}x{} {:?}, {} bytes)", self.width, self.height, self.format, self.data.len())
    }
}

/// A message as the reader hands it on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    Note(Note),
    Frame(WireFrame),
    Order(Order),
}

/// Time stamp, format, width, height.
const FRAME_HEADER: usize = 8 + 1 + 4 + 4;

impl Message {
    /// The message's bytes, ready for the pipe.
    ///
    /// # Errors
    /// [`WireError::Note`] where a note can't be written as JSON, [`WireError::TooLong`] beyond the limits.
    pub(crate) fn encode(&self) -> Result<Bytes, WireError> {
        match self {
            Self::Note(note) => enclose(TAG_NOTE, &serde_json::to_vec(note).map_err(WireError::Note)?, &[]),
            Self::Order(order) => {
                enclose(TAG_ORDER, &serde_json::to_vec(order).map_err(WireError::Note)?, &[])
            }
            Self::Frame(frame) => enclose(TAG_FRAME, &frame_header(frame), &frame.data),
        }
    }
}

fn enclose(tag: u8, head: &[u8], tail: &[u8]) -> Result<Bytes, WireError> {
    let body = head.len() + tail.len();
    let limit = parser::limit(tag)?;
    if body > limit {
        return Err(WireError::TooLong { bytes: body, limit });
    }
    let mut bytes = BytesMut::with_capacity(5 + body);
    bytes.put_u32_le(body as u32);
    bytes.put_u8(tag);
    bytes.put_slice(head);
    bytes.put_slice(tail);
    Ok(bytes.freeze())
}

fn frame_header(frame: &WireFrame) -> Vec<u8> {
    let mut header = Vec::with_capacity(FRAME_HEADER);
    header.put_u64_le(frame.monotonic_ns);
    header.put_u8(format_code(frame.format));
    header.put_u32_le(frame.width);
    header.put_u32_le(frame.height);
    header
}

fn format_code(format: PixelFormat) -> u8 {
    match format {
        PixelFormat::Mjpeg => 0,
        PixelFormat::Yuyv => 1,
        PixelFormat::Nv12 => 2,
        PixelFormat::Rgb => 3,
        PixelFormat::Bgr => 4,
    }
}

fn format_of(code: u8) -> Option<PixelFormat> {
    [PixelFormat::Mjpeg, PixelFormat::Yuyv, PixelFormat::Nv12, PixelFormat::Rgb, PixelFormat::Bgr]
        .get(usize::from(code))
        .copied()
}
