//! The order's way through the ledger: drafted, placed, paid, photographed. Each function is one transaction.

mod accepting;
mod paying;
mod placing;
mod trades;

pub(crate) use accepting::{Made, accept, record_shot, review};
pub(crate) use paying::{look_for_refunds, open_online, pay_at_counter};
pub(crate) use placing::{draft, place};
pub(crate) use trades::poll;

use crate::account;
use crate::documents::Line;
use crate::error::BoothError;
use crate::inner::Inner;
use crate::sitting::{Basket, LastShot, OrderSummary, Sitting};
use domain::programme::{Kind, Programme};
use domain::session::{Progress, Resume, State};
use domain::{EventId, OrderId, PersonId, PhotoId, order};
use ledger::{Actor, Item, NewEvent, OpenOrder, OrderLine, Stamp};

const NO_PROGRAMME: BoothError =
    BoothError::NotOffered { what: "an order without a programme and a student" };

/// Whether the programme takes one photo of a person only: what a register collects is collected once.
fn only_once(programme: &Programme) -> bool {
    programme.kind != Kind::General
}

/// What the ledger knows of the student who has just identified, for the programme that they chose.
///
/// # Errors
/// [`BoothError`]; one photo only is an error of its own.
pub(crate) fn resume(inner: &Inner, sitting: &mut Sitting) -> Result<Resume, BoothError> {
    let (Some(programme), Some(student)) = (sitting.programme.clone(), sitting.student.clone()) else {
        return Err(NO_PROGRAMME);
    };
    let reader = inner.ledger.read();
    let Some(open) = reader.open_order_of(&student.document, &programme.id)? else {
        let accepted =
            reader.accepted_order_of(&student.document, &programme.id)?.filter(|_| only_once(&programme));
        let Some(accepted) = accepted else { return Ok(Resume::New) };
        return Err(ledger::LedgerError::AlreadyCollected { order: accepted.id }.into());
    };
    take_up(inner, sitting, &open)
}

/// Takes up one of the student's orders.
///
/// # Errors
/// Those of the ledger.
pub(crate) fn resume_order(
    inner: &Inner,
    sitting: &mut Sitting,
    order: OrderId,
) -> Result<Resume, BoothError> {
    let open = inner.ledger.read().describe_order(order)?;
    take_up(inner, sitting, &open)
}

fn take_up(inner: &Inner, sitting: &mut Sitting, open: &OpenOrder) -> Result<Resume, BoothError> {
    sitting.order = Some(summary(open, sitting.programme.as_deref()));
    if let Some(delivery) = &open.delivery {
        let sheets = open.lines.iter().filter(|line| line.item == Item::PrintedSheet);
        let sheets = sheets.map(|line| (line.print.clone(), line.quantity)).collect();
        sitting.basket = Basket { sheets, delivery: delivery.clone() };
    }
    if let Some(candidate) = open.candidate {
        sitting.shot = shot(inner, candidate)?;
        sitting.choices = std::iter::once(candidate).chain(open.alternatives.iter().copied()).collect();
    }
    sitting.rejection = inner.ledger.read().rejection_of(open.id)?;
    sitting.rejected = sitting.rejection.is_some();
    let progress = Progress {
        shots_taken: open.shots_taken,
        candidate: open.candidate,
        settled: open.settled,
        reprint: open.reprint_of.is_some(),
    };
    Ok(match open.state {
        order::State::AwaitingPayment => Resume::Unpaid(open.id, progress),
        order::State::Draft | order::State::Paid => Resume::Open(open.id, progress),
        order::State::Rejected => {
            inner.ledger.reshoot(open.id, Stamp { actor: Actor::Student, at: inner.clock.now() })?;
            sitting.rejected = true;
            Resume::Open(open.id, Progress { shots_taken: 0, candidate: None, ..progress })
        }
        order::State::Photographed | order::State::Submitted => Resume::InReview(open.id, progress),
        _ => Resume::Accepted(open.id),
    })
}

fn summary(open: &OpenOrder, programme: Option<&Programme>) -> OrderSummary {
    let lines = open.lines.iter().filter_map(|one| line(one, programme)).collect();
    OrderSummary { id: open.id, number: open.number.to_string(), amount: open.amount, lines }
}

/// Nothing where the amount is above any limit, which the ledger's own CHECK excludes.
fn line(line: &OrderLine, programme: Option<&Programme>) -> Option<Line> {
    let amount = line.unit.times(line.quantity).ok()?;
    let print = programme.and_then(|programme| programme.print(&line.print)).cloned();
    Some(Line { item: line.item, print, quantity: line.quantity, amount })
}

/// The measures and reasons of a shot, as they were shown when it was taken.
///
/// # Errors
/// Those of the ledger.
pub(crate) fn shot(inner: &Inner, photo: PhotoId) -> Result<LastShot, BoothError> {
    let photo = inner.ledger.read().photo(photo)?;
    let measures = serde_json::from_str(&photo.measures).map_err(protocol::EventError::Decode)?;
    let reasons = photo.reasons.iter().filter_map(|code| crate::words::by_code(code)).collect();
    Ok(LastShot { measures, reasons })
}

/// The photos of one burst, the best first, by any of them.
///
/// # Errors
/// Those of the ledger.
pub(crate) fn choices(inner: &Inner, order: OrderId, photo: PhotoId) -> Result<Vec<PhotoId>, BoothError> {
    let reader = inner.ledger.read();
    let own = reader.photo(photo)?.alternative_to.unwrap_or(photo);
    let photos = reader.photos_of(order)?;
    let burst = photos.iter().filter(|photo| photo.id == own || photo.alternative_to == Some(own));
    Ok(burst.map(|photo| photo.id).collect())
}

/// An event about `subject` (an order, or the photo that is submitted), to which each kind happens once.
fn event(
    inner: &Inner,
    subject: impl std::fmt::Display,
    event: protocol::Event,
) -> Result<NewEvent, BoothError> {
    Ok(NewEvent {
        id: EventId::new(inner.clock.now(), inner.clock.random()),
        kind: event.kind().to_owned(),
        dedupe_key: format!("{}:{subject}", event.kind()),
        payload: event.to_json()?,
        blob_sha256: None,
    })
}

/// Whether the order on the payment screen can still be given up: it is for more prints, or was placed by this student just now, whose
/// consents and code are at hand for another; and no code to pay with was ever made for it, whose money would come to the order that
/// was given up.
pub(crate) fn can_be_changed(inner: &Inner, sitting: &Sitting) -> bool {
    let State::Paying { sitting: at, chosen } = sitting.state else { return false };
    let again = at.reprint || (chosen.is_none() && !sitting.consents.is_empty());
    let no_trade = inner.ledger.read().online_payments_of(at.order).is_ok_and(|trades| trades.is_empty());
    no_trade && sitting.online.is_none() && again
}

/// Gives up an unpaid order.
///
/// # Errors
/// [`BoothError`]; a paid order stays.
pub(crate) fn cancel(inner: &Inner, sitting: &mut Sitting, order: OrderId) -> Result<(), BoothError> {
    let told = ended(inner, order, order::State::Cancelled)?;
    let stamp = Stamp { actor: Actor::Student, at: inner.clock.now() };
    inner.ledger.cancel_order(order, Some(&told), stamp)?;
    (sitting.order, sitting.online) = (None, None);
    // The order is given up: that its student's list can't be read doesn't take them back to its payment.
    if sitting.state == State::Account
        && let Err(error) = account::load(inner, sitting)
    {
        tracing::error!(%error, "the student's orders can't be read");
        sitting.orders.clear();
    }
    Ok(())
}

/// The event that somebody asked to be forgotten.
///
/// # Errors
/// [`BoothError`] where it can't be written as JSON.
pub(crate) fn deletion_asked(inner: &Inner, person: PersonId) -> Result<NewEvent, BoothError> {
    let orders = inner.ledger.read().orders_of_person(person)?;
    let order_ids = orders.iter().map(|order| order.id.to_string()).collect();
    let asked = protocol::DeletionRequested { order_ids, at_ms: inner.clock.now().0 };
    event(inner, person, protocol::Event::DeletionRequested(asked))
}

/// The event that an order was given up.
///
/// # Errors
/// [`BoothError`] where it can't be written as JSON.
pub(crate) fn ended(inner: &Inner, id: OrderId, state: order::State) -> Result<NewEvent, BoothError> {
    let ended = protocol::OrderEnded {
        order_id: id.to_string(),
        state: state.as_str().to_owned(),
        at_ms: inner.clock.now().0,
    };
    event(inner, id, protocol::Event::OrderEnded(ended))
}
