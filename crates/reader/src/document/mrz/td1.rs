//! A card's zone: three lines of 30 (ICAO 9303-5).

use super::check::{demand, digits, letters};
use super::{Field, Form, Zone, ZoneError, dates, fit, names, sex, text};

const LENGTH: usize = 30;

/// The card's zone in three lines.
pub(super) fn read(upper: &[u8], middle: &[u8], lower: &[u8]) -> Result<Zone, ZoneError> {
    if !matches!(upper.first(), Some(b'A' | b'C' | b'I')) || middle.len() < 2 * LENGTH / 3 {
        return Err(ZoneError::NoZone);
    }
    let lower = fit::filled(lower, LENGTH).ok_or(ZoneError::NoZone)?;
    let mut failed = ZoneError::NoZone;
    for upper in fit::to_length(upper, LENGTH) {
        for middle in fit::to_length(middle, LENGTH) {
            match zone(upper.clone(), middle, lower.clone()) {
                Ok(zone) => return Ok(zone),
                Err(error) => failed = super::further(failed, error),
            }
        }
    }
    Err(failed)
}

fn zone(mut upper: Vec<u8>, mut middle: Vec<u8>, mut lower: Vec<u8>) -> Result<Zone, ZoneError> {
    letters(&mut lower)?;
    sorts(&mut upper, &mut middle)?;
    checks(&upper, &middle)?;
    let expires = dates::expiry(&middle[8..14]);
    Ok(Zone {
        form: Form::Td1,
        code: text(&upper[..2]),
        issuer: text(&upper[2..5]),
        names: names(&lower),
        number: text(&upper[5..14]),
        nationality: text(&middle[15..18]),
        sex: sex(middle[7]),
        birth: dates::birth(&middle[..6], expires),
        expires,
    })
}

/// Makes each field hold only what it may.
fn sorts(upper: &mut [u8], middle: &mut [u8]) -> Result<(), ZoneError> {
    letters(&mut upper[..5])?;
    digits(&mut upper[14..15])?;
    digits(&mut middle[..7])?;
    letters(&mut middle[7..8])?;
    digits(&mut middle[8..15])?;
    letters(&mut middle[15..18])?;
    digits(&mut middle[29..30])
}

fn checks(upper: &[u8], middle: &[u8]) -> Result<(), ZoneError> {
    demand(Field::Number, &upper[5..14], upper[14])?;
    demand(Field::Birth, &middle[..6], middle[6])?;
    demand(Field::Expiry, &middle[8..14], middle[14])?;
    let composite = upper[5..30].iter().chain(&middle[..7]).chain(&middle[8..15]).chain(&middle[18..29]);
    demand(Field::Composite, composite, middle[29])
}
