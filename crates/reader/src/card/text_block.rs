//! The 256 bytes of text on a card, taken apart by the layout of its kind.
//!
//! Left out on purpose: nation, address, issuer, nationality, the numbers of passes and renewals. They are never decoded.

use super::contents::{Card, CardKind, Validity};
use domain::document::{DocumentError, DocumentNumber, Sex};
use domain::person_name::NameError;
use domain::{CalendarDate, PersonName};
use std::ops::Range;
use zeroize::Zeroizing;

/// The size of a card's text block.
pub const TEXT_BLOCK_BYTES: usize = 256;

/// Where a card's kind stands, in every layout.
const KIND: Range<usize> = 248..250;

/// The rule that a text block broke. Never holds anything of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardTextError {
    /// Not 256 bytes.
    #[error("the text block is not 256 bytes long")]
    WrongLength,
    /// The mark of the kind is none of the four.
    #[error("the kind of card is unknown")]
    UnknownKind,
    /// A field is not UTF-16.
    #[error("a field is not text")]
    NotText,
    /// The number breaks a rule of its kind.
    #[error("the card's number is wrong")]
    Number(#[source] DocumentError),
    /// The number is a sound one, of another kind or version than the card's.
    #[error("the number is not that of this kind of card")]
    NumberOfOtherKind,
    /// The name is empty, too long, or has a character that names do not have here.
    #[error("the card's name cannot be used")]
    Name(#[source] NameError),
    /// The sex is neither male nor female, and the number does not tell it.
    #[error("the card does not state the sex")]
    Sex,
    /// The birth is no day of the calendar.
    #[error("the card's birth date does not exist")]
    Birth,
    /// The birth is not the one in the number.
    #[error("the card's birth date is not the number's")]
    BirthDisagrees,
    /// A day of the validity is no day of the calendar.
    #[error("the card's validity does not exist")]
    Validity,
    /// The validity ends before it begins, or begins before the birth.
    #[error("the card's validity contradicts itself")]
    ValidityDisagrees,
}

/// Where the fields of a kind stand, in bytes.
struct Layout {
    chinese_name: Range<usize>,
    /// One after the other.
    latin_name: &'static [Range<usize>],
    sex: Range<usize>,
    birth: Range<usize>,
    number: Range<usize>,
    valid_from: Range<usize>,
    valid_until: Range<usize>,
}

/// Resident cards and residence permits (J).
const RESIDENT: Layout = Layout {
    chinese_name: 0..30,
    latin_name: &[],
    sex: 30..32,
    birth: 36..52,
    number: 122..158,
    valid_from: 188..204,
    valid_until: 204..220,
};

/// Foreign permanent residents, 2017 (I).
const FOREIGN_2017: Layout = Layout {
    chinese_name: 158..188,
    latin_name: &[Range { start: 0, end: 120 }],
    sex: 120..122,
    birth: 220..236,
    number: 122..152,
    ..RESIDENT
};

/// Foreign permanent residents, 2023 (Y).
const FOREIGN_2023: Layout =
    Layout { latin_name: &[Range { start: 52, end: 122 }, Range { start: 220, end: 242 }], ..RESIDENT };

/// The card in `block`, each field sound by itself; whether they agree is [`Card::checked`]'s to say.
pub(super) fn parse(block: &[u8]) -> Result<Card, CardTextError> {
    let block: &[u8; TEXT_BLOCK_BYTES] = block.try_into().map_err(|_| CardTextError::WrongLength)?;
    let kind = kind_of(block)?;
    let layout = layout_of(kind);
    let document = DocumentNumber::parse(kind.document_kind(), &text(block, &layout.number)?)
        .map_err(CardTextError::Number)?;
    let (name, latin_name) = names(block, layout)?;
    let sex = match text(block, &layout.sex)?.as_str() {
        "1" => Sex::Male,
        "2" => Sex::Female,
        _ => document.sex().ok_or(CardTextError::Sex)?,
    };
    let birth = day(block, &layout.birth)?.ok_or(CardTextError::Birth)?;
    let valid_from = day(block, &layout.valid_from)?.ok_or(CardTextError::Validity)?;
    let valid_until = valid_until(block, &layout.valid_until)?;
    Ok(Card { kind, document, name, latin_name, sex, birth, valid_from, valid_until })
}

fn kind_of(block: &[u8; TEXT_BLOCK_BYTES]) -> Result<CardKind, CardTextError> {
    match text(block, &KIND)?.as_str() {
        "" => Ok(CardKind::Resident),
        "J" => Ok(CardKind::HkMacaoTaiwanResidence),
        "I" => Ok(CardKind::ForeignPermanentResident2017),
        "Y" => Ok(CardKind::ForeignPermanentResident2023),
        _ => Err(CardTextError::UnknownKind),
    }
}

fn layout_of(kind: CardKind) -> &'static Layout {
    match kind {
        CardKind::Resident | CardKind::HkMacaoTaiwanResidence => &RESIDENT,
        CardKind::ForeignPermanentResident2017 => &FOREIGN_2017,
        CardKind::ForeignPermanentResident2023 => &FOREIGN_2023,
    }
}

/// The name, and the Latin one. A card of a foreigner without a Chinese name has its Latin name as both.
fn names(
    block: &[u8; TEXT_BLOCK_BYTES],
    layout: &Layout,
) -> Result<(PersonName, Option<PersonName>), CardTextError> {
    let chinese = text(block, &layout.chinese_name)?;
    let latin = latin_name(&joined(block, layout.latin_name)?);
    if chinese.is_empty() {
        let name = latin.map_err(CardTextError::Name)?;
        return Ok((name.clone(), Some(name)));
    }
    let name = PersonName::parse(&chinese).map_err(CardTextError::Name)?;
    Ok((name, latin.ok()))
}

/// Cards set a comma between family and given names, and a full stop behind a shortened one.
fn latin_name(text: &str) -> Result<PersonName, NameError> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    plain.extend(text.chars().map(|c| if matches!(c, ',' | '.') { ' ' } else { c }));
    PersonName::parse(&plain)
}

fn valid_until(block: &[u8; TEXT_BLOCK_BYTES], range: &Range<usize>) -> Result<Validity, CardTextError> {
    if text(block, range)?.as_str() == "长期" {
        return Ok(Validity::LongTerm);
    }
    day(block, range)?.map(Validity::Until).ok_or(CardTextError::Validity)
}

fn day(block: &[u8; TEXT_BLOCK_BYTES], range: &Range<usize>) -> Result<Option<CalendarDate>, CardTextError> {
    Ok(CalendarDate::parse_compact(&text(block, range)?))
}

/// The text in `range`; as [`joined`].
fn text(block: &[u8; TEXT_BLOCK_BYTES], range: &Range<usize>) -> Result<Zeroizing<String>, CardTextError> {
    joined(block, std::slice::from_ref(range))
}

/// The text in `ranges`, one behind the other, without the spaces or zeros that fill the field up. Wiped when dropped.
fn joined(
    block: &[u8; TEXT_BLOCK_BYTES],
    ranges: &[Range<usize>],
) -> Result<Zeroizing<String>, CardTextError> {
    let units = || ranges.iter().flat_map(|range| block[range.clone()].chunks_exact(2)).map(unit);
    // Three bytes hold what one unit can say, so the string never grows: growing would leave unwiped copies.
    let mut decoded = Zeroizing::new(String::with_capacity(3 * units().count()));
    for c in char::decode_utf16(units()) {
        decoded.push(c.map_err(|_| CardTextError::NotText)?);
    }
    let filled = decoded.trim_end_matches([' ', '\0']).len();
    decoded.truncate(filled);
    Ok(decoded)
}

fn unit(bytes: &[u8]) -> u16 {
    bytes.iter().rev().fold(0, |unit, byte| unit << 8 | u16::from(*byte))
}
