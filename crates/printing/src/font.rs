//! The font that papers are set in: parsed once, shared by reference count, subset into each document.
//!
//! Text is set glyph by glyph in one direction, which is what Chinese and English need; shaping of other scripts is left out.

use crate::layout::MM_PER_PT;
use printpdf::ParsedFont;
use std::{fmt, path::Path, sync::Arc};

/// A TrueType font that a document can embed. Cloning it shares it.
#[derive(Clone)]
pub struct Font(Arc<ParsedFont>);

/// Why a font can't be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The file can't be read.
    #[error("the font {path} can't be read")]
    Read {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The bytes aren't a font with a character map.
    #[error("the bytes aren't a TrueType or OpenType font")]
    Unreadable,
    /// The font lacks a character of the text.
    #[error("the font has no {}", .character.escape_unicode())]
    NoGlyph {
        /// The first character that it lacks.
        character: char,
    },
    /// The subset that a document carries couldn't be made.
    #[error("the font couldn't be put into the document")]
    NotEmbedded,
}

/// What stands for a character that the font lacks: the printers' geta mark, or a question mark.
const STAND_INS: [char; 2] = ['〓', '?'];

impl Font {
    /// Parses a font. Costs tens of milliseconds for a Chinese one: do it once.
    ///
    /// # Errors
    /// [`FontError::Unreadable`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FontError> {
        let font = ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).ok_or(FontError::Unreadable)?;
        let usable = font.font_metrics.units_per_em > 0 && font.lookup_glyph_index(u32::from('0')).is_some();
        if usable { Ok(Self(Arc::new(font))) } else { Err(FontError::Unreadable) }
    }

    /// Reads and parses a font file.
    ///
    /// # Errors
    /// [`FontError::Read`] and [`FontError::Unreadable`].
    pub fn from_file(path: &Path) -> Result<Self, FontError> {
        let bytes = std::fs::read(path)
            .map_err(|source| FontError::Read { path: path.display().to_string(), source })?;
        Self::from_bytes(&bytes)
    }

    /// The length of `text` set at `size_pt`, in millimetres: the sum of its glyphs' advances.
    #[must_use]
    pub fn width_mm(&self, text: &str, size_pt: f64) -> f64 {
        let advance = |c| self.glyph(c).map_or(0, |glyph| self.0.get_horizontal_advance(glyph));
        let units: f64 = text.chars().map(|c| f64::from(advance(c))).sum();
        units / f64::from(self.0.font_metrics.units_per_em) * size_pt * MM_PER_PT
    }

    /// That the font has every character of `text`.
    ///
    /// # Errors
    /// [`FontError::NoGlyph`] names the first that it lacks.
    pub fn check(&self, text: &str) -> Result<(), FontError> {
        match text.chars().find(|&c| self.glyph(c).is_none()) {
            Some(character) => Err(FontError::NoGlyph { character }),
            None => Ok(()),
        }
    }

    /// `text` with a stand-in for each character that the font lacks, so that a rare name never stops a receipt.
    pub(crate) fn settable(&self, text: &str) -> String {
        let stand_in = STAND_INS.into_iter().find(|&c| self.glyph(c).is_some()).unwrap_or(' ');
        text.chars().map(|c| if self.glyph(c).is_some() { c } else { stand_in }).collect()
    }

    pub(crate) fn parsed(&self) -> &ParsedFont {
        &self.0
    }

    fn glyph(&self, character: char) -> Option<u16> {
        self.0.lookup_glyph_index(u32::from(character)).filter(|&glyph| glyph != 0)
    }
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Font({} glyphs)", self.0.num_glyphs())
    }
}
