//! A telephone number that can get a text message: a mainland mobile number, or a foreign one in E.164.
//!
//! Left out on purpose: land lines, and which foreign numbers exist.

use crate::typed_text;

/// A mainland mobile number as 11 digits, or a foreign one as `+` and 8 to 15 digits. Personal: `Debug` is redacted.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

typed_text::redacted_debug!(Phone);

impl Phone {
    /// The number that `text` holds. Spaces, hyphens and brackets fall away; `+86` and `0086` before a mainland number too; `00`
    /// counts as `+`.
    ///
    /// # Errors
    /// [`PhoneError`] names the rule broken.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let text: String =
            typed_text::compact(text).chars().filter(|c| !matches!(c, '-' | '(' | ')')).collect();
        let abroad = text.strip_prefix('+').or_else(|| text.strip_prefix("00"));
        let digits = abroad.unwrap_or(&text);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PhoneError::NotDigits);
        }
        match abroad.map(|number| number.strip_prefix("86").ok_or(number)) {
            None => mainland(digits),
            Some(Ok(number)) => mainland(number),
            Some(Err(number)) => foreign(number),
        }
    }

    /// The number: 11 digits, or `+` and 8 to 15 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number for a screen that others can see: `139****5678`, `+85*******67`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (head, tail) = if self.0.starts_with('+') { (3, 2) } else { (3, 4) };
        typed_text::masked(&self.0, head, tail)
    }
}

/// The rule that a typed number broke. Never holds the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing, or a character other than digits, spaces, hyphens, brackets and a leading plus.
    #[error("a phone number has only digits")]
    NotDigits,
    /// Not 11 digits beginning with 13 to 19.
    #[error("a mainland mobile number has 11 digits and begins with 13 to 19")]
    NotMobile,
    /// Not 8 to 15 digits with the country's first (ITU-T E.164), which is never 0.
    #[error("a number abroad has 8 to 15 digits after the plus, the country's first")]
    NotInternational,
}

fn mainland(digits: &str) -> Result<Phone, PhoneError> {
    match digits.as_bytes() {
        [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 => Ok(Phone(digits.to_owned())),
        _ => Err(PhoneError::NotMobile),
    }
}

fn foreign(digits: &str) -> Result<Phone, PhoneError> {
    if (8..=15).contains(&digits.len()) && !digits.starts_with('0') {
        Ok(Phone(format!("+{digits}")))
    } else {
        Err(PhoneError::NotInternational)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_take_one_form() {
        for (typed, phone) in [
            ("13900000000", "13900000000"),
            ("１３９ 0000-0000", "13900000000"),
            ("+86 139 0000 0000", "13900000000"),
            ("0086-13900000000", "13900000000"),
            ("+852 5555 0100", "+85255550100"),
            ("001 (202) 555-0100", "+12025550100"),
        ] {
            assert_eq!(Phone::parse(typed).unwrap().as_str(), phone, "{typed}");
        }
    }

    #[test]
    fn broken_numbers_name_the_rule() {
        for (typed, error) in [
            ("", PhoneError::NotDigits),
            ("+", PhoneError::NotDigits),
            ("139000O0000", PhoneError::NotDigits),
            ("++85255550100", PhoneError::NotDigits),
            ("12900000000", PhoneError::NotMobile),
            ("1390000000", PhoneError::NotMobile),
            ("+861012345678", PhoneError::NotMobile),
            ("+1234567", PhoneError::NotInternational),
            ("+0123456789", PhoneError::NotInternational),
            ("+1234567890123456", PhoneError::NotInternational),
        ] {
            assert_eq!(Phone::parse(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn masks_hide_the_middle() {
        for (typed, masked) in [("13912345678", "139****5678"), ("+85255550167", "+85*******67")] {
            assert_eq!(Phone::parse(typed).unwrap().masked(), masked, "{typed}");
        }
        assert_eq!(
            format!("{:?}", Phone::parse("13912345678").unwrap()),
            "Phone(redacted)",
            "logs see nothing"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>(), near in "[+0-9 -]{0,18}") {
            for typed in [text, near] {
                if let Ok(phone) = Phone::parse(&typed) {
                    prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()), "parsing again changes nothing");
                }
            }
        }

        #[test]
        fn mobile_numbers_round_trip(number in "1[3-9][0-9]{9}") {
            let parsed = Phone::parse(&number);
            prop_assert_eq!(parsed.as_ref().map(Phone::as_str), Ok(number.as_str()), "a mobile number is kept");
        }
    }
}
