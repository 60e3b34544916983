//! What a student typed, parsed once into types that can't be wrong.

use crate::view::DocumentKind as DocumentKindView;
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
