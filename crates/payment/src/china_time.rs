//! Times as the providers write them: China Standard Time, eight hours ahead, no summer time.

use domain::{CalendarDate, UtcMillis};
use jiff::{Timestamp, Zoned, civil, tz::TimeZone};

/// RFC 3339 with its offset, as WeChat Pay wants `time_expire`: `2026-11-22T12:00:00+08:00`.
pub(crate) fn rfc3339(at: UtcMillis) -> String {
    zoned(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The time that an RFC 3339 text names.
pub(crate) fn parse_rfc3339(text: &str) -> Option<UtcMillis> {
    (text.len() <= 40).then(|| text.parse::<Timestamp>().ok())?.map(|at| UtcMillis(at.as_millisecond()))
}

/// `2026-11-22 12:00:00`, as Alipay and both bills write times.
pub(crate) fn civil(at: UtcMillis) -> String {
    zoned(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The time that `2026-11-22 12:00:00` names; fractions of a second are dropped, as in `gmt_refund`.
pub(crate) fn parse_civil(text: &str) -> Option<UtcMillis> {
    let seconds = text.split_once('.').map_or(text, |(seconds, _)| seconds);
    if seconds.len() != 19 {
        return None;
    }
    let at = civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", seconds).ok()?;
    Some(UtcMillis(at.to_zoned(china()).ok()?.timestamp().as_millisecond()))
}

/// `2026-11-22`.
pub(crate) fn iso_day(day: CalendarDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

/// The day in China as `2026-11-22`.
pub(crate) fn day_of(at: UtcMillis) -> String {
    zoned(at).strftime("%Y-%m-%d").to_string()
}

fn zoned(at: UtcMillis) -> Zoned {
    let end = if at.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(at.0).unwrap_or(end).to_zoned(china())
}

fn china() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_chinas() {
        let at = UtcMillis(1_795_320_000_000);
        assert_eq!(rfc3339(at), "2026-11-22T12:00:00+08:00", "RFC 3339");
        assert_eq!(civil(at), "2026-11-22 12:00:00", "Alipay's form");
        assert_eq!(parse_rfc3339("2026-11-22T12:00:00+08:00"), Some(at), "read back");
        assert_eq!(parse_civil("2026-11-22 12:00:00.123"), Some(at), "fractions are dropped");
        assert_eq!(parse_civil("2026-11-22T12:00:00"), None, "another form");
        assert_eq!(
            day_of(UtcMillis(1_795_320_000_000 + 12 * 3_600_000)),
            "2026-11-23",
            "midnight is China's"
        );
    }

    proptest! {
        #[test]
        fn any_text_and_time_are_answered(text in any::<String>(), ms in any::<i64>()) {
            let _ = (parse_rfc3339(&text), parse_civil(&text), rfc3339(UtcMillis(ms)), civil(UtcMillis(ms)));
        }
    }
}
