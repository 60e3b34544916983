//! What a PDF must know of a JPEG whose bytes it carries unchanged: its size and its colour components.
//!
//! Only markers are read; the picture isn't decoded (the portrait room has decoded and measured what it delivers).

/// A JPEG as a PDF can carry it: complete from SOI to EOI, 8 bits a component, grey or three colours.
#[derive(Clone, Copy, Debug)]
pub struct Jpeg<'a> {
    bytes: &'a [u8],
    width_px: u32,
    height_px: u32,
    components: u8,
}

/// Why bytes aren't a JPEG that a PDF can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JpegError {
    /// They don't begin with an SOI marker.
    #[error("the bytes don't begin as a JPEG does")]
    NotAJpeg,
    /// They stop before the picture does, or go on after its EOI marker.
    #[error("the JPEG doesn't end with its end marker")]
    NoEnd,
    /// No complete frame header before the picture's data.
    #[error("the JPEG has no readable frame header")]
    NoFrameHeader,
    /// A picture without pixels.
    #[error("the JPEG is {width_px}x{height_px} pixels")]
    Empty {
        /// Its width.
        width_px: u32,
        /// Its height.
        height_px: u32,
    },
    /// Something else than 8-bit grey or three colours.
    #[error("the JPEG has {components} components of {bits} bits, not 1 or 3 of 8")]
    Colours {
        /// The number of components.
        components: u8,
        /// The bits of each.
        bits: u8,
    },
}

impl<'a> Jpeg<'a> {
    /// Reads the markers of `bytes`.
    ///
    /// # Errors
    /// [`JpegError`] says what is missing.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, JpegError> {
        if !bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            return Err(JpegError::NotAJpeg);
        }
        if !bytes.ends_with(&[0xff, 0xd9]) {
            return Err(JpegError::NoEnd);
        }
        let header = frame_header(bytes).ok_or(JpegError::NoFrameHeader)?;
        header.check()?;
        let FrameHeader { width_px, height_px, components, .. } = header;
        Ok(Self { bytes, width_px, height_px, components })
    }

    /// The bytes as given.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The width in pixels, at least 1.
    #[must_use]
    pub fn width_px(&self) -> u32 {
        self.width_px
    }

    /// The height in pixels, at least 1.
    #[must_use]
    pub fn height_px(&self) -> u32 {
        self.height_px
    }

    /// 1 (grey) or 3 (colour).
    #[must_use]
    pub fn components(&self) -> u8 {
        self.components
    }
}

struct FrameHeader {
    bits: u8,
    width_px: u32,
    height_px: u32,
    components: u8,
}

impl FrameHeader {
    fn check(&self) -> Result<(), JpegError> {
        let Self { bits, width_px, height_px, components } = *self;
        if width_px == 0 || height_px == 0 {
            return Err(JpegError::Empty { width_px, height_px });
        }
        if bits != 8 || !matches!(components, 1 | 3) {
            return Err(JpegError::Colours { components, bits });
        }
        Ok(())
    }
}

/// The first start-of-frame segment (ITU-T T.81, B.2.2), if there is one before the entropy-coded data.
fn frame_header(bytes: &[u8]) -> Option<FrameHeader> {
    let mut at = 2;
    loop {
        let (marker, after) = next_marker(bytes, at)?;
        let length = usize::from(u16_at(bytes, after)?);
        match marker {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return read_frame(bytes, after + 2),
            0xd8..=0xda => return None,
            _ if length < 2 => return None,
            _ => at = after + length,
        }
    }
}

/// The marker at `at` (any number of fill bytes before its code) and the position behind it.
fn next_marker(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    if *bytes.get(at)? != 0xff {
        return None;
    }
    let code = at + bytes.get(at..)?.iter().position(|&b| b != 0xff)?;
    Some((bytes[code], code + 1))
}

fn read_frame(bytes: &[u8], at: usize) -> Option<FrameHeader> {
    Some(FrameHeader {
        bits: *bytes.get(at)?,
        height_px: u32::from(u16_at(bytes, at + 1)?),
        width_px: u32::from(u16_at(bytes, at + 3)?),
        components: *bytes.get(at + 5)?,
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}
