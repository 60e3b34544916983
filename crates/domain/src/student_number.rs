//! The number that a school gives a student. Each school has its own pattern, so only what all share is checked.

use crate::typed_text;

/// A student's number: 4 to 24 ASCII digits and upper-case letters. Personal: `Debug` is redacted.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StudentNumber(String);

typed_text::redacted_debug!(StudentNumber);

impl StudentNumber {
    /// The number that `text` holds; spaces fall away, case and width are put right.
    ///
    /// # Errors
    /// [`StudentNumberError`] names the rule broken.
    pub fn parse(text: &str) -> Result<Self, StudentNumberError> {
        let text = typed_text::compact(text);
        if !text.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(StudentNumberError::UnexpectedCharacter);
        }
        if (4..=24).contains(&text.len()) { Ok(Self(text)) } else { Err(StudentNumberError::WrongLength) }
    }

    /// The number, 4 to 24 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number for a screen that others can see: its first two and last two characters.
    #[must_use]
    pub fn masked(&self) -> String {
        typed_text::masked(&self.0, 2, 2)
    }
}

/// The rule that a typed student number broke. Never holds the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StudentNumberError {
    /// Fewer than 4 characters or more than 24.
    #[error("a student number has 4 to 24 characters")]
    WrongLength,
    /// A character other than ASCII digits and letters.
    #[error("a student number has only digits and letters")]
    UnexpectedCharacter,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rules_are_named() {
        for (typed, expect) in [
            (" ２０26a001 ", Ok("2026A001")),
            ("123", Err(StudentNumberError::WrongLength)),
            ("1234567890123456789012345", Err(StudentNumberError::WrongLength)),
            ("2026-001", Err(StudentNumberError::UnexpectedCharacter)),
            ("学2026", Err(StudentNumberError::UnexpectedCharacter)),
        ] {
            let parsed = StudentNumber::parse(typed);
            assert_eq!(parsed.as_ref().map(StudentNumber::as_str), expect.as_ref().copied(), "{typed}");
        }
        let number = StudentNumber::parse("2026A001").unwrap();
        assert_eq!(number.masked(), "20****01", "a screen sees the ends");
        assert_eq!(format!("{number:?}"), "StudentNumber(redacted)", "logs see nothing");
    }

    proptest! {
        #[test]
        fn any_text_is_answered_and_plain_numbers_are_kept(text in any::<String>(), plain in "[0-9A-Z]{4,24}") {
            let _ = StudentNumber::parse(&text);
            let parsed = StudentNumber::parse(&plain);
            prop_assert_eq!(parsed.as_ref().map(StudentNumber::as_str), Ok(plain.as_str()), "round trip");
        }
    }
}
