//! The machine of one student's way through the booth.
//!
//! [`next`] is the whole workflow: pay first, shoot first and paid by the school are settings ([`Way`]) of this one machine.
//! It decides; the booth performs the [`Effect`]s and tells what came of them by further events; the window shows the state.
//! What the student typed, and every picture, stays with the booth: a state holds ids only.

mod names;

use crate::ids::{OrderId, PhotoId};
use crate::programme::PayWhen;
use crate::refused::Refused;

/// What of a programme decides the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// When the student pays.
    pub pay_when: PayWhen,
    /// How many shots there are in all.
    pub shots: u32,
}

/// A student with an order, in front of the camera or on the way there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sitting {
    /// The programme's way.
    pub way: Way,
    /// The order that the photo is for.
    pub order: OrderId,
    /// How many shots are left.
    pub shots_left: u32,
    /// The photo to go back to, should the next shots fail.
    pub best: Option<PhotoId>,
    /// Whether nothing is left to pay.
    pub settled: bool,
}

/// Where the student is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody is here.
    Attract,
    /// Chooses a programme.
    Choosing,
    /// Reads and ticks the consents.
    Consenting(Way),
    /// Says who they are.
    Detailing(Way),
    /// Chooses what to order. `chosen` is the photo, on the way that shoots first.
    Ordering {
        /// The programme's way.
        way: Way,
        /// The sitting whose photo was chosen, on the way that shoots first.
        chosen: Option<(Sitting, PhotoId)>,
    },
    /// Pays.
    Paying {
        /// The order and its way.
        sitting: Sitting,
        /// The chosen photo, on the way that shoots first.
        chosen: Option<PhotoId>,
    },
    /// Reads the hints.
    Briefing(Sitting),
    /// Sits in front of the camera.
    Framing(Sitting),
    /// The countdown runs.
    Countdown(Sitting),
    /// The shot is made into a photo and checked.
    Processing(Sitting),
    /// Looks at the photo, or at the reasons why there is none.
    Reviewing {
        /// The order and its way.
        sitting: Sitting,
        /// The photo, if the shot passed.
        photo: Option<PhotoId>,
    },
    /// Waits for the prints.
    Printing(OrderId),
    /// Is thanked.
    Done(OrderId),
    /// A person is needed; nothing of a paid order is lost.
    StaffNeeded(Option<OrderId>),
}

/// What the ledger knows of somebody who has just identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// Nothing is open for this programme.
    New,
    /// An order was placed and isn't paid yet.
    Unpaid(OrderId, Progress),
    /// An order is settled, or a draft on the way that shoots first.
    Open(OrderId, Progress),
    /// The photo was accepted; its prints may still be under way.
    Accepted(OrderId),
}

/// How far the shooting of an open order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many shots were taken.
    pub shots_taken: u32,
    /// The newest photo that passed and wasn't accepted yet.
    pub candidate: Option<PhotoId>,
    /// Whether nothing is left to pay.
    pub settled: bool,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The screen was touched.
    Start,
    /// A programme was chosen.
    Choose(Way),
    /// Every consent was given.
    Agree,
    /// A consent was refused, or the person may not use the booth (under 14): the counter serves them.
    SendToCounter,
    /// The details were accepted and looked up.
    Identified(Resume),
    /// The student wants what they chose.
    PlaceOrder,
    /// The order is in the ledger.
    OrderPlaced {
        /// The order.
        order: OrderId,
        /// Whether nothing is left to pay.
        settled: bool,
    },
    /// A draft order is in the ledger (the way that shoots first).
    OrderDrafted(OrderId),
    /// The whole amount was received.
    PaymentSettled,
    /// The hints were read.
    Ready,
    /// Take the shot.
    Shoot,
    /// The countdown is over.
    CountdownElapsed,
    /// The shot passed and is in the ledger.
    ShotPassed(PhotoId),
    /// The shot failed a check; it counts.
    ShotFailed,
    /// No shot came from the camera; it doesn't count.
    ShotLost,
    /// Look at another photo of the same burst, which passed as well.
    Prefer(PhotoId),
    /// Take another one.
    Retake,
    /// Take this photo.
    Accept,
    /// The accepted photo, its order's state and its event are in the ledger.
    PhotoAccepted,
    /// Every print is out.
    PrintsDone,
    /// Go on.
    Finish,
    /// One screen back.
    Back,
    /// The student leaves.
    LogOut,
    /// The screen's time is over.
    TimedOut,
}

/// What the booth is to do. What came of it is told by the event named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write the order, the person and the consents: then [`Event::OrderPlaced`]. The id is that of the draft, if there is one.
    PlaceOrder(Option<OrderId>),
    /// Write a draft order, the person and the consents: then [`Event::OrderDrafted`].
    DraftOrder,
    /// Give up an unpaid order.
    CancelOrder(OrderId),
    /// Count down: then [`Event::CountdownElapsed`].
    CountDown,
    /// Take and check a shot: then [`Event::ShotPassed`], [`Event::ShotFailed`] or [`Event::ShotLost`].
    TakeShot(OrderId),
    /// Commit photo, order and event together: then [`Event::PhotoAccepted`].
    AcceptPhoto(OrderId, PhotoId),
    /// Wipe everything of the student from the screen and from memory.
    ForgetStudent,
}

/// At most one effect follows an event.
pub type Transition = (State, Option<Effect>);

/// The state after `event`, and what to do.
///
/// # Errors
/// [`Refused`] where the event means nothing in `state`; the state is unchanged.
pub fn next(state: State, event: Event) -> Result<Transition, Refused> {
    if let Some(end) = leave(state, event) {
        return Ok(end);
    }
    before_camera(state, event)
        .or_else(|| at_camera(state, event))
        .or_else(|| after_camera(state, event))
        .ok_or(Refused { machine: "session", state: state.name(), event: event.name() })
}

/// Leaving is possible everywhere but while a shot is being processed, which takes a second and then decides.
fn leave(state: State, event: Event) -> Option<Transition> {
    match (state, event) {
        (State::Attract | State::Processing(_), _) => None,
        (_, Event::LogOut | Event::TimedOut) => Some((State::Attract, Some(Effect::ForgetStudent))),
        _ => None,
    }
}

fn before_camera(state: State, event: Event) -> Option<Transition> {
    use {Event as E, State as S};
    Some(match (state, event) {
        (S::Attract, E::Start) | (S::Consenting(_), E::Back) => (S::Choosing, None),
        (S::Choosing, E::Choose(way)) | (S::Detailing(way), E::Back) => (S::Consenting(way), None),
        (S::Choosing, E::Back) => (S::Attract, Some(Effect::ForgetStudent)),
        (S::Consenting(way), E::Agree) => (S::Detailing(way), None),
        (S::Consenting(_) | S::Detailing(_), E::SendToCounter) => {
            (S::StaffNeeded(None), Some(Effect::ForgetStudent))
        }
        (S::Detailing(way), E::Identified(resume)) => identified(way, resume),
        (S::Detailing(way), E::OrderDrafted(order)) => (S::Briefing(Sitting::new(way, order, false)), None),
        (S::Ordering { way, chosen: None }, E::Back) => (S::Detailing(way), None),
        (S::Ordering { chosen: Some((sitting, _)), .. }, E::Back) => review(sitting),
        (S::Ordering { chosen, .. }, E::PlaceOrder) => {
            (state, Some(Effect::PlaceOrder(chosen.map(|(s, _)| s.order))))
        }
        (S::Ordering { way, chosen }, E::OrderPlaced { order, settled }) => {
            placed(way, chosen, order, settled)
        }
        (S::Paying { sitting, chosen: None }, E::Back) => {
            (S::Ordering { way: sitting.way, chosen: None }, Some(Effect::CancelOrder(sitting.order)))
        }
        (S::Paying { sitting, chosen }, E::PaymentSettled) => paid(sitting, chosen),
        _ => return None,
    })
}

fn at_camera(state: State, event: Event) -> Option<Transition> {
    use {Event as E, State as S};
    Some(match (state, event) {
        (S::Briefing(sitting), E::Ready) => (S::Framing(sitting), None),
        (S::Framing(sitting), E::Shoot) if sitting.shots_left > 0 => {
            (S::Countdown(sitting), Some(Effect::CountDown))
        }
        (S::Framing(sitting), E::Back) => {
            sitting.best.map_or((S::Briefing(sitting), None), |_| review(sitting))
        }
        (S::Countdown(sitting), E::Back) => (S::Framing(sitting), None),
        (S::Countdown(sitting), E::CountdownElapsed) => {
            (S::Processing(sitting), Some(Effect::TakeShot(sitting.order)))
        }
        (S::Processing(sitting), E::ShotPassed(photo)) => {
            let sitting = Sitting { best: Some(photo), ..sitting.with_a_shot_less() };
            (S::Reviewing { sitting, photo: Some(photo) }, None)
        }
        (S::Processing(sitting), E::ShotFailed) => shot_failed(sitting.with_a_shot_less()),
        (S::Processing(sitting), E::ShotLost) => (S::Framing(sitting), None),
        (S::Reviewing { sitting, photo: Some(_) }, E::Prefer(photo)) => {
            review(Sitting { best: Some(photo), ..sitting })
        }
        (S::Reviewing { sitting, .. }, E::Retake) if sitting.shots_left > 0 => (S::Framing(sitting), None),
        (S::Reviewing { sitting, photo: None }, E::Back) if sitting.best.is_some() => review(sitting),
        (S::Reviewing { sitting, photo: Some(photo) }, E::Accept) => accepted(state, sitting, photo),
        (S::Reviewing { sitting, photo: Some(_) }, E::PhotoAccepted) => (S::Printing(sitting.order), None),
        _ => return None,
    })
}

fn after_camera(state: State, event: Event) -> Option<Transition> {
    use {Event as E, State as S};
    Some(match (state, event) {
        (S::Printing(order), E::PrintsDone | E::Finish) => (S::Done(order), None),
        (S::Done(_) | S::StaffNeeded(_), E::Finish) => (S::Attract, Some(Effect::ForgetStudent)),
        _ => return None,
    })
}

fn identified(way: Way, resume: Resume) -> Transition {
    match resume {
        Resume::New if way.pay_when == PayWhen::AfterShooting => {
            (State::Detailing(way), Some(Effect::DraftOrder))
        }
        Resume::New => (State::Ordering { way, chosen: None }, None),
        Resume::Unpaid(order, progress) => {
            let sitting = Sitting::resumed(way, order, progress);
            (State::Paying { sitting, chosen: progress.candidate }, None)
        }
        Resume::Open(order, progress) => {
            let sitting = Sitting::resumed(way, order, progress);
            match progress.candidate {
                Some(_) => review(sitting),
                None if sitting.shots_left == 0 => (State::StaffNeeded(Some(order)), None),
                None => (State::Briefing(sitting), None),
            }
        }
        Resume::Accepted(order) => (State::Printing(order), None),
    }
}

fn placed(way: Way, chosen: Option<(Sitting, PhotoId)>, order: OrderId, settled: bool) -> Transition {
    let (sitting, photo) = match chosen {
        Some((sitting, photo)) => (Sitting { settled, ..sitting }, Some(photo)),
        None => (Sitting::new(way, order, settled), None),
    };
    if settled { paid(sitting, photo) } else { (State::Paying { sitting, chosen: photo }, None) }
}

fn paid(sitting: Sitting, chosen: Option<PhotoId>) -> Transition {
    let sitting = Sitting { settled: true, ..sitting };
    match chosen {
        Some(photo) => (
            State::Reviewing { sitting, photo: Some(photo) },
            Some(Effect::AcceptPhoto(sitting.order, photo)),
        ),
        None => (State::Briefing(sitting), None),
    }
}

fn review(sitting: Sitting) -> Transition {
    (State::Reviewing { sitting, photo: sitting.best }, None)
}

fn shot_failed(sitting: Sitting) -> Transition {
    if sitting.shots_left > 0 || sitting.best.is_some() {
        (State::Reviewing { sitting, photo: None }, None)
    } else {
        (State::StaffNeeded(Some(sitting.order)), None)
    }
}

fn accepted(state: State, sitting: Sitting, photo: PhotoId) -> Transition {
    if sitting.settled {
        (state, Some(Effect::AcceptPhoto(sitting.order, photo)))
    } else {
        (State::Ordering { way: sitting.way, chosen: Some((sitting, photo)) }, None)
    }
}

impl Sitting {
    fn new(way: Way, order: OrderId, settled: bool) -> Self {
        Self { way, order, shots_left: way.shots, best: None, settled }
    }

    fn resumed(way: Way, order: OrderId, progress: Progress) -> Self {
        let shots_left = way.shots.saturating_sub(progress.shots_taken);
        Self { way, order, shots_left, best: progress.candidate, settled: progress.settled }
    }

    fn with_a_shot_less(self) -> Self {
        Self { shots_left: self.shots_left.saturating_sub(1), ..self }
    }
}

#[cfg(test)]
mod tests;
