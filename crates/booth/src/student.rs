//! What a student typed, parsed once into types that can't be wrong.

use crate::view::{DetailsInput, DocumentKind as DocumentKindView};
use domain::UtcMillis;
use domain::calendar_date::CalendarDate;
use domain::document::{DocumentError, DocumentKind, DocumentNumber};
use domain::person_name::{NameError, PersonName};
use domain::phone::{Phone, PhoneError};
use domain::student_number::{StudentNumber, StudentNumberError};

/// Under this age the booth serves nobody by itself: the guardian's consent is needed, at the counter.
pub const LEAST_AGE: u16 = 14;

/// Somebody who identified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Student {
    /// The name.
    pub name: PersonName,
    /// The document.
    pub document: DocumentNumber,
    /// The telephone.
    pub phone: Phone,
    /// The student number.
    pub student_number: StudentNumber,
}

/// What of the details can't be right. Never holds what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DetailsError {
    /// The name.
    #[error("the name can't be one")]
    Name(#[source] NameError),
    /// The document's number.
    #[error("the document number can't be one")]
    Document(#[source] DocumentError),
    /// The telephone.
    #[error("the telephone number can't be one")]
    Phone(#[source] PhoneError),
    /// The student number.
    #[error("the student number can't be one")]
    StudentNumber(#[source] StudentNumberError),
    /// This document came with another name or student number before.
    #[error("the name or the student number is not the one that came with this document before")]
    NotAsBefore,
    /// The person is under [`LEAST_AGE`].
    #[error("a person under {LEAST_AGE} is served at the counter")]
    TooYoung,
}

impl Student {
    /// Parses what was typed, on the day of `now` in China (UTC+8, where the booth stands).
    ///
    /// # Errors
    /// [`DetailsError`], the first field that can't be right.
    pub fn parse(input: &DetailsInput, now: UtcMillis) -> Result<Self, DetailsError> {
        let document = DocumentNumber::parse(kind(input.document_kind), &input.document_number);
        let student = Self {
            name: PersonName::parse(&input.name).map_err(DetailsError::Name)?,
            document: document.map_err(DetailsError::Document)?,
            phone: Phone::parse(&input.phone).map_err(DetailsError::Phone)?,
            student_number: StudentNumber::parse(&input.student_number)
                .map_err(DetailsError::StudentNumber)?,
        };
        let age = china_date(now).and_then(|today| student.document.age_on(today));
        if age.is_some_and(|age| age < LEAST_AGE) { Err(DetailsError::TooYoung) } else { Ok(student) }
    }
}

/// The civil date in China, UTC+8, at `now`; nothing before 1970 or after 9999.
#[must_use]
pub fn china_date(now: UtcMillis) -> Option<CalendarDate> {
    let date = china_time(now)?.date();
    let (year, month, day) = (date.year(), date.month(), date.day());
    CalendarDate::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// The day that `text` names as `2027-03-01`.
#[must_use]
pub fn calendar_date(text: &str) -> Option<CalendarDate> {
    let date: jiff::civil::Date = text.parse().ok()?;
    CalendarDate::new(
        u16::try_from(date.year()).ok()?,
        u8::try_from(date.month()).ok()?,
        u8::try_from(date.day()).ok()?,
    )
}

/// The civil date and time in China, UTC+8, at `now`.
#[must_use]
pub fn china_time(now: UtcMillis) -> Option<jiff::civil::DateTime> {
    let instant = jiff::Timestamp::from_millisecond(now.0).ok()?;
    Some(jiff::tz::offset(8).to_datetime(instant))
}

fn kind(kind: DocumentKindView) -> DocumentKind {
    match kind {
        DocumentKindView::ResidentId => DocumentKind::ResidentId,
        DocumentKindView::HkMacaoTaiwanResidence => DocumentKind::HkMacaoTaiwanResidence,
        DocumentKindView::ForeignPermanentResident => DocumentKind::ForeignPermanentResident,
        DocumentKindView::Passport => DocumentKind::Passport,
        DocumentKindView::HomeReturnPermit => DocumentKind::HomeReturnPermit,
        DocumentKindView::TaiwanCompatriotPermit => DocumentKind::TaiwanCompatriotPermit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2026-11-20T16:30Z: already the 21st in China.
    const NOW: UtcMillis = UtcMillis(1_795_192_200_000);

    fn input(document_number: &str) -> DetailsInput {
        DetailsInput {
            name: " 张晓明 ".into(),
            document_kind: DocumentKindView::ResidentId,
            document_number: document_number.into(),
            phone: "13800000000".into(),
            student_number: "202300001".into(),
        }
    }

    #[test]
    fn the_booths_day_is_chinas() {
        assert_eq!(china_date(NOW), CalendarDate::new(2026, 11, 21));
    }

    #[test]
    fn details_are_put_right_or_refused_by_name() {
        assert_eq!(Student::parse(&input("11010519491231002x"), NOW).unwrap().name.as_str(), "张晓明");
        let wrong = Student::parse(&input("110105194912310021"), NOW).unwrap_err();
        assert!(matches!(wrong, DetailsError::Document(_)), "{wrong:?}");
        assert!(!format!("{wrong:?} {wrong}").contains("1949"), "an error never repeats the number");
    }

    #[test]
    fn a_person_turns_fourteen_at_midnight_in_china() {
        // Invented: born 2012-11-21 and 2012-11-22.
        assert!(Student::parse(&input("110105201211210010"), NOW).is_ok(), "fourteen today");
        assert_eq!(
            Student::parse(&input("110105201211220016"), NOW),
            Err(DetailsError::TooYoung),
            "tomorrow"
        );
    }

    proptest! {
        #[test]
        fn anything_typed_is_parsed_or_refused(name in "\\PC{0,60}", number in "\\PC{0,40}", phone in "\\PC{0,30}") {
            let typed = DetailsInput { name, phone, ..input(&number) };
            let shown = format!("{:?}", Student::parse(&typed, NOW));
            prop_assert!(number.len() < 6 || !shown.contains(&number), "nothing typed is printed");
        }
    }
}
