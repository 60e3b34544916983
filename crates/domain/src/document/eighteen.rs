//! The eighteen-character form that resident cards, residence permits and the 2023 permanent resident card share (GB 11643):
//! six of region, eight of birth, three of sequence whose last tells the sex, one check character.

use super::DocumentError;
use crate::calendar_date::CalendarDate;
use crate::typed_text;

/// The sex that a document states.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sex {
    /// The 17th digit is odd.
    Male,
    /// The 17th digit is even.
    Female,
}

impl Sex {
    /// The code that files and messages use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}

/// Eighteen characters whose check character and birth date are right. The region is for each kind to judge.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Eighteen {
    text: String,
    birth_date: CalendarDate,
    sex: Sex,
}

typed_text::redacted_debug!(Eighteen);

impl Eighteen {
    pub(super) fn parse(text: &str) -> Result<Self, DocumentError> {
        let text = typed_text::compact(text);
        let digits = digits_of(&text)?;
        if check_character(&digits) != text.as_bytes()[17] {
            return Err(DocumentError::WrongCheckDigit);
        }
        let birth_date =
            CalendarDate::parse_compact(&text[6..14]).ok_or(DocumentError::ImpossibleBirthDate)?;
        let sex = if digits[16] % 2 == 1 { Sex::Male } else { Sex::Female };
        Ok(Self { text, birth_date, sex })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn region(&self) -> &str {
        &self.text[..6]
    }

    pub(super) fn birth_date(&self) -> CalendarDate {
        self.birth_date
    }

    pub(super) fn sex(&self) -> Sex {
        self.sex
    }
}

/// The first seventeen digits of `text`, whose eighteenth must be a digit or X.
fn digits_of(text: &str) -> Result<[u8; 17], DocumentError> {
    if text.chars().count() != 18 {
        return Err(DocumentError::WrongLength);
    }
    let bytes: &[u8; 18] = text.as_bytes().try_into().map_err(|_| DocumentError::UnexpectedCharacter)?;
    let sound =
        bytes[..17].iter().all(u8::is_ascii_digit) && (bytes[17].is_ascii_digit() || bytes[17] == b'X');
    if !sound {
        return Err(DocumentError::UnexpectedCharacter);
    }
    Ok(std::array::from_fn(|i| bytes[i] - b'0'))
}

/// The check character of GB 11643 (ISO 7064 MOD 11-2): the weight of a place is 2^(17 - place) mod 11, the places counted from 0.
pub(super) fn check_character(digits: &[u8; 17]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [u8; 11] = *b"10X98765432";
    let sum: u32 = WEIGHTS.iter().zip(digits).map(|(weight, digit)| weight * u32::from(*digit)).sum();
    CHECKS[sum as usize % CHECKS.len()]
}
