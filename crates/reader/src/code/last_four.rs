//! The cross-check: the payload shows nobody's name, so the student types the end of the number beside their code.

use super::CodeRefusal;
use domain::document::DocumentNumber;
use std::fmt;
use zeroize::Zeroizing;

/// The last four characters of a document's number, as they stand beside a collection code on the phone.
#[derive(Clone, PartialEq, Eq)]
pub struct LastFour(Zeroizing<String>);

/// What was typed isn't four letters or digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the end of a document's number is four letters or digits")]
pub struct LastFourError;

impl LastFour {
    /// Four letters or digits; full-width ones and blanks around them are forgiven, as is a small x.
    ///
    /// # Errors
    /// [`LastFourError`].
    pub fn parse(typed: &str) -> Result<Self, LastFourError> {
        let mut four = Zeroizing::new(String::with_capacity(4));
        for c in typed.trim().chars().map(narrow) {
            if !c.is_ascii_alphanumeric() || four.len() == 4 {
                return Err(LastFourError);
            }
            four.push(c.to_ascii_uppercase());
        }
        if four.len() == 4 { Ok(Self(four)) } else { Err(LastFourError) }
    }

    /// Whether they end the number of who identified.
    ///
    /// # Errors
    /// [`CodeRefusal::WrongPerson`].
    pub fn compare(&self, identified: &DocumentNumber) -> Result<(), CodeRefusal> {
        let number = identified.as_str().as_bytes();
        let end = &number[number.len().saturating_sub(4)..];
        if end.eq_ignore_ascii_case(self.0.as_bytes()) { Ok(()) } else { Err(CodeRefusal::WrongPerson) }
    }
}

/// The ASCII form of a full-width character.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

impl fmt::Debug for LastFour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LastFour(..)")
    }
}
