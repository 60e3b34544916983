//! The check digit, and what a character is where its field allows one sort only.

use super::{Field, ZoneError};

/// Whether `digit` is the check digit of `field`: weights 7, 3, 1 in turn, modulo 10; letters count from A = 10, a filler 0
/// (ICAO 9303-3, 4.9).
pub(super) fn holds<'a>(field: impl IntoIterator<Item = &'a u8>, digit: u8) -> bool {
    digit.is_ascii_digit() && of(field) == u32::from(digit - b'0')
}

/// [`holds`], or the error that names the field.
pub(super) fn demand<'a>(
    name: Field,
    field: impl IntoIterator<Item = &'a u8>,
    digit: u8,
) -> Result<(), ZoneError> {
    if holds(field, digit) { Ok(()) } else { Err(ZoneError::WrongCheckDigit(name)) }
}

fn of<'a>(field: impl IntoIterator<Item = &'a u8>) -> u32 {
    let weighted = |(character, weight): (&u8, u32)| value(*character) * weight;
    field.into_iter().zip([7, 3, 1].into_iter().cycle()).map(weighted).sum::<u32>() % 10
}

fn value(character: u8) -> u32 {
    match character {
        b'0'..=b'9' => u32::from(character - b'0'),
        b'A'..=b'Z' => u32::from(character - b'A') + 10,
        _ => 0,
    }
}

/// Turns letters into the digits that they resemble, in a field of digits and fillers.
pub(super) fn digits(field: &mut [u8]) -> Result<(), ZoneError> {
    for character in field {
        *character = match *character {
            b'O' | b'Q' | b'D' | b'U' => b'0',
            b'I' | b'L' | b'J' => b'1',
            b'Z' => b'2',
            b'A' => b'4',
            b'S' => b'5',
            b'G' => b'6',
            b'T' => b'7',
            b'B' => b'8',
            digit if digit.is_ascii_digit() || digit == b'<' => digit,
            _ => return Err(ZoneError::UnexpectedCharacter),
        };
    }
    Ok(())
}

/// Turns digits into the letters that they resemble, in a field of letters and fillers.
pub(super) fn letters(field: &mut [u8]) -> Result<(), ZoneError> {
    for character in field {
        *character = match *character {
            b'0' => b'O',
            b'1' => b'I',
            b'2' => b'Z',
            b'4' => b'A',
            b'5' => b'S',
            b'6' => b'G',
            b'7' => b'T',
            b'8' => b'B',
            letter if letter.is_ascii_uppercase() || letter == b'<' => letter,
            _ => return Err(ZoneError::UnexpectedCharacter),
        };
    }
    Ok(())
}
