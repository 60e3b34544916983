//! Forgetting: pixels, printed documents and payloads go when an order is settled in every way and the server has all of it;
//! the person goes with their last such order. What is left (states, amounts, times, hashes) names nobody.

use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tables::audit::{self, Actor, Deed, Stamp};
use crate::tables::{orders, outbox, people, photos, print_jobs};
use domain::order::State;
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

impl Ledger {
    /// Forgets every order that ended before `before`, whose prints have ended and whose events are all acknowledged, and every
    /// person all of whose orders are such.
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
            let mut purged = Purged::default();
            for order in orders::all_of_person(tx, person)? {
                if !ENDS.contains(&order.state) || !is_closed(tx, order.id)? {
                    return Err(LedgerError::NotYetErasable);
                }
                purged.photos += forget_order(tx, order.id, stamp)?;
            }
            purged.people = usize::from(forget_person(tx, person, stamp)?);
            Ok(purged)
        })?;
        self.checkpoint()?;
        Ok(purged)
    }
}

/// Whether nothing of the order is still to be printed or told.
fn is_closed(tx: &Transaction<'_>, order: OrderId) -> Result<bool> {
    let printed = print_jobs::of_order(tx, order)?.iter().all(|job| job.state.is_end());
    Ok(printed && outbox::all_acknowledged(tx, order)?)
}

fn forget_order(tx: &Transaction<'_>, order: OrderId, stamp: Stamp) -> Result<usize> {
    print_jobs::purge(tx, order)?;
    outbox::purge(tx, order)?;
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
    let purged = people::purge(tx, person, stamp.at)?;
    if purged {
        let deed = Deed { action: "person.purge", subject: &person.to_string(), detail: "" };
        audit::append(tx, stamp, deed)?;
    }
    Ok(purged)
}
