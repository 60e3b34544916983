//! A walk through the compressed data that proves that every block is there (ITU-T T.81, annex F.2.2).
//!
//! It reads each code and skips the bits that belong to it; values are not looked at. A flipped bit that changes a
//! value but no code's length passes: so it would through any decoder.

use super::header::Header;
use super::huffman::Lookup;
use crate::fault::BadFrame;

/// Bits that may be left over before the end marker: up to 7 fill the last byte, and some cameras pad to a word.
const MAX_PADDING_BITS: u32 = 32;

/// Walks all units of a scan whose data begins at `data`, and returns the position of the marker behind it.
pub(super) fn walk(bytes: &[u8], header: &Header, data: usize) -> Result<usize, BadFrame> {
    let mut bits = Bits::new(bytes, data);
    let plan = plan(header)?;
    let units = header.units();
    let mut next_restart = 0_u8;
    for unit in 0..units {
        if unit > 0 && header.restart_interval > 0 && unit % header.restart_interval == 0 {
            bits.restart(next_restart)?;
            next_restart = (next_restart + 1) % 8;
        }
        for &(blocks, dc, ac) in &plan {
            for _ in 0..blocks {
                block(&mut bits, dc, ac)?;
            }
        }
    }
    bits.end()
}

/// For each component of a unit: how many blocks, and the tables to read them with.
fn plan(header: &Header) -> Result<Vec<(u32, &Lookup, &Lookup)>, BadFrame> {
    let alone = header.scan.len() == 1;
    let entry = |component: &super::header::Component| {
        let dc = header.dc.get(component.dc)?.as_ref()?;
        let ac = header.ac.get(component.ac)?.as_ref()?;
        Some((if alone { 1 } else { component.blocks }, dc, ac))
    };
    header.scan.iter().map(entry).collect::<Option<_>>().ok_or(BadFrame::Corrupt)
}

/// One block of 64 coefficients.
fn block(bits: &mut Bits<'_>, dc: &Lookup, ac: &Lookup) -> Result<(), BadFrame> {
    let size = u32::from(bits.symbol(dc)?);
    if size > 11 {
        return Err(BadFrame::Corrupt);
    }
    bits.skip(size)?;
    let mut at = 1;
    while at < 64 {
        let symbol = bits.symbol(ac)?;
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        match (run, size) {
            (15, 0) => at += 16,
            (0, 0) => break,
            (_, 0) => return Err(BadFrame::Corrupt),
            _ => {
                at += run + 1;
                bits.skip(size)?;
            }
        }
        if at > 64 {
            return Err(BadFrame::Corrupt);
        }
    }
    Ok(())
}

/// The compressed data as bits, without the stuffed zero bytes, up to the next marker.
struct Bits<'a> {
    bytes: &'a [u8],
    /// The next byte to take in.
    at: usize,
    /// The bits taken in, the next one highest.
    store: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, store: 0, count: 0 }
    }

    /// Takes in whole bytes while there is room and no marker.
    #[inline]
    fn refill(&mut self) {
        while self.count <= 56 {
            let Some(&byte) = self.bytes.get(self.at) else { return };
            if byte == 0xFF {
                if self.bytes.get(self.at + 1) != Some(&0) {
                    return;
                }
                self.at += 1;
            }
            self.at += 1;
            self.store |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// Reads one code.
    #[inline]
    fn symbol(&mut self, table: &Lookup) -> Result<u8, BadFrame> {
        if self.count < 16 {
            self.refill();
        }
        let (length, symbol) = table.find((self.store >> 48) as u16).ok_or_else(|| self.ran_out())?;
        self.skip(length)?;
        Ok(symbol)
    }

    #[inline]
    fn skip(&mut self, length: u32) -> Result<(), BadFrame> {
        if self.count < length {
            self.refill();
            if self.count < length {
                return Err(self.ran_out());
            }
        }
        self.store <<= length;
        self.count -= length;
        Ok(())
    }

    /// What it means that the data makes no sense here: it ended, or it is wrong.
    fn ran_out(&self) -> BadFrame {
        let next = (self.bytes.get(self.at), self.bytes.get(self.at + 1));
        match next {
            (None, _) | (Some(0xFF), None | Some(0xD9)) if self.count < 16 => BadFrame::Truncated,
            _ => BadFrame::Corrupt,
        }
    }

    /// Steps over a restart marker, which must be the expected one.
    fn restart(&mut self, expected: u8) -> Result<(), BadFrame> {
        self.drop_padding()?;
        while self.bytes.get(self.at) == Some(&0xFF) && self.bytes.get(self.at + 1) == Some(&0xFF) {
            self.at += 1;
        }
        let marker = self.bytes.get(self.at + 1).copied().ok_or(BadFrame::Truncated)?;
        self.at += 2;
        if marker == 0xD0 + expected { Ok(()) } else { Err(BadFrame::Corrupt) }
    }

    /// The position of the marker behind the last unit.
    fn end(mut self) -> Result<usize, BadFrame> {
        self.drop_padding()?;
        if self.at < self.bytes.len() { Ok(self.at) } else { Err(BadFrame::Truncated) }
    }

    /// Checks that no more than padding is left before the next marker.
    fn drop_padding(&mut self) -> Result<(), BadFrame> {
        self.refill();
        if self.count >= MAX_PADDING_BITS {
            return Err(BadFrame::Corrupt);
        }
        self.store = 0;
        self.count = 0;
        Ok(())
    }
}
