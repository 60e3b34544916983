//! The thread that reads who is here: cards on the reader and documents before the camera while a student identifies, collection
//! codes while one is asked for, and what is on a USB stick.
//!
//! The reader is armed, and the camera's pictures are read, only while a screen asks for it.

use crate::error::BoothError;
use crate::inner::Inner;
use crate::rehearsal::Prop;
use crate::sitting::Sitting;
use crate::student::{Identity, Presented};
use crate::view::{IdMethod, ShowAdviceCode};
use crate::{burst, collecting, identify, sticks, words};
use camera::Frame;
use domain::session::State;
use image::{DynamicImage, GrayImage, RgbImage};
use reader::code::{CodeRule, CodeVotes, find};
use reader::document::{Seen, Votes};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// How long the thread sleeps while nothing is asked for, unless the screen changes.
const IDLE: Duration = Duration::from_millis(500);

/// How long a card or a frame is waited for, before the screen is looked at again.
const WAIT: Duration = Duration::from_millis(200);

/// How often sticks are looked at while a screen offers their pictures.
const STICKS_EVERY: Duration = Duration::from_secs(1);

/// What the screen asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Nothing,
    Card,
    Document,
    Code,
}

impl Asked {
    fn of(sitting: &Sitting) -> Self {
        match sitting.state {
            State::Identifying(_) => match sitting.who.method {
                IdMethod::Card => Self::Card,
                IdMethod::Camera if sitting.who.seen.is_none() => Self::Document,
                IdMethod::Camera | IdMethod::Typed => Self::Nothing,
            },
            State::Coding(_) if sitting.shown.code.is_none() => Self::Code,
            _ => Self::Nothing,
        }
    }
}

impl Asked {
    /// What a student would hold before the camera.
    fn prop(self) -> Prop {
        match self {
            Self::Nothing | Self::Card => Prop::Nothing,
            Self::Document => Prop::Document,
            Self::Code => Prop::Code,
        }
    }
}

/// What the thread keeps between two looks, for one student at one screen.
struct Watch {
    asked: Asked,
    generation: u64,
    last: u64,
    documents: Votes,
    codes: CodeVotes,
    sticks_due: Instant,
}

impl Watch {
    fn new(asked: Asked, generation: u64) -> Self {
        let (documents, codes) = (Votes::new(), CodeVotes::default());
        Self { asked, generation, last: 0, documents, codes, sticks_due: Instant::now() }
    }

    /// Does what is to do; whether there may be more to do at once.
    fn do_one(&mut self, inner: &Arc<Inner>, sticks: bool) -> Result<bool, BoothError> {
        if sticks && Instant::now() >= self.sticks_due {
            self.sticks_due = Instant::now() + STICKS_EVERY;
            self.look_at_sticks(inner);
        }
        match self.asked {
            Asked::Nothing => return Ok(false),
            Asked::Card => self.card(inner)?,
            Asked::Document => self.document(inner)?,
            Asked::Code => self.code(inner)?,
        }
        Ok(true)
    }

    fn card(&mut self, inner: &Arc<Inner>) -> Result<(), BoothError> {
        let Some(reading) = inner.reader.wait_newer(self.last, WAIT) else { return Ok(()) };
        self.last = reading.sequence;
        self.tell(inner, |sitting| match &reading.outcome {
            Ok(card) => {
                sitting.who.card_fault = None;
                identify::card_read(inner, sitting, card)
            }
            Err(fault) => {
                sitting.who.card_fault = Some(words::card_fault(*fault));
                Ok(())
            }
        })
    }

    fn document(&mut self, inner: &Arc<Inner>) -> Result<(), BoothError> {
        let (Some(documents), Some(picture)) = (&inner.documents, self.picture(inner)) else { return Ok(()) };
        let sighting = match documents.look(&picture) {
            Ok(sighting) => sighting,
            Err(error) => {
                tracing::error!(%error, "a document can't be read");
                return self.tell(inner, |sitting| {
                    sitting.who.advice = Some(ShowAdviceCode::Unavailable);
                    Ok(())
                });
            }
        };
        self.documents.add(sighting);
        let advice = self.documents.disagree().map(words::show_advice);
        let seen = self.documents.agreed().map(identity);
        let told = self.tell(inner, |sitting| {
            sitting.who.advice = advice;
            if let Some(seen) = seen {
                seen.check_valid(inner.clock.now())?;
                sitting.who.seen = Some(seen);
            }
            Ok(())
        });
        if told.is_err() {
            // The next document is looked at anew.
            self.documents = Votes::new();
        }
        told
    }

    fn code(&mut self, inner: &Arc<Inner>) -> Result<(), BoothError> {
        let Some(picture) = self.picture(inner) else { return Ok(()) };
        let grey: GrayImage = DynamicImage::ImageRgb8(picture).into_luma8();
        let read = CodeRule::default().take(&find(&grey), &grey);
        let Some(read) = self.codes.see(read) else { return Ok(()) };
        self.tell(inner, |sitting| collecting::shown(inner, sitting, read.map_err(words::code_refusal)))
    }

    fn look_at_sticks(&self, inner: &Arc<Inner>) {
        let found = sticks::look(inner);
        let mut sitting = inner.sitting.lock();
        if sitting.generation == self.generation && !sticks::same(&sitting.stick, &found) {
            sitting.stick = found;
            inner.publish(&sitting);
        }
    }

    /// The newest frame's pixels.
    fn picture(&mut self, inner: &Inner) -> Option<RgbImage> {
        let frame: Arc<Frame> = inner.camera.wait_newer(self.last, WAIT)?;
        self.last = frame.sequence;
        let pixels = burst::pixels(&frame)?;
        RgbImage::from_raw(pixels.width(), pixels.height(), pixels.rgb().to_vec())
    }

    /// Changes the session, if it still asks for this. A refusal is shown on the screen by its code.
    fn tell(
        &self,
        inner: &Arc<Inner>,
        change: impl FnOnce(&mut Sitting) -> Result<(), BoothError>,
    ) -> Result<(), BoothError> {
        let mut sitting = inner.sitting.lock();
        if sitting.generation != self.generation || Asked::of(&sitting) != self.asked {
            return Ok(());
        }
        let changed = change(&mut sitting);
        if let Err(error) = &changed {
            sitting.refused = Some(error.code());
        }
        inner.publish(&sitting);
        changed
    }
}

/// The document and its holder. A Chinese name goes before the Latin one.
fn identity(seen: &Seen) -> Identity {
    Identity {
        document: seen.document.clone(),
        holder: seen.name.clone().or_else(|| seen.latin_name.clone()),
        gender: seen.sex,
        birth: seen.birth,
        expires: seen.expires,
        presented: Presented::Shown,
    }
}

/// Runs until the booth is gone.
pub(crate) fn run(booth: &Weak<Inner>) {
    let mut watch = Watch::new(Asked::Nothing, 0);
    while let Some(inner) = booth.upgrade() {
        let (asked, generation, sticks) = {
            let sitting = inner.sitting.lock();
            (Asked::of(&sitting), sitting.generation, sticks::wanted(&sitting.state))
        };
        if (asked, generation) != (watch.asked, watch.generation) {
            // What lay there for the student before is not read for this one.
            inner.reader.arm(false);
            watch = Watch::new(asked, generation);
            if let Some(rehearsal) = &inner.rehearsal {
                rehearsal.hold_up(&inner, asked.prop());
            }
        }
        inner.reader.arm(asked == Asked::Card);
        // A defect in a reader must not end the booth: the student can still type.
        let more = match catch_unwind(AssertUnwindSafe(|| watch.do_one(&inner, sticks))) {
            Ok(Ok(more)) => more,
            Ok(Err(error)) => {
                tracing::info!(%error, "what was read was refused");
                true
            }
            Err(_) => {
                tracing::error!("reading failed; it starts over");
                watch = Watch::new(Asked::Nothing, generation);
                false
            }
        };
        if !more {
            let mut sitting = inner.sitting.lock();
            inner.moved.wait_for(&mut sitting, IDLE);
        }
    }
}
