//! Dates of six digits.

use domain::calendar_date::CalendarDate;

/// The last day of validity. Zones are younger than 1980 and documents last ten years, so a year is one of this century.
pub(super) fn expiry(field: &[u8]) -> Option<CalendarDate> {
    in_century(20, field)
}

/// The birth: the latest day that the field can mean before `expires`; none where that is not known.
pub(super) fn birth(field: &[u8], expires: Option<CalendarDate>) -> Option<CalendarDate> {
    let limit = expires?;
    in_century(20, field).filter(|day| *day < limit).or_else(|| in_century(19, field))
}

fn in_century(century: u8, field: &[u8]) -> Option<CalendarDate> {
    let field = std::str::from_utf8(field).ok()?;
    CalendarDate::parse_compact(&format!("{century}{field}"))
}
