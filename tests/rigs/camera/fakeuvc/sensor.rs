//! The sensor: a frame each interval, whole or spoiled on purpose, cut into bulk transfers.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::descriptors::{MJPEG, PAYLOAD, SIZES};
use crate::device::Device;

/// How frames are spoiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Damage {
    /// Not at all.
    #[default]
    Ok,
    /// Cut in the middle.
    Half,
    /// As long as they were, all zeros.
    Zero,
    /// A header and no data.
    Empty,
    /// Bytes that are no JPEG.
    Junk,
    /// Some bytes of the compressed data flipped.
    Noise,
    /// Without Huffman tables, as some webcams send them: not damage, but unusual.
    NoTables,
}

impl Damage {
    /// The damage with this name in a command.
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "ok" => Self::Ok,
            "half" => Self::Half,
            "zero" => Self::Zero,
            "empty" => Self::Empty,
            "junk" => Self::Junk,
            "noise" => Self::Noise,
            "nodht" => Self::NoTables,
            _ => return None,
        })
    }

    fn apply(self, frame: &[u8], count: u64) -> Vec<u8> {
        match self {
            Self::Ok => frame.to_vec(),
            Self::Half => frame[..frame.len() / 2].to_vec(),
            Self::Zero => vec![0; frame.len()],
            Self::Empty => Vec::new(),
            // Knuth's multiplicative hash: even bytes without a pattern.
            Self::Junk => (0..60_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 11) as u8).collect(),
            Self::Noise => flip(frame, count),
            Self::NoTables => without_tables(frame),
        }
    }
}

fn flip(frame: &[u8], count: u64) -> Vec<u8> {
    let mut flipped = frame.to_vec();
    for byte in flipped.iter_mut().skip(700).step_by(997) {
        *byte ^= count as u8 | 1;
    }
    flipped
}

fn without_tables(frame: &[u8]) -> Vec<u8> {
    let mut bare = frame[..frame.len().min(2)].to_vec();
    let mut at = 2;
    // Marker segments up to the start of the scan, without those that define Huffman tables.
    while let Some(&[_, marker, high, low]) = frame.get(at..at + 4) {
        if marker == 0xDA {
            break;
        }
        let next = (at + 2 + usize::from(u16::from_be_bytes([high, low]))).min(frame.len());
        if marker != 0xC4 {
            bare.extend_from_slice(&frame[at..next]);
        }
        at = next;
    }
    bare.extend_from_slice(&frame[at..]);
    bare
}

/// What the sensor sees.
pub struct Pictures {
    jpegs: Vec<Vec<u8>>,
    yuyv: Vec<u8>,
}

impl Pictures {
    /// Reads the folder's `.jpg` files and the raw frame.
    pub fn load(folder: &Path, yuyv: Option<&Path>) -> io::Result<Self> {
        let mut files = Vec::<PathBuf>::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "jpg") {
                files.push(path);
            }
        }
        files.sort();
        let jpegs = files.iter().map(std::fs::read).collect::<io::Result<Vec<_>>>()?;
        if jpegs.is_empty() {
            return Err(io::Error::other("the folder has no .jpg file"));
        }
        let yuyv = yuyv.map(std::fs::read).transpose()?.unwrap_or_default();
        Ok(Self { jpegs, yuyv })
    }
}

/// Sends frames as long as the program runs.
pub fn run(device: &Device, pictures: &Pictures) {
    let mut next = Instant::now();
    for count in 0.. {
        match expose(device, pictures, count, &mut next) {
            Ok(()) => {}
            // The plug was pulled in the middle of a frame.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => {
                println!("fake-uvc: the sensor died ({error})");
                return;
            }
        }
    }
}

/// Waits for the next frame's time and sends it, if anybody wants it.
fn expose(device: &Device, pictures: &Pictures, count: u64, next: &mut Instant) -> io::Result<()> {
    let interval = Duration::from_nanos(u64::from(device.lock()?.negotiation.commit.interval) * 100);
    // A sensor has its own clock: a frame that nobody took in time is skipped, not sent late.
    *next = (*next + interval).max(Instant::now());
    std::thread::sleep(next.saturating_duration_since(Instant::now()));
    let frame = {
        let state = device.lock()?;
        if state.stalled || state.transfers.is_empty() || state.socket.is_none() {
            return Ok(());
        }
        let agreed = state.negotiation.commit;
        if agreed.format == MJPEG {
            let number = state.only.unwrap_or(count as usize);
            let jpeg = &pictures.jpegs[number % pictures.jpegs.len()];
            state.damage.apply(jpeg, count)
        } else {
            let (width, height) = SIZES[usize::from(agreed.frame) - 1];
            let mut raw = pictures.yuyv.clone();
            raw.resize(usize::from(width) * usize::from(height) * 2, 0x80);
            raw
        }
    };
    send(device, &frame, count)
}

/// The frame-identifier bit of a payload header changes with each frame; the other two say "header complete" and
/// "last of the frame" (USB video class 1.1, 2.4.3.3).
const COMPLETE: u8 = 0x80;
const LAST: u8 = 0x02;
/// How long the host may leave the device without a transfer in the middle of a frame.
const TRANSFER_TIME: Duration = Duration::from_millis(300);

fn send(device: &Device, frame: &[u8], count: u64) -> io::Result<()> {
    let mut pieces: Vec<&[u8]> = frame.chunks(PAYLOAD as usize - 2).collect();
    if pieces.is_empty() {
        pieces.push(&[]);
    }
    let last = pieces.len() - 1;
    for (index, piece) in pieces.into_iter().enumerate() {
        let flags = COMPLETE | (count & 1) as u8 | if index == last { LAST } else { 0 };
        let mut payload = vec![2, flags];
        payload.extend_from_slice(piece);
        if !device.answer_transfer(&payload, TRANSFER_TIME)? {
            return Ok(());
        }
    }
    Ok(())
}
