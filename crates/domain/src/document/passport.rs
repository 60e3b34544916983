//! Passport numbers as typed. A passport shown to the camera is checked by its machine-readable zone instead, which knows more.

use super::DocumentError;
use crate::typed_text;

/// The number of a passport: 6 to 9 ASCII digits and upper-case letters, one digit at least.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PassportNumber(String);

typed_text::redacted_debug!(PassportNumber);

impl PassportNumber {
    /// The number that `text` holds.
    ///
    /// # Errors
    /// [`DocumentError::WrongLength`] or [`DocumentError::UnexpectedCharacter`].
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let text = typed_text::compact(text);
        if !(6..=9).contains(&text.chars().count()) {
            return Err(DocumentError::WrongLength);
        }
        let alphanumeric = text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        if alphanumeric && text.bytes().any(|b| b.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err(DocumentError::UnexpectedCharacter)
        }
    }

    /// The 6 to 9 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the number has the form of a Chinese passport: E or G and 8 digits, or E, a letter other than I and O, and
    /// 7 digits. Another country's may have it too.
    #[must_use]
    pub fn has_chinese_form(&self) -> bool {
        match self.0.as_bytes() {
            [b'E' | b'G', rest @ ..] if rest.len() == 8 && rest.iter().all(u8::is_ascii_digit) => true,
            [b'E', letter, rest @ ..] => {
                letter.is_ascii_uppercase()
                    && !matches!(letter, b'I' | b'O')
                    && rest.len() == 7
                    && rest.iter().all(u8::is_ascii_digit)
            }
            _ => false,
        }
    }
}
