//! What is kept of a card: who its holder is, and from when to when it is valid.

use super::text_block::{self, CardTextError};
use domain::document::{DocumentKind, DocumentNumber, Sex};
use domain::{CalendarDate, PersonName};
use std::fmt;

/// The four kinds of card that a reader reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CardKind {
    /// 居民身份证.
    Resident,
    /// 港澳台居民居住证.
    HkMacaoTaiwanResidence,
    /// 外国人永久居留身份证 of 2017, with fifteen characters of number.
    ForeignPermanentResident2017,
    /// 外国人永久居留身份证 of 2023, with eighteen.
    ForeignPermanentResident2023,
}

impl CardKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Resident,
        Self::HkMacaoTaiwanResidence,
        Self::ForeignPermanentResident2017,
        Self::ForeignPermanentResident2023,
    ];

    /// The kind of document that it is.
    #[must_use]
    pub fn document_kind(self) -> DocumentKind {
        match self {
            Self::Resident => DocumentKind::ResidentId,
            Self::HkMacaoTaiwanResidence => DocumentKind::HkMacaoTaiwanResidence,
            Self::ForeignPermanentResident2017 | Self::ForeignPermanentResident2023 => {
                DocumentKind::ForeignPermanentResident
            }
        }
    }

    /// How many characters its number has.
    fn number_length(self) -> usize {
        if self == Self::ForeignPermanentResident2017 { 15 } else { 18 }
    }
}

/// What is kept of a card. Personal: `Debug` shows the kind alone.
///
/// One that came from a reader has passed [`Card::checked`].
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// Which of the four.
    pub kind: CardKind,
    /// Its number.
    pub document: DocumentNumber,
    /// The Chinese name; the Latin one where the card has no Chinese name.
    pub name: PersonName,
    /// The name in Latin letters, on the cards of foreigners. None also where it is longer than a [`PersonName`] can be, and a
    /// Chinese one is there.
    pub latin_name: Option<PersonName>,
    /// The sex that the card states.
    pub sex: Sex,
    /// The day of birth that the card states, which is the number's where that says one.
    pub birth: CalendarDate,
    /// The first day of its validity.
    pub valid_from: CalendarDate,
    /// The end of its validity.
    pub valid_until: Validity,
}

/// The end of a card's validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Valid up to this day, and on it.
    Until(CalendarDate),
    /// 长期: valid for life.
    LongTerm,
}

/// Why a card isn't valid on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotValid {
    /// Its validity begins later.
    #[error("the card is not valid yet")]
    NotYet,
    /// Its validity has ended.
    #[error("the card has expired")]
    Expired,
}

impl Card {
    /// The card whose text block is `block`, [`super::TEXT_BLOCK_BYTES`] bytes of UTF-16LE.
    ///
    /// # Errors
    /// [`CardTextError`] names the first rule that the block breaks.
    pub fn parse(block: &[u8]) -> Result<Self, CardTextError> {
        text_block::parse(block)?.checked()
    }

    /// The card, if its parts agree with each other: kind and number, number and birth, birth and validity.
    ///
    /// # Errors
    /// [`CardTextError`] names the parts that disagree.
    pub fn checked(self) -> Result<Self, CardTextError> {
        let of_kind = self.document.kind() == self.kind.document_kind()
            && self.document.as_str().len() == self.kind.number_length();
        if !of_kind {
            return Err(CardTextError::NumberOfOtherKind);
        }
        if self.document.birth_date().is_some_and(|birth| birth != self.birth) {
            return Err(CardTextError::BirthDisagrees);
        }
        let ends_before_it_begins = match self.valid_until {
            Validity::Until(day) => day < self.valid_from,
            Validity::LongTerm => false,
        };
        if ends_before_it_begins || self.valid_from < self.birth {
            return Err(CardTextError::ValidityDisagrees);
        }
        Ok(self)
    }

    /// Whether it is valid on `day`; the first and the last day count.
    ///
    /// # Errors
    /// [`NotValid`] says on which side of the validity the day lies.
    pub fn is_valid_on(&self, day: CalendarDate) -> Result<(), NotValid> {
        match self.valid_until {
            _ if day < self.valid_from => Err(NotValid::NotYet),
            Validity::Until(last) if last < day => Err(NotValid::Expired),
            Validity::Until(_) | Validity::LongTerm => Ok(()),
        }
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Card({:?}, redacted)", self.kind)
    }
}
