//! The countdown, the shot, and the photo made from it: on a thread of its own, so that the window never waits.

use crate::inner::Inner;
use crate::sitting::{LastShot, Sitting};
use crate::workflow::advance;
use crate::{orders, words};
use domain::programme::Programme;
use domain::session::{Event, State};
use domain::{OrderId, PhotoId};
use portrait::{Options, Rejection, Verified};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// How long a frame newer than the shutter is waited for: four frames at the slowest rate that the camera room opens, 5 fps,
/// and the 3 s in which a faulty camera recovers.
const FRAME_WAIT: Duration = Duration::from_millis(3800);

const SECOND: Duration = Duration::from_secs(1);

/// Counts down; a student who goes back or leaves meanwhile ends it.
pub(crate) fn count_down(inner: &Arc<Inner>, sitting: &mut Sitting) {
    sitting.countdown_s = inner.settings.session.countdown_s;
    let (inner, generation, entered) = (Arc::clone(inner), sitting.generation, sitting.entered);
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(SECOND);
            let mut sitting = inner.sitting.lock();
            let here = sitting.generation == generation && sitting.entered == entered;
            if !here || !matches!(sitting.state, State::Countdown(_)) {
                return;
            }
            sitting.countdown_s = sitting.countdown_s.saturating_sub(1);
            if sitting.countdown_s > 0 {
                inner.publish(&sitting);
                continue;
            }
            happened(&inner, &mut sitting, Event::CountdownElapsed);
            return;
        }
    });
}

/// Takes the shot, makes the photo and writes both into the ledger.
pub(crate) fn take_shot(inner: &Arc<Inner>, sitting: &mut Sitting, order: OrderId) {
    let (inner, generation, programme) = (Arc::clone(inner), sitting.generation, sitting.programme.clone());
    std::thread::spawn(move || {
        // A defect in the photo's making must not leave the student on the waiting screen.
        let work = || programme.as_deref().and_then(|programme| shoot(&inner, programme, order));
        let shot = catch_unwind(AssertUnwindSafe(work)).ok().flatten();
        let mut sitting = inner.sitting.lock();
        if sitting.generation != generation {
            tracing::error!("a shot came back to another student's session and was left in its order");
            return;
        }
        sitting.lost = shot.is_none();
        let (event, shot) = shot.unwrap_or((Event::ShotLost, LastShot::default()));
        sitting.shot = shot;
        happened(&inner, &mut sitting, event);
    });
}

fn happened(inner: &Arc<Inner>, sitting: &mut Sitting, event: Event) {
    if let Err(error) = advance(inner, sitting, event) {
        tracing::error!(event = event.name(), %error, "the session did not take an event of its own");
    }
    inner.publish(sitting);
}

/// Nothing where the camera gave no picture or the ledger couldn't keep it: the shot then doesn't count.
fn shoot(inner: &Inner, programme: &Programme, order: OrderId) -> Option<(Event, LastShot)> {
    let (models, spec) = (inner.models.as_ref()?, inner.specification(programme)?);
    let last = inner.camera.latest().map_or(0, |frame| frame.sequence);
    let frame = inner.camera.wait_newer(last, FRAME_WAIT)?;
    let (original, pixels) = match (frame.jpeg(), frame.rgb()) {
        (Ok(original), Ok(pixels)) => (original, pixels),
        (Err(error), _) | (_, Err(error)) => {
            tracing::warn!(%error, "the camera's picture can't be read");
            return None;
        }
    };
    let taken = match portrait::Frame::from_rgb8(pixels.width, pixels.height, pixels.data) {
        Ok(pixels) => portrait::take(&pixels, spec, models, &Options::default()),
        Err(error) => {
            tracing::warn!(%error, "the camera's picture can't be used");
            return None;
        }
    };
    let (photo, shot) = judged(inner, &taken);
    match orders::record_shot(inner, order, photo, &original, taken.as_ref().ok(), &shot) {
        Ok(()) => Some((if taken.is_ok() { Event::ShotPassed(photo) } else { Event::ShotFailed }, shot)),
        Err(error) => {
            tracing::error!(%error, "the shot can't be kept");
            None
        }
    }
}

fn judged(inner: &Inner, taken: &Result<Verified, Rejection>) -> (PhotoId, LastShot) {
    let photo = PhotoId::new(inner.clock.now(), inner.clock.random());
    let (measures, reasons) = match taken {
        Ok(verified) => (&verified.measures, vec![]),
        Err(rejection) => (&rejection.measures, rejection.reasons.iter().map(words::reason).collect()),
    };
    (photo, LastShot { measures: measures.iter().map(words::measure).collect(), reasons })
}
