//! Times and days as people in China have them, who need no other zone: UTC+8, without summer time.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// Milliseconds of China's clock ahead of UTC.
const AHEAD_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// A day of the calendar in China.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(Date);

impl Day {
    /// The day that `YYYY-MM-DD` names, in the years 2000 to 2999.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_written_so = text.len() == 10 && text.is_ascii();
        let date: Date = if is_written_so { text.parse().ok()? } else { return None };
        (2000..3000).contains(&date.year()).then_some(Self(date))
    }

    /// The day at this time.
    pub(super) fn at(ms: i64) -> Self {
        Self(jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(days_of(ms))))
    }

    /// When it begins, in milliseconds since the Unix epoch.
    pub(super) fn begins_ms(self) -> i64 {
        let begins = self.0.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp().as_millisecond());
        begins.unwrap_or(0) - AHEAD_MS
    }

    /// When the next day begins.
    pub(super) fn ends_ms(self) -> i64 {
        self.begins_ms() + DAY_MS
    }
}

/// Within a thousand years of the epoch, as a span of days has limits.
fn days_of(ms: i64) -> i64 {
    ms.saturating_add(AHEAD_MS).div_euclid(DAY_MS).clamp(-365_000, 365_000)
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A time to the minute, `2026-11-22 20:15`; nothing for one that no calendar has.
pub(super) fn minute(ms: i64) -> String {
    let zone = TimeZone::fixed(Offset::constant(8));
    let time = Timestamp::from_millisecond(ms);
    time.map(|time| time.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_day_begins_in_china() {
        let day = Day::parse("2026-11-22").unwrap();
        assert_eq!(minute(day.begins_ms()), "2026-11-22 00:00");
        assert_eq!(Day::at(day.begins_ms()), day);
        assert_eq!(Day::at(day.begins_ms() - 1).to_string(), "2026-11-21");
        assert_eq!(Day::at(day.ends_ms()).to_string(), "2026-11-23");
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for wrong in ["", "2026-02-30", "2026-1-2", "1999-12-31", "2026-11-22T00:00", "二〇二六-1"] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_time_lies_within_its_day(ms in 946_728_000_000_i64..4_102_444_800_000) {
            let day = Day::at(ms);
            prop_assert!(day.begins_ms() <= ms && ms < day.ends_ms());
            prop_assert_eq!(Day::parse(&day.to_string()), Some(day));
        }

        #[test]
        fn junk_is_no_day_and_never_a_panic(text in "\\PC{0,12}", ms in any::<i64>()) {
            let _: Option<Day> = Day::parse(&text);
            let _: (Day, String) = (Day::at(ms), minute(ms));
        }
    }
}
