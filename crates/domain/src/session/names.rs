//! The codes of states and events, for logs and refusals, and the order that a state is about.

use super::{Event, State};
use crate::ids::OrderId;

impl State {
    /// The state's code.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Attract => "attract",
            Self::Choosing => "choosing",
            Self::Consenting(_) => "consenting",
            Self::Detailing(_) => "detailing",
            Self::Ordering { .. } => "ordering",
            Self::Paying { .. } => "paying",
            Self::Briefing(_) => "briefing",
            Self::Framing(_) => "framing",
            Self::Countdown(_) => "countdown",
            Self::Processing(_) => "processing",
            Self::Reviewing { .. } => "reviewing",
            Self::Printing(_) => "printing",
            Self::Done(_) => "done",
            Self::StaffNeeded(_) => "staff_needed",
        }
    }

    /// The order that this student has, if there is one yet.
    #[must_use]
    pub const fn order(&self) -> Option<OrderId> {
        match self {
            Self::Briefing(s)
            | Self::Framing(s)
            | Self::Countdown(s)
            | Self::Processing(s)
            | Self::Reviewing { sitting: s, .. }
            | Self::Paying { sitting: s, .. }
            | Self::Ordering { chosen: Some((s, _)), .. } => Some(s.order),
            Self::Printing(order) | Self::Done(order) => Some(*order),
            Self::StaffNeeded(order) => *order,
            Self::Attract
            | Self::Choosing
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
            Self::Choose(_) => "choose",
            Self::Agree => "agree",
            Self::SendToCounter => "send_to_counter",
            Self::Identified(_) => "identified",
            Self::PlaceOrder => "place_order",
            Self::OrderPlaced { .. } => "order_placed",
            Self::OrderDrafted(_) => "order_drafted",
            Self::PaymentSettled => "payment_settled",
            Self::Ready => "ready",
            Self::Shoot => "shoot",
            Self::CountdownElapsed => "countdown_elapsed",
            Self::ShotPassed(_) => "shot_passed",
            Self::ShotFailed => "shot_failed",
            Self::ShotLost => "shot_lost",
            Self::Prefer(_) => "prefer",
            Self::Retake => "retake",
            Self::Accept => "accept",
            Self::PhotoAccepted => "photo_accepted",
            Self::PrintsDone => "prints_done",
            Self::Finish => "finish",
            Self::Back => "back",
            Self::LogOut => "log_out",
            Self::TimedOut => "timed_out",
        }
    }
}
