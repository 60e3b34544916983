//! QR symbols in one frame: several looks at it, from the cheapest to the dearest, until nothing is left unread.

use super::look::LOOKS;
use super::rectify;
use image::GrayImage;
use std::fmt;
use zeroize::Zeroizing;

/// The smallest picture that is looked at, in pixels a side: the smallest symbol has 21 modules.
const LEAST_SIDE: u32 = 42;

/// A QR symbol that was read. Its bytes are wiped when it is dropped; what the decoder held meanwhile is freed as it is.
#[derive(Clone)]
pub struct Symbol {
    pub(super) payload: Zeroizing<Vec<u8>>,
    pub(super) corners: [Corner; 4],
    pub(super) modules: u32,
    pub(super) part: bool,
}

/// A place in the picture, in pixels from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corner {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
}

impl Symbol {
    /// What it holds, decoded and error-corrected: the bytes of byte mode as they are, other modes' characters in their own
    /// encoding. May be empty.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The symbol's corners without its margin, as the symbol has them: top left, top right, bottom right, bottom left.
    #[must_use]
    pub fn corners(&self) -> [Corner; 4] {
        self.corners
    }

    /// Modules along a side, 21 to 177.
    #[must_use]
    pub fn modules(&self) -> u32 {
        self.modules
    }

    /// Whether it is one of several symbols that hold a message together.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.part
    }

    /// The area between the corners in square pixels (the shoelace formula).
    #[must_use]
    pub fn area(&self) -> f32 {
        let next = |i: usize| self.corners[(i + 1) % 4];
        let twice: f32 =
            self.corners.iter().enumerate().map(|(i, a)| a.x * next(i).y - next(i).x * a.y).sum();
        twice.abs() / 2.0
    }

    /// The symbol and its margin out of the picture it was found in, upright and square, as a grey JPEG; None where its corners
    /// don't span an area.
    #[must_use]
    pub fn upright_jpeg(&self, picture: &GrayImage) -> Option<Zeroizing<Vec<u8>>> {
        rectify::upright_jpeg(picture, self.corners, self.modules)
    }

    fn is_at(&self, other: &Self) -> bool {
        let middle = |symbol: &Self| {
            let sum = |of: fn(&Corner) -> f32| symbol.corners.iter().map(of).sum::<f32>() / 4.0;
            (sum(|c| c.x), sum(|c| c.y))
        };
        let ((ax, ay), (bx, by)) = (middle(self), middle(other));
        (ax - bx).hypot(ay - by) < self.area().max(other.area()).sqrt() / 2.0
    }
}

/// All QR symbols of a picture.
///
/// The picture is looked at up to five times: as it is, reduced to half, with two other curves of tone, and against a wide window. A
/// further look is taken only while nothing was read, or something that looks like a symbol was not.
/// The work is bounded by counts and not by a clock, so the same picture always has the same answer.
#[must_use]
pub fn find(picture: &GrayImage) -> Vec<Symbol> {
    let mut found: Vec<Symbol> = Vec::new();
    if picture.width().min(picture.height()) < LEAST_SIDE {
        return found;
    }
    for look in LOOKS {
        let seen = look.at(picture);
        for symbol in seen.symbols {
            if !found.iter().any(|known| known.is_at(&symbol)) {
                found.push(symbol);
            }
        }
        if !found.is_empty() && !seen.unread {
            break;
        }
    }
    found
}

impl fmt::Debug for Symbol {
    /// Where it is and how much it holds, and nothing of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Symbol")
            .field("bytes", &self.payload.len())
            .field("corners", &self.corners)
            .field("modules", &self.modules)
            .field("part", &self.part)
            .finish()
    }
}
