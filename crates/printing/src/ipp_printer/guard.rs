//! What is checked of an answer's bytes before the IPP parser sees them.
//!
//! The parser (crate `ipp` 8.0) trusts the inner lengths of texts with a language, where it panics, and nests collections as
//! deep as it is told, where dropping them overflows the stack. Both are a matter of a few bytes in a bad answer.

use crate::AnswerError;

/// Real answers nest two deep (`media-col` holds `media-size`).
const DEEPEST: usize = 16;
const HEADER_BYTES: usize = 8;
const END_OF_ATTRIBUTES: u8 = 0x03;
const BEGIN_COLLECTION: u8 = 0x34;
const END_COLLECTION: u8 = 0x37;

/// That `bytes` are a header and attributes whose lengths add up, up to the end-of-attributes tag (RFC 8010, section 3.1).
///
/// # Errors
/// [`AnswerError::Malformed`] with the place.
pub(super) fn check(bytes: &[u8]) -> Result<(), AnswerError> {
    let mut at = HEADER_BYTES;
    let mut depth = 0_usize;
    loop {
        let malformed = AnswerError::Malformed { at };
        match bytes.get(at).copied() {
            Some(END_OF_ATTRIBUTES) => return Ok(()),
            Some(0x01..=0x0a) => (at, depth) = (at + 1, 0),
            Some(tag @ 0x10..=0x4a) => {
                let (value, next) = value_at(bytes, at + 1).ok_or(malformed)?;
                depth = depth_after(tag, depth)
                    .filter(|_| is_sound(tag, value))
                    .ok_or(AnswerError::Malformed { at })?;
                at = next;
            }
            _ => return Err(malformed),
        }
    }
}

/// The value behind a tag, and where the next tag is: a name and a value, each behind its length.
fn value_at(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let (_name, value_at) = counted(bytes, at)?;
    counted(bytes, value_at)
}

/// The bytes behind a two-byte length, and the place behind them.
fn counted(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let length = u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]);
    let (start, end) = (at + 2, at + 2 + usize::from(length));
    Some((bytes.get(start..end)?, end))
}

fn depth_after(tag: u8, depth: usize) -> Option<usize> {
    match tag {
        BEGIN_COLLECTION if depth < DEEPEST => Some(depth + 1),
        BEGIN_COLLECTION => None,
        END_COLLECTION => depth.checked_sub(1),
        _ => Some(depth),
    }
}

/// A text or name with a language holds two counted strings; every other value is the parser's to judge.
fn is_sound(tag: u8, value: &[u8]) -> bool {
    if !matches!(tag, 0x35 | 0x36) {
        return true;
    }
    let text = counted(value, 0).and_then(|(_language, text_at)| counted(value, text_at));
    text.is_some_and(|(_, end)| end == value.len())
}
