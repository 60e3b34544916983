//! Turns what the student does into events of the session machine, and performs the machine's effects.
//!
//! An effect that fails leaves the student where they were, with the error on the screen; nothing is half done, because each
//! effect on the ledger is one transaction.

use crate::central::Standing;
use crate::error::BoothError;
use crate::inner::Inner;
use crate::pin::PinError;
use crate::sitting::{Given, Sitting, way};
use crate::sticks::{Picked, Picture};
use crate::student::china_date;
use crate::view::{OrderInput, StudentEvent};
use crate::{account, basket, collecting, identify, orders, shooting};
use domain::programme::{PayWhen, SeasonState};
use domain::session::{Effect, Event, State, Subject, next};
use ledger::{Actor, Stamp};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// What the student did; with the picture of the stick that it is about.
pub(crate) fn student_did(
    inner: &Arc<Inner>,
    sitting: &mut Sitting,
    did: StudentEvent,
    picked: Option<Result<Picked, BoothError>>,
) -> Result<(), BoothError> {
    sitting.touched = inner.clock.steady();
    sitting.refused = None;
    match did {
        StudentEvent::Touch => Ok(()),
        StudentEvent::SetLanguage { language } => {
            sitting.language = language;
            Ok(())
        }
        StudentEvent::CallStaff { called } => {
            sitting.called = called;
            Ok(())
        }
        StudentEvent::DismissMessage => dismiss(inner),
        StudentEvent::Start { language } => start(inner, sitting, language, Event::Start),
        StudentEvent::OpenAccount { language } => start(inner, sitting, language, Event::OpenAccount),
        StudentEvent::ChooseProgramme { id } => choose(inner, sitting, &id),
        StudentEvent::ReadGuides { skipped } => {
            advance(inner, sitting, Event::GuidesRead { shown: !skipped })
        }
        StudentEvent::IdentifyBy { .. }
        | StudentEvent::TypeDocument { .. }
        | StudentEvent::ConfirmDocument
        | StudentEvent::DiscardDocument
        | StudentEvent::LogIn { .. }
        | StudentEvent::Register { .. }
        | StudentEvent::DisputeDetails { .. }
        | StudentEvent::ConfirmDetails { .. } => identifies(inner, sitting, did),
        StudentEvent::Agree { documents } => agree(inner, sitting, &documents),
        StudentEvent::Refuse => advance(inner, sitting, Event::SendToCounter),
        StudentEvent::ScanCode { text } => collecting::scanned(inner, sitting, &text),
        StudentEvent::ImportCode { .. } | StudentEvent::ImportPicture { .. } => {
            use_picked(inner, sitting, picked)
        }
        StudentEvent::ConfirmCode { last_four } => collecting::confirm(inner, sitting, &last_four),
        StudentEvent::DiscardCode => collecting::discard(sitting),
        StudentEvent::PlaceOrder { order } => place(inner, sitting, &order),
        StudentEvent::PayBy { means } => orders::open_online(inner, sitting, means),
        StudentEvent::Ready => advance(inner, sitting, Event::Ready),
        StudentEvent::ShowBackground { shown } => {
            sitting.background = Some(shown);
            Ok(())
        }
        StudentEvent::OpenImport => advance(inner, sitting, Event::OpenImport),
        StudentEvent::Shoot => shoot(inner, sitting),
        StudentEvent::Prefer { photo_id } => prefer(inner, sitting, &photo_id),
        StudentEvent::Retake => advance(inner, sitting, Event::Retake),
        StudentEvent::Accept => advance(inner, sitting, Event::Accept),
        StudentEvent::ResumeOrder { order_id } => account::resume(inner, sitting, &order_id),
        StudentEvent::Reprint { order_id } => account::reprint(inner, sitting, &order_id),
        StudentEvent::ChangePassword { old, new } => account::change_password(inner, sitting, &old, &new),
        StudentEvent::RequestDeletion => account::request_deletion(inner, sitting),
        StudentEvent::Back => back(inner, sitting),
        StudentEvent::Finish => advance(inner, sitting, Event::Finish),
        StudentEvent::LogOut => advance(inner, sitting, Event::LogOut),
    }
}

/// What the student does to say who they are.
fn identifies(inner: &Arc<Inner>, sitting: &mut Sitting, did: StudentEvent) -> Result<(), BoothError> {
    match did {
        StudentEvent::IdentifyBy { method } => identify::choose(inner, sitting, method),
        StudentEvent::TypeDocument { kind, number } => identify::typed(inner, sitting, kind, &number),
        StudentEvent::ConfirmDocument => identify::confirm(inner, sitting),
        StudentEvent::DiscardDocument => identify::choose(inner, sitting, sitting.who.method),
        StudentEvent::LogIn { password } => identify::log_in(inner, sitting, &password),
        StudentEvent::Register { details } => identify::register(inner, sitting, &details),
        StudentEvent::DisputeDetails { fields } => identify::dispute(sitting, fields),
        StudentEvent::ConfirmDetails { student_number } => identify::details(inner, sitting, &student_number),
        _ => Ok(()),
    }
}

/// Lets an event happen, with all that follows from it.
pub(crate) fn advance(inner: &Arc<Inner>, sitting: &mut Sitting, event: Event) -> Result<(), BoothError> {
    let mut following = Some(event);
    while let Some(event) = following {
        let before = sitting.state;
        let (after, effect) = next(before, event)?;
        if matches!(after, State::Identifying(_)) && after.name() != before.name() {
            identify::begin(inner, sitting);
        }
        sitting.go(after, inner.clock.steady());
        following = match effect.map(|effect| perform(inner, sitting, effect)) {
            None => None,
            Some(Ok(event)) => event,
            Some(Err(error)) => {
                // Money that was received stays received: after it the student waits at the photo, not at the payment.
                if !matches!(effect, Some(Effect::AcceptPhoto(..))) {
                    sitting.go(before, inner.clock.steady());
                }
                return Err(error);
            }
        };
    }
    Ok(())
}

fn perform(inner: &Arc<Inner>, sitting: &mut Sitting, effect: Effect) -> Result<Option<Event>, BoothError> {
    match effect {
        Effect::PlaceOrder(placing) => orders::place(inner, sitting, placing).map(Some),
        Effect::DraftOrder => orders::draft(inner, sitting).map(Some),
        Effect::CancelOrder(order) => orders::cancel(inner, sitting, order).map(|()| None),
        Effect::AcceptPhoto(order, photo) => orders::accept(inner, sitting, order, photo).map(Some),
        Effect::CountDown => {
            shooting::count_down(inner, sitting);
            Ok(None)
        }
        Effect::TakeShot(order) => {
            shooting::take_shot(inner, sitting, order);
            Ok(None)
        }
        Effect::CheckImport(order) => {
            shooting::check_import(inner, sitting, order);
            Ok(None)
        }
        Effect::ForgetStudent => {
            forget(inner, sitting);
            Ok(None)
        }
    }
}

/// Wipes the student; once nobody is here, from the ledger's memory and from the window's too.
fn forget(inner: &Inner, sitting: &mut Sitting) {
    let leaves = sitting.personal && sitting.state == State::Attract;
    sitting.forget(inner.clock.steady());
    if leaves {
        forget_pages(inner);
        inner.farewells.send_modify(|left| *left += 1);
    }
}

/// Lets the ledger's connections go, with what they keep of a student who has gone.
pub(crate) fn forget_pages(inner: &Inner) {
    if let Err(error) = inner.ledger.forget() {
        tracing::error!(%error, "the ledger's memory still holds pages of the last student");
    }
}

/// Whoever stands here has read central's message.
fn dismiss(inner: &Inner) -> Result<(), BoothError> {
    let stamp = Stamp { actor: Actor::Student, at: inner.clock.now() };
    inner.ledger.dismiss_message(stamp)?;
    let standing = Standing { message: None, ..Standing::clone(&inner.standing()) };
    inner.stand_by(standing, false);
    Ok(())
}

/// A booth that can't make a photo lets nobody begin one; their orders can be looked at.
fn start(
    inner: &Arc<Inner>,
    sitting: &mut Sitting,
    language: crate::view::Language,
    event: Event,
) -> Result<(), BoothError> {
    if inner.standing().closed {
        return Err(BoothError::NotOffered { what: "a session while the booth is closed" });
    }
    if event == Event::Start && !inner.stopping_faults().is_empty() {
        return Err(BoothError::NoPicture);
    }
    advance(inner, sitting, event)?;
    sitting.language = language;
    Ok(())
}

fn choose(inner: &Arc<Inner>, sitting: &mut Sitting, id: &str) -> Result<(), BoothError> {
    let found = inner.catalogue().offered(id).cloned();
    let programme = found.ok_or(BoothError::NotOffered { what: "the programme" })?;
    let way_of = way(&programme);
    if way_of.pay_when != PayWhen::BySchool && !inner.can_be_paid() {
        return Err(PinError::NotSet.into());
    }
    let today = china_date(inner.clock.now());
    if today.is_none_or(|today| programme.season.on(today) != SeasonState::Open) {
        return Err(BoothError::NotInSeason);
    }
    advance(inner, sitting, Event::Choose(way_of))?;
    sitting.programme = Some(programme);
    Ok(())
}

/// Every consent of the programme, and nothing else, must have been ticked.
fn agree(inner: &Arc<Inner>, sitting: &mut Sitting, documents: &[String]) -> Result<(), BoothError> {
    let asked = sitting.programme.as_ref().map_or(&[][..], |programme| &programme.consents);
    let complete = asked.iter().all(|c| documents.contains(&c.id)) && documents.len() == asked.len();
    if !complete {
        return Err(BoothError::NotOffered { what: "a set of consents without all of the programme's" });
    }
    let given = |c: &domain::programme::ConsentText| Given {
        id: c.id.clone(),
        version: c.version.clone(),
        text_sha256: Sha256::digest(format!("{}\n{}\n{}\n{}", c.title.zh, c.body.zh, c.title.en, c.body.en))
            .into(),
    };
    let consents = asked.iter().map(given).collect();
    advance(inner, sitting, Event::Agree)?;
    sitting.consents = consents;
    Ok(())
}

fn place(inner: &Arc<Inner>, sitting: &mut Sitting, order: &OrderInput) -> Result<(), BoothError> {
    let (Some(programme), Some(student)) = (&sitting.programme, &sitting.student) else {
        return advance(inner, sitting, Event::PlaceOrder);
    };
    let State::Ordering { subject, .. } = sitting.state else {
        return advance(inner, sitting, Event::PlaceOrder);
    };
    let reprint = matches!(subject, Subject::Reprint(_));
    // Whoever has no photo yet must not be led to the payment by a booth that can't take one.
    if subject == Subject::ToBeTaken && !inner.stopping_faults().is_empty() {
        return Err(BoothError::NoPicture);
    }
    sitting.basket = basket::parse(order, programme, student, reprint, &inner.divisions)?;
    advance(inner, sitting, Event::PlaceOrder)
}

/// A picture that couldn't be read is an error here, where it is wanted; one that somebody picked who has left is nobody's.
fn use_picked(
    inner: &Arc<Inner>,
    sitting: &mut Sitting,
    picked: Option<Result<Picked, BoothError>>,
) -> Result<(), BoothError> {
    let picked = picked.unwrap_or(Err(BoothError::StickRemoved))?;
    match picked.picture {
        _ if picked.generation != sitting.generation => Err(BoothError::StickRemoved),
        Picture::File(file) => import(inner, sitting, file),
        Picture::Code(read) => collecting::from_stick(inner, sitting, read),
    }
}

/// A picture of the stick instead of a shot.
fn import(inner: &Arc<Inner>, sitting: &mut Sitting, file: Vec<u8>) -> Result<(), BoothError> {
    if matches!(sitting.state, State::Importing(_)) {
        sitting.import = Some(file);
    }
    advance(inner, sitting, Event::Import)
}

fn shoot(inner: &Arc<Inner>, sitting: &mut Sitting) -> Result<(), BoothError> {
    if matches!(sitting.state, State::Framing(_)) && inner.camera.latest().is_none() {
        return Err(BoothError::NoPicture);
    }
    begin_countdown(inner, sitting, false)
}

/// Starts the countdown, by the student's button or by itself.
pub(crate) fn begin_countdown(
    inner: &Arc<Inner>,
    sitting: &mut Sitting,
    automatic: bool,
) -> Result<(), BoothError> {
    (sitting.automatic, sitting.given_up) = (automatic, None);
    advance(inner, sitting, Event::Shoot)
}

/// Another photo of the same burst, with its own measures.
fn prefer(inner: &Arc<Inner>, sitting: &mut Sitting, photo: &str) -> Result<(), BoothError> {
    let offered = sitting.choices.iter().find(|offered| offered.to_string() == photo);
    let photo = *offered.ok_or(BoothError::NoSuchPhoto)?;
    let shot = orders::shot(inner, photo)?;
    advance(inner, sitting, Event::Prefer(photo))?;
    sitting.shot = shot;
    Ok(())
}

/// Going back to the earlier photo shows that photo's own measures again, and the others of its burst.
fn back(inner: &Arc<Inner>, sitting: &mut Sitting) -> Result<(), BoothError> {
    if matches!(sitting.state, State::Paying { .. }) && !orders::can_be_changed(inner, sitting) {
        return Err(BoothError::NotOffered { what: "another order" });
    }
    advance(inner, sitting, Event::Back)?;
    if let State::Reviewing { sitting: at, photo: Some(photo) } = sitting.state {
        sitting.shot = orders::shot(inner, photo)?;
        sitting.choices = orders::choices(inner, at.order, photo)?;
        sitting.making = false;
    }
    Ok(())
}
