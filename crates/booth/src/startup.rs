//! Starts a booth: settings, ledger, devices, models, and the threads that look after them.

use crate::calibrations::Calibrations;
use crate::catalogue::Shelf;
use crate::central::{Line, LinkState, Standing};
use crate::clock::SystemClock;
use crate::devices::{self, CameraSetupError, PrinterSetupError};
use crate::divisions::{Divisions, DivisionsError};
use crate::housekeeping::Housekeeping;
use crate::inner::{Inner, say_unusable};
use crate::keys::{self, KeyError};
use crate::pin::PinPad;
use crate::places::Places;
use crate::programmes::ProgrammeError;
use crate::rehearsal::Rehearsal;
use crate::settings::{SettingsBase, SettingsError};
use crate::sitting::Sitting;
use crate::view::{Step, View};
use crate::{Booth, Clock, central, online, orders, present, reading, spool, watching};
use ledger::{Ledger, LedgerError, Opening};
use parking_lot::{Condvar, Mutex, RwLock};
use portrait::Models;
use printing::Font;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// The database's name in the data folder.
pub const LEDGER_FILE: &str = "booth.db";

/// The site's settings in the data folder.
pub const SITE_FILE: &str = "site.toml";

/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(500);

/// How often the payment provider is asked: Alipay advises 3 to 5 s, and the central server asks the provider itself.
const PAYMENTS_EVERY: Duration = Duration::from_secs(2);

/// A booth that can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder can't be made.
    #[error("the data folder {} can't be made", path.display())]
    Data {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The settings.
    #[error("the settings can't be used")]
    Settings(#[from] SettingsError),
    /// The programmes.
    #[error("the programmes can't be used")]
    Programmes(#[from] ProgrammeError),
    /// A specification.
    #[error("a photo specification can't be used")]
    Specification(#[from] portrait::SpecificationError),
    /// The ledger's key.
    #[error("the ledger's key can't be used")]
    Key(#[from] KeyError),
    /// The ledger.
    #[error("the ledger can't be opened")]
    Ledger(#[from] LedgerError),
    /// The camera.
    #[error("the camera can't be used")]
    Camera(#[from] CameraSetupError),
    /// The printer.
    #[error("the printer can't be used")]
    Printer(#[from] PrinterSetupError),
    /// The font.
    #[error("the font of sheets and receipts can't be used")]
    Font(#[from] printing::FontError),
    /// The list of provinces, cities and districts.
    #[error("the list of districts can't be used")]
    Divisions(#[from] DivisionsError),
    /// A size of prints that doesn't go on the programme's paper.
    #[error("the print {print} of {programme} can't be laid out")]
    Print {
        /// Whose.
        programme: String,
        /// Which.
        print: String,
        /// Why.
        #[source]
        source: crate::documents::DocumentError,
    },
    /// The way to central.
    #[error("the way to the central server can't be begun")]
    Central(#[from] sync::NoRandomness),
    /// The threads.
    #[error("the booth's threads can't be started")]
    Threads(#[source] std::io::Error),
}

impl Booth {
    /// Starts the booth whose folders are `places`. A missing model doesn't stop it: the welcome screen says so.
    ///
    /// # Errors
    /// [`StartError`], naming what is missing or wrong.
    pub fn start(places: &Places) -> Result<Self, StartError> {
        let data = |source| StartError::Data { path: places.data.clone(), source };
        std::fs::create_dir_all(&places.data).map_err(data)?;
        let defaults = places.assets.join("defaults.toml");
        let settings = SettingsBase::read(&defaults, &places.data.join(SITE_FILE))?;
        let booth = Self(Arc::new(furnish(settings, places, Box::<SystemClock>::default())?));
        orders::look_for_refunds(&booth.0);
        booth.look_after()?;
        Ok(booth)
    }

    /// One thread for the clock, one for the coach, one for printer and spool.
    fn look_after(&self) -> Result<(), StartError> {
        let booth = Arc::downgrade(&self.0);
        supervised("clock", move || tick(&booth))?;
        let booth = Arc::downgrade(&self.0);
        supervised("coach", move || watching::run(&booth))?;
        let booth = Arc::downgrade(&self.0);
        supervised("reading", move || reading::run(&booth))?;
        self.go_to_central()?;
        if self.0.online.is_some() {
            let booth = Arc::downgrade(&self.0);
            supervised("payments", move || ask_for_payments(&booth))?;
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(StartError::Threads)?;
        let (spool, watch) = (Arc::clone(&self.0), Arc::clone(&self.0));
        supervised("spool", move || {
            runtime.block_on(async { tokio::join!(spool::run(spool), spool::watch(watch)) });
        })
    }
}

impl Booth {
    /// One thread for the way to central. A booth that hasn't enrolled looks now and then whether it has.
    fn go_to_central(&self) -> Result<(), StartError> {
        let runtime = central::runtime().map_err(StartError::Threads)?;
        let (courier, line) = central::courier(&self.0)?;
        let inner = Arc::clone(&self.0);
        supervised("central", move || central::run(&inner, &runtime, courier, line))
    }
}

/// Starts a thread without which the booth must not go on: if it panics, the process ends and its service starts it again, which
/// the ledger is built for. A screen that never times out, or prints that never come, would be worse.
fn supervised(name: &'static str, body: impl FnOnce() + Send + 'static) -> Result<(), StartError> {
    let guarded = move || {
        if catch_unwind(AssertUnwindSafe(body)).is_err() {
            tracing::error!(thread = name, "a thread of the booth panicked; the booth starts again");
            std::process::abort();
        }
    };
    std::thread::Builder::new().name(name.into()).spawn(guarded).map(drop).map_err(StartError::Threads)
}

fn ask_for_payments(booth: &Weak<Inner>) {
    let mut turn = 0;
    while let Some(inner) = booth.upgrade() {
        if let Some(provider) = &inner.online {
            orders::poll(&inner, &**provider, turn);
        }
        turn = turn.wrapping_add(1);
        drop(inner);
        std::thread::sleep(PAYMENTS_EVERY);
    }
}

fn tick(booth: &Weak<Inner>) {
    let mut housekeeping = Housekeeping::default();
    while let Some(inner) = booth.upgrade() {
        housekeeping.look(&inner);
        Booth(inner).tick();
        std::thread::sleep(TICK);
    }
}

pub(crate) fn furnish(
    settings_base: SettingsBase,
    places: &Places,
    clock: Box<dyn Clock>,
) -> Result<Inner, StartError> {
    let opening = Opening {
        path: places.data.join(LEDGER_FILE),
        key: keys::ledger_key(&places.data)?,
        booth: settings_base.settings()?.booth_number()?,
        largest_bytes: None,
    };
    let shelf = Shelf::open(&places.assets)?;
    let ledger = Ledger::open(&opening, clock.now())?;
    let standing = Standing::of(&ledger.read().directory_values()?);
    let settings = settings_base.with(&standing.settings)?;
    let (catalogue, unusable) = shelf.arrange(&standing.sent);
    say_unusable(&unusable);
    let line = line(&ledger, &*clock)?;
    let models = match Models::load(&places.models) {
        Ok(models) => Some(models),
        Err(error) => {
            tracing::error!(%error, "no photo can be made");
            None
        }
    };
    let calibrations = Calibrations::load(&places.data);
    let documents = match reader::document::Reader::load(&places.models) {
        Ok(documents) => Some(documents),
        Err(error) => {
            tracing::error!(%error, "documents can't be read by the camera");
            None
        }
    };
    let (camera, control) = devices::camera(&settings, calibrations.camera())?;
    Ok(Inner {
        settings_base,
        shelf,
        catalogue: RwLock::new(Arc::new(catalogue)),
        standing: RwLock::new(Arc::new(standing)),
        online: online::provider(&settings.payment, &places.data, &line),
        line,
        ledger,
        rehearsal: control.map(|control| Rehearsal::new(control, &settings, places)),
        camera,
        printer: devices::printer(&settings, places)?,
        reader: devices::card_reader(&settings).map_err(StartError::Threads)?,
        divisions: Divisions::load(&places.assets)?,
        pauses: Mutex::default(),
        thumbnails: Mutex::default(),
        codes_asked_for: Mutex::default(),
        finished_trades: Mutex::default(),
        wrong_amounts: Mutex::default(),
        refund_due: AtomicBool::default(),
        documents,
        font: Font::from_file(&places.font)?,
        sitting: Mutex::new(Sitting::nobody(0, present::FIRST_LANGUAGE, clock.steady())),
        pin: Mutex::new(PinPad::new(settings.staff.pin_tries, settings.staff.pin_lock_s)),
        printer_fault: Mutex::new(None),
        changes: watch::Sender::new(nothing_yet()),
        farewells: watch::Sender::new(0),
        to_print: Notify::new(),
        calibrations,
        moved: Condvar::new(),
        models,
        clock,
        settings,
    })
}

/// How the way to central is before the first try.
fn line(ledger: &Ledger, clock: &dyn Clock) -> Result<Arc<Line>, LedgerError> {
    let enrolled = ledger.read().enrolment()?.is_some_and(|enrolment| enrolment.device != [0; 16]);
    let parked = ledger.read().outbox_backlog()?.parked;
    let (line, silent_since) = (Line::default(), Some(clock.steady()));
    line.change(|state| *state = LinkState { enrolled, parked, silent_since, ..LinkState::default() });
    Ok(Arc::new(line))
}

/// What the window shows before the first look at the devices.
fn nothing_yet() -> View {
    let step = Step::Welcome {
        able: false,
        closed: false,
        faults: vec![],
        min_price_fen: 0,
        parts: vec![],
        notices: vec![],
        message: None,
    };
    View {
        revision: 0,
        language: present::FIRST_LANGUAGE,
        strip: vec![],
        contact: crate::view::Text { zh: String::new(), en: String::new() },
        called: false,
        refused: None,
        time_left_s: None,
        step,
    }
}
