//! Making and placing an order: programme, person, consents, collection code, order, lines, delivery, payment and event together.

use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tables::audit::{Actor, Stamp};
use crate::tables::collection_codes::{self, NewCode};
use crate::tables::consents::{self, NewConsent};
use crate::tables::deliveries::{self, Delivery};
use crate::tables::order_lines::{self, OrderLine};
use crate::tables::orders;
use crate::tables::outbox::{self, NewEvent};
use crate::tables::payments::{self, NewPayment};
use crate::tables::people::{self, NewPerson};
use crate::tables::programmes;
use domain::order::{Event, State};
use domain::payment::{self, Means};
use domain::programme::Programme;
use domain::{Fen, OrderId, OrderNumber, PersonId, UtcMillis};
use rusqlite::Transaction;

/// Who orders, and in which programme.
#[derive(Clone, Copy, Debug)]
pub struct NewOrder<'a> {
    /// The order's id.
    pub id: OrderId,
    /// Its number, from [`Ledger::reserve_order_number`].
    pub number: OrderNumber,
    /// The programme.
    pub programme: &'a Programme,
    /// Who orders; somebody known by the same document keeps their id.
    pub person: &'a NewPerson,
    /// What they agreed to.
    pub consents: &'a [NewConsent],
    /// Whether the programme takes one photo of a person only.
    pub only_once: bool,
    /// The collection code, where the programme needs one.
    pub code: Option<NewCode<'a>>,
    /// When.
    pub at: UtcMillis,
}

/// What is ordered and how it will be paid.
#[derive(Clone, Copy)]
pub struct Placement<'a> {
    /// The lines; their sum is the order's amount.
    pub lines: &'a [OrderLine],
    /// The payment. By the school, or with nothing due, it is settled at once; otherwise it is opened.
    pub payment: NewPayment,
    /// How prints are got.
    pub delivery: &'a Delivery,
    /// What to tell the central server.
    pub event: &'a NewEvent,
    /// When.
    pub at: UtcMillis,
}

/// An order that was made or placed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placed {
    /// The order.
    pub order: OrderId,
    /// Whose it is: the id that the ledger knows the person by.
    pub person: PersonId,
    /// Where it stands: draft, awaiting payment or paid.
    pub state: State,
    /// What it comes to.
    pub amount: Fen,
}

impl Ledger {
    /// Makes a draft order, for the way that shoots first.
    ///
    /// # Errors
    /// [`LedgerError::OrderUnderWay`], [`LedgerError::AlreadyCollected`], [`LedgerError::CodeUsed`], [`LedgerError::Unfit`], or a
    /// failed write.
    pub fn draft_order(&self, new: &NewOrder<'_>) -> Result<Placed> {
        self.write("draft the order", |tx| draft(tx, new))
    }

    /// Makes an order and places it.
    ///
    /// # Errors
    /// [`LedgerError::OrderUnderWay`], [`LedgerError::AlreadyCollected`], [`LedgerError::CodeUsed`], [`LedgerError::Amount`],
    /// [`LedgerError::Unfit`], or a failed write.
    pub fn place_order(&self, new: &NewOrder<'_>, placement: &Placement<'_>) -> Result<Placed> {
        self.write("place the order", |tx| {
            draft(tx, new)?;
            place(tx, new.id, placement)
        })
    }

    /// Places a draft order.
    ///
    /// # Errors
    /// [`LedgerError::Missing`], [`LedgerError::Refused`] unless it is a draft, [`LedgerError::Amount`], [`LedgerError::Unfit`], or
    /// a failed write.
    pub fn place_draft(&self, order: OrderId, placement: &Placement<'_>) -> Result<Placed> {
        self.write("place the order", |tx| place(tx, order, placement))
    }
}

pub(super) fn draft(tx: &Transaction<'_>, new: &NewOrder<'_>) -> Result<Placed> {
    programmes::see(tx, new.programme, new.at)?;
    let person = people::see(tx, new.person, new.at)?;
    refuse_a_second(tx, person, new)?;
    orders::insert(tx, new.id, new.number, &new.programme.id, person, new.at)?;
    consents::insert(tx, new.id, person, new.consents, new.at)?;
    if let Some(code) = new.code {
        use_code(tx, new, code)?;
    }
    Ok(Placed { order: new.id, person, state: State::Draft, amount: Fen::ZERO })
}

fn use_code(tx: &Transaction<'_>, new: &NewOrder<'_>, code: NewCode<'_>) -> Result<()> {
    match collection_codes::used(tx, code.payload, Some(new.id))? {
        Some(at) => Err(LedgerError::CodeUsed { at }),
        None => collection_codes::insert(tx, new.id, code, new.at),
    }
}

fn refuse_a_second(tx: &Transaction<'_>, person: PersonId, new: &NewOrder<'_>) -> Result<()> {
    for order in orders::of_person(tx, person, &new.programme.id)? {
        if order.state.is_open() {
            return Err(LedgerError::OrderUnderWay { order: order.id });
        }
        if new.only_once && order.state.has_photo() {
            return Err(LedgerError::AlreadyCollected { order: order.id });
        }
    }
    Ok(())
}

pub(super) fn place(tx: &Transaction<'_>, id: OrderId, placement: &Placement<'_>) -> Result<Placed> {
    let stamp = Stamp { actor: Actor::Student, at: placement.at };
    let amount = order_lines::total(placement.lines)?;
    let nothing_due = placement.payment.means == Means::School || amount == Fen::ZERO;
    let person = orders::get(tx, id)?.person;
    let event = if nothing_due { Event::PlaceFree } else { Event::Place };
    let state = orders::advance(tx, id, event, stamp)?;
    order_lines::insert(tx, id, placement.lines)?;
    orders::set_amount(tx, id, amount)?;
    deliveries::insert(tx, id, placement.delivery)?;
    payments::open(tx, id, placement.payment, amount, placement.at)?;
    if nothing_due {
        payments::advance(tx, placement.payment.id, payment::Event::Settle, stamp)?;
    }
    outbox::insert(tx, Some(id), placement.event, placement.at)?;
    Ok(Placed { order: id, person, state, amount })
}
