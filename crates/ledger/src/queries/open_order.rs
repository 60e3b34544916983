//! What is under way for somebody who has just identified.

use crate::OrderLine;
use crate::error::Result;
use crate::reader::Reader;
use crate::tables::deliveries::{self, Delivery};
use crate::tables::orders::{self, Order};
use crate::tables::payments::{self, Payment};
use crate::tables::{order_lines, people, photos, print_jobs, reprints};
use domain::order::State;
use domain::{DocumentNumber, Fen, OrderId, OrderNumber, PersonId, PhotoId, UtcMillis, payment, photo};
use rusqlite::Connection;

/// An order that its student can take up again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenOrder {
    /// The order.
    pub id: OrderId,
    /// The number that people say.
    pub number: OrderNumber,
    /// Whose it is.
    pub person: PersonId,
    /// Where it stands: open, or accepted with prints under way.
    pub state: State,
    /// What it comes to.
    pub amount: Fen,
    /// Whether nothing is left to pay.
    pub settled: bool,
    /// What was ordered; nothing yet for a draft.
    pub lines: Vec<OrderLine>,
    /// The settled payment, or else the one that waits for money, or else the newest that was closed without it.
    pub payment: Option<Payment>,
    /// How many shots were taken since the last rejection, failed ones included.
    pub shots_taken: u32,
    /// The newest shot that passed and wasn't accepted yet.
    pub candidate: Option<PhotoId>,
    /// The other photos of that shot, the better first.
    pub alternatives: Vec<PhotoId>,
    /// The photo that was accepted.
    pub photo: Option<PhotoId>,
    /// How many print jobs have not ended.
    pub unfinished_jobs: usize,
    /// The order whose photo it prints again.
    pub reprint_of: Option<OrderId>,
    /// How its prints are got; none for a draft, or an order that is older than deliveries.
    pub delivery: Option<Delivery>,
}

/// An order whose photo was accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AcceptedOrder {
    /// The order.
    pub id: OrderId,
    /// The number that people say.
    pub number: OrderNumber,
    /// Where it stands.
    pub state: State,
    /// When its state last changed.
    pub changed: UtcMillis,
}

impl Reader {
    /// The order that the holder of `document` can take up again in `programme`: not yet submitted, rejected, or with prints
    /// under way. A settled one goes before an unpaid one, a newer before an older.
    ///
    /// # Errors
    /// A failed read.
    pub fn open_order_of(&self, document: &DocumentNumber, programme: &str) -> Result<Option<OpenOrder>> {
        self.ask("look for an open order", |connection| {
            let mut open = Vec::new();
            for order in orders_of(connection, document, programme)? {
                if order.state.is_open() || has_unfinished_jobs(connection, &order)? {
                    open.push(order);
                }
            }
            let first_settled = open.iter().position(|order| is_settled(order.state)).unwrap_or(0);
            (first_settled < open.len())
                .then(|| describe(connection, open.swap_remove(first_settled)))
                .transpose()
        })
    }

    /// The newest order of the holder of `document` in `programme` whose photo was accepted and not rejected or refunded.
    ///
    /// # Errors
    /// A failed read.
    pub fn accepted_order_of(
        &self,
        document: &DocumentNumber,
        programme: &str,
    ) -> Result<Option<AcceptedOrder>> {
        self.ask("look for an accepted order", |connection| {
            let accepted =
                orders_of(connection, document, programme)?.into_iter().find(|o| o.state.has_photo());
            Ok(accepted.map(|order| AcceptedOrder {
                id: order.id,
                number: order.number,
                state: order.state,
                changed: order.changed,
            }))
        })
    }

    /// The order `id` with what a resuming student needs, whatever its state.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`] or a failed read.
    pub fn describe_order(&self, id: OrderId) -> Result<OpenOrder> {
        self.ask("describe the order", |connection| describe(connection, orders::get(connection, id)?))
    }
}

fn orders_of(connection: &Connection, document: &DocumentNumber, programme: &str) -> Result<Vec<Order>> {
    match people::by_document(connection, document)? {
        Some(person) => orders::of_person(connection, person, programme),
        None => Ok(Vec::new()),
    }
}

fn has_unfinished_jobs(connection: &Connection, order: &Order) -> Result<bool> {
    Ok(order.state.has_photo()
        && print_jobs::of_order(connection, order.id)?.iter().any(|job| !job.state.is_end()))
}

/// Whether nothing is left to pay for an order that stands so.
pub(super) fn is_settled(state: State) -> bool {
    !matches!(state, State::Draft | State::AwaitingPayment | State::Cancelled | State::Expired)
}

fn describe(connection: &Connection, order: Order) -> Result<OpenOrder> {
    let payments = payments::of_order(connection, order.id)?;
    let settled = payments.iter().position(|payment| payment.state == payment::State::Settled);
    let pending = payments.iter().position(|payment| payment.state == payment::State::Pending);
    let closed = payments.iter().rposition(|payment| payment.state == payment::State::Closed);
    let mut shots = photos::of_order(connection, order.id)?;
    shots.retain(|shot| shot.shot >= order.first_shot);
    let (shots, beside): (Vec<_>, Vec<_>) = shots.into_iter().partition(|shot| shot.alternative_to.is_none());
    let candidate = shots.iter().rev().find(|shot| shot.state == photo::State::Candidate).map(|shot| shot.id);
    let alternatives = beside
        .iter()
        .filter(|other| other.alternative_to == candidate && other.state == photo::State::Candidate)
        .map(|other| other.id)
        .collect();
    let jobs = print_jobs::of_order(connection, order.id)?;
    Ok(OpenOrder {
        id: order.id,
        number: order.number,
        person: order.person,
        state: order.state,
        amount: order.amount,
        settled: is_settled(order.state),
        lines: order_lines::of_order(connection, order.id)?,
        payment: settled.or(pending).or(closed).and_then(|at| payments.into_iter().nth(at)),
        shots_taken: u32::try_from(shots.len()).unwrap_or(u32::MAX),
        candidate,
        alternatives,
        photo: order.photo,
        reprint_of: reprints::of(connection, order.id)?,
        delivery: deliveries::of_order(connection, order.id)?,
        unfinished_jobs: jobs.iter().filter(|job| !job.state.is_end()).count(),
    })
}
