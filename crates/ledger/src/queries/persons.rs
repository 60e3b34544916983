//! What is known of somebody who has just identified, and what they have here.

use super::open_order::is_settled;
use crate::error::Result;
use crate::reader::Reader;
use crate::tables::orders::{self, Order};
use crate::tables::people::{self, Person};
use crate::tables::{
    accounts, deletion_requests, deliveries, payments, photos, programmes, rejections, reprints,
};
use domain::document::Sex;
use domain::order::State;
use domain::programme::DeliveryWay;
use domain::{DocumentNumber, Email, Fen, OrderId, OrderNumber, PersonId, PhotoId, UtcMillis, photo};
use rusqlite::Connection;
use std::fmt;

/// Somebody who was here before.
#[derive(Clone, PartialEq, Eq)]
pub struct Known {
    /// The person.
    pub person: Person,
    /// The e-mail address, if given.
    pub email: Option<Email>,
    /// The sex, if given.
    pub gender: Option<Sex>,
    /// The hash of the password that they chose, in PHC form; none where the first one still holds.
    pub password_hash: Option<String>,
    /// How many tries to log in were wrong, in a row until now.
    pub wrong_tries: u32,
    /// Whether they asked to be forgotten, and wait for it.
    pub deletion_asked: bool,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("wrong_tries", &self.wrong_tries).finish_non_exhaustive()
    }
}

/// An order, as its student's list shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonOrder {
    /// The order.
    pub id: OrderId,
    /// The number that people say.
    pub number: OrderNumber,
    /// The programme's stable name.
    pub programme: String,
    /// The programme's title in Chinese, as it was when an order last named it.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// Where it stands.
    pub state: State,
    /// What it comes to.
    pub amount: Fen,
    /// Whether nothing is left to pay.
    pub settled: bool,
    /// The photo that was accepted.
    pub photo: Option<PhotoId>,
    /// The newest shot that passed and wasn't accepted yet.
    pub candidate: Option<PhotoId>,
    /// How its prints are got; none for an order that wasn't placed, or that is older than deliveries.
    pub delivery: Option<DeliveryWay>,
    /// The order whose photo it prints again.
    pub reprint_of: Option<OrderId>,
    /// When it was made.
    pub created: UtcMillis,
    /// When its state last changed.
    pub changed: UtcMillis,
    /// Whether its photos were forgotten.
    pub purged: bool,
    /// Why its photo was rejected, while another one is needed.
    pub rejection: Option<String>,
}

impl Reader {
    /// The person with this document, unless purged or never here.
    ///
    /// # Errors
    /// A failed read.
    pub fn known(&self, document: &DocumentNumber) -> Result<Option<Known>> {
        self.ask("look for the person", |connection| {
            let Some(id) = people::by_document(connection, document)? else { return Ok(None) };
            let account = accounts::get(connection, id)?;
            Ok(Some(Known {
                person: people::get(connection, id)?,
                email: account.email,
                gender: account.gender,
                password_hash: account.password_hash,
                wrong_tries: account.wrong_tries,
                deletion_asked: deletion_requests::all(connection)?.contains(&id),
            }))
        })
    }

    /// The person's orders, the newest first, without those that expired before they had a photo or were placed.
    ///
    /// # Errors
    /// A failed read.
    pub fn orders_of_person(&self, person: PersonId) -> Result<Vec<PersonOrder>> {
        self.ask("list the person's orders", |connection| {
            let mut list = Vec::new();
            for order in orders::all_of_person(connection, person)?.into_iter().rev() {
                list.extend(describe(connection, order)?);
            }
            Ok(list)
        })
    }
}

fn describe(connection: &Connection, order: Order) -> Result<Option<PersonOrder>> {
    let shots = photos::of_order(connection, order.id)?;
    let never_placed = payments::of_order(connection, order.id)?.is_empty();
    if order.state == State::Expired && shots.is_empty() && never_placed {
        return Ok(None);
    }
    let title = programmes::title(connection, &order.programme)?;
    let candidate = shots.iter().rev().find(|shot| {
        shot.shot >= order.first_shot
            && shot.state == photo::State::Candidate
            && shot.alternative_to.is_none()
    });
    Ok(Some(PersonOrder {
        id: order.id,
        number: order.number,
        title_zh: title.zh,
        title_en: title.en,
        state: order.state,
        amount: order.amount,
        settled: is_settled(order.state),
        photo: order.photo,
        candidate: candidate.map(|shot| shot.id),
        delivery: deliveries::of_order(connection, order.id)?.map(|delivery| delivery.way),
        reprint_of: reprints::of(connection, order.id)?,
        created: order.created,
        changed: order.changed,
        purged: shots.iter().any(|shot| shot.state == photo::State::Purged),
        rejection: rejections::of_order(connection, order.id)?,
        programme: order.programme,
    }))
}
