//! The countdown, the burst, and the photos made from it: on threads of their own, so that the window never waits.

use crate::burst::{self, Shot};
use crate::inner::Inner;
use crate::orders::{self, Made};
use crate::sitting::{LastShot, Sitting};
use crate::view::ErrorCode;
use crate::words;
use crate::workflow::{advance, forget_pages};
use domain::programme::Programme;
use domain::session::{Event, State};
use domain::{OrderId, PhotoId};
use portrait::{Backdrop, Baseline, Models, Options, Rejection, Specification, Verified, WhiteBalance};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many shots may be lost in a row: a camera that recovers does so within 3 s, so a third failure is no accident.
const MOST_LOST: u32 = 3;

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

/// What a shot is taken with.
struct Sitter {
    generation: u64,
    programme: Arc<Programme>,
    order: OrderId,
    baseline: Option<Baseline>,
    white: Option<WhiteBalance>,
}

/// What came of a burst.
struct Taken {
    event: Event,
    shot: LastShot,
    /// The pictures that were not tried.
    rest: Vec<Shot>,
}

/// Takes the burst, makes the photo of its best picture and writes both into the ledger; then those of the next two.
pub(crate) fn take_shot(inner: &Arc<Inner>, sitting: &mut Sitting, order: OrderId) {
    let (inner, shutter, generation) = (Arc::clone(inner), Instant::now(), sitting.generation);
    let (programme, baseline) = (sitting.programme.clone(), sitting.baseline);
    std::thread::spawn(move || {
        let white = inner.calibrations.white();
        let sitter = programme.map(|programme| Sitter { generation, programme, order, baseline, white });
        // A defect in the photo's making must not leave the student on the waiting screen.
        let work = || sitter.as_ref().and_then(|sitter| shoot(&inner, sitter, shutter));
        let taken = catch_unwind(AssertUnwindSafe(work)).ok().flatten();
        let rest = came_back(&inner, generation, taken);
        let (Some(sitter), Some((best, rest))) = (sitter, rest) else { return };
        let work = || alternatives(&inner, &sitter, best, &rest);
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            tracing::error!("the other photos of a burst could not be made");
        }
        wanted(&inner, generation, best, |sitting| sitting.making = false);
        // Who left meanwhile was forgotten before the last of these photos was written.
        if inner.sitting.lock().generation != generation {
            forget_pages(&inner);
        }
    });
}

/// Makes the photo of the picture that was chosen, with the same checks, and writes it into the ledger.
pub(crate) fn check_import(inner: &Arc<Inner>, sitting: &mut Sitting, order: OrderId) {
    let (inner, generation) = (Arc::clone(inner), sitting.generation);
    let (programme, file) = (sitting.programme.clone(), sitting.import.take());
    std::thread::spawn(move || {
        let work = || {
            let sitter = Sitter { generation, programme: programme?, order, baseline: None, white: None };
            imported(&inner, &sitter, &file?)
        };
        let taken = catch_unwind(AssertUnwindSafe(work)).ok().flatten();
        let unusable = taken.is_none();
        came_back(&inner, generation, taken);
        let mut sitting = inner.sitting.lock();
        // It is the picture's fault and not the camera's: it is said, and doesn't count.
        if unusable && sitting.generation == generation {
            (sitting.lost, sitting.lost_in_a_row) = (false, 0);
            sitting.refused = Some(ErrorCode::InvalidPicture);
            inner.publish(&sitting);
        }
    });
}

/// The booth's backdrop and white card say nothing of a picture that was taken elsewhere.
fn imported(inner: &Inner, sitter: &Sitter, file: &[u8]) -> Option<Taken> {
    let (models, spec) = (inner.models.as_ref()?, inner.specification(&sitter.programme)?);
    let pixels = match portrait::Frame::decode(file) {
        Ok(pixels) => pixels,
        Err(error) => {
            tracing::info!(%error, "a picture on a stick is no photo");
            return None;
        }
    };
    let shot = Shot { original: bytes::Bytes::copy_from_slice(file), pixels };
    let taken = make(sitter, (models, &spec), &shot, None);
    keep(inner, sitter, &shot, &taken, None).map(|(event, shot)| Taken { event, shot, rest: vec![] })
}

/// Shows what came of the burst; the best photo and the pictures to make the others from, if it passed.
fn came_back(inner: &Arc<Inner>, generation: u64, taken: Option<Taken>) -> Option<(PhotoId, Vec<Shot>)> {
    let mut sitting = inner.sitting.lock();
    if sitting.generation != generation {
        tracing::error!("a shot came back to another student's session and was left in its order");
        return None;
    }
    sitting.lost = taken.is_none();
    sitting.lost_in_a_row = if sitting.lost { sitting.lost_in_a_row + 1 } else { 0 };
    let given_up = sitting.lost_in_a_row >= MOST_LOST;
    let event = if given_up { Event::ShotsKeepFailing } else { Event::ShotLost };
    let lost = || Taken { event, shot: LastShot::default(), rest: vec![] };
    let Taken { event, shot, rest } = taken.unwrap_or_else(lost);
    sitting.shot = shot;
    let best = if let Event::ShotPassed(photo) = event { Some(photo) } else { None };
    sitting.choices = best.into_iter().collect();
    sitting.making = best.is_some() && !rest.is_empty();
    happened(inner, &mut sitting, event);
    best.map(|best| (best, rest))
}

fn happened(inner: &Arc<Inner>, sitting: &mut Sitting, event: Event) {
    if let Err(error) = advance(inner, sitting, event) {
        tracing::error!(event = event.name(), %error, "the session did not take an event of its own");
    }
    inner.publish(sitting);
}

/// Nothing where the camera gave no picture or the ledger couldn't keep it: the shot then doesn't count.
fn shoot(inner: &Inner, sitter: &Sitter, shutter: Instant) -> Option<Taken> {
    let (models, spec) = (inner.models.as_ref()?, inner.specification(&sitter.programme)?);
    let frames = burst::collect(&*inner.camera, shutter);
    let shots = match burst::best(models, &frames, &spec, sitter.baseline, sitter.white.unwrap_or_default()) {
        Ok(shots) => shots,
        Err(error) => {
            tracing::error!(%error, "the burst can't be weighed");
            return None;
        }
    };
    drop(frames);
    first_that_passes(inner, sitter, (models, &spec), shots)
}

/// Makes the photo of the best picture, or of the next best where that is refused. Where none passes, the best one's reasons are
/// the shot's.
fn first_that_passes(
    inner: &Inner,
    sitter: &Sitter,
    (models, spec): (&Models, &Specification),
    shots: Vec<Shot>,
) -> Option<Taken> {
    let backdrop = inner.calibrations.backdrop_for(&shots.first()?.pixels, models);
    let mut shots = shots.into_iter();
    let mut refused: Option<(Shot, Result<Verified, Rejection>)> = None;
    while let Some(shot) = shots.next() {
        let taken = make(sitter, (models, spec), &shot, backdrop.as_deref());
        if taken.is_ok() {
            return keep(inner, sitter, &shot, &taken, None).map(|(event, shot)| Taken {
                event,
                shot,
                rest: shots.collect(),
            });
        }
        refused.get_or_insert((shot, taken));
    }
    let (shot, taken) = refused?;
    keep(inner, sitter, &shot, &taken, None).map(|(event, shot)| Taken { event, shot, rest: vec![] })
}

fn make(
    sitter: &Sitter,
    (models, spec): (&Models, &Specification),
    shot: &Shot,
    backdrop: Option<&Backdrop>,
) -> Result<Verified, Rejection> {
    let options = Options { background: None, backdrop, baseline: sitter.baseline, white: sitter.white };
    portrait::take(&shot.pixels, spec, models, &options)
}

/// Writes what came of one picture into the ledger: beside the burst's own photo, if there is one already.
fn keep(
    inner: &Inner,
    sitter: &Sitter,
    shot: &Shot,
    taken: &Result<Verified, Rejection>,
    beside: Option<PhotoId>,
) -> Option<(Event, LastShot)> {
    let photo = PhotoId::new(inner.clock.now(), inner.clock.random());
    let told = told(taken);
    let verified = taken.as_ref().ok();
    let made = Made { photo, original: &shot.original, verified, shot: &told, beside };
    match orders::record_shot(inner, sitter.order, &made) {
        Ok(()) => Some((if verified.is_some() { Event::ShotPassed(photo) } else { Event::ShotFailed }, told)),
        Err(error) if beside.is_some() => {
            // The student has gone on with another photo: this one has no place any more.
            tracing::debug!(%error, "another photo of the burst came too late");
            None
        }
        Err(error) => {
            tracing::error!(%error, "the shot can't be kept");
            None
        }
    }
}

fn told(taken: &Result<Verified, Rejection>) -> LastShot {
    let (measures, reasons) = match taken {
        Ok(verified) => (&verified.measures, vec![]),
        Err(rejection) => (&rejection.measures, rejection.reasons.iter().map(words::reason).collect()),
    };
    LastShot { measures: measures.iter().map(words::measure).collect(), reasons }
}

/// Makes the photos of the burst's other pictures, while the student looks at the best. One that doesn't pass is left out.
fn alternatives(inner: &Inner, sitter: &Sitter, best: PhotoId, shots: &[Shot]) {
    let (Some(models), Some(spec)) = (inner.models.as_ref(), inner.specification(&sitter.programme)) else {
        return;
    };
    for shot in shots {
        if !wanted(inner, sitter.generation, best, |_| ()) {
            return;
        }
        let backdrop = inner.calibrations.backdrop_for(&shot.pixels, models);
        let taken = make(sitter, (models, &spec), shot, backdrop.as_deref());
        if taken.is_err() {
            continue;
        }
        if let Some((Event::ShotPassed(photo), _)) = keep(inner, sitter, shot, &taken, Some(best)) {
            wanted(inner, sitter.generation, best, |sitting| sitting.choices.push(photo));
        }
    }
}

/// Changes what is shown of this burst, if its photo is still the one that the student looks at.
fn wanted(inner: &Inner, generation: u64, best: PhotoId, change: impl FnOnce(&mut Sitting)) -> bool {
    let mut sitting = inner.sitting.lock();
    let looks = matches!(sitting.state, State::Reviewing { photo: Some(_), .. });
    let here = looks && sitting.generation == generation && sitting.choices.first() == Some(&best);
    if here {
        change(&mut sitting);
        inner.publish(&sitting);
    }
    here
}
