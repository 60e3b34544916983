//! The frames of the serial line: the requests, and the replies found in whatever bytes arrive.
//!
//! A frame is a head of five bytes, a length of two (high byte first, counting what follows it), the contents, and a check byte, which is
//! the exclusive or of length and contents. What a status means is not known here ([`super::command`]).

use std::fmt;
use std::ops::RangeInclusive;
use zeroize::{Zeroize, Zeroizing};

const HEAD: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];

/// What a reply's length may be: from three status bytes and the check to the answer that holds a card (256 of text, 1024 of photo).
/// The longer answer with fingerprints is never asked for.
const LENGTHS: RangeInclusive<usize> = 4..=1288;

const LENGTH_BYTES: usize = 2;
const LONGEST_FRAME: usize = HEAD.len() + LENGTH_BYTES + 1288;

/// The whole frame of a request without data.
pub(super) fn request(command: u8, parameter: u8) -> [u8; 10] {
    let [h0, h1, h2, h3, h4] = HEAD;
    [h0, h1, h2, h3, h4, 0, 3, command, parameter, 3 ^ command ^ parameter]
}

/// A sound reply: its check byte was right. Personal: `Debug` shows the status and the amount of data.
pub(super) struct Reply {
    /// SW3, which says how it went; SW1 and SW2 are not used by these commands.
    pub status: u8,
    /// What followed the status; wiped when dropped.
    pub data: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply(status {:#04x}, {} bytes, redacted)", self.status, self.data.len())
    }
}

/// Finds replies in a stream of bytes. Each byte is judged as it comes, so what is found does not depend on how the bytes were cut.
///
/// Every head that was seen is followed at the same time, so a false head in noise cannot swallow the true frame behind it. What it
/// remembers is bounded, and wiped when dropped.
pub(super) struct Deframer {
    seen: Zeroizing<Vec<u8>>,
    open: Vec<OpenFrame>,
}

/// A frame whose head was seen. Both places count from the start of `seen`.
struct OpenFrame {
    /// Where the length begins.
    body: usize,
    /// Where the frame ends, once its length is known.
    end: Option<usize>,
}

impl Deframer {
    /// Room for two frames, so that bytes are moved once a frame and memory never grows (growing would leave unwiped copies).
    const ROOM: usize = 2 * LONGEST_FRAME;

    pub fn new() -> Self {
        Self { seen: Zeroizing::new(Vec::with_capacity(Self::ROOM)), open: Vec::new() }
    }

    /// Takes a byte; the reply whose frame it ends.
    pub fn push(&mut self, byte: u8) -> Option<Reply> {
        self.make_room();
        self.seen.push(byte);
        let seen = &self.seen;
        self.open.retain_mut(|frame| frame.goes_on(seen));
        let ended = self.open.iter().find(|frame| frame.end == Some(seen.len()));
        if let Some(frame) = ended {
            let reply = reply_of(&seen[frame.body..]);
            self.forget();
            return reply;
        }
        if self.seen.ends_with(&HEAD) {
            self.open.push(OpenFrame { body: self.seen.len(), end: None });
        }
        None
    }

    /// Drops the older half when there is no room. No frame that is still open begins there.
    fn make_room(&mut self) {
        if self.seen.len() < Self::ROOM {
            return;
        }
        let dropped = Self::ROOM - LONGEST_FRAME;
        self.seen.copy_within(dropped.., 0);
        self.seen[LONGEST_FRAME..].zeroize();
        self.seen.truncate(LONGEST_FRAME);
        self.open.retain_mut(|frame| frame.moved_down(dropped));
    }

    fn forget(&mut self) {
        self.seen.as_mut_slice().zeroize();
        self.seen.clear();
        self.open.clear();
    }
}

impl OpenFrame {
    /// Whether it can still be a frame, or has just become one, with the last byte of `seen`.
    fn goes_on(&mut self, seen: &[u8]) -> bool {
        let Some(body) = seen.get(self.body..) else { return false };
        if let &[high, low] = body {
            let length = usize::from(u16::from_be_bytes([high, low]));
            self.end = Some(self.body + LENGTH_BYTES + length);
            return LENGTHS.contains(&length);
        }
        self.end != Some(seen.len()) || body.iter().fold(0, |check, byte| check ^ byte) == 0
    }

    fn moved_down(&mut self, by: usize) -> bool {
        let Some(body) = self.body.checked_sub(by) else { return false };
        self.body = body;
        self.end = self.end.map(|end| end - by);
        true
    }
}

/// The reply in `body`: length, three status bytes, data, check.
fn reply_of(body: &[u8]) -> Option<Reply> {
    let [_, _, _sw1, _sw2, status, data @ .., _check] = body else { return None };
    Some(Reply { status: *status, data: Zeroizing::new(data.to_vec()) })
}

#[cfg(test)]
mod tests;
