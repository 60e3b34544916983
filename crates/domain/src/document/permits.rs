//! The travel permits of people of Hong Kong and Macao (回乡证) and of Taiwan (台胞证). Their numbers have no check digit.

use super::DocumentError;
use crate::typed_text;

/// The number of a 港澳居民来往内地通行证: H (Hong Kong) or M (Macao) and 8 digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct HomeReturnPermitNumber(String);

/// The number of a 台湾居民来往大陆通行证: 8 digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TaiwanCompatriotPermitNumber(String);

typed_text::redacted_debug!(HomeReturnPermitNumber, TaiwanCompatriotPermitNumber);

impl HomeReturnPermitNumber {
    /// The number that `text` holds.
    ///
    /// # Errors
    /// [`DocumentError::WrongLength`], [`DocumentError::UnexpectedCharacter`], or [`DocumentError::UnknownRegion`] if the
    /// letter is neither H nor M.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let text = of_length(text, 9)?;
        match text.as_bytes() {
            [b'H' | b'M', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => Ok(Self(text)),
            [b'A'..=b'Z', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => {
                Err(DocumentError::UnknownRegion)
            }
            _ => Err(DocumentError::UnexpectedCharacter),
        }
    }

    /// The 9 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TaiwanCompatriotPermitNumber {
    /// The number that `text` holds.
    ///
    /// # Errors
    /// [`DocumentError::WrongLength`] or [`DocumentError::UnexpectedCharacter`].
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let text = of_length(text, 8)?;
        if text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err(DocumentError::UnexpectedCharacter)
        }
    }

    /// The 8 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn of_length(text: &str, length: usize) -> Result<String, DocumentError> {
    let text = typed_text::compact(text);
    if text.chars().count() == length { Ok(text) } else { Err(DocumentError::WrongLength) }
}
