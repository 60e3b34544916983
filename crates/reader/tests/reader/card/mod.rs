//! The card reader, driven over a pseudo-terminal, and the text of its cards.

mod contents;
mod kinds;
mod line_faults;
mod readings;
#[path = "../../../../../tests/src/card_reader/mod.rs"]
#[allow(dead_code, reason = "the rig serves the window's tests too")]
mod rig;
mod simulated;

use reader::card::{CardReader, Reading, SerialReader};
use rig::{CardReaderRig, RigCard, RigKind};
use std::time::{Duration, Instant};

/// Longer than anything here should take on a machine that does other things too.
const LIMIT: Duration = Duration::from_secs(20);

/// A reader that is plugged in, the booth's side of it armed, and its seat known to be empty.
fn armed() -> (CardReaderRig, SerialReader) {
    let rig = CardReaderRig::start().unwrap();
    let reader = SerialReader::open(&rig.path()).unwrap();
    reader.arm(true);
    five_looks(&rig);
    (rig, reader)
}

/// Waits until the reader was asked often enough for its seat to be known as empty, if nothing lies there: one question under way,
/// one that misses the card, three that confirm it.
fn five_looks(rig: &CardReaderRig) {
    let before = rig.asked().finds;
    until("the seat to be known as empty", || (rig.asked().finds >= before + 5).then_some(()));
}

/// What `look` finds within [`LIMIT`].
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + LIMIT;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited {LIMIT:?} for {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Checks every case at the same time, each on a reader of its own: most of the time is waiting.
fn each<T: Copy + Send>(cases: &[T], check: impl Fn(T) + Sync) {
    std::thread::scope(|scope| {
        for case in cases.iter().copied() {
            let check = &check;
            scope.spawn(move || check(case));
        }
    });
}

/// The next reading after `after`, and how long it took.
fn next(reader: &dyn CardReader, after: u64) -> (Reading, Duration) {
    let start = Instant::now();
    let reading = reader.wait_newer(after, LIMIT);
    (reading.unwrap_or_else(|| panic!("no reading within {LIMIT:?}")), start.elapsed())
}

fn resident() -> RigCard {
    RigCard::invented(RigKind::Resident)
}
