//! What the booth keeps for the way to central. Every method may block on a disk, and is called from a thread that may.

use domain::UtcMillis;
use protocol::batch::{Outcome, Reason};
use protocol::directory::{CommandOutcome, Page};
use protocol::{Digest, Epoch, Key};
use uuid::Uuid;

/// The booth's own store can't be used at the moment: nothing was changed, and it is tried again.
#[derive(Debug, thiserror::Error)]
#[error("the booth's store can't be used")]
pub struct StoreFault(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Which device of which central this booth is.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Central's address, `https://HOST[:PORT]`, without a path.
    pub address: String,
    /// The device; [`Uuid::nil`] while the booth is on its way to become one, and only its key is kept.
    pub device: Uuid,
    /// The key that central knows.
    pub key: Key,
    /// A key that central may know by now: it is kept before it is told, and is the key once it has worked.
    pub next_key: Option<Key>,
    /// SHA-256 of the public keys that central may show; never empty.
    pub pins: Vec<Digest>,
    /// The campus's code.
    pub campus: String,
    /// The device's name at central.
    pub name: String,
}

impl Enrolment {
    /// Whether central has answered, so that the booth is a device. Otherwise [`crate::enrol()`] kept the key that it sent, and goes on with it.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        !self.device.is_nil()
    }
}

impl std::fmt::Debug for Enrolment {
    /// Without the keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolment")
            .field("address", &self.address)
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

/// An event without an answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    /// The epoch that it was written in.
    pub epoch: Epoch,
    /// Its place in the epoch.
    pub sequence: u64,
    /// Its id.
    pub event: Uuid,
    /// The event's JSON; nothing where it was purged after it had been acknowledged.
    pub json: Option<Vec<u8>>,
    /// The blob that must be at central before the event.
    pub blob: Option<Digest>,
}

/// What central said about an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The event.
    pub event: Uuid,
    /// What became of it. [`Outcome::Retry`] counts as an attempt and changes nothing else.
    pub outcome: Outcome,
    /// Why it was rejected, or is to be offered again.
    pub reason: Option<Reason>,
}

/// What waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// The epoch in which events are written now.
    pub epoch: Epoch,
    /// The greatest sequence of this epoch before the first event that waits which central has acknowledged; 0 where there is none.
    pub acknowledged: u64,
    /// Events that wait for an answer.
    pub pending: u64,
    /// Events that were rejected and wait for staff.
    pub parked: u64,
    /// When the oldest that waits was written.
    pub oldest: Option<UtcMillis>,
}

/// How the booth is, for the heartbeat.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Health {
    /// `idle`, `busy`, `limited` or `closed`.
    pub state: String,
    /// What staff must see to, by the codes of the booth's screen.
    pub faults: Vec<String>,
    /// Prints that wait or are held.
    pub prints_waiting: u32,
}

/// What became of a page of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is in the store, and the cursor with it, in one commit.
    Kept,
    /// It can't be taken now, because a student is in the middle of something that it would change; it is pulled again later.
    Later,
}

/// What the booth keeps.
pub trait Store: Send + Sync + 'static {
    /// Which device this booth is, if it has enrolled or has begun to ([`Enrolment::is_complete`]).
    ///
    /// # Errors
    /// [`StoreFault`].
    fn enrolment(&self) -> Result<Option<Enrolment>, StoreFault>;

    /// Keeps keys and pins, durably, before it returns.
    ///
    /// # Errors
    /// [`StoreFault`].
    fn save_enrolment(&self, enrolment: &Enrolment) -> Result<(), StoreFault>;

    /// The events without an answer, in the order in which they happened, `limit` at most.
    ///
    /// # Errors
    /// [`StoreFault`].
    fn pending(&self, limit: usize) -> Result<Vec<Pending>, StoreFault>;

    /// The bytes of a blob that an event names; nothing where they are no longer here.
    ///
    /// # Errors
    /// [`StoreFault`].
    fn blob(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreFault>;

    /// Keeps what central said about events, all in one commit.
    ///
    /// # Errors
    /// [`StoreFault`].
    fn answered(&self, answers: &[Answer], at: UtcMillis) -> Result<(), StoreFault>;

    /// Central knows nothing of the epoch's events behind `mark` (it was restored from a backup): they wait again, those that it had
    /// acknowledged and those that it had rejected, because it takes none that comes after a gap. Where the mark is 0, the epochs
    /// before may lack their ends as well, and wait again first. How many they are; where there are any, the cursor becomes 0, because
    /// central may give out its directory's positions anew.
    ///
    /// # Errors
    /// [`StoreFault`].
    fn offer_again(&self, epoch: Epoch, mark: u64) -> Result<u64, StoreFault>;

    /// Offers the parked events with this reason again, because central is another version now. How many they are.
    ///
    /// # Errors
    /// [`StoreFault`].
    fn unpark(&self, reason: Reason) -> Result<u64, StoreFault>;

    /// What waits.
    ///
    /// # Errors
    /// [`StoreFault`].
    fn backlog(&self) -> Result<Backlog, StoreFault>;

    /// How the booth is.
    fn health(&self) -> Health;

    /// How far the directory was taken; 0 at first.
    ///
    /// # Errors
    /// [`StoreFault`].
    fn cursor(&self) -> Result<u64, StoreFault>;

    /// Takes a page of the directory. The same page again changes nothing. The cursor becomes the page's even where that is lower:
    /// then central was restored from a backup, and everything is pulled once more.
    ///
    /// # Errors
    /// [`StoreFault`]; nothing of the page was taken.
    fn take(&self, page: &Page) -> Result<Taken, StoreFault>;

    /// What became of commands, and central hasn't been told.
    ///
    /// # Errors
    /// [`StoreFault`].
    fn outcomes(&self) -> Result<Vec<(Uuid, CommandOutcome)>, StoreFault>;

    /// Central knows what became of the command.
    ///
    /// # Errors
    /// [`StoreFault`].
    fn outcome_told(&self, command: Uuid) -> Result<(), StoreFault>;
}
