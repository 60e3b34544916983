//! Taking a page of the directory: into the ledger in one commit, then to whoever is here and to what the screens show.
//!
//! What would change under somebody's hands waits until they have gone: what is offered and what it costs, and a decision about an
//! order that they look at. Only who waits for the office's decision sees it at once.

use super::page::{Desk, Parsed};
use super::standing::Standing;
use crate::error::BoothError;
use crate::inner::Inner;
use crate::orders;
use crate::sitting::Sitting;
use crate::workflow::advance;
use domain::session::{Event, State};
use domain::{OrderId, PrintJobId};
use ledger::{Actor, Decision, DirectoryTaken, LedgerError, Stamp};
use protocol::directory::Page;
use std::sync::Arc;
use sync::Taken;

/// Takes the page, or not now.
///
/// # Errors
/// [`LedgerError`]; nothing of the page was taken.
pub(super) fn take(inner: &Arc<Inner>, page: &Page) -> Result<Taken, LedgerError> {
    let before = inner.standing();
    let desk = Desk { shelf: &inner.shelf, settings: &inner.settings_base, before: &before.sent.programmes };
    let parsed = desk.parse(page);
    say_what_was_passed_over(&parsed);
    let concerns_somebody = parsed.catalogue || !parsed.orders.is_empty();
    // Held until it is done, so that nobody sits down meanwhile. A roster concerns nobody who is here, and may be long.
    let mut sitting = concerns_somebody.then(|| inner.sitting.lock());
    if sitting.as_ref().is_some_and(|sitting| is_in_the_way(sitting, &parsed)) {
        return Ok(Taken::Later);
    }
    let new_job = || PrintJobId::new(inner.clock.now(), inner.clock.random());
    let taken = inner.ledger.take_directory(&parsed.changes, page.cursor, inner.clock.now(), &new_job)?;
    renew(inner, parsed.catalogue);
    if let Some(sitting) = &mut sitting {
        tell_who_waits(inner, sitting, &taken);
    }
    after(inner, &taken);
    match &sitting {
        Some(sitting) => drop(inner.publish(sitting)),
        None => drop(inner.publish(&inner.sitting.lock())),
    }
    Ok(Taken::Kept)
}

fn say_what_was_passed_over(parsed: &Parsed) {
    if parsed.students_passed_over > 0 || parsed.unknown > 0 {
        tracing::warn!(
            students = parsed.students_passed_over,
            unknown = parsed.unknown,
            "entries of the directory can't be used and were passed over"
        );
    }
}

fn is_in_the_way(sitting: &Sitting, parsed: &Parsed) -> bool {
    if sitting.state == State::Attract {
        return false;
    }
    let waits_for = match sitting.state {
        State::Approving(at) => Some(at.order),
        _ => None,
    };
    let looks_at = |order: &OrderId| {
        sitting.state.order() == Some(*order) || sitting.orders.iter().any(|own| own.id == *order)
    };
    parsed.catalogue || parsed.orders.iter().any(|order| looks_at(order) && waits_for != Some(*order))
}

/// What the ledger holds now is what is shown. A ledger that can't be read leaves what was shown, until the next page or start.
fn renew(inner: &Inner, catalogue: bool) {
    match inner.ledger.read().directory_values() {
        Ok(values) => inner.stand_by(Standing::of(&values), catalogue),
        Err(error) => tracing::error!(%error, "the directory was taken and can't be read"),
    }
}

/// Who waits for the office's decision at this moment goes on with it.
fn tell_who_waits(inner: &Arc<Inner>, sitting: &mut Sitting, taken: &DirectoryTaken) {
    let State::Approving(at) = sitting.state else { return };
    let Some((order, decision)) = taken.reviewed.iter().rfind(|(order, _)| *order == at.order) else {
        return;
    };
    if let Err(error) = go_on(inner, sitting, *order, *decision) {
        tracing::error!(%order, %error, "the session did not go on after a decision");
    }
}

fn go_on(
    inner: &Arc<Inner>,
    sitting: &mut Sitting,
    order: OrderId,
    decision: Decision,
) -> Result<(), BoothError> {
    if decision == Decision::Approve {
        return advance(inner, sitting, Event::Approved);
    }
    inner.ledger.reshoot(order, Stamp { actor: Actor::Student, at: inner.clock.now() })?;
    sitting.rejected = true;
    sitting.rejection = inner.ledger.read().rejection_of(order)?;
    advance(inner, sitting, Event::Rejected)
}

fn after(inner: &Inner, taken: &DirectoryTaken) {
    if !taken.reviewed.is_empty() || taken.commands > 0 {
        inner.to_print.notify_one();
    }
    inner.line.wake();
    if !taken.refunded.is_empty() {
        orders::look_for_refunds(inner);
    }
}
