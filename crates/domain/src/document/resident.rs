//! The resident ID card's number and the residence permit's, which differ in their regions alone.

use super::eighteen::{Eighteen, Sex};
use super::{DocumentError, DocumentKind};
use crate::calendar_date::CalendarDate;

/// The first two digits of a region: the provinces of GB/T 2260. Districts come and go, so no finer list is kept here.
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];

/// The regions of residence permits: Hong Kong, Macao, Taiwan.
const PERMIT_REGIONS: [&str; 3] = ["810000", "820000", "830000"];

/// The number of a 居民身份证 (GB 11643).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ResidentIdNumber(Eighteen);

impl ResidentIdNumber {
    /// The number that `text` holds.
    ///
    /// # Errors
    /// [`DocumentError`]; a residence permit's number is [`DocumentError::OtherKind`].
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let number = Eighteen::parse(text)?;
        if PERMIT_REGIONS.contains(&number.region()) {
            return Err(DocumentError::OtherKind(DocumentKind::HkMacaoTaiwanResidence));
        }
        if !PROVINCES.contains(&&number.region()[..2]) {
            return Err(DocumentError::UnknownRegion);
        }
        Ok(Self(number))
    }

    /// The eighteen characters, the last perhaps an X.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The birth date, digits 7 to 14.
    #[must_use]
    pub fn birth_date(&self) -> CalendarDate {
        self.0.birth_date()
    }

    /// The sex, from digit 17.
    #[must_use]
    pub fn sex(&self) -> Sex {
        self.0.sex()
    }
}

/// The number of a 港澳台居民居住证: as a resident's, with one of three regions.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ResidencePermitNumber(Eighteen);

impl ResidencePermitNumber {
    /// The number that `text` holds.
    ///
    /// # Errors
    /// [`DocumentError`]; a region other than 810000, 820000 and 830000 is [`DocumentError::UnknownRegion`].
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let number = Eighteen::parse(text)?;
        if PERMIT_REGIONS.contains(&number.region()) {
            Ok(Self(number))
        } else {
            Err(DocumentError::UnknownRegion)
        }
    }

    /// The eighteen characters, the last perhaps an X.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The birth date, digits 7 to 14.
    #[must_use]
    pub fn birth_date(&self) -> CalendarDate {
        self.0.birth_date()
    }

    /// The sex, from digit 17.
    #[must_use]
    pub fn sex(&self) -> Sex {
        self.0.sex()
    }
}
