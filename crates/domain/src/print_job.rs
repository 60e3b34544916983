//! The machine of one print job in the booth's own spool.
//!
//! Between asking the printer and hearing its answer a job is `Sending`: after a crash the printer is asked by the job's name
//! whether it has it, so that nothing prints twice. A cancel is only believed when the printer says so.

use crate::refused::{Refused, codes};

codes! {
    /// Where a print job stands.
    State {
        /// Waits for its turn.
        Queued = "queued",
        /// Was offered to the printer, whose answer isn't known yet.
        Sending = "sending",
        /// The printer has it.
        Printing = "printing",
        /// It can't go on (paper, jam), or only the tray tells whether it printed.
        Held = "held",
        /// The printer was asked to cancel it and hasn't confirmed.
        Cancelling = "cancelling",
        /// On paper.
        Done = "done",
        /// The printer confirmed that it won't print.
        Cancelled = "cancelled",
    }
}

codes! {
    /// What can happen to a print job.
    Event {
        /// It is being offered to the printer.
        Send = "send",
        /// The printer has it.
        Taken = "taken",
        /// The printer doesn't have it and won't print it (refused, lost, aborted).
        Returned = "returned",
        /// The printer can't go on with it, or can't say any more how far it is.
        Hold = "hold",
        /// The printer goes on.
        Resume = "resume",
        /// It is on paper.
        Finish = "finish",
        /// Somebody asked to cancel.
        Cancel = "cancel",
        /// The printer confirmed the cancel.
        ConfirmCancel = "confirm_cancel",
    }
}

codes! {
    /// What is printed.
    Kind {
        /// A sheet of photos.
        Sheet = "sheet",
        /// The receipt.
        Receipt = "receipt",
    }
}

impl State {
    /// Whether nothing more will happen to the job.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }
}

/// The state after `event`.
///
/// # Errors
/// [`Refused`] where the event means nothing in `state`.
pub const fn next(state: State, event: Event) -> Result<State, Refused> {
    use {Event as E, State as S};
    Ok(match (state, event) {
        (S::Queued, E::Send) => S::Sending,
        (S::Sending, E::Taken) | (S::Held, E::Resume) => S::Printing,
        (S::Sending | S::Printing | S::Held, E::Returned) => S::Queued,
        (S::Sending | S::Printing, E::Hold) => S::Held,
        (S::Printing | S::Held | S::Cancelling, E::Finish) => S::Done,
        (S::Queued, E::Cancel) | (S::Cancelling, E::ConfirmCancel | E::Returned) => S::Cancelled,
        (S::Printing | S::Held, E::Cancel) => S::Cancelling,
        _ => return Err(Refused { machine: "print job", state: state.as_str(), event: event.as_str() }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_the_printer_may_have_is_never_offered_again_nor_called_cancelled() {
        for state in [State::Sending, State::Printing, State::Held, State::Cancelling] {
            assert!(next(state, Event::Send).is_err(), "{} would print twice", state.as_str());
            assert_ne!(
                next(state, Event::Cancel),
                Ok(State::Cancelled),
                "{}: only the printer knows",
                state.as_str()
            );
        }
    }

    #[test]
    fn an_end_is_an_end() {
        for &state in State::ALL.iter().filter(|s| s.is_end()) {
            for &event in Event::ALL {
                assert!(next(state, event).is_err(), "{} after {}", event.as_str(), state.as_str());
            }
        }
    }
}
