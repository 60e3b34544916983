//! Who is here: a document presented in one of three ways, then proof by the card or a password, or the registration of somebody new.
//!
//! Nothing of somebody new is written before they have ordered: whoever leaves earlier leaves nothing.

use crate::error::BoothError;
use crate::inner::Inner;
use crate::password::{self, PasswordError};
use crate::sitting::{Sitting, Who};
use crate::student::{DetailsError, Identity, Presented, Student, china_date, same_name};
use crate::view::{CardFaultCode, DetailField, DocumentKind, IdMethod, RegisterInput};
use crate::workflow::advance;
use crate::{account, orders};
use domain::StudentNumber;
use domain::programme::{Entitlement, Programme};
use domain::session::{Errand, Event, State};
use reader::card::{Card, NotValid};
use std::sync::Arc;

/// The ways to identify that this booth has, the easiest first.
pub(crate) fn methods(inner: &Inner) -> Vec<IdMethod> {
    let card = inner.reader.kind() != reader::card::ReaderKind::None;
    let shown = inner.documents.is_some();
    let ways = [card.then_some(IdMethod::Card), shown.then_some(IdMethod::Camera), Some(IdMethod::Typed)];
    ways.into_iter().flatten().collect()
}

/// Begins to identify, by the easiest way that works now.
pub(crate) fn begin(inner: &Inner, sitting: &mut Sitting) {
    let able = |method: &IdMethod| *method != IdMethod::Card || inner.reader.fault().is_none();
    let method = methods(inner).into_iter().find(able).unwrap_or(IdMethod::Typed);
    sitting.forget_person();
    sitting.who.method = method;
}

/// The student chose another way.
///
/// # Errors
/// [`BoothError::NotOffered`] for a way that this booth hasn't.
pub(crate) fn choose(inner: &Inner, sitting: &mut Sitting, method: IdMethod) -> Result<(), BoothError> {
    if !matches!(sitting.state, State::Identifying(_)) || !methods(inner).contains(&method) {
        return Err(BoothError::NotOffered { what: "that way to identify" });
    }
    sitting.who = Who { method, ..Who::default() };
    Ok(())
}

/// The student typed a document's number.
///
/// # Errors
/// [`BoothError`]; the student is where they were, or at the counter if under 14.
pub(crate) fn typed(
    inner: &Arc<Inner>,
    sitting: &mut Sitting,
    kind: DocumentKind,
    number: &str,
) -> Result<(), BoothError> {
    let identity = Identity::typed(kind, number)?;
    presented(inner, sitting, identity)
}

/// A card lay on the reader.
///
/// # Errors
/// As [`typed`]; a card that isn't valid today is said on the screen and is no error.
pub(crate) fn card_read(inner: &Arc<Inner>, sitting: &mut Sitting, card: &Card) -> Result<(), BoothError> {
    let valid = china_date(inner.clock.now()).map_or(Ok(()), |today| card.is_valid_on(today));
    if let Err(not_valid) = valid {
        sitting.who.card_fault = Some(match not_valid {
            NotValid::Expired => CardFaultCode::Expired,
            NotValid::NotYet => CardFaultCode::NotYetValid,
        });
        return Ok(());
    }
    let identity = Identity {
        document: card.document.clone(),
        holder: Some(card.name.clone()),
        gender: Some(card.sex),
        birth: Some(card.birth),
        // Looked at above, with the first day.
        expires: None,
        presented: Presented::Card,
    };
    presented(inner, sitting, identity)
}

/// What the camera read is right, says the student.
///
/// # Errors
/// As [`typed`]; [`BoothError::NotOffered`] where nothing was read.
pub(crate) fn confirm(inner: &Arc<Inner>, sitting: &mut Sitting) -> Result<(), BoothError> {
    let seen = sitting.who.seen.clone().ok_or(BoothError::NotOffered { what: "a document that was read" })?;
    presented(inner, sitting, seen)
}

/// A document was presented: somebody under 14 goes to the counter, somebody whom the programme isn't for stays here, a holder of
/// the card is let in, somebody known is asked for the password, somebody new registers.
fn presented(inner: &Arc<Inner>, sitting: &mut Sitting, identity: Identity) -> Result<(), BoothError> {
    let State::Identifying(errand) = sitting.state else {
        return advance(inner, sitting, Event::Known);
    };
    identity.check_valid(inner.clock.now())?;
    of_age(inner, sitting, &identity)?;
    let programme = sitting.programme.clone().filter(|_| errand != Errand::Account);
    let entry = match &programme {
        Some(programme) => entitled(inner, programme, &identity)?,
        None => None,
    };
    let known = inner.ledger.read().known(&identity.document)?;
    let by_card = identity.presented == Presented::Card;
    let event = match (&known, errand) {
        (None, Errand::Account) => return Err(DetailsError::NotKnown.into()),
        (None, Errand::Photo { .. }) => Some(Event::Newcomer),
        (Some(_), _) if by_card => None,
        (Some(_), _) => Some(Event::Known),
    };
    sitting.who.identity = Some(identity);
    sitting.who.seen = None;
    (sitting.who.roster, sitting.who.known) = (entry, known);
    match event {
        Some(event) => advance(inner, sitting, event),
        None => let_in(inner, sitting),
    }
}

/// Sends somebody under 14 to the counter.
fn of_age(inner: &Arc<Inner>, sitting: &mut Sitting, identity: &Identity) -> Result<(), BoothError> {
    if let Err(young) = identity.check_age(inner.clock.now()) {
        advance(inner, sitting, Event::SendToCounter)?;
        return Err(young.into());
    }
    Ok(())
}

/// The roster's entry of somebody whom the programme is for; nothing where whoever comes is served.
fn entitled(
    inner: &Inner,
    programme: &Programme,
    identity: &Identity,
) -> Result<Option<ledger::RosterEntry>, BoothError> {
    let reader = inner.ledger.read();
    let entry = reader.roster_entry(programme.kind, &identity.document)?;
    let asked = programme.entitlement == Entitlement::Roster;
    if asked && entry.is_none() && reader.roster_size(programme.kind)? > 0 {
        return Err(DetailsError::NotEntitled.into());
    }
    Ok(entry)
}

/// Somebody known typed a password.
///
/// # Errors
/// [`PasswordError`]; a wrong one is counted in the ledger before it is refused.
pub(crate) fn log_in(inner: &Arc<Inner>, sitting: &mut Sitting, typed: &str) -> Result<(), BoothError> {
    let (State::LoggingIn(_), Some(known)) = (sitting.state, &mut sitting.who.known) else {
        return Err(BoothError::NotOffered { what: "a password" });
    };
    let person = known.person.id;
    check(inner, known, typed)?;
    inner.ledger.note_login(person, true, inner.clock.now())?;
    known.wrong_tries = 0;
    let_in(inner, sitting)
}

/// Whether `typed` is the password of `known`, who is made to wait after wrong ones.
///
/// # Errors
/// [`PasswordError`], and those of the ledger.
pub(crate) fn check(inner: &Inner, known: &mut ledger::Known, typed: &str) -> Result<(), BoothError> {
    let (person, now) = (known.person.id, inner.clock.steady());
    if let Some(seconds) = inner.pauses.lock().locked_s(person, now) {
        return Err(PasswordError::Locked { seconds }.into());
    }
    if password::is_right(known, typed) {
        return Ok(());
    }
    known.wrong_tries = inner.ledger.note_login(person, false, inner.clock.now())?;
    inner.pauses.lock().after_wrong(person, known.wrong_tries, &inner.settings.login, now);
    Err(PasswordError::Wrong.into())
}

/// Somebody known is who they say: to their orders, or to where their order for this programme stands.
fn let_in(inner: &Arc<Inner>, sitting: &mut Sitting) -> Result<(), BoothError> {
    let Some(known) = &sitting.who.known else {
        return Err(BoothError::NotOffered { what: "somebody known" });
    };
    sitting.student = Some(Student::known(known, sitting.who.roster.as_ref()));
    if let State::Identifying(Errand::Account) | State::LoggingIn(Errand::Account) = sitting.state {
        account::load(inner, sitting)?;
        return advance(inner, sitting, Event::AccountOpened);
    }
    let resume = orders::resume(inner, sitting)?;
    advance(inner, sitting, Event::Identified(resume))
}

/// Somebody new said who they are.
///
/// # Errors
/// [`BoothError`]; the student is where they were.
pub(crate) fn register(
    inner: &Arc<Inner>,
    sitting: &mut Sitting,
    input: &RegisterInput,
) -> Result<(), BoothError> {
    if let (State::Registering(_), Some(identity)) = (sitting.state, &sitting.who.identity) {
        let identity = identity.with_birth(&input.birth, inner.clock.now())?;
        let student = Student::register(&identity, input, sitting.who.roster.as_ref())?;
        of_age(inner, sitting, &identity)?;
        let listed = sitting.who.roster.as_ref().is_none_or(|entry| same_name(&entry.name, &student.name));
        sitting.who.disputed = if listed { vec![] } else { vec![DetailField::Name] };
        sitting.student = Some(student);
    }
    advance(inner, sitting, Event::Registered)
}

/// The student reports details as wrong: the photo is taken all the same, and the school is told.
///
/// # Errors
/// [`BoothError::NotOffered`] elsewhere than at the details.
pub(crate) fn dispute(sitting: &mut Sitting, fields: Vec<DetailField>) -> Result<(), BoothError> {
    if !matches!(sitting.state, State::Detailing(_)) {
        return Err(BoothError::NotOffered { what: "a report of wrong details" });
    }
    sitting.who.disputed = fields;
    sitting.who.disputed.sort_unstable();
    sitting.who.disputed.dedup();
    Ok(())
}

/// The student confirms the details, and says the student number where the school didn't.
///
/// # Errors
/// [`BoothError`]; the student is where they were.
pub(crate) fn details(inner: &Arc<Inner>, sitting: &mut Sitting, number: &str) -> Result<(), BoothError> {
    if let (State::Detailing(_), Some(student)) = (sitting.state, &mut sitting.student)
        && sitting.who.roster.is_none()
        && (student.student_number.is_none() || !number.trim().is_empty())
    {
        let parsed = StudentNumber::parse(number).map_err(DetailsError::StudentNumber)?;
        student.student_number = Some(parsed);
    }
    advance(inner, sitting, Event::DetailsConfirmed)
}
