//! Somebody's own orders: going on with one, more prints, another password, and being forgotten.

use crate::error::BoothError;
use crate::identify;
use crate::inner::Inner;
use crate::orders;
use crate::password::{self, PasswordError};
use crate::pin::PinError;
use crate::sitting::{Sitting, way};
use crate::student::{Identity, Presented, china_day};
use crate::view::{DeliveryCode, OrderState, OrderView, Text};
use crate::workflow::advance;
use domain::Fen;
use domain::order;
use domain::programme::{PayWhen, Programme};
use domain::session::{Event, State};
use ledger::{Deletion, PersonOrder};
use std::sync::Arc;

/// Reads the orders of the student who is here.
///
/// # Errors
/// Those of the ledger.
pub(crate) fn load(inner: &Inner, sitting: &mut Sitting) -> Result<(), BoothError> {
    let Some(known) = &sitting.who.known else {
        return Err(BoothError::NotOffered { what: "somebody's orders" });
    };
    let orders = inner.ledger.read().orders_of_person(known.person.id)?;
    (sitting.deletion_asked, sitting.orders) = (known.deletion_asked, orders);
    Ok(())
}

/// The order of this list that the window names, and its programme, if the campus still offers it.
fn find(inner: &Inner, sitting: &Sitting, id: &str) -> Result<(PersonOrder, Arc<Programme>), BoothError> {
    let wrong = BoothError::NotOffered { what: "that order" };
    let here = sitting.state == State::Account;
    let found = sitting.orders.iter().find(|order| here && order.id.to_string() == id);
    let order = found.cloned().ok_or(wrong)?;
    // Who has an order in a programme that was withdrawn meanwhile can still finish it.
    let programme = inner.catalogue().known(&order.programme).cloned();
    Ok((order, programme.ok_or(BoothError::NotOffered { what: "that order's programme" })?))
}

/// Goes on with an order.
///
/// # Errors
/// [`BoothError`]; the student is where they were.
pub(crate) fn resume(inner: &Arc<Inner>, sitting: &mut Sitting, id: &str) -> Result<(), BoothError> {
    let (order, programme) = find(inner, sitting, id)?;
    if !can_resume(&order) {
        return Err(BoothError::NotOffered { what: "an order that has ended" });
    }
    if order.photo.is_none() && !inner.stopping_faults().is_empty() {
        return Err(BoothError::NoPicture);
    }
    let way = way(&programme);
    sitting.programme = Some(programme);
    let resume = orders::resume_order(inner, sitting, order.id)?;
    advance(inner, sitting, Event::ResumeOrder(way, resume))
}

/// More prints of an order's photo.
///
/// # Errors
/// [`BoothError`]; the student is where they were.
pub(crate) fn reprint(inner: &Arc<Inner>, sitting: &mut Sitting, id: &str) -> Result<(), BoothError> {
    let (order, programme) = find(inner, sitting, id)?;
    let offered = inner.catalogue().offered(&programme.id).is_some();
    if !can_reprint(&order) || !offered || programme.max_sheets == 0 {
        return Err(BoothError::PhotoGone);
    }
    let way = way(&programme);
    if way.pay_when != PayWhen::BySchool && !inner.can_be_paid() {
        return Err(PinError::NotSet.into());
    }
    sitting.programme = Some(programme);
    advance(inner, sitting, Event::Reprint(way, order.id))
}

fn can_resume(order: &PersonOrder) -> bool {
    order.state.is_open()
}

fn can_reprint(order: &PersonOrder) -> bool {
    use order::State as S;
    let approved = matches!(order.state, S::Approved | S::Fulfilled | S::Completed);
    approved && order.photo.is_some() && !order.purged
}

/// Whether somebody proved by their card who they are.
pub(crate) fn by_card(identity: &Option<Identity>) -> bool {
    identity.as_ref().is_some_and(|identity| identity.presented == Presented::Card)
}

/// Another password, by whoever knows the present one or identified by their card.
///
/// # Errors
/// [`PasswordError`], and those of the ledger.
pub(crate) fn change_password(
    inner: &Inner,
    sitting: &mut Sitting,
    old: &str,
    new: &str,
) -> Result<(), BoothError> {
    let (State::Account, Some(known)) = (sitting.state, &mut sitting.who.known) else {
        return Err(BoothError::NotOffered { what: "another password" });
    };
    // Who holds the card may have forgotten the password: the card proves more.
    if !by_card(&sitting.who.identity) {
        identify::check(inner, known, old)?;
    }
    if password::is_right(known, new) || new.eq_ignore_ascii_case(known.person.document.last_six()) {
        return Err(PasswordError::Malformed.into());
    }
    let hash = password::hash(new)?;
    inner.ledger.set_password(known.person.id, &hash, inner.clock.now())?;
    (known.password_hash, known.wrong_tries) = (Some(hash), 0);
    Ok(())
}

/// Has everything about the student deleted, at once where nothing is under way.
///
/// # Errors
/// Those of the ledger.
pub(crate) fn request_deletion(inner: &Arc<Inner>, sitting: &mut Sitting) -> Result<(), BoothError> {
    let (State::Account, Some(known)) = (sitting.state, &mut sitting.who.known) else {
        return Err(BoothError::NotOffered { what: "a deletion" });
    };
    let person = known.person.id;
    let told = orders::deletion_asked(inner, person)?;
    match inner.ledger.request_deletion(person, &told, inner.clock.now())? {
        Deletion::Done => advance(inner, sitting, Event::LogOut),
        Deletion::Waits => {
            known.deletion_asked = true;
            load(inner, sitting)
        }
    }
}

/// An order for the window.
pub(crate) fn view(inner: &Inner, order: &PersonOrder) -> OrderView {
    let catalogue = inner.catalogue();
    let known = catalogue.known(&order.programme).is_some();
    let offered = catalogue.offered(&order.programme).is_some();
    OrderView {
        id: order.id.to_string(),
        number: order.number.to_string(),
        title: Text { zh: order.title_zh.clone(), en: order.title_en.clone() },
        state: state(order),
        amount_fen: fen(order.amount),
        photo_id: order.photo.filter(|_| !order.purged).map(|id| id.to_string()),
        delivery: order.delivery.map(DeliveryCode::from),
        day: china_day(order.created),
        reprint: order.reprint_of.is_some(),
        rejection: order.rejection.clone(),
        can_resume: known && can_resume(order),
        can_reprint: offered && can_reprint(order),
    }
}

fn fen(amount: Fen) -> u32 {
    u32::try_from(amount.fen()).unwrap_or(u32::MAX)
}

fn state(order: &PersonOrder) -> OrderState {
    use order::State as S;
    match order.state {
        S::Draft if order.candidate.is_none() => OrderState::PhotoMissing,
        S::Draft | S::AwaitingPayment => OrderState::Unpaid,
        S::Paid => OrderState::PhotoMissing,
        S::Photographed | S::Submitted => OrderState::InReview,
        S::Rejected => OrderState::Rejected,
        S::Approved => OrderState::PrintsComing,
        S::Fulfilled | S::Completed => OrderState::Finished,
        S::Cancelled | S::Expired => OrderState::Ended,
        S::Refunded => OrderState::Refunded,
    }
}
