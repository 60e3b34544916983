//! Machine-readable zones, as text: two lines of 44 characters (a passport, TD3) or three of 30 (a card, TD1), ICAO 9303.
//!
//! Every check digit must hold. What a camera's reading does to a line is put right only where no guess is needed: a letter in a
//! field of digits is the digit that it resembles and the other way round, and fillers that were lost or doubled in a run are
//! counted again from the line's length. A field that may hold both letters and digits is taken as it was read.
//!
//! Left out on purpose: pictures, visas and zones of two lines of 36, numbers of more than nine characters, the century
//! by a clock, and whether the document is valid.

mod check;
mod dates;
mod fit;
mod td1;
mod td3;

#[cfg(test)]
mod tests;

use domain::calendar_date::CalendarDate;
use domain::document::Sex;

/// The most lines that are looked at, and the most characters of one: a picture of noise gives many.
const MOST_LINES: usize = 8;
const MOST_CHARACTERS: usize = 64;

/// The two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Three lines of 30: a card.
    Td1,
    /// Two lines of 44: a passport.
    Td3,
}

/// A field that has a check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The document's number.
    Number,
    /// The date of birth.
    Birth,
    /// The date of expiry.
    Expiry,
    /// The holder's number in a passport.
    Personal,
    /// Several fields together, the last digit of a zone.
    Composite,
}

/// What a zone says, every check digit held. Personal: `Debug` is redacted.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone {
    /// Which form it has.
    pub form: Form,
    /// The document's code: `P`, `PO`, `CR`, without fillers.
    pub code: String,
    /// Who issued it, one to three letters: `CHN`, `D`.
    pub issuer: String,
    /// The number, without fillers.
    pub number: String,
    /// The nationality, one to three letters.
    pub nationality: String,
    /// The names with single spaces between, family names first; nothing checks them. Empty where the zone gives none.
    pub names: String,
    /// The sex, where the zone says one of two.
    pub sex: Option<Sex>,
    /// The birth, where the zone gives it in full: the latest such day before the expiry.
    pub birth: Option<CalendarDate>,
    /// The last day of validity, of this century.
    pub expires: Option<CalendarDate>,
}

impl std::fmt::Debug for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Zone(redacted)")
    }
}

/// Why lines are no zone. Holds nothing of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    /// No lines of the two forms' lengths, or none that begins as a zone does.
    #[error("there are no lines of a machine-readable zone")]
    NoZone,
    /// A character that a field of one sort cannot hold.
    #[error("a field of the zone has a character that it cannot hold")]
    UnexpectedCharacter,
    /// A check digit that does not follow from its field.
    #[error("the zone's check digit of the field {0:?} does not hold")]
    WrongCheckDigit(Field),
}

/// The zone in `lines`, which are in the order of the page, top first, and may have others among them.
///
/// # Errors
/// [`ZoneError`] of the attempt that came furthest.
pub fn read<S: AsRef<str>>(lines: &[S]) -> Result<Zone, ZoneError> {
    let lines: Vec<Vec<u8>> = lines.iter().filter_map(|line| plain(line.as_ref())).take(MOST_LINES).collect();
    let mut best = ZoneError::NoZone;
    for (first, upper) in lines.iter().enumerate() {
        for (second, middle) in lines.iter().enumerate().skip(first + 1) {
            let passport = td3::read(upper, middle);
            let cards = lines.iter().skip(second + 1).map(|lower| td1::read(upper, middle, lower));
            for attempt in std::iter::once(passport).chain(cards) {
                match attempt {
                    Ok(zone) => return Ok(zone),
                    Err(error) => best = further(best, error),
                }
            }
        }
    }
    Err(best)
}

/// A line's characters, with the marks that readers take a filler for; nothing where it can be no line of a zone.
fn plain(line: &str) -> Option<Vec<u8>> {
    let characters: Option<Vec<u8>> = line
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(MOST_CHARACTERS + 1)
        .map(|c| match c {
            'A'..='Z' | '0'..='9' | '<' => u8::try_from(c).ok(),
            'a'..='z' => u8::try_from(c.to_ascii_uppercase()).ok(),
            '«' | '‹' | '〈' | '《' | 'く' | '＜' => Some(b'<'),
            _ => None,
        })
        .collect();
    characters.filter(|line| line.len() <= MOST_CHARACTERS && line.len() >= fit::SHORTEST)
}

/// The error that tells more.
fn further(one: ZoneError, other: ZoneError) -> ZoneError {
    let rank = |error| match error {
        ZoneError::NoZone => 0,
        ZoneError::UnexpectedCharacter => 1,
        ZoneError::WrongCheckDigit(_) => 2,
    };
    if rank(other) > rank(one) { other } else { one }
}

/// The text of a field without its fillers at the end.
fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim_end_matches('<').to_owned()
}

/// Family names, then given names; what stands behind the fillers that end them is not a name.
fn names(field: &[u8]) -> String {
    let field = String::from_utf8_lossy(field);
    let parts: Vec<&str> = field.split("<<").take(2).collect();
    parts
        .iter()
        .flat_map(|part| part.split('<'))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn sex(field: u8) -> Option<Sex> {
    match field {
        b'M' => Some(Sex::Male),
        b'F' => Some(Sex::Female),
        _ => None,
    }
}
