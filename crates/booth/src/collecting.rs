//! The collection code: read from a phone's screen, from a picture on a USB stick, or typed by a scanner; then compared with who
//! identified.

use crate::error::BoothError;
use crate::inner::Inner;
use crate::sitting::{Shown, Sitting};
use crate::student::china_day;
use crate::view::CodeRefusalCode;
use crate::words;
use crate::workflow::advance;
use domain::session::{Event, State};
use reader::code::{CodeRule, CollectionCode, LastFour, ScannerText, find, picture};
use std::sync::Arc;

const NOT_HERE: BoothError = BoothError::NotOffered { what: "a collection code" };

/// What a code or its refusal means for the student who shows it: a code that was used before is not taken.
///
/// # Errors
/// Those of the ledger.
pub(crate) fn shown(
    inner: &Inner,
    sitting: &mut Sitting,
    read: Result<CollectionCode, CodeRefusalCode>,
) -> Result<(), BoothError> {
    if !matches!(sitting.state, State::Coding(_)) || sitting.shown.code.is_some() {
        return Ok(());
    }
    let not_theirs = sitting.shown.not_theirs;
    if read.as_ref().is_ok_and(|code| Some(code.fingerprint()) == not_theirs) {
        return Ok(());
    }
    sitting.shown = match read {
        Err(refusal) => Shown { refusal: Some(refusal), ..Shown::default() },
        Ok(code) => match inner.ledger.read().code_used(code.payload(), None)? {
            Some(at) => Shown {
                refusal: Some(CodeRefusalCode::Used),
                used_on: Some(china_day(at)),
                ..Shown::default()
            },
            None => Shown { code: Some(code), ..Shown::default() },
        },
    };
    Ok(())
}

/// A USB scanner typed it.
///
/// # Errors
/// Those of the ledger.
pub(crate) fn scanned(inner: &Inner, sitting: &mut Sitting, text: &str) -> Result<(), BoothError> {
    shown(inner, sitting, ScannerText::parse(text, &CodeRule::default()).map_err(words::code_refusal))
}

/// The code in a picture on the USB stick. Takes up to a second: the screen isn't held meanwhile.
pub(crate) fn look(file: &[u8]) -> Result<CollectionCode, CodeRefusalCode> {
    let grey = picture(file).map_err(|_| CodeRefusalCode::UnreadablePicture)?;
    CodeRule::default().take(&find(&grey), &grey).map_err(words::code_refusal)
}

/// It was in a picture on the USB stick.
///
/// # Errors
/// Those of the ledger; a picture without a code is said on the screen and is no error.
pub(crate) fn from_stick(
    inner: &Inner,
    sitting: &mut Sitting,
    read: Result<CollectionCode, CodeRefusalCode>,
) -> Result<(), BoothError> {
    if !matches!(sitting.state, State::Coding(_)) {
        return Err(NOT_HERE);
    }
    shown(inner, sitting, read)
}

/// The code is right, says the student, and types the last four characters of the number beside it.
///
/// # Errors
/// [`BoothError`]; a code of somebody else is dropped, which is said on the screen and is no error.
pub(crate) fn confirm(inner: &Arc<Inner>, sitting: &mut Sitting, typed: &str) -> Result<(), BoothError> {
    let (State::Coding(_), Some(code), Some(student)) =
        (sitting.state, &sitting.shown.code, &sitting.student)
    else {
        return Err(NOT_HERE);
    };
    let not_theirs = Some(code.fingerprint());
    let same = LastFour::parse(typed).is_ok_and(|four| four.compare(&student.document).is_ok());
    if !same {
        sitting.shown = Shown { refusal: Some(CodeRefusalCode::OtherPerson), not_theirs, ..Shown::default() };
        return Ok(());
    }
    advance(inner, sitting, Event::CodeConfirmed)
}

/// Read it again.
///
/// # Errors
/// [`BoothError::NotOffered`] elsewhere than at the code.
pub(crate) fn discard(sitting: &mut Sitting) -> Result<(), BoothError> {
    if !matches!(sitting.state, State::Coding(_)) {
        return Err(NOT_HERE);
    }
    sitting.shown = Shown::default();
    Ok(())
}
