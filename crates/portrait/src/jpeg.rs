//! The segments of a JPEG file: where it ends, what lies behind, its density and coding; and the files of a sequence.
//!
//! Decodes no pixels.

/// What a walk over a JPEG's markers found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Structure {
    /// Offset just behind the end marker; none if the file stops before it.
    pub end: Option<usize>,
    /// Dots per inch from the JFIF segment, across and down.
    pub density_dpi: Option<(u16, u16)>,
    /// Whether the frame is baseline sequential (SOF0).
    pub baseline: bool,
    /// Whether every component is sampled at the picture's full size.
    pub full_chroma: bool,
}

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const APP0: u8 = 0xE0;
const SOF0: u8 = 0xC0;

/// Walks the markers of `bytes` (ITU-T T.81, annex B) up to the end marker.
pub fn structure(bytes: &[u8]) -> Structure {
    let mut found = Structure::default();
    if !bytes.starts_with(&[0xFF, SOI]) {
        return found;
    }
    let mut at = 2;
    while let Some((marker, body)) = next_marker(bytes, at) {
        if marker == EOI {
            found.end = Some(body);
            break;
        }
        let Some(segment) = segment(bytes, body) else { break };
        found.note(marker, segment);
        at = body + 2 + segment.len();
        if marker == SOS {
            at = end_of_scan(bytes, at);
        }
    }
    found
}

/// The JPEG files that lie one behind the other in `bytes` (raw MJPEG), in order; bytes between them belong to none.
/// The walk ends where a file does not: what was cut short is no picture.
pub fn pictures(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let start = rest.windows(2).position(|pair| pair == [0xFF, SOI])?;
        let end = start + structure(&rest[start..]).end?;
        let picture = &rest[start..end];
        rest = &rest[end..];
        Some(picture)
    })
}

/// The marker at or after `at` (fill bytes skipped) and the offset behind it.
fn next_marker(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let start = at + bytes.get(at..)?.iter().position(|&b| b == 0xFF)?;
    let code = start + bytes.get(start..)?.iter().position(|&b| b != 0xFF)?;
    Some((bytes[code], code + 1))
}

/// A segment's contents behind its two length bytes.
fn segment(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    bytes.get(at + 2..at + length.max(2))
}

/// The offset of the first marker behind entropy-coded data that is neither a stuffed byte nor a restart.
fn end_of_scan(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while at + 1 < bytes.len() {
        let next = bytes[at + 1];
        if bytes[at] == 0xFF && next != 0 && next != 0xFF && !(0xD0..=0xD7).contains(&next) {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

impl Structure {
    fn note(&mut self, marker: u8, body: &[u8]) {
        match (marker, body) {
            (APP0, [b'J', b'F', b'I', b'F', 0, _, _, 1, a, b, c, d, ..]) => {
                self.density_dpi = Some((u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d])));
            }
            (0xC0..=0xC2, [_, _, _, _, _, _, components @ ..]) => {
                self.baseline = marker == SOF0;
                self.full_chroma = components.chunks_exact(3).all(|c| c[1] == 0x11);
            }
            _ => {}
        }
    }
}
