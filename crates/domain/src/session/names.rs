//! The codes of states and events, for logs and refusals, and the order that a state is about.

use super::{Event, State, Subject};
use crate::ids::OrderId;

impl State {
    /// The state's code.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Attract => "attract",
            Self::Choosing => "choosing",
            Self::Guiding { .. } => "guiding",
            Self::Identifying(_) => "identifying",
            Self::LoggingIn(_) => "logging_in",
            Self::Registering(_) => "registering",
            Self::Consenting(_) => "consenting",
            Self::Detailing(_) => "detailing",
            Self::Coding(_) => "coding",
            Self::Ordering { .. } => "ordering",
            Self::Paying { .. } => "paying",
            Self::Briefing(_) => "briefing",
            Self::Framing(_) => "framing",
            Self::Importing(_) => "importing",
            Self::Countdown(_) => "countdown",
            Self::Processing(_) => "processing",
            Self::Reviewing { .. } => "reviewing",
            Self::Approving(_) => "approving",
            Self::Printing(_) => "printing",
            Self::Done(_) => "done",
            Self::Account => "account",
            Self::StaffNeeded(_) => "staff_needed",
        }
    }

    /// The order that this student has, if there is one yet.
    #[must_use]
    pub const fn order(&self) -> Option<OrderId> {
        match self {
            Self::Briefing(s)
            | Self::Framing(s)
            | Self::Importing(s)
            | Self::Countdown(s)
            | Self::Processing(s)
            | Self::Approving(s)
            | Self::Reviewing { sitting: s, .. }
            | Self::Paying { sitting: s, .. }
            | Self::Ordering { subject: Subject::Chosen(s, _), .. } => Some(s.order),
            Self::Printing(order) | Self::Done(order) => Some(*order),
            Self::StaffNeeded(order) => *order,
            Self::Attract
            | Self::Choosing
            | Self::Guiding { .. }
            | Self::Identifying(_)
            | Self::LoggingIn(_)
            | Self::Registering(_)
            | Self::Coding(_)
            | Self::Account
            | Self::Consenting(_)
            | Self::Detailing(_)
            | Self::Ordering { .. } => None,
        }
    }
}

impl Event {
    /// The event's code.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::OpenAccount => "open_account",
            Self::Choose(_) => "choose",
            Self::GuidesRead { .. } => "guides_read",
            Self::Known => "known",
            Self::Newcomer => "newcomer",
            Self::Registered => "registered",
            Self::AccountOpened => "account_opened",
            Self::Agree => "agree",
            Self::SendToCounter => "send_to_counter",
            Self::Identified(_) => "identified",
            Self::DetailsConfirmed => "details_confirmed",
            Self::CodeConfirmed => "code_confirmed",
            Self::PlaceOrder => "place_order",
            Self::ReprintPlaced { .. } => "reprint_placed",
            Self::OrderPlaced { .. } => "order_placed",
            Self::OrderDrafted(_) => "order_drafted",
            Self::PaymentSettled => "payment_settled",
            Self::Ready => "ready",
            Self::OpenImport => "open_import",
            Self::Import => "import",
            Self::Shoot => "shoot",
            Self::CountdownElapsed => "countdown_elapsed",
            Self::ShotPassed(_) => "shot_passed",
            Self::ShotFailed => "shot_failed",
            Self::ShotLost => "shot_lost",
            Self::ShotsKeepFailing => "shots_keep_failing",
            Self::Prefer(_) => "prefer",
            Self::Retake => "retake",
            Self::Accept => "accept",
            Self::PhotoAccepted { .. } => "photo_accepted",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::PrintsDone => "prints_done",
            Self::ResumeOrder(..) => "resume_order",
            Self::Reprint(..) => "reprint",
            Self::Finish => "finish",
            Self::Back => "back",
            Self::LogOut => "log_out",
            Self::TimedOut => "timed_out",
        }
    }
}
