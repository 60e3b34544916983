//! The commit that the booth exists for: the photo is accepted, the others are superseded, the order is submitted, its prints
//! are queued and the event is written, all together or not at all. Where somebody else
//! approves, the prints are held until then.

use super::{hand_out, reprint};
use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tables::audit::{Actor, Stamp};
use crate::tables::outbox::{self, NewEvent};
use crate::tables::print_jobs::{self, NewPrintJob};
use crate::tables::{orders, photos, programmes};
use domain::order::{Event, State};
use domain::programme::Approval;
use domain::{OrderId, PhotoId, UtcMillis, photo};
use rusqlite::Transaction;

/// A photo that the student accepts.
#[derive(Clone, Copy)]
pub struct Acceptance<'a> {
    /// The order.
    pub order: OrderId,
    /// The photo, a candidate of that order.
    pub photo: PhotoId,
    /// What to print, in this order.
    pub jobs: &'a [NewPrintJob],
    /// What to tell the central server.
    pub event: &'a NewEvent,
    /// When.
    pub at: UtcMillis,
}

impl Ledger {
    /// Accepts a photo. The order ends as submitted, its jobs held, where staff or the office approve; as approved where the booth's
    /// own checks are enough, or the photo of a reprint was approved before; and as completed where nothing is to be printed or
    /// handed out besides.
    ///
    /// # Errors
    /// [`LedgerError::Missing`], [`LedgerError::PhotoOfAnotherOrder`], [`LedgerError::Refused`] unless the order is paid and the
    /// photo a candidate, or a failed write.
    pub fn accept_photo(&self, acceptance: &Acceptance<'_>) -> Result<State> {
        self.write("accept the photo", |tx| accept(tx, acceptance))
    }
}

fn accept(tx: &Transaction<'_>, acceptance: &Acceptance<'_>) -> Result<State> {
    let id = acceptance.order;
    let student = Stamp { actor: Actor::Student, at: acceptance.at };
    let booth = Stamp { actor: Actor::Booth, at: acceptance.at };
    choose(tx, acceptance, student)?;
    orders::advance_with(tx, id, Event::AcceptPhoto, Some(acceptance.photo), student)?;
    orders::advance(tx, id, Event::Submit, booth)?;
    let approval = programmes::approval(tx, &orders::get(tx, id)?.programme)?;
    let approved = approval == Approval::Booth || reprint::was_approved(tx, id)?;
    if approved {
        orders::advance(tx, id, Event::Approve, booth)?;
    }
    for job in acceptance.jobs {
        print_jobs::insert(tx, id, job, approved, acceptance.at)?;
    }
    outbox::insert(tx, Some(id), acceptance.event, acceptance.at)?;
    finish_if_done(tx, id, booth)
}

fn choose(tx: &Transaction<'_>, acceptance: &Acceptance<'_>, stamp: Stamp) -> Result<()> {
    if photos::get(tx, acceptance.photo)?.order != acceptance.order {
        return Err(LedgerError::PhotoOfAnotherOrder);
    }
    for other in photos::of_order(tx, acceptance.order)? {
        if other.id != acceptance.photo && other.state == photo::State::Candidate {
            photos::advance(tx, other.id, photo::Event::Supersede, stamp)?;
        }
    }
    photos::advance(tx, acceptance.photo, photo::Event::Accept, stamp)?;
    Ok(())
}

/// Closes an approved order whose last print has ended and of which nothing is to be handed out; the state that it has then.
pub(super) fn finish_if_done(tx: &Transaction<'_>, id: OrderId, stamp: Stamp) -> Result<State> {
    let state = orders::get(tx, id)?.state;
    let all_ended = print_jobs::of_order(tx, id)?.iter().all(|job| job.state.is_end());
    if state != State::Approved || !all_ended || hand_out::is_awaited(tx, id)? {
        return Ok(state);
    }
    complete(tx, id, stamp)
}

/// Fulfils and completes an approved order.
pub(super) fn complete(tx: &Transaction<'_>, id: OrderId, stamp: Stamp) -> Result<State> {
    orders::advance(tx, id, Event::Fulfil, stamp)?;
    orders::advance(tx, id, Event::Complete, stamp)
}
