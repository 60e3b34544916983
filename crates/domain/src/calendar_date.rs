//! A day of the Gregorian calendar. No time zone, no clock and no arithmetic beyond the age that a document implies.

use std::fmt;

/// A day from 1900-01-01 to 2199-12-31.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarDate {
    year: u16,
    month: u8,
    day: u8,
}

impl CalendarDate {
    /// The day, or `None` if the calendar has no such day or it is out of range.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = (1900..=2199).contains(&year) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// The day that eight ASCII digits `YYYYMMDD` name.
    #[must_use]
    pub fn parse_compact(text: &str) -> Option<Self> {
        if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Self::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?)
    }

    /// The year, 1900 to 2199.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// Completed years from `self`, a birth, to `today`; `None` if `today` is before it.
    ///
    /// Somebody born on 29 February completes a year on 1 March of a common year, so nobody counts as older than they are.
    #[must_use]
    pub fn age_on(self, today: Self) -> Option<u16> {
        let before_birthday = (today.month, today.day) < (self.month, self.day);
        (today >= self).then(|| today.year - self.year - u16::from(before_birthday))
    }
}

impl fmt::Debug for CalendarDate {
    /// Hidden: the dates that this type mostly holds are births.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CalendarDate(redacted)")
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_days_of_the_calendar_exist() {
        for (text, exists) in [
            ("20000229", true),
            ("19000229", false),
            ("20230229", false),
            ("20241231", true),
            ("20240431", false),
            ("20240001", false),
            ("20241301", false),
            ("20240100", false),
            ("18991231", false),
            ("2024010", false),
            ("2024-1-1", false),
            ("２0240", false),
        ] {
            assert_eq!(CalendarDate::parse_compact(text).is_some(), exists, "{text}");
        }
    }

    #[test]
    fn ages_are_completed_years() {
        let day = |text| CalendarDate::parse_compact(text).unwrap();
        for (born, today, age) in [
            ("20100615", "20240614", Some(13)),
            ("20100615", "20240615", Some(14)),
            ("20080229", "20220228", Some(13)),
            ("20080229", "20220301", Some(14)),
            ("20240101", "20240101", Some(0)),
            ("20240102", "20240101", None),
        ] {
            assert_eq!(day(born).age_on(day(today)), age, "born {born}, on {today}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>(), digits in "[0-9]{8}") {
            let _ = CalendarDate::parse_compact(&text);
            if let Some(date) = CalendarDate::parse_compact(&digits) {
                prop_assert_eq!(format!("{:04}{:02}{:02}", date.year(), date.month(), date.day()), digits, "round trip");
            }
        }
    }
}
