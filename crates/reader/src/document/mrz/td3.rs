//! A passport's zone: two lines of 44 (ICAO 9303-4).

use super::check::{demand, digits, letters};
use super::{Field, Form, Zone, ZoneError, dates, fit, names, sex, text};

const LENGTH: usize = 44;

/// The passport's zone in two lines.
pub(super) fn read(upper: &[u8], lower: &[u8]) -> Result<Zone, ZoneError> {
    if upper.first() != Some(&b'P') || lower.len() < 2 * LENGTH / 3 {
        return Err(ZoneError::NoZone);
    }
    let upper = fit::filled(upper, LENGTH).ok_or(ZoneError::NoZone)?;
    let mut failed = ZoneError::NoZone;
    for lower in fit::to_length(lower, LENGTH) {
        match zone(upper.clone(), lower) {
            Ok(zone) => return Ok(zone),
            Err(error) => failed = super::further(failed, error),
        }
    }
    Err(failed)
}

fn zone(mut upper: Vec<u8>, mut lower: Vec<u8>) -> Result<Zone, ZoneError> {
    letters(&mut upper)?;
    sorts(&upper, &mut lower)?;
    checks(&lower)?;
    let expires = dates::expiry(&lower[21..27]);
    let nationality = text(&lower[10..13]);
    let (code, issuer, names) = head(&upper, &nationality);
    Ok(Zone {
        form: Form::Td3,
        code,
        issuer,
        names,
        number: text(&lower[..9]),
        nationality,
        sex: sex(lower[20]),
        birth: dates::birth(&lower[13..19], expires),
        expires,
    })
}

/// Code, issuer and names of the first line, which has no check digit. Where it was read with a filler too few or too many, names would
/// begin at another letter; so they count only behind an issuer that is the nationality of the second line, wherever that
/// puts them. Where the two differ there are no names.
fn head(upper: &[u8], nationality: &str) -> (String, String, String) {
    let issued = |start: usize| {
        upper[start..].strip_prefix(nationality.as_bytes()).filter(|_| !nationality.is_empty())
    };
    let padding = 3 - nationality.len().min(3);
    let found = [2, 1, 3].into_iter().find_map(|start| Some((start, issued(start)?)));
    let Some((start, rest)) = found.filter(|(_, rest)| padding == 0 || rest.first() == Some(&b'<')) else {
        return (text(&upper[..2]), text(&upper[2..5]), String::new());
    };
    let fillers = rest.iter().take(padding).take_while(|&&c| c == b'<').count();
    (text(&upper[..start]), nationality.to_owned(), names(&rest[fillers..]))
}

/// Makes each field hold only what it may.
fn sorts(upper: &[u8], lower: &mut [u8]) -> Result<(), ZoneError> {
    // A Chinese passport's number is a letter, a letter or digit, and seven digits.
    if &upper[2..5] == b"CHN" && lower[0].is_ascii_uppercase() {
        digits(&mut lower[2..9])?;
    }
    digits(&mut lower[9..10])?;
    letters(&mut lower[10..13])?;
    digits(&mut lower[13..20])?;
    letters(&mut lower[20..21])?;
    digits(&mut lower[21..28])?;
    digits(&mut lower[42..44])
}

fn checks(lower: &[u8]) -> Result<(), ZoneError> {
    demand(Field::Number, &lower[..9], lower[9])?;
    demand(Field::Birth, &lower[13..19], lower[19])?;
    demand(Field::Expiry, &lower[21..27], lower[27])?;
    let nothing_personal = lower[28..43].iter().all(|&c| c == b'<');
    if !nothing_personal {
        demand(Field::Personal, &lower[28..42], lower[42])?;
    }
    let composite = lower[..10].iter().chain(&lower[13..20]).chain(&lower[21..43]);
    demand(Field::Composite, composite, lower[43])
}
