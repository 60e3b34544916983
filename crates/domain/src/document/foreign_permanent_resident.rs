//! The numbers of the foreign permanent resident's ID card, in the two versions still valid.

use super::DocumentError;
use super::eighteen::{Eighteen, Sex};
use crate::calendar_date::CalendarDate;
use crate::typed_text;

/// The number of a 外国人永久居留身份证.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ForeignPermanentResidentNumber(Version);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Version {
    /// Three letters of nationality and twelve digits; the birth in it lacks its century, so it isn't read.
    Of2017(String),
    /// Eighteen characters beginning with 9, birth and check character as a resident's.
    Of2023(Eighteen),
}

typed_text::redacted_debug!(Version);

impl ForeignPermanentResidentNumber {
    /// The number that `text` holds, of the 2017 version (15 characters) or the 2023 version (18).
    ///
    /// # Errors
    /// [`DocumentError`]; a 2023 number that doesn't begin with 9 is [`DocumentError::UnknownRegion`].
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let text = typed_text::compact(text);
        match text.chars().count() {
            15 => parse_2017(text),
            18 => parse_2023(&text),
            _ => Err(DocumentError::WrongLength),
        }
        .map(Self)
    }

    /// The 15 or 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Version::Of2017(text) => text,
            Version::Of2023(number) => number.as_str(),
        }
    }

    /// The birth date, which only the 2023 version says in full.
    #[must_use]
    pub fn birth_date(&self) -> Option<CalendarDate> {
        match &self.0 {
            Version::Of2017(_) => None,
            Version::Of2023(number) => Some(number.birth_date()),
        }
    }

    /// The sex, which only the 2023 version says.
    #[must_use]
    pub fn sex(&self) -> Option<Sex> {
        match &self.0 {
            Version::Of2017(_) => None,
            Version::Of2023(number) => Some(number.sex()),
        }
    }
}

fn parse_2017(text: String) -> Result<Version, DocumentError> {
    let sound = |(i, c): (usize, char)| if i < 3 { c.is_ascii_uppercase() } else { c.is_ascii_digit() };
    if text.chars().enumerate().all(sound) {
        Ok(Version::Of2017(text))
    } else {
        Err(DocumentError::UnexpectedCharacter)
    }
}

fn parse_2023(text: &str) -> Result<Version, DocumentError> {
    let number = Eighteen::parse(text)?;
    if number.region().starts_with('9') {
        Ok(Version::Of2023(number))
    } else {
        Err(DocumentError::UnknownRegion)
    }
}
