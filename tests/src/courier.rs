//! The booth's real way to central over its real store, on a thread of its own, and enrolling.

use booth::CentralStore;
use domain::BoothNumber;
use ledger::{Key, Ledger, LedgerError, Opening};
use protocol::enrolment::Invitation;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use sync::{Courier, EnrolError, Line, NoRandomness, Settings, SystemClock, SystemRandom};
use tokio::sync::oneshot;

/// The name of the ledger's file in a booth's folder.
pub const LEDGER: &str = "booth.db";

/// A way to central that could not be begun.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// The system gives no randomness.
    #[error("the way to central can't be begun")]
    Random(#[from] NoRandomness),
    /// The system gives no thread.
    #[error("the way to central has nowhere to run")]
    Runtime(#[from] io::Error),
    /// Central did not enrol the booth.
    #[error("the booth was not enrolled")]
    Enrol(#[source] Box<EnrolError>),
}

/// The number of every booth of these tests.
fn number() -> io::Result<BoothNumber> {
    BoothNumber::new(38).ok_or_else(|| io::Error::other("a booth has a number from 1 to 999"))
}

/// How the ledger of the booth in `folder` is opened.
fn opening(folder: &Path) -> io::Result<Opening> {
    let booth = number()?;
    Ok(Opening { path: folder.join(LEDGER), key: key(), booth, largest_bytes: None })
}

/// The key of every ledger of these tests.
#[must_use]
pub fn key() -> Key {
    Key::from_bytes([7; 32])
}

/// Opens the ledger of the booth in `folder`.
///
/// # Errors
/// Those of [`Ledger::open`].
pub fn open(folder: &Path) -> Result<Arc<Ledger>, LedgerError> {
    use booth::Clock as _;
    let opening =
        opening(folder).map_err(|source| LedgerError::File { path: folder.join(LEDGER), source })?;
    Ledger::open(&opening, booth::SystemClock::default().now()).map(Arc::new)
}

/// What a booth uses, but for shorter waits: a test has minutes where a campus has days.
#[must_use]
pub fn settings() -> Settings {
    Settings {
        connect_timeout: Duration::from_secs(2),
        answer_timeout: Duration::from_secs(5),
        heartbeat: Duration::from_secs(2),
        refused: Duration::from_secs(2),
        first_wait: Duration::from_millis(50),
        longest_wait: Duration::from_secs(1),
        ..Settings::new("faults")
    }
}

/// A courier that runs until this is dropped.
#[derive(Debug)]
pub struct Running {
    /// The booth's end of its line.
    pub line: Line,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts a courier over the ledger.
    ///
    /// # Errors
    /// [`CourierError`].
    pub fn start(ledger: &Arc<Ledger>, settings: Settings) -> Result<Self, CourierError> {
        let store = Arc::new(CentralStore::stopped(Arc::clone(ledger)));
        let (courier, line) =
            Courier::new(store, settings, Arc::new(SystemClock::new()), Arc::new(SystemRandom))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let body = move || {
            // A sender that is gone stops it as well.
            runtime.block_on(courier.run(async { drop(stopped.await) }));
        };
        let thread = std::thread::Builder::new().name("central".into()).spawn(body)?;
        Ok(Self { line, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the courier has been printed by now.
            drop(thread.join());
        }
    }
}

/// Makes the booth with this ledger the device that the invitation is for.
///
/// # Errors
/// [`CourierError`].
pub fn enrol(ledger: &Arc<Ledger>, invitation: &Invitation) -> Result<sync::Enrolment, CourierError> {
    enrol_as(number()?, ledger, invitation)
}

/// As [`enrol`], of a booth with another number.
///
/// # Errors
/// [`CourierError`].
pub fn enrol_as(
    booth: BoothNumber,
    ledger: &Arc<Ledger>,
    invitation: &Invitation,
) -> Result<sync::Enrolment, CourierError> {
    let store = Arc::new(CentralStore::stopped(Arc::clone(ledger)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let clock = Arc::new(SystemClock::new());
    // Somebody stands beside it and would press once more; a machine that pauses is no fault of the way.
    let patience = Duration::from_secs(60);
    let settings = Settings { connect_timeout: patience, answer_timeout: patience, ..settings() };
    let enrolling = sync::enrol(invitation, booth, store, &settings, clock, &SystemRandom);
    runtime.block_on(enrolling).map_err(|error| CourierError::Enrol(Box::new(error)))
}
