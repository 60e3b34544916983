//! What was seen of a document, and what keeps it from being seen.

use domain::calendar_date::CalendarDate;
use domain::document::{DocumentKind, DocumentNumber, Sex};
use domain::person_name::PersonName;

use super::mrz::{Form, Zone};

/// Where a document was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The machine-readable zone.
    Mrz,
    /// The printed face of a card.
    CardFace,
}

/// What one picture told of a document. Personal: `Debug` shows only which document it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Seen {
    /// The number; its check digit held.
    pub document: DocumentNumber,
    /// The name in Chinese, where the card prints one and it was read well.
    pub name: Option<PersonName>,
    /// The name in Latin letters, family name first. Zones leave out accents and write hyphens as spaces.
    pub latin_name: Option<PersonName>,
    /// The sex, of the number or the zone.
    pub sex: Option<Sex>,
    /// The birth, of the number or the zone.
    pub birth: Option<CalendarDate>,
    /// The last day of validity, where the side that was shown prints it.
    pub expires: Option<CalendarDate>,
    /// Where it was read.
    pub source: Source,
}

impl Seen {
    /// What a zone says of a document of the kinds that students have: a passport, or a permit issued by China whose number has the form of
    /// one. Nothing for other zones.
    pub(super) fn of_zone(zone: &Zone) -> Option<Self> {
        let kinds: &[DocumentKind] = match zone.form {
            Form::Td3 => &[DocumentKind::Passport],
            Form::Td1 if zone.issuer == "CHN" && zone.code.starts_with('C') => {
                &[DocumentKind::HomeReturnPermit, DocumentKind::TaiwanCompatriotPermit]
            }
            Form::Td1 => &[],
        };
        let document = kinds.iter().find_map(|kind| DocumentNumber::parse(*kind, &zone.number).ok())?;
        Some(Self {
            document,
            name: None,
            latin_name: PersonName::parse(&zone.names).ok(),
            sex: zone.sex,
            birth: zone.birth,
            expires: zone.expires,
            source: Source::Mrz,
        })
    }
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = self.document.kind();
        f.debug_struct("Seen").field("kind", &kind).field("source", &self.source).finish_non_exhaustive()
    }
}

/// What the holder can do so that the document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShowAdvice {
    /// There is no document in sight.
    NothingSeen,
    /// Its print is too small in the picture.
    MoveCloser,
    /// Light shines on it.
    Glare,
    /// Its print is blurred or too dim.
    HoldStill,
    /// It is read well and has neither a number with a check digit nor a zone: another side or page may.
    OtherSide,
    /// Several pictures were read and do not say the same.
    CantAgree,
}

/// What one look gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// A document.
    Seen(Box<Seen>),
    /// None, and why.
    Missed(ShowAdvice),
}
