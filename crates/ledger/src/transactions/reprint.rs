//! More prints of a photo that somebody has: a new order, which begins with a copy of that photo as its first shot.

use super::place_order::{NewOrder, Placed, Placement, draft, place};
use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::tables::orders::{self, Order};
use crate::tables::{photos, reprints};
use domain::{OrderId, PersonId, PhotoId, photo};
use rusqlite::Transaction;

impl Ledger {
    /// Makes an order for more prints of the accepted photo of `of` and places it. The photo is copied as the candidate `photo`
    /// of the new order. How often the programme takes a photo of a person is not asked.
    ///
    /// # Errors
    /// Those of [`Ledger::place_order`]; [`LedgerError::Missing`] if there is no order `of`;
    /// [`LedgerError::OrderOfAnotherPerson`]; [`LedgerError::Unfit`] for another programme than that of `of`;
    /// [`LedgerError::NotNow`] where `of` has no accepted photo, or one that was purged.
    pub fn place_reprint(
        &self,
        new: &NewOrder<'_>,
        of: OrderId,
        photo: PhotoId,
        placement: &Placement<'_>,
    ) -> Result<Placed> {
        self.write("place the reprint", |tx| {
            let person = draft(tx, &NewOrder { only_once: false, ..*new })?.person;
            let of = orders::get(tx, of)?;
            let accepted = accepted_photo(tx, new, person, &of)?;
            photos::copy_as_first(tx, accepted, new.id, photo)?;
            reprints::insert(tx, new.id, of.id)?;
            place(tx, new.id, placement)
        })
    }
}

fn accepted_photo(tx: &Transaction<'_>, new: &NewOrder<'_>, person: PersonId, of: &Order) -> Result<PhotoId> {
    if of.person != person {
        return Err(LedgerError::OrderOfAnotherPerson);
    }
    if of.programme != new.programme.id {
        return Err(LedgerError::Unfit { what: "reprint's programme" });
    }
    let not_now = LedgerError::NotNow { state: of.state.as_str(), doing: "be printed again" };
    match of.photo.filter(|_| of.state.has_photo()) {
        Some(id) if photos::get(tx, id)?.state == photo::State::Accepted => Ok(id),
        _ => Err(not_now),
    }
}

/// Whether the photo that `order` prints again was approved with the order it is of.
pub(super) fn was_approved(tx: &Transaction<'_>, order: OrderId) -> Result<bool> {
    use domain::order::State;
    let Some(of) = reprints::of(tx, order)? else { return Ok(false) };
    Ok(matches!(orders::get(tx, of)?.state, State::Approved | State::Fulfilled | State::Completed))
}
