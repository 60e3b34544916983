//! A frame's markers, before and between its compressed data (ITU-T T.81, annex B).

use super::huffman::{self, Lookup};
use crate::fault::BadFrame;

/// One colour component, as far as the walk needs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component {
    id: u8,
    /// Blocks a unit: horizontal times vertical sampling.
    pub(super) blocks: u32,
    horizontal: u32,
    vertical: u32,
    /// Which DC table the scan names.
    pub(super) dc: usize,
    /// Which AC table the scan names.
    pub(super) ac: usize,
}

/// What the markers read so far say.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    components: Vec<Component>,
    /// The components of the present scan, in its order.
    pub(super) scan: Vec<Component>,
    /// How many components have had their scan.
    scanned: usize,
    /// Units between restart markers; 0 for none.
    pub(super) restart_interval: u32,
    /// Tables by number.
    pub(super) dc: [Option<Lookup>; 4],
    /// Tables by number.
    pub(super) ac: [Option<Lookup>; 4],
    pub(super) lacks_tables: bool,
}

/// What follows the markers read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Next {
    /// Compressed data from this position on.
    Scan(usize),
    /// Nothing: the frame has this length.
    End(usize),
}

/// Greatest width or height that is believed: a corrupt header must not make the walk long.
const MAX_SIDE: u32 = 8192;

const START_OF_IMAGE: u8 = 0xD8;
const END_OF_IMAGE: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;

/// The marker at `at`, its segment's content, and where the next marker stands.
fn segment(bytes: &[u8], at: usize) -> Result<(u8, &[u8], usize), BadFrame> {
    let mut at = at;
    if *bytes.get(at).ok_or(BadFrame::Truncated)? != 0xFF {
        return Err(BadFrame::Corrupt);
    }
    // Any number of fill bytes may precede a marker.
    while *bytes.get(at).ok_or(BadFrame::Truncated)? == 0xFF {
        at += 1;
    }
    let marker = bytes[at];
    if marker == END_OF_IMAGE {
        return Ok((marker, &[], at + 1));
    }
    if matches!(marker, 0x00 | 0xD0..=START_OF_IMAGE) {
        return Err(BadFrame::Corrupt);
    }
    let length = bytes.get(at + 1..at + 3).ok_or(BadFrame::Truncated)?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    let end = at + 1 + length;
    if length < 2 {
        return Err(BadFrame::Corrupt);
    }
    Ok((marker, bytes.get(at + 3..end).ok_or(BadFrame::Truncated)?, end))
}

impl Header {
    /// Reads the first marker; the position is behind it.
    pub(super) fn start(bytes: &[u8]) -> Result<(Self, usize), BadFrame> {
        if bytes.get(..2) != Some(&[0xFF, START_OF_IMAGE]) {
            return Err(BadFrame::NotJpeg);
        }
        let header = Self {
            width: 0,
            height: 0,
            components: Vec::new(),
            scan: Vec::new(),
            scanned: 0,
            restart_interval: 0,
            dc: [const { None }; 4],
            ac: [const { None }; 4],
            lacks_tables: false,
        };
        Ok((header, 2))
    }

    /// Reads markers from `at` up to the next scan's data or the end.
    pub(super) fn advance(&mut self, bytes: &[u8], mut at: usize) -> Result<Next, BadFrame> {
        loop {
            let (marker, segment, next) = segment(bytes, at)?;
            at = next;
            match marker {
                0xC0 | 0xC1 => self.frame(segment)?,
                0xC4 => self.tables(segment)?,
                0xDD => self.restart(segment)?,
                START_OF_SCAN => {
                    self.begin_scan(segment)?;
                    return Ok(Next::Scan(at));
                }
                END_OF_IMAGE if self.components.is_empty() => return Err(BadFrame::Truncated),
                END_OF_IMAGE if self.scanned < self.components.len() => return Err(BadFrame::Truncated),
                END_OF_IMAGE => return Ok(Next::End(at)),
                // Other codings, arithmetic or progressive.
                0xC2..=0xCF => return Err(BadFrame::NotJpeg),
                _ => {}
            }
        }
    }

    /// SOF0 or SOF1: the size and the components.
    fn frame(&mut self, segment: &[u8]) -> Result<(), BadFrame> {
        let &[8, h1, h0, w1, w0, count, ref rest @ ..] = segment else { return Err(BadFrame::NotJpeg) };
        self.height = u32::from(u16::from_be_bytes([h1, h0]));
        self.width = u32::from(u16::from_be_bytes([w1, w0]));
        let believable = 1..=MAX_SIDE;
        if !believable.contains(&self.width) || !believable.contains(&self.height) {
            return Err(BadFrame::WrongSize);
        }
        if rest.len() != usize::from(count) * 3 || !matches!(count, 1 | 3) || !self.components.is_empty() {
            return Err(BadFrame::Corrupt);
        }
        for &[id, sampling, _] in rest.as_chunks::<3>().0 {
            let (horizontal, vertical) = (u32::from(sampling >> 4), u32::from(sampling & 15));
            if !(1..=4).contains(&horizontal) || !(1..=4).contains(&vertical) {
                return Err(BadFrame::Corrupt);
            }
            let blocks = horizontal * vertical;
            self.components.push(Component { id, blocks, horizontal, vertical, dc: 0, ac: 0 });
        }
        Ok(())
    }

    /// DHT: one or more Huffman tables.
    fn tables(&mut self, mut segment: &[u8]) -> Result<(), BadFrame> {
        while let Some((&place, rest)) = segment.split_first() {
            let (class, number) = (place >> 4, usize::from(place & 15));
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or(BadFrame::Corrupt)?;
            let total = counts.iter().map(|&count| usize::from(count)).sum();
            let symbols = rest.get(..total).ok_or(BadFrame::Corrupt)?;
            let table = Lookup::build(counts, symbols).ok_or(BadFrame::Corrupt)?;
            let tables = match class {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(BadFrame::Corrupt),
            };
            *tables.get_mut(number).ok_or(BadFrame::Corrupt)? = Some(table);
            segment = &rest[total..];
        }
        Ok(())
    }

    /// DRI: units between restart markers.
    fn restart(&mut self, segment: &[u8]) -> Result<(), BadFrame> {
        let &[high, low] = segment else { return Err(BadFrame::Corrupt) };
        self.restart_interval = u32::from(u16::from_be_bytes([high, low]));
        Ok(())
    }

    /// SOS: which components the scan holds, and which tables each uses.
    fn begin_scan(&mut self, segment: &[u8]) -> Result<(), BadFrame> {
        let Some((&count, rest)) = segment.split_first() else { return Err(BadFrame::Corrupt) };
        let count = usize::from(count);
        if count == 0 || rest.len() != count * 2 + 3 || self.scanned + count > self.components.len() {
            return Err(BadFrame::Corrupt);
        }
        self.scan.clear();
        for &[id, tables] in rest.as_chunks::<2>().0.iter().take(count) {
            let named = self.components.iter().find(|component| component.id == id);
            let mut component = *named.ok_or(BadFrame::Corrupt)?;
            component.dc = usize::from(tables >> 4);
            component.ac = usize::from(tables & 15);
            self.scan.push(component);
        }
        self.scanned += count;
        self.put_tables_in()
    }

    /// Puts the standard tables in where the frame has none at all.
    fn put_tables_in(&mut self) -> Result<(), BadFrame> {
        if self.dc.iter().chain(&self.ac).all(Option::is_none) {
            self.lacks_tables = true;
            self.tables(&huffman::standard_segment()[4..])?;
        }
        Ok(())
    }

    /// Coded units in the present scan: of several components interleaved, or single blocks of one.
    pub(super) fn units(&self) -> u32 {
        let widest = self.components.iter().map(|component| component.horizontal).max().unwrap_or(1);
        let tallest = self.components.iter().map(|component| component.vertical).max().unwrap_or(1);
        if let [alone] = self.scan.as_slice() {
            let across = (self.width * alone.horizontal).div_ceil(widest).div_ceil(8);
            return across * (self.height * alone.vertical).div_ceil(tallest).div_ceil(8);
        }
        self.width.div_ceil(8 * widest) * self.height.div_ceil(8 * tallest)
    }
}
