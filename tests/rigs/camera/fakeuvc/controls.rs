//! Control transfers: descriptors, the negotiation of a mode, and the camera's settings (USB video class 1.1, chapter 4).

use crate::descriptors::{self, CLOCK_HZ, MJPEG, PAYLOAD, SIZES, YUYV};
use crate::device::State;

/// The answer to a transfer that the device does not support: a stalled end point (`-EPIPE`).
const STALL: i32 = -32;

/// A set-up packet (USB 2.0, 9.3).
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    kind: u8,
    request: u8,
    value: u16,
    index: u16,
    length: u16,
}

impl Setup {
    /// Reads the eight bytes.
    pub fn new(bytes: [u8; 8]) -> Self {
        let [kind, request, v0, v1, i0, i1, l0, l1] = bytes;
        let word = |low, high| u16::from_le_bytes([low, high]);
        Self { kind, request, value: word(v0, v1), index: word(i0, i1), length: word(l0, l1) }
    }
}

/// The class requests.
const SET_CUR: u8 = 0x01;
const GET_CUR: u8 = 0x81;
const GET_MIN: u8 = 0x82;
const GET_MAX: u8 = 0x83;
const GET_RES: u8 = 0x84;
const GET_LEN: u8 = 0x85;
const GET_INFO: u8 = 0x86;
const GET_DEF: u8 = 0x87;

/// Answers a control transfer: the data for the host, or an error number.
pub fn answer(state: &mut State, setup: Setup, data: &[u8]) -> Result<Vec<u8>, i32> {
    let mut answer = match (setup.kind, setup.request) {
        (0x80, 6) => descriptor(setup)?,
        (0x80..=0x82, 0) => vec![0, 0],
        (0x80, 8) => vec![1],
        (0x81, 10) => vec![0],
        // Addresses, configurations, interfaces, halts: accepted, and nothing follows from them.
        (0x00..=0x02, _) => Vec::new(),
        (0x21 | 0xA1, _) => class_request(state, setup, data)?,
        _ => return Err(STALL),
    };
    answer.truncate(usize::from(setup.length));
    Ok(answer)
}

fn descriptor(setup: Setup) -> Result<Vec<u8>, i32> {
    match setup.value >> 8 {
        1 => Ok(descriptors::device()),
        2 => Ok(descriptors::configuration()),
        3 => Ok(descriptors::string(setup.value as u8)),
        _ => Err(STALL),
    }
}

fn class_request(state: &mut State, setup: Setup, data: &[u8]) -> Result<Vec<u8>, i32> {
    let (entity, interface, selector) =
        ((setup.index >> 8) as u8, setup.index as u8, (setup.value >> 8) as u8);
    if interface == 1 {
        return state.negotiation.answer(setup.request, selector, data);
    }
    match (entity, selector, setup.request) {
        // The control interface's own error code: no error.
        (0, 2, GET_CUR) => Ok(vec![0]),
        (0, _, GET_INFO) => Ok(vec![1]),
        (0, ..) => Err(STALL),
        _ => setting(state, (entity, selector), setup.request, data),
    }
}

/// A setting's length in bytes, least and greatest value, step, and value when plugged in.
struct Range {
    bytes: usize,
    min: i32,
    max: i32,
    step: i32,
    default: i32,
}

/// The camera terminal's automatic exposure.
const EXPOSURE_MODE: (u8, u8) = (1, 0x02);

fn range(place: (u8, u8)) -> Option<Range> {
    let (bytes, min, max, step, default) = match place {
        (1, 0x02) => (1, 1, 8, 9, 8),       // automatic exposure: modes 1 and 8
        (1, 0x04) => (4, 3, 2047, 1, 250),  // exposure
        (1, 0x06) => (2, 0, 250, 5, 0),     // focus
        (1, 0x08) => (1, 0, 1, 1, 1),       // automatic focus
        (1, 0x0B) => (2, 100, 500, 1, 100), // zoom
        (2, 0x01) => (2, 0, 1, 1, 0),       // backlight compensation
        (2, 0x02 | 0x03 | 0x07) => (2, 0, 255, 1, 128), // brightness, contrast, saturation
        (2, 0x04) => (2, 0, 255, 1, 0),     // gain
        (2, 0x05) => (1, 0, 2, 1, 2),       // mains frequency
        (2, 0x0A) => (2, 2000, 6500, 1, 4000), // white balance
        (2, 0x0B) => (1, 0, 1, 1, 1),       // automatic white balance
        _ => return None,
    };
    Some(Range { bytes, min, max, step, default })
}

fn setting(state: &mut State, place: (u8, u8), request: u8, data: &[u8]) -> Result<Vec<u8>, i32> {
    let range = range(place).ok_or(STALL)?;
    let bytes = |value: i32| value.to_le_bytes()[..range.bytes].to_vec();
    match request {
        SET_CUR if state.stubborn && place == EXPOSURE_MODE => Err(STALL),
        SET_CUR => {
            let mut value = [0; 4];
            let given = data.len().min(4);
            value[..given].copy_from_slice(&data[..given]);
            state.settings.insert(place, i32::from_le_bytes(value));
            Ok(Vec::new())
        }
        GET_CUR => Ok(bytes(state.settings.get(&place).copied().unwrap_or(range.default))),
        GET_MIN => Ok(bytes(range.min)),
        GET_MAX => Ok(bytes(range.max)),
        GET_RES => Ok(bytes(range.step)),
        GET_DEF => Ok(bytes(range.default)),
        GET_LEN => Ok(vec![range.bytes as u8, 0]),
        GET_INFO => Ok(vec![3]),
        _ => Err(STALL),
    }
}

/// A mode, as the probe and commit controls carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// [`MJPEG`] or [`YUYV`].
    pub format: u8,
    /// Index into [`SIZES`], from 1.
    pub frame: u8,
    /// Time between two frames, in units of 100 ns.
    pub interval: u32,
}

impl Default for Agreement {
    fn default() -> Self {
        Self { format: MJPEG, frame: 1, interval: descriptors::intervals(MJPEG, 1)[0] }
    }
}

/// The bytes of a probe or commit control in UVC 1.1.
const PROBE_BYTES: usize = 34;

impl Agreement {
    /// The offered mode that is nearest to the one asked for.
    fn nearest(data: &[u8]) -> Self {
        let mut asked = [0; PROBE_BYTES];
        let given = data.len().min(PROBE_BYTES);
        asked[..given].copy_from_slice(&data[..given]);
        let format = asked[2].clamp(MJPEG, YUYV);
        let frame = asked[3].clamp(1, SIZES.len() as u8);
        let wanted = u32::from_le_bytes([asked[4], asked[5], asked[6], asked[7]]);
        let offered = descriptors::intervals(format, frame);
        let nearest = offered.iter().copied().min_by_key(|interval| interval.abs_diff(wanted));
        let interval = if wanted == 0 { offered[0] } else { nearest.unwrap_or(offered[0]) };
        Self { format, frame, interval }
    }

    fn bytes(self) -> Vec<u8> {
        let (width, height) = SIZES[usize::from(self.frame) - 1];
        let mut bytes = vec![0; PROBE_BYTES];
        bytes[2] = self.format;
        bytes[3] = self.frame;
        bytes[4..8].copy_from_slice(&self.interval.to_le_bytes());
        bytes[18..22].copy_from_slice(&(u32::from(width) * u32::from(height) * 2).to_le_bytes());
        bytes[22..26].copy_from_slice(&PAYLOAD.to_le_bytes());
        bytes[26..30].copy_from_slice(&CLOCK_HZ.to_le_bytes());
        bytes[30] = 3;
        bytes
    }
}

/// The mode under discussion and the mode in force.
#[derive(Debug, Default)]
pub struct Negotiation {
    probe: Agreement,
    /// What is sent.
    pub commit: Agreement,
}

impl Negotiation {
    /// Answers a request to the probe control (selector 1) or the commit control (2).
    fn answer(&mut self, request: u8, selector: u8, data: &[u8]) -> Result<Vec<u8>, i32> {
        let current = match selector {
            1 => &mut self.probe,
            2 => &mut self.commit,
            _ => return Err(STALL),
        };
        match request {
            SET_CUR => {
                *current = Agreement::nearest(data);
                Ok(Vec::new())
            }
            GET_CUR | GET_MIN | GET_MAX | GET_DEF => Ok(current.bytes()),
            GET_LEN => Ok(vec![PROBE_BYTES as u8, 0]),
            GET_INFO => Ok(vec![3]),
            _ => Err(STALL),
        }
    }
}
