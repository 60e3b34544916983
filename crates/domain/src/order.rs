//! The machine of an order.
//!
//! A payment may come late: it counts even for an order that was cancelled or had expired, because the money is there.
//! Whoever has paid can therefore always still reach a photo or a refund.

use crate::refused::{Refused, codes};

codes! {
    /// Where an order stands.
    State {
        /// Known, not yet placed (the way that shoots first).
        Draft = "draft",
        /// Placed, with something to pay.
        AwaitingPayment = "awaiting_payment",
        /// Paid, or nothing was to pay; a photo may be taken.
        Paid = "paid",
        /// The student accepted a photo.
        Photographed = "photographed",
        /// The collection is ready for the central server.
        Submitted = "submitted",
        /// The photo was approved.
        Approved = "approved",
        /// The photo was rejected by the reviewer; a reshoot costs nothing.
        Rejected = "rejected",
        /// Everything ordered was handed out.
        Fulfilled = "fulfilled",
        /// Nothing is left to do.
        Completed = "completed",
        /// Given up before it was paid.
        Cancelled = "cancelled",
        /// Not paid in time.
        Expired = "expired",
        /// The money went back.
        Refunded = "refunded",
    }
}

codes! {
    /// What can happen to an order.
    Event {
        /// The student placed it and something is due.
        Place = "place",
        /// The student placed it and nothing is due.
        PlaceFree = "place_free",
        /// The whole amount was received.
        Settle = "settle",
        /// The student accepted a photo.
        AcceptPhoto = "accept_photo",
        /// Photo and data were queued for the central server.
        Submit = "submit",
        /// The reviewer approved the photo.
        Approve = "approve",
        /// The reviewer rejected the photo.
        Reject = "reject",
        /// A rejected student sits down again.
        Reshoot = "reshoot",
        /// The last print or delivery was handed out.
        Fulfil = "fulfil",
        /// The order is closed.
        Complete = "complete",
        /// The student gave it up.
        Cancel = "cancel",
        /// The time to pay ran out.
        Expire = "expire",
        /// The money went back.
        Refund = "refund",
    }
}

impl State {
    /// Whether a photo belongs to the order for good.
    #[must_use]
    pub const fn has_photo(self) -> bool {
        matches!(
            self,
            Self::Photographed | Self::Submitted | Self::Approved | Self::Fulfilled | Self::Completed
        )
    }

    /// Whether the student can still do something about it at the booth.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::AwaitingPayment | Self::Paid | Self::Photographed | Self::Rejected)
    }
}

/// The state after `event`.
///
/// # Errors
/// [`Refused`] where the event means nothing in `state`.
pub const fn next(state: State, event: Event) -> Result<State, Refused> {
    use {Event as E, State as S};
    Ok(match (state, event) {
        (S::Draft, E::Place) => S::AwaitingPayment,
        (S::Draft, E::PlaceFree) | (S::Draft | S::AwaitingPayment | S::Cancelled | S::Expired, E::Settle) => {
            S::Paid
        }
        (S::Paid, E::AcceptPhoto) => S::Photographed,
        (S::Photographed, E::Submit) => S::Submitted,
        (S::Submitted, E::Approve) => S::Approved,
        (S::Submitted | S::Approved, E::Reject) => S::Rejected,
        (S::Rejected, E::Reshoot) => S::Paid,
        (S::Approved, E::Fulfil) => S::Fulfilled,
        (S::Fulfilled, E::Complete) => S::Completed,
        (S::Draft | S::AwaitingPayment, E::Cancel) => S::Cancelled,
        (S::Draft | S::AwaitingPayment, E::Expire) => S::Expired,
        (S::Paid | S::Photographed | S::Submitted | S::Approved | S::Rejected | S::Fulfilled, E::Refund) => {
            S::Refunded
        }
        _ => return Err(Refused { machine: "order", state: state.as_str(), event: event.as_str() }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reachable_from(start: State) -> Vec<State> {
        let mut seen = vec![start];
        let mut i = 0;
        while i < seen.len() {
            for &event in Event::ALL {
                if let Ok(after) = next(seen[i], event)
                    && !seen.contains(&after)
                {
                    seen.push(after);
                }
            }
            i += 1;
        }
        seen
    }

    #[test]
    fn every_state_is_reachable_from_a_draft() {
        let seen = reachable_from(State::Draft);
        for state in State::ALL {
            assert!(seen.contains(state), "no way leads to {}", state.as_str());
        }
    }

    #[test]
    fn a_paid_order_can_always_still_reach_a_photo_or_a_refund() {
        for state in reachable_from(State::Paid) {
            assert!(
                reachable_from(state).iter().any(|s| s.has_photo() || *s == State::Refunded),
                "{} is a dead end for somebody who has paid",
                state.as_str()
            );
        }
    }

    #[test]
    fn a_photo_is_never_delivered_for_an_order_that_was_not_settled() {
        let unpaid = [State::Draft, State::AwaitingPayment, State::Cancelled, State::Expired];
        for state in unpaid {
            assert!(next(state, Event::AcceptPhoto).is_err(), "{} takes no photo", state.as_str());
        }
    }

    #[test]
    fn codes_come_back() {
        for &state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state), "a state is found by its code");
        }
        assert_eq!(State::parse("sold"), None, "an unknown code is no state");
    }

    proptest! {
        #[test]
        fn no_sequence_panics_and_a_refusal_names_both(events in prop::collection::vec(0..Event::ALL.len(), 0..40)) {
            let mut state = State::Draft;
            for event in events.into_iter().map(|i| Event::ALL[i]) {
                match next(state, event) {
                    Ok(after) => state = after,
                    Err(refused) => prop_assert_eq!((refused.state, refused.event), (state.as_str(), event.as_str())),
                }
            }
        }
    }
}
