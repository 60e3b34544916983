//! Forgetting: pixels, printed documents, collection codes, addresses and payloads go when an order is settled in every way and the
//! server has all of it; the person goes, with the account, with their last such order. What is left (states, amounts, times,
//! hashes) names nobody. Rosters are not part of it: they are the school's, and go with its next one.

use super::close_order::close;
use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tables::audit::{self, Actor, Deed, Stamp};
use crate::tables::outbox::NewEvent;
use crate::tables::{
    collection_codes, deletion_requests, deliveries, orders, outbox, people, photos, print_jobs, rejections,
};
use domain::order::{Event, State};
use domain::{OrderId, PersonId, UtcMillis, photo};
use rusqlite::Transaction;

/// The states after which nothing more happens to an order.
const ENDS: [State; 4] = [State::Completed, State::Cancelled, State::Expired, State::Refunded];

/// How much was forgotten.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Purged {
    /// Photos whose pixels were deleted.
    pub photos: usize,
    /// People whose row was emptied.
    pub people: usize,
}

impl Purged {
    fn add(&mut self, other: Self) {
        self.photos += other.photos;
        self.people += other.people;
    }
}

/// What became of a request to be forgotten.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deletion {
    /// Everything is forgotten.
    Done,
    /// Something is under way, or the central server hasn't acknowledged everything: the next purge that may do it does it.
    Waits,
}

impl Ledger {
    /// Forgets every order that ended before `before`, whose prints have ended and whose events are all acknowledged, and every
    /// person all of whose orders are such. Who asked to be forgotten doesn't wait for `before`.
    ///
    /// # Errors
    /// A failed write; then nothing is forgotten.
    pub fn purge(&self, before: UtcMillis, at: UtcMillis) -> Result<Purged> {
        let stamp = Stamp { actor: Actor::Booth, at };
        let purged = self.write("purge old orders", |tx| {
            let mut purged = Purged::default();
            for state in ENDS {
                for order in orders::unchanged(tx, state, before)? {
                    if is_closed(tx, order.id)? {
                        purged.photos += forget_order(tx, order.id, stamp)?;
                        purged.people +=
                            usize::from(forget_person_if_closed(tx, order.person, before, stamp)?);
                    }
                }
            }
            for person in deletion_requests::all(tx)? {
                purged.add(forget_if_allowed(tx, person, stamp)?.unwrap_or_default());
            }
            outbox::purge_of_no_order(tx, before)?;
            Ok(purged)
        })?;
        if purged != Purged::default() {
            self.checkpoint()?;
        }
        Ok(purged)
    }

    /// Forgets a person who asks for it, whatever the age of their orders.
    ///
    /// # Errors
    /// [`LedgerError::NotYetErasable`] while an order is under way or an event isn't acknowledged; or a failed write.
    pub fn erase_person(&self, person: PersonId, stamp: Stamp) -> Result<Purged> {
        let purged = self.write("erase the person", |tx| {
            forget_if_allowed(tx, person, stamp)?.ok_or(LedgerError::NotYetErasable)
        })?;
        self.checkpoint()?;
        Ok(purged)
    }

    /// A person asks to be forgotten: unpaid orders are cancelled, the central server is told by `event` (of no order, once), and the
    /// person is forgotten now or by the first [`Ledger::purge`] that may. What is paid or being printed is finished first.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] if there is no such person any more, or a failed write.
    pub fn request_deletion(&self, person: PersonId, event: &NewEvent, at: UtcMillis) -> Result<Deletion> {
        let student = Stamp { actor: Actor::Student, at };
        let purged = self.write("ask to be forgotten", |tx| {
            people::get(tx, person)?;
            cancel_unpaid(tx, person, student)?;
            if deletion_requests::insert(tx, person, at)? {
                outbox::insert(tx, None, event, at)?;
                let deed = Deed { action: "person.ask_deletion", subject: &person.to_string(), detail: "" };
                audit::append(tx, student, deed)?;
            }
            forget_if_allowed(tx, person, Stamp { actor: Actor::Booth, at })
        })?;
        if purged.is_none() {
            return Ok(Deletion::Waits);
        }
        self.checkpoint()?;
        Ok(Deletion::Done)
    }
}

fn cancel_unpaid(tx: &Transaction<'_>, person: PersonId, stamp: Stamp) -> Result<()> {
    for order in orders::all_of_person(tx, person)? {
        if matches!(order.state, State::Draft | State::AwaitingPayment) {
            close(tx, order.id, Event::Cancel, stamp)?;
        }
    }
    Ok(())
}

/// Forgets the person and all their orders, if nothing of them is still to be done or told.
fn forget_if_allowed(tx: &Transaction<'_>, person: PersonId, stamp: Stamp) -> Result<Option<Purged>> {
    let orders = orders::all_of_person(tx, person)?;
    for order in &orders {
        if !ENDS.contains(&order.state) || !is_closed(tx, order.id)? {
            return Ok(None);
        }
    }
    let mut purged = Purged::default();
    for order in &orders {
        purged.photos += forget_order(tx, order.id, stamp)?;
    }
    purged.people = usize::from(forget_person(tx, person, stamp)?);
    Ok(Some(purged))
}

/// Whether nothing of the order is still to be printed or told.
fn is_closed(tx: &Transaction<'_>, order: OrderId) -> Result<bool> {
    let printed = print_jobs::of_order(tx, order)?.iter().all(|job| job.state.is_end());
    Ok(printed && outbox::all_acknowledged(tx, order)?)
}

fn forget_order(tx: &Transaction<'_>, order: OrderId, stamp: Stamp) -> Result<usize> {
    print_jobs::purge(tx, order)?;
    outbox::purge(tx, order)?;
    collection_codes::purge(tx, order)?;
    deliveries::purge(tx, order)?;
    rejections::remove(tx, order)?;
    let photos = photos::of_order(tx, order)?;
    let mut purged = 0;
    for photo in photos.iter().filter(|photo| photo.state != photo::State::Purged) {
        photos::advance(tx, photo.id, photo::Event::Purge, stamp)?;
        purged += 1;
    }
    Ok(purged)
}

fn forget_person_if_closed(
    tx: &Transaction<'_>,
    person: PersonId,
    before: UtcMillis,
    stamp: Stamp,
) -> Result<bool> {
    for order in orders::all_of_person(tx, person)? {
        if !ENDS.contains(&order.state) || order.changed >= before || !is_closed(tx, order.id)? {
            return Ok(false);
        }
    }
    forget_person(tx, person, stamp)
}

fn forget_person(tx: &Transaction<'_>, person: PersonId, stamp: Stamp) -> Result<bool> {
    deletion_requests::remove(tx, person)?;
    let purged = people::purge(tx, person, stamp.at)?;
    if purged {
        let deed = Deed { action: "person.purge", subject: &person.to_string(), detail: "" };
        audit::append(tx, stamp, deed)?;
    }
    Ok(purged)
}
