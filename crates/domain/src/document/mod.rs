//! The numbers of identity documents, parsed: a value of these types has passed every rule that its number alone can show.
//!
//! Left out on purpose: whether the document is genuine, valid today or belongs to the person; machine-readable zones; cards' chips.
//! Nothing here prints a number: errors name the rule that was broken, `Debug` is redacted, screens use [`DocumentNumber::masked`].

mod eighteen;
mod foreign_permanent_resident;
mod kind;
mod passport;
mod permits;
mod resident;

pub use eighteen::Sex;
pub use foreign_permanent_resident::ForeignPermanentResidentNumber;
pub use kind::DocumentKind;
pub use passport::PassportNumber;
pub use permits::{HomeReturnPermitNumber, TaiwanCompatriotPermitNumber};
pub use resident::{ResidencePermitNumber, ResidentIdNumber};

use crate::calendar_date::CalendarDate;
use crate::typed_text;

/// A document's number, of the kind that the holder named.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum DocumentNumber {
    /// 居民身份证.
    ResidentId(ResidentIdNumber),
    /// 港澳台居民居住证.
    HkMacaoTaiwanResidence(ResidencePermitNumber),
    /// 外国人永久居留身份证.
    ForeignPermanentResident(ForeignPermanentResidentNumber),
    /// 护照.
    Passport(PassportNumber),
    /// 港澳居民来往内地通行证 (回乡证).
    HomeReturnPermit(HomeReturnPermitNumber),
    /// 台湾居民来往大陆通行证 (台胞证).
    TaiwanCompatriotPermit(TaiwanCompatriotPermitNumber),
}

impl DocumentNumber {
    /// The number that `text` holds, read as one of `kind`. Full-width characters, spaces and lower case are put right.
    ///
    /// ```
    /// use domain::document::{DocumentKind, DocumentNumber};
    /// let number = DocumentNumber::parse(DocumentKind::ResidentId, "11010519491231002x")?;
    /// assert_eq!(number.masked(), "110***********002X");
    /// # Ok::<(), domain::document::DocumentError>(())
    /// ```
    ///
    /// # Errors
    /// [`DocumentError`] names the first rule broken.
    pub fn parse(kind: DocumentKind, text: &str) -> Result<Self, DocumentError> {
        match kind {
            DocumentKind::ResidentId => ResidentIdNumber::parse(text).map(Self::ResidentId),
            DocumentKind::HkMacaoTaiwanResidence => {
                ResidencePermitNumber::parse(text).map(Self::HkMacaoTaiwanResidence)
            }
            DocumentKind::ForeignPermanentResident => {
                ForeignPermanentResidentNumber::parse(text).map(Self::ForeignPermanentResident)
            }
            DocumentKind::Passport => PassportNumber::parse(text).map(Self::Passport),
            DocumentKind::HomeReturnPermit => HomeReturnPermitNumber::parse(text).map(Self::HomeReturnPermit),
            DocumentKind::TaiwanCompatriotPermit => {
                TaiwanCompatriotPermitNumber::parse(text).map(Self::TaiwanCompatriotPermit)
            }
        }
    }

    /// The kind of document.
    #[must_use]
    pub fn kind(&self) -> DocumentKind {
        match self {
            Self::ResidentId(_) => DocumentKind::ResidentId,
            Self::HkMacaoTaiwanResidence(_) => DocumentKind::HkMacaoTaiwanResidence,
            Self::ForeignPermanentResident(_) => DocumentKind::ForeignPermanentResident,
            Self::Passport(_) => DocumentKind::Passport,
            Self::HomeReturnPermit(_) => DocumentKind::HomeReturnPermit,
            Self::TaiwanCompatriotPermit(_) => DocumentKind::TaiwanCompatriotPermit,
        }
    }

    /// The whole number, normalised: ASCII digits and upper-case letters. Personal: for storage and delivery only.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::ResidentId(number) => number.as_str(),
            Self::HkMacaoTaiwanResidence(number) => number.as_str(),
            Self::ForeignPermanentResident(number) => number.as_str(),
            Self::Passport(number) => number.as_str(),
            Self::HomeReturnPermit(number) => number.as_str(),
            Self::TaiwanCompatriotPermit(number) => number.as_str(),
        }
    }

    /// The birth date, if the number says it in full.
    #[must_use]
    pub fn birth_date(&self) -> Option<CalendarDate> {
        match self {
            Self::ResidentId(number) => Some(number.birth_date()),
            Self::HkMacaoTaiwanResidence(number) => Some(number.birth_date()),
            Self::ForeignPermanentResident(number) => number.birth_date(),
            Self::Passport(_) | Self::HomeReturnPermit(_) | Self::TaiwanCompatriotPermit(_) => None,
        }
    }

    /// The sex, if the number says it.
    #[must_use]
    pub fn sex(&self) -> Option<Sex> {
        match self {
            Self::ResidentId(number) => Some(number.sex()),
            Self::HkMacaoTaiwanResidence(number) => Some(number.sex()),
            Self::ForeignPermanentResident(number) => number.sex(),
            Self::Passport(_) | Self::HomeReturnPermit(_) | Self::TaiwanCompatriotPermit(_) => None,
        }
    }

    /// Completed years on `today`; `None` if the number has no birth date or one after `today`.
    #[must_use]
    pub fn age_on(&self, today: CalendarDate) -> Option<u16> {
        self.birth_date()?.age_on(today)
    }

    /// The number for a screen that others can see: 3 leading and 4 trailing characters of a long one (15 or more),
    /// 1 and 3 of one of 8 or more, 1 and 2 of a shorter one; asterisks between.
    #[must_use]
    pub fn masked(&self) -> String {
        let text = self.as_str();
        let (head, tail) = match text.len() {
            15.. => (3, 4),
            8.. => (1, 3),
            _ => (1, 2),
        };
        typed_text::masked(text, head, tail)
    }

    /// The last six characters (every number has at least six), which collectors use as a first password.
    #[must_use]
    pub fn last_six(&self) -> &str {
        let text = self.as_str();
        &text[text.len() - 6..]
    }
}

/// The rule that a typed or scanned number broke. Never holds the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Too few or too many characters for the kind.
    #[error("the number's length is not that of this kind of document")]
    WrongLength,
    /// A character where this kind of number has another sort.
    #[error("the number has a character that this kind of document does not have there")]
    UnexpectedCharacter,
    /// The last character does not follow from the ones before it (GB 11643, MOD 11-2).
    #[error("the number's check character is wrong")]
    WrongCheckDigit,
    /// The eight digits of the birth date are no day of the calendar.
    #[error("the number's birth date does not exist")]
    ImpossibleBirthDate,
    /// The region's digits are none of this kind's regions.
    #[error("the number's region does not exist")]
    UnknownRegion,
    /// The number is a sound one of another kind.
    #[error("the number belongs to another kind of document ({})", .0.as_str())]
    OtherKind(DocumentKind),
}

#[cfg(test)]
mod tests;
