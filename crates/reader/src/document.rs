//! The print of a card or passport, shown to the camera.
//!
//! [`Reader::look`] finds the lines of text in one picture and reads as few of them as it needs: a passport's machine-readable zone
//! ([`mrz`]), or the number of a card in the form of GB 11643 and the name beside it. A number without a check digit that holds is
//! not given out. One picture proves little, so [`Votes`] asks several to agree.
//!
//! Left out on purpose: whether a document is genuine, its picture, its address; the travel permits' faces and the 2017 permanent
//! resident card, whose numbers have no check digit here; and when to look, which the booth decides.
//!
//! Nothing read is logged, and `Debug` hides it.

mod detect;
mod face;
mod light;
pub mod mrz;
mod page;
mod quad;
mod recognise;
mod seen;
mod votes;

use std::num::NonZeroUsize;
use std::path::Path;

use image::RgbImage;
use inference::{Engine, Network};
pub use inference::{InferenceError, ModelError};
use recognise::Recogniser;
pub use seen::{Seen, ShowAdvice, Sighting, Source};
pub use votes::Votes;

/// A picture's longer side is reduced to this many pixels first: text that is readable at all is so at this size.
const MOST_SIDE: u32 = 2560;
/// A picture with a shorter side than this holds no readable document.
const LEAST_SIDE: u32 = 96;

/// The networks that find and read text, loaded once and shared between threads.
#[derive(Debug)]
pub struct Reader {
    detector: Network,
    recogniser: Recogniser,
}

impl Reader {
    /// Loads both networks from `models`, the directory that set-up fills ([`inference::default_directory`]). Each runs on its caller's
    /// thread alone.
    ///
    /// # Errors
    /// [`ModelError`] naming the first file that is missing, corrupt or another one.
    pub fn load(models: &Path) -> Result<Self, ModelError> {
        let engine = Engine::start(models)?;
        let open = |name| Network::load(&engine, models, name, NonZeroUsize::MIN);
        Ok(Self {
            detector: open("PP-OCRv6_det_small")?,
            recogniser: Recogniser::new(open("PP-OCRv6_rec_small")?)?,
        })
    }

    /// What one picture shows: a document, or what to do so that the next one does. Pictures of any size are taken; a large one is
    /// reduced.
    ///
    /// # Errors
    /// [`InferenceError`].
    pub fn look(&self, picture: &RgbImage) -> Result<Sighting, InferenceError> {
        if picture.width().min(picture.height()) < LEAST_SIDE {
            return Ok(Sighting::Missed(ShowAdvice::NothingSeen));
        }
        let larger = picture.width().max(picture.height());
        if larger <= MOST_SIDE {
            return self.look_at(picture);
        }
        let reduced = |side: u32| (u64::from(side) * u64::from(MOST_SIDE) / u64::from(larger)).max(1) as u32;
        self.look_at(&detect::resize(picture, reduced(picture.width()), reduced(picture.height())))
    }

    fn look_at(&self, picture: &RgbImage) -> Result<Sighting, InferenceError> {
        if light::is_empty(picture) {
            return Ok(Sighting::Missed(ShowAdvice::NothingSeen));
        }
        let lines = detect::lines(&self.detector, picture)?;
        page::read(&self.recogniser, picture, &lines)
    }
}
