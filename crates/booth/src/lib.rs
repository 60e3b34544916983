//! The workflow: the only room that combines camera, portrait, ledger and printing.
//!
//! [`Booth`] is one running booth. The window sends it what the student did and shows the [`view::View`] that comes back; the
//! session machine of `domain` decides, this room performs. **Invariant:** what the window is told has been committed, and nothing of one
//! student is reachable once their session has ended.
//!
//! Left out on purpose: the window itself, and the network to the central server.

mod account;
mod basket;
mod burst;
mod calibrations;
mod catalogue;
mod central;
mod clock;
mod coaching;
mod collecting;
mod devices;
mod divisions;
mod documents;
mod error;
mod housekeeping;
mod identify;
mod inner;
mod keys;
mod network;
mod online;
mod orders;
mod password;
mod pin;
mod places;
mod present;
mod programmes;
mod reading;
mod refunds;
mod rehearsal;
#[cfg(test)]
mod rig;
pub mod roster;
mod settings;
mod shooting;
mod sitting;
mod spool;
mod startup;
mod sticks;
mod student;
pub mod view;
mod watching;
mod words;
mod workflow;

pub use calibrations::{CalibrationError, Calibrations, CardError, Colour, LearnError, measure_card};
pub use central::{CentralStore, Enrolled, EnrolmentError, enrol};
pub use clock::{Clock, SteadyMillis, SystemClock};
pub use devices::{CameraSetupError, PrinterSetupError, camera as open_camera, printer_address};
pub use divisions::{
    Address, AddressError, Division, DivisionCode, Divisions, DivisionsError, Recipient, Street, StreetError,
};
pub use documents::{DocumentError, Issued, Line, print_size, receipt, sheet, sheet_layout};
pub use error::BoothError;
pub use keys::{KeyError, existing_ledger_key, ledger_key};
pub use pin::{PinError, PinPad, hash as hash_pin};
pub use places::{Places, PlacesError};
pub use programmes::{ProgrammeError, load as load_programmes};
pub use refunds::record_refund;
pub use settings::{CameraChoice, RemoteSettingError, Settings, SettingsBase, SettingsError};
pub use startup::{LEDGER_FILE, SITE_FILE, StartError};
pub use student::{DetailsError, Student};

use domain::PhotoId;
use domain::session::{Event, State};
use inner::Inner;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use view::{AreaView, StudentEvent, View};

/// One running booth; clones are the same booth.
#[derive(Clone)]
pub struct Booth(Arc<Inner>);

impl Booth {
    /// What the window shows now.
    #[must_use]
    pub fn view(&self) -> View {
        self.0.publish(&self.0.sitting.lock())
    }

    /// Each change of what the window shows; a slow reader sees the newest only.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<View> {
        self.0.changes.subscribe()
    }

    /// Counts the students who have left after something of them may have come to the window: it is to forget all that it holds.
    #[must_use]
    pub fn farewells(&self) -> watch::Receiver<u64> {
        self.0.farewells.subscribe()
    }

    /// The student did something; what the window shows after it.
    ///
    /// # Errors
    /// [`BoothError`]; the student is where they were.
    pub fn send(&self, event: StudentEvent) -> Result<View, BoothError> {
        // A stick is slow, and the screen must not wait for it: it is read before the sitting is locked.
        let picked = sticks::named(&event).map(|id| self.pick(id, &event));
        let mut sitting = self.0.sitting.lock();
        let did = workflow::student_did(&self.0, &mut sitting, event, picked);
        let view = self.0.publish(&sitting);
        self.0.line.wake();
        did.map(|()| view)
    }

    /// Staff confirm by their PIN that the whole amount of the order on the screen was paid at the counter.
    ///
    /// # Errors
    /// [`BoothError`]; a wrong PIN counts towards the pad's lock.
    pub fn confirm_counter_payment(&self, pin: &str) -> Result<View, BoothError> {
        let mut sitting = self.0.sitting.lock();
        let paid = orders::pay_at_counter(&self.0, &mut sitting, pin);
        let view = self.0.publish(&sitting);
        self.0.line.wake();
        paid.map(|()| view)
    }

    /// The newest frame after sequence number `after`, waiting for it for `wait` at most: sequence number and capture time (ms
    /// since the Unix epoch), both u64 little endian, then the JPEG. Empty where none came.
    #[must_use]
    pub fn preview(&self, after: u64, wait: Duration) -> Vec<u8> {
        let Some(frame) = self.0.camera.wait_newer(after, wait) else { return vec![] };
        let Ok(jpeg) = frame.jpeg() else { return vec![] };
        let at = frame.captured_at.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let mut bytes = Vec::with_capacity(16 + jpeg.len());
        bytes.extend_from_slice(&frame.sequence.to_le_bytes());
        bytes.extend_from_slice(&u64::try_from(at.as_millis()).unwrap_or(u64::MAX).to_le_bytes());
        bytes.extend_from_slice(&jpeg);
        bytes
    }

    /// Where the person is on the frame with this sequence number, one of the newest: the sequence number (u64), the outline's
    /// width and height (u32 each), all little endian, then a byte of alpha a place, row by row. Empty where the frame has gone or
    /// the network failed.
    #[must_use]
    pub fn outline(&self, sequence: u64) -> Vec<u8> {
        let recent = self.0.camera.recent(camera::RECENT_FRAMES);
        let (Some(models), Some(frame)) =
            (&self.0.models, recent.iter().find(|frame| frame.sequence == sequence))
        else {
            return vec![];
        };
        let Some(pixels) = burst::pixels(frame) else { return vec![] };
        match portrait::outline(&pixels, models) {
            Ok(outline) => outline_bytes(sequence, &outline),
            Err(error) => {
                tracing::warn!(%error, "the person can't be outlined");
                vec![]
            }
        }
    }

    /// The official photo, a JPEG, of the order on the screen.
    ///
    /// # Errors
    /// [`BoothError::NoSuchPhoto`] for any other.
    pub fn photo(&self, id: &str) -> Result<Vec<u8>, BoothError> {
        let photo = self.own_photo(id)?;
        self.0.ledger.read().official_photo(photo)?.ok_or(BoothError::NoSuchPhoto)
    }

    /// The shot that the photo was made from, a JPEG, of the order on the screen.
    ///
    /// # Errors
    /// [`BoothError::NoSuchPhoto`] for any other.
    pub fn original(&self, id: &str) -> Result<Vec<u8>, BoothError> {
        let photo = self.own_photo(id)?;
        self.0.ledger.read().original_photo(photo)?.ok_or(BoothError::NoSuchPhoto)
    }

    /// Staff looked at the photo on the screen, and approve or reject it.
    ///
    /// # Errors
    /// [`BoothError`]; a wrong PIN counts towards the pad's lock.
    pub fn review_photo(&self, pin: &str, approved: bool) -> Result<View, BoothError> {
        let mut sitting = self.0.sitting.lock();
        let reviewed = orders::review(&self.0, &mut sitting, pin, approved);
        let view = self.0.publish(&sitting);
        self.0.line.wake();
        reviewed.map(|()| view)
    }

    /// The areas inside a province or a city, by its code; the provinces where there is none.
    #[must_use]
    pub fn areas(&self, parent: Option<&str>) -> Vec<AreaView> {
        basket::areas(&self.0.divisions, parent)
    }

    /// The collection code that was read, a JPEG of the symbol.
    ///
    /// # Errors
    /// [`BoothError::NoSuchPhoto`] where none was read, or a scanner typed it.
    pub fn code_picture(&self) -> Result<Vec<u8>, BoothError> {
        let sitting = self.0.sitting.lock();
        let picture = sitting.shown.code.as_ref().and_then(|code| code.picture());
        picture.map(<[u8]>::to_vec).ok_or(BoothError::NoSuchPhoto)
    }

    /// A picture of the USB stick, made small, a JPEG.
    ///
    /// # Errors
    /// [`BoothError::StickRemoved`] or [`BoothError::InvalidPicture`].
    pub fn stick_picture(&self, id: &str) -> Result<Vec<u8>, BoothError> {
        // One at a time: a large picture takes a few hundred megabytes while it is made small.
        let _turn = self.0.thumbnails.lock();
        let chosen = sticks::chosen(&self.0.sitting.lock(), id)?;
        sticks::small(&sticks::read(&chosen)?)
    }

    fn pick(&self, id: &str, event: &StudentEvent) -> Result<sticks::Picked, BoothError> {
        let (generation, chosen) = {
            let sitting = self.0.sitting.lock();
            (sitting.generation, sticks::chosen(&sitting, id)?)
        };
        let file = sticks::read(&chosen)?;
        let picture = match event {
            StudentEvent::ImportCode { .. } => sticks::Picture::Code(collecting::look(&file)),
            _ => sticks::Picture::File(file),
        };
        Ok(sticks::Picked { generation, picture })
    }

    fn own_photo(&self, id: &str) -> Result<PhotoId, BoothError> {
        let photo: PhotoId = id.parse().map_err(|_| BoothError::NoSuchPhoto)?;
        let of = self.0.ledger.read().photo(photo).map_err(|_| BoothError::NoSuchPhoto)?.order;
        let sitting = self.0.sitting.lock();
        let listed = sitting.orders.iter().any(|order| order.id == of);
        if sitting.state.order() == Some(of) || listed { Ok(photo) } else { Err(BoothError::NoSuchPhoto) }
    }

    /// Looks at the clock: a screen whose time is over logs out. Called about twice a second by the booth itself.
    fn tick(&self) {
        let mut sitting = self.0.sitting.lock();
        let over = sitting.time_left_ms(self.0.clock.steady(), self.0.settings.session.screen_s) == Some(0);
        let event = if matches!(sitting.state, State::Done(_)) { Event::Finish } else { Event::TimedOut };
        if over && let Err(error) = workflow::advance(&self.0, &mut sitting, event) {
            tracing::error!(%error, "a screen could not be left when its time was over");
        }
        self.0.publish(&sitting);
    }
}

fn outline_bytes(sequence: u64, outline: &portrait::Outline) -> Vec<u8> {
    let side = |length: usize| u32::try_from(length).unwrap_or(0).to_le_bytes();
    let mut bytes = Vec::with_capacity(16 + outline.alpha.len());
    bytes.extend_from_slice(&sequence.to_le_bytes());
    bytes.extend_from_slice(&side(outline.width));
    bytes.extend_from_slice(&side(outline.height));
    bytes.extend_from_slice(&outline.alpha);
    bytes
}

impl std::fmt::Debug for Booth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Booth").finish_non_exhaustive()
    }
}
