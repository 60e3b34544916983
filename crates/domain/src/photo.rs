//! The machine of one shot and of the official photo made from it.

use crate::refused::{Refused, codes};

codes! {
    /// Where a photo stands.
    State {
        /// It passed every check and waits for the student's choice.
        Candidate = "candidate",
        /// It failed a check: it can never be accepted.
        Failed = "failed",
        /// The student chose it.
        Accepted = "accepted",
        /// Another one was chosen, or taken instead.
        Superseded = "superseded",
        /// Its pixels were deleted.
        Purged = "purged",
    }
}

codes! {
    /// What can happen to a photo.
    Event {
        /// The student chose it.
        Accept = "accept",
        /// Another one takes its place.
        Supersede = "supersede",
        /// Its pixels are deleted.
        Purge = "purge",
    }
}

/// The state of a photo just taken, by whether it `passed` the specification.
#[must_use]
pub const fn taken(passed: bool) -> State {
    if passed { State::Candidate } else { State::Failed }
}

/// The state after `event`.
///
/// # Errors
/// [`Refused`] where the event means nothing in `state`.
pub const fn next(state: State, event: Event) -> Result<State, Refused> {
    use {Event as E, State as S};
    Ok(match (state, event) {
        (S::Candidate, E::Accept) => S::Accepted,
        (S::Candidate | S::Accepted, E::Supersede) => S::Superseded,
        (S::Candidate | S::Failed | S::Accepted | S::Superseded, E::Purge) => S::Purged,
        _ => return Err(Refused { machine: "photo", state: state.as_str(), event: event.as_str() }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_that_failed_can_never_be_accepted() {
        let mut states = vec![taken(false)];
        let mut i = 0;
        while i < states.len() {
            for &event in Event::ALL {
                if let Ok(after) = next(states[i], event) {
                    assert_ne!(
                        after,
                        State::Accepted,
                        "{} leads a failed photo to the student",
                        event.as_str()
                    );
                    if !states.contains(&after) {
                        states.push(after);
                    }
                }
            }
            i += 1;
        }
    }

    #[test]
    fn purged_is_the_end() {
        for &event in Event::ALL {
            assert!(next(State::Purged, event).is_err(), "{} brings nothing back", event.as_str());
        }
    }
}
