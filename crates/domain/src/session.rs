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
    /// Whether a collection code is needed.
    pub collection_code: bool,
    /// Whether a picture from a USB stick may be used instead of a shot.
    pub import: bool,
}

/// What somebody identifies for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// To have a photo taken.
    Photo {
        /// The programme's way.
        way: Way,
        /// Whether the guides were shown to the end; somebody new must see them.
        guided: bool,
    },
    /// To look at their orders.
    Account,
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
    /// Whether it is for more prints of an earlier photo.
    pub reprint: bool,
}

/// What is ordered: a photo that is still to be taken, one that was just chosen, or more prints of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The photo is taken afterwards.
    ToBeTaken,
    /// The photo was chosen, on the way that shoots first.
    Chosen(Sitting, PhotoId),
    /// More prints of this order's photo.
    Reprint(OrderId),
}

/// Where the student is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody is here.
    Attract,
    /// Chooses a programme.
    Choosing,
    /// Reads the guides.
    Guiding {
        /// The programme's way.
        way: Way,
        /// Whether the person has identified and is new here: the guides can't be passed over then.
        newcomer: bool,
    },
    /// Says who they are.
    Identifying(Errand),
    /// Is known here, and proves to be that person.
    LoggingIn(Errand),
    /// Is new here, and says what the document doesn't.
    Registering(Way),
    /// Reads and ticks the consents.
    Consenting(Way),
    /// Confirms the details.
    Detailing(Way),
    /// Shows the collection code.
    Coding(Way),
    /// Chooses what to order.
    Ordering {
        /// The programme's way.
        way: Way,
        /// What for.
        subject: Subject,
    },
    /// Pays.
    Paying {
        /// The order and its way.
        sitting: Sitting,
        /// The chosen photo, on the way that shoots first and for a reprint.
        chosen: Option<PhotoId>,
    },
    /// Reads the hints.
    Briefing(Sitting),
    /// Sits in front of the camera.
    Framing(Sitting),
    /// Chooses a picture from a USB stick instead.
    Importing(Sitting),
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
    /// Waits until somebody has looked at the photo.
    Approving(Sitting),
    /// Waits for the prints.
    Printing(OrderId),
    /// Is thanked.
    Done(OrderId),
    /// Looks at their orders.
    Account,
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
    /// The photo was accepted and waits for its review.
    InReview(OrderId, Progress),
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
    /// Whether it is for more prints of an earlier photo: no shot is taken for it.
    pub reprint: bool,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The screen was touched.
    Start,
    /// The student wants to see their orders.
    OpenAccount,
    /// A programme was chosen.
    Choose(Way),
    /// The guides were read, or passed over.
    GuidesRead {
        /// Whether they were shown to the end.
        shown: bool,
    },
    /// The document is that of somebody who must prove to be it.
    Known,
    /// The document is new here.
    Newcomer,
    /// Somebody new said who they are.
    Registered,
    /// Somebody known proved to be that person, by the card or by the password.
    Identified(Resume),
    /// Somebody known proved to be that person, and looks at their orders.
    AccountOpened,
    /// Every consent was given.
    Agree,
    /// A consent was refused, or the person may not use the booth (under 14): the counter serves them.
    SendToCounter,
    /// The details are confirmed.
    DetailsConfirmed,
    /// The collection code is confirmed.
    CodeConfirmed,
    /// The student wants what they chose.
    PlaceOrder,
    /// The order is in the ledger.
    OrderPlaced {
        /// The order.
        order: OrderId,
        /// Whether nothing is left to pay.
        settled: bool,
    },
    /// The order for more prints is in the ledger.
    ReprintPlaced {
        /// The order.
        order: OrderId,
        /// The photo, in that order.
        photo: PhotoId,
        /// Whether nothing is left to pay.
        settled: bool,
    },
    /// A draft order is in the ledger (the way that shoots first).
    OrderDrafted(OrderId),
    /// The whole amount was received.
    PaymentSettled,
    /// The hints were read.
    Ready,
    /// The student wants to use a picture from a USB stick.
    OpenImport,
    /// The student chose such a picture.
    Import,
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
    /// So many shots were lost that a person must look at the camera.
    ShotsKeepFailing,
    /// Look at another photo of the same burst, which passed as well.
    Prefer(PhotoId),
    /// Take another one.
    Retake,
    /// Take this photo.
    Accept,
    /// The accepted photo, its order's state and its event are in the ledger.
    PhotoAccepted {
        /// Whether somebody looks at it before it is printed.
        in_review: bool,
    },
    /// Somebody approved the photo.
    Approved,
    /// Somebody rejected the photo; another is taken, which costs nothing.
    Rejected,
    /// Every print is out.
    PrintsDone,
    /// The student goes on with one of their orders.
    ResumeOrder(Way, Resume),
    /// The student wants more prints of one of their orders' photo.
    Reprint(Way, OrderId),
    /// Go on.
    Finish,
    /// One screen back.
    Back,
    /// The student leaves.
    LogOut,
    /// The screen's time is over.
    TimedOut,
}

/// An order to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing {
    /// A new one.
    New,
    /// The draft of the way that shoots first.
    Draft(OrderId),
    /// One for more prints of this order's photo.
    Reprint(OrderId),
}

/// What the booth is to do. What came of it is told by the event named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write the order, the person and the consents: then [`Event::OrderPlaced`] or [`Event::ReprintPlaced`].
    PlaceOrder(Placing),
    /// Write a draft order, the person and the consents: then [`Event::OrderDrafted`].
    DraftOrder,
    /// Give up an unpaid order.
    CancelOrder(OrderId),
    /// Count down: then [`Event::CountdownElapsed`].
    CountDown,
    /// Take and check a shot: then [`Event::ShotPassed`], [`Event::ShotFailed`] or [`Event::ShotLost`].
    TakeShot(OrderId),
    /// Check the picture that was chosen: then as for a shot.
    CheckImport(OrderId),
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
    arriving(state, event)
        .or_else(|| before_camera(state, event))
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

/// From the welcome screen to a person who is known and has agreed.
fn arriving(state: State, event: Event) -> Option<Transition> {
    use {Event as E, State as S};
    Some(match (state, event) {
        (S::Attract, E::Start) | (S::Guiding { newcomer: false, .. }, E::Back) => (S::Choosing, None),
        (S::Attract, E::OpenAccount) => (S::Identifying(Errand::Account), None),
        (S::Choosing, E::Choose(way)) => (S::Guiding { way, newcomer: false }, None),
        (S::Choosing | S::Identifying(Errand::Account) | S::Account, E::Back) => {
            (S::Attract, Some(Effect::ForgetStudent))
        }
        (S::Guiding { way, newcomer: false }, E::GuidesRead { shown }) => {
            (S::Identifying(Errand::Photo { way, guided: shown }), None)
        }
        (S::Guiding { way, newcomer: true }, E::GuidesRead { shown: true }) => (S::Registering(way), None),
        (S::Identifying(Errand::Photo { way, .. }), E::Back) => (S::Guiding { way, newcomer: false }, None),
        (S::Identifying(errand), E::Known) => (S::LoggingIn(errand), None),
        (S::Identifying(Errand::Photo { way, guided: true }), E::Newcomer) => (S::Registering(way), None),
        (S::Identifying(Errand::Photo { way, guided: false }), E::Newcomer) => {
            (S::Guiding { way, newcomer: true }, None)
        }
        (S::LoggingIn(errand), E::Back) => (S::Identifying(errand), None),
        (S::Registering(way) | S::Guiding { way, newcomer: true }, E::Back) => {
            (S::Identifying(Errand::Photo { way, guided: true }), None)
        }
        (S::Identifying(Errand::Account) | S::LoggingIn(Errand::Account), E::AccountOpened) => {
            (S::Account, None)
        }
        (
            S::Identifying(Errand::Photo { way, .. }) | S::LoggingIn(Errand::Photo { way, .. }),
            E::Identified(resume),
        ) => identified(way, resume),
        (S::Registering(way), E::Registered) => (S::Consenting(way), None),
        (S::Consenting(way), E::Back) => (S::Identifying(Errand::Photo { way, guided: true }), None),
        (S::Consenting(way), E::Agree) => (S::Detailing(way), None),
        (
            S::Identifying(_) | S::LoggingIn(_) | S::Registering(_) | S::Consenting(_) | S::Detailing(_),
            E::SendToCounter,
        ) => (S::StaffNeeded(None), Some(Effect::ForgetStudent)),
        _ => return None,
    })
}

fn before_camera(state: State, event: Event) -> Option<Transition> {
    use {Event as E, State as S};
    Some(match (state, event) {
        (S::Detailing(way), E::Back) => (S::Consenting(way), None),
        (S::Detailing(way), E::DetailsConfirmed) if way.collection_code => (S::Coding(way), None),
        (S::Detailing(way), E::DetailsConfirmed) | (S::Coding(way), E::CodeConfirmed) => to_order(state, way),
        (S::Coding(way), E::Back) => (S::Detailing(way), None),
        (S::Detailing(way) | S::Coding(way), E::OrderDrafted(order)) => {
            (S::Briefing(Sitting::new(way, order, false)), None)
        }
        (S::Account, E::ResumeOrder(_, Resume::New)) => return None,
        (S::Account, E::ResumeOrder(way, resume)) => identified(way, resume),
        (S::Account, E::Reprint(way, order)) => (S::Ordering { way, subject: Subject::Reprint(order) }, None),
        (S::Ordering { way, subject: Subject::ToBeTaken }, E::Back) if way.collection_code => {
            (S::Coding(way), None)
        }
        (S::Ordering { way, subject: Subject::ToBeTaken }, E::Back) => (S::Detailing(way), None),
        (S::Ordering { subject: Subject::Chosen(sitting, _), .. }, E::Back) => review(sitting),
        (S::Ordering { subject: Subject::Reprint(_), .. }, E::Back) => (S::Account, None),
        (S::Ordering { subject, .. }, E::PlaceOrder) => (state, Some(Effect::PlaceOrder(subject.placing()))),
        (S::Ordering { way, subject }, E::OrderPlaced { order, settled }) => {
            placed(way, subject, order, settled)?
        }
        (S::Ordering { way, subject: Subject::Reprint(_) }, E::ReprintPlaced { order, photo, settled }) => {
            reprint_placed(way, order, photo, settled)
        }
        (S::Paying { sitting, .. }, E::Back) if sitting.reprint => {
            (S::Account, Some(Effect::CancelOrder(sitting.order)))
        }
        (S::Paying { sitting, chosen: None }, E::Back) => (
            S::Ordering { way: sitting.way, subject: Subject::ToBeTaken },
            Some(Effect::CancelOrder(sitting.order)),
        ),
        (S::Paying { sitting, chosen }, E::PaymentSettled) => paid(sitting, chosen),
        _ => return None,
    })
}

fn at_camera(state: State, event: Event) -> Option<Transition> {
    use {Event as E, State as S};
    Some(match (state, event) {
        (S::Briefing(sitting), E::Ready) => (S::Framing(sitting), None),
        (S::Briefing(sitting) | S::Framing(sitting), E::OpenImport)
            if sitting.way.import && sitting.shots_left > 0 =>
        {
            (S::Importing(sitting), None)
        }
        (S::Importing(sitting), E::Back) => (S::Framing(sitting), None),
        (S::Importing(sitting), E::Import) if sitting.shots_left > 0 => {
            (S::Processing(sitting), Some(Effect::CheckImport(sitting.order)))
        }
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
        (S::Processing(sitting), E::ShotsKeepFailing) => (S::StaffNeeded(Some(sitting.order)), None),
        (S::Reviewing { sitting, photo: Some(_) }, E::Prefer(photo)) => {
            review(Sitting { best: Some(photo), ..sitting })
        }
        (S::Reviewing { sitting, .. }, E::Retake) if sitting.shots_left > 0 => (S::Framing(sitting), None),
        (S::Reviewing { sitting, photo: None }, E::Back) if sitting.best.is_some() => review(sitting),
        (S::Reviewing { sitting, photo: Some(photo) }, E::Accept) => accepted(state, sitting, photo),
        (S::Reviewing { sitting, photo: Some(_) }, E::PhotoAccepted { in_review: true }) => {
            (S::Approving(sitting), None)
        }
        (S::Reviewing { sitting, photo: Some(_) }, E::PhotoAccepted { in_review: false }) => {
            (S::Printing(sitting.order), None)
        }
        _ => return None,
    })
}

fn after_camera(state: State, event: Event) -> Option<Transition> {
    use {Event as E, State as S};
    Some(match (state, event) {
        (S::Approving(sitting), E::Approved) => (S::Printing(sitting.order), None),
        // An earlier photo isn't taken again: what becomes of its order is for a person to say.
        (S::Approving(sitting), E::Rejected) if sitting.reprint => {
            (S::StaffNeeded(Some(sitting.order)), None)
        }
        (S::Approving(sitting), E::Rejected) => {
            (S::Briefing(Sitting::new(sitting.way, sitting.order, true)), None)
        }
        (S::Approving(sitting), E::Finish) => (S::Done(sitting.order), None),
        (S::Printing(order), E::PrintsDone | E::Finish) => (S::Done(order), None),
        (S::Done(_) | S::StaffNeeded(_), E::Finish) => (S::Attract, Some(Effect::ForgetStudent)),
        _ => return None,
    })
}

fn identified(way: Way, resume: Resume) -> Transition {
    match resume {
        Resume::New => (State::Consenting(way), None),
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
        Resume::InReview(order, progress) => {
            (State::Approving(Sitting { settled: true, ..Sitting::resumed(way, order, progress) }), None)
        }
        Resume::Accepted(order) => (State::Printing(order), None),
    }
}

/// Whoever shoots first has a draft written; the others choose what to order.
fn to_order(state: State, way: Way) -> Transition {
    if way.pay_when == PayWhen::AfterShooting {
        (state, Some(Effect::DraftOrder))
    } else {
        (State::Ordering { way, subject: Subject::ToBeTaken }, None)
    }
}

fn placed(way: Way, subject: Subject, order: OrderId, settled: bool) -> Option<Transition> {
    let (sitting, photo) = match subject {
        Subject::Chosen(sitting, photo) => (Sitting { settled, ..sitting }, Some(photo)),
        Subject::ToBeTaken => (Sitting::new(way, order, settled), None),
        Subject::Reprint(_) => return None,
    };
    Some(if settled { paid(sitting, photo) } else { (State::Paying { sitting, chosen: photo }, None) })
}

/// The photo is there already: no shot is taken for it.
fn reprint_placed(way: Way, order: OrderId, photo: PhotoId, settled: bool) -> Transition {
    let sitting = Sitting { way, order, shots_left: 0, best: Some(photo), settled, reprint: true };
    if settled { paid(sitting, Some(photo)) } else { (State::Paying { sitting, chosen: Some(photo) }, None) }
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
        (State::Ordering { way: sitting.way, subject: Subject::Chosen(sitting, photo) }, None)
    }
}

impl Subject {
    fn placing(self) -> Placing {
        match self {
            Self::ToBeTaken => Placing::New,
            Self::Chosen(sitting, _) => Placing::Draft(sitting.order),
            Self::Reprint(order) => Placing::Reprint(order),
        }
    }
}

impl Sitting {
    fn new(way: Way, order: OrderId, settled: bool) -> Self {
        Self { way, order, shots_left: way.shots, best: None, settled, reprint: false }
    }

    fn resumed(way: Way, order: OrderId, progress: Progress) -> Self {
        let Progress { shots_taken, candidate, settled, reprint } = progress;
        let shots_left = if reprint { 0 } else { way.shots.saturating_sub(shots_taken) };
        Self { way, order, shots_left, best: candidate, settled, reprint }
    }

    fn with_a_shot_less(self) -> Self {
        Self { shots_left: self.shots_left.saturating_sub(1), ..self }
    }
}

#[cfg(test)]
mod tests;
