//! The number of an order, made to be read aloud and typed back: ten digits, no letters, in groups of three, three and four.
//!
//! The first group is the booth, then six digits count that booth's orders, and the last digit is a check digit by H. Michael Damm's
//! quasigroup of order 10 (dissertation, Marburg 2004): it catches every single wrong digit and every swap of two neighbours.
//! Left out on purpose: dates and anything about the student. The number is a name, not a secret.

use crate::typed_text;
use std::fmt;

/// The number that the operator gave a booth, 1 to 999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BoothNumber(u16);

impl BoothNumber {
    /// The booth of this number, or `None` if it isn't within 1 to 999.
    #[must_use]
    pub fn new(number: u16) -> Option<Self> {
        (1..=999).contains(&number).then_some(Self(number))
    }

    /// The number, 1 to 999.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }
}

/// An order's number, such as `038 000 1243`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OrderNumber {
    booth: BoothNumber,
    count: u32,
}

impl OrderNumber {
    /// The highest count of one booth.
    pub const LAST: u32 = 999_999;

    /// The number of `booth`'s order `count`, counted from 1.
    ///
    /// # Errors
    /// [`OrderNumberError::OutOfCounts`] if `count` is 0 or above [`OrderNumber::LAST`].
    pub fn new(booth: BoothNumber, count: u32) -> Result<Self, OrderNumberError> {
        if (1..=Self::LAST).contains(&count) {
            Ok(Self { booth, count })
        } else {
            Err(OrderNumberError::OutOfCounts)
        }
    }

    /// The number that `text` holds: ten digits, grouped anyhow by spaces or hyphens, full width or half.
    ///
    /// ```
    /// use domain::order_number::OrderNumber;
    /// let number = OrderNumber::parse("０38-000-1243")?;
    /// assert_eq!(number.to_string(), "038 000 1243");
    /// # Ok::<(), domain::order_number::OrderNumberError>(())
    /// ```
    ///
    /// # Errors
    /// [`OrderNumberError`] names the rule broken.
    pub fn parse(text: &str) -> Result<Self, OrderNumberError> {
        let text = typed_text::compact(text).replace('-', "");
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(OrderNumberError::NotDigits);
        }
        if text.len() != 10 {
            return Err(OrderNumberError::WrongLength);
        }
        if damm(text.bytes().map(|b| b - b'0')) != 0 {
            return Err(OrderNumberError::WrongCheckDigit);
        }
        let booth = text[..3].parse().ok().and_then(BoothNumber::new).ok_or(OrderNumberError::NoSuchBooth)?;
        Self::new(booth, text[3..9].parse().map_err(|_| OrderNumberError::NotDigits)?)
    }

    /// The booth that took the order.
    #[must_use]
    pub fn booth(self) -> BoothNumber {
        self.booth
    }

    /// Which of the booth's orders it is, from 1.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// The ten digits without spaces, for files and messages.
    #[must_use]
    pub fn digits(self) -> String {
        let payload = format!("{:03}{:06}", self.booth.0, self.count);
        let check = damm(payload.bytes().map(|b| b - b'0'));
        format!("{payload}{check}")
    }
}

impl fmt::Display for OrderNumber {
    /// The ten digits in groups of three, three and four.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        write!(f, "{} {} {}", &digits[..3], &digits[3..6], &digits[6..])
    }
}

/// Why there is no such order number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderNumberError {
    /// A character other than digits, spaces and hyphens.
    #[error("an order number has only digits")]
    NotDigits,
    /// Other than ten digits.
    #[error("an order number has ten digits")]
    WrongLength,
    /// A digit was misheard or two were swapped.
    #[error("the order number's check digit is wrong")]
    WrongCheckDigit,
    /// Booths are numbered from 001.
    #[error("the order number's booth does not exist")]
    NoSuchBooth,
    /// The booth's counter stands at 0 or has passed 999,999.
    #[error("the booth has no order number for this count")]
    OutOfCounts,
}

/// The check digit of `digits` (each 0 to 9); 0 if the last of them is that of the others.
fn damm(digits: impl Iterator<Item = u8>) -> u8 {
    digits.fold(0, |interim, digit| QUASIGROUP[usize::from(interim)][usize::from(digit)])
}

/// A totally anti-symmetric quasigroup whose diagonal is 0 (Damm 2004).
const QUASIGROUP: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The proof for numbers of any length: no row or column repeats a digit, so one wrong digit always changes the result; and
    /// swapping two digits after any interim value changes it too.
    #[test]
    fn the_quasigroup_catches_every_single_error_and_every_neighbour_swap() {
        let q = |a: usize, b: usize| usize::from(QUASIGROUP[a][b]);
        for c in 0..10 {
            assert_eq!(q(c, c), 0, "the diagonal is 0, so the check digit is the interim value");
            for (x, y) in (0..10).flat_map(|x| (0..10).map(move |y| (x, y))).filter(|(x, y)| x != y) {
                assert_ne!(q(c, x), q(c, y), "row {c} repeats");
                assert_ne!(q(x, c), q(y, c), "column {c} repeats");
                assert_ne!(q(q(c, x), y), q(q(c, y), x), "after {c}, {x} and {y} may swap unseen");
            }
        }
    }

    #[test]
    fn numbers_are_read_back_as_they_are_written_down() {
        let number = OrderNumber::new(BoothNumber::new(38).unwrap(), 124).unwrap();
        let digits = number.digits();
        assert_eq!(damm([5, 7, 2].into_iter()), 4, "Damm's own example");
        assert_eq!(number.to_string().replace(' ', ""), digits, "groups only add spaces");
        for text in [digits.clone(), number.to_string(), format!("　{}-{} ", &digits[..5], &digits[5..])] {
            assert_eq!(OrderNumber::parse(&text), Ok(number), "{text}");
        }
    }

    #[test]
    fn broken_numbers_name_the_rule() {
        let zero_booth = format!("000000124{}", damm([0, 0, 0, 0, 0, 0, 1, 2, 4].into_iter()));
        let zero_count = format!("038000000{}", damm([0, 3, 8, 0, 0, 0, 0, 0, 0].into_iter()));
        for (text, error) in [
            ("", OrderNumberError::WrongLength),
            ("038 000 124", OrderNumberError::WrongLength),
            ("O38 000 1248", OrderNumberError::NotDigits),
            ("一二三", OrderNumberError::NotDigits),
            (zero_booth.as_str(), OrderNumberError::NoSuchBooth),
            (zero_count.as_str(), OrderNumberError::OutOfCounts),
        ] {
            assert_eq!(OrderNumber::parse(text), Err(error), "{text}");
        }
        assert_eq!(BoothNumber::new(0), None, "booths count from 1");
        assert_eq!(BoothNumber::new(1000), None, "three digits at most");
        let booth = BoothNumber::new(1).unwrap();
        assert_eq!(
            OrderNumber::new(booth, OrderNumber::LAST + 1),
            Err(OrderNumberError::OutOfCounts),
            "a full counter"
        );
    }

    proptest! {
        #[test]
        fn no_single_error_or_neighbour_swap_passes(booth in 1u16..=999, count in 1u32..=OrderNumber::LAST) {
            let number = OrderNumber::new(BoothNumber::new(booth).unwrap(), count).unwrap();
            let digits = number.digits().into_bytes();
            prop_assert_eq!(OrderNumber::parse(&number.to_string()), Ok(number), "round trip");
            for place in 0..10 {
                for digit in b'0'..=b'9' {
                    let mut wrong = digits.clone();
                    wrong[place] = digit;
                    let parsed = OrderNumber::parse(std::str::from_utf8(&wrong).unwrap());
                    prop_assert_eq!(parsed.is_ok(), digit == digits[place], "digit {} as {}", place, digit);
                }
                if place > 0 {
                    let mut swapped = digits.clone();
                    swapped.swap(place - 1, place);
                    let parsed = OrderNumber::parse(std::str::from_utf8(&swapped).unwrap());
                    prop_assert_eq!(parsed.is_ok(), swapped == digits, "swap at {}", place);
                }
            }
        }

        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = OrderNumber::parse(&text);
        }
    }
}
