//! What the booth has measured of itself: a picture of its empty backdrop, and its camera's colours on a white card.
//!
//! Each is a file or two in `calibration/` of the data folder. A file is written aside, synced and renamed; one that is damaged is
//! reported and passed over, because a booth without it still works, only less finely.

mod card;
mod files;
mod learn;

use camera::FrameStream;
use files::{BackdropFile, ColourFile};
use parking_lot::Mutex;
use portrait::{Agreement, Backdrop, Models, WhiteBalance};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use card::{CardError, measure_card};
pub use files::CalibrationError;
pub use learn::LearnError;

/// The folder's name in the data folder.
const FOLDER: &str = "calibration";

/// The measured state of one booth.
#[derive(Debug)]
pub struct Calibrations {
    folder: PathBuf,
    backdrop: Mutex<Option<Arc<Backdrop>>>,
    colour: Option<Colour>,
}

/// What a white card told of camera and lamps.
#[derive(Clone, Debug, PartialEq)]
pub struct Colour {
    /// The camera's settings.
    pub camera: camera::Calibration,
    /// The gains for the rest, in linear light: red, green, blue.
    pub gains: [f32; 3],
}

impl Calibrations {
    /// What is stored in the data folder; what can't be read is logged and taken for absent.
    #[must_use]
    pub fn load(data: &Path) -> Self {
        let folder = data.join(FOLDER);
        let backdrop = known("the stored backdrop", files::read_backdrop(&folder)).map(Arc::new);
        let colour = known("the stored colour calibration", files::read_colour(&folder));
        Self { folder, backdrop: Mutex::new(backdrop), colour }
    }

    /// The stored backdrop.
    #[must_use]
    pub fn backdrop(&self) -> Option<Arc<Backdrop>> {
        self.backdrop.lock().clone()
    }

    /// The stored backdrop, if `frame` still shows it. Where the camera has moved or the light has changed it is dropped.
    #[must_use]
    pub fn backdrop_for(&self, frame: &portrait::Frame, models: &Models) -> Option<Arc<Backdrop>> {
        let backdrop = self.backdrop()?;
        match backdrop.agreement(frame, models) {
            Ok(Agreement::Same | Agreement::Unknown) => Some(backdrop),
            Ok(changed @ (Agreement::Moved | Agreement::LightChanged)) => {
                tracing::warn!(?changed, "the stored backdrop is not what the camera sees any more");
                self.drop_backdrop();
                None
            }
            Err(error) => {
                tracing::error!(%error, "the stored backdrop can't be compared");
                None
            }
        }
    }

    /// Keeps a backdrop that was just learned from this camera.
    ///
    /// # Errors
    /// [`CalibrationError`]; it is used until the booth stops, all the same.
    pub fn keep_backdrop(
        &self,
        backdrop: Backdrop,
        camera: &dyn FrameStream,
        at: domain::UtcMillis,
    ) -> Result<(), CalibrationError> {
        let written = BackdropFile::of(camera, at)
            .and_then(|about| files::write_backdrop(&self.folder, &backdrop, about));
        *self.backdrop.lock() = Some(Arc::new(backdrop));
        written
    }

    /// Forgets the backdrop, here and on the disk.
    pub fn drop_backdrop(&self) {
        *self.backdrop.lock() = None;
        if let Err(error) = files::remove_backdrop(&self.folder) {
            tracing::error!(%error, "the stored backdrop can't be removed");
        }
    }

    /// What makes a white card white.
    #[must_use]
    pub fn white(&self) -> Option<WhiteBalance> {
        self.colour.as_ref().and_then(|colour| WhiteBalance::from_gains(colour.gains))
    }

    /// The camera's settings, as staff measured them; empty where nobody has.
    #[must_use]
    pub fn camera(&self) -> camera::Calibration {
        self.colour.as_ref().map(|colour| colour.camera).unwrap_or_default()
    }

    /// Whether staff have measured the colours.
    #[must_use]
    pub fn has_colour(&self) -> bool {
        self.colour.is_some()
    }

    /// Writes what a white card told; the kiosk uses it from its next start on.
    ///
    /// # Errors
    /// [`CalibrationError`].
    pub fn keep_colour(&self, colour: &Colour, at: domain::UtcMillis) -> Result<(), CalibrationError> {
        files::write_colour(&self.folder, &ColourFile::of(colour, at))
    }
}

fn known<T>(what: &str, read: Result<Option<T>, CalibrationError>) -> Option<T> {
    read.unwrap_or_else(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(%error, cause, "{what} is passed over");
        None
    })
}

#[cfg(test)]
mod tests;
