//! A full disk, played by the file's largest size: SQLite gives the same SQLITE_FULL for both. `BOOTH_TINY_DISK` names an empty
//! folder on a real file system of 2 to 8 MB (such as `mount -t tmpfs -o size=3m`) to try it on too.

use crate::support::{broken_rule, now, opening, shoot, with_candidate};
use domain::OrderId;
use domain::programme::Approval;
use ledger::{Ledger, LedgerError, NewShot};
use std::path::Path;

/// Takes shots of half a megabyte until no room is left; how many there are then.
fn fill(ledger: &Ledger, order: OrderId) -> (usize, LedgerError) {
    let original = vec![0xA5; 512 * 1024];
    for taken in 0.. {
        let shot = NewShot {
            order,
            id: domain::PhotoId::new(now(), crate::support::fresh()),
            original: &original,
            official: None,
            measures: "[]",
            reasons: &[],
            at: now(),
            alternative_to: None,
        };
        if let Err(error) = ledger.record_shot(&shot) {
            return (taken, error);
        }
    }
    unreachable!("a disk has an end")
}

fn a_full_disk_loses_nothing(path: &Path, largest_bytes: Option<u64>) {
    let mut settings = opening(path);
    settings.largest_bytes = largest_bytes;
    let ledger = Ledger::open(&settings, now()).unwrap();
    let (order, candidate) = with_candidate(&ledger, 1, Approval::Booth);
    let (taken, error) = fill(&ledger, order);
    assert!(matches!(error, LedgerError::Full { doing: "take a shot" }), "{error:?}");
    ledger.forget().unwrap();
    let (more, error) = fill(&ledger, order);
    assert!(matches!(error, LedgerError::Full { .. }), "a new connection has the limit too: {error:?}");
    let taken = taken + more;
    assert_eq!(
        ledger.read().photos_of(order).unwrap().len(),
        1 + taken,
        "every shot that was told kept is there"
    );
    assert!(ledger.read().official_photo(candidate).unwrap().is_some(), "and readable");
    assert_eq!(broken_rule(path), None, "every rule holds");
    drop(ledger);

    settings.largest_bytes = None;
    let ledger = Ledger::open(&settings, now()).unwrap();
    ledger.read().check().unwrap();
    assert_eq!(ledger.read().photos_of(order).unwrap().len(), 1 + taken, "also after a restart");
}

#[test]
fn a_full_file_says_so_and_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("booth.db");
    a_full_disk_loses_nothing(&path, Some(3 * 1024 * 1024));
    let ledger = Ledger::open(&opening(&path), now()).unwrap();
    let (order, _) = with_candidate(&ledger, 2, Approval::Booth);
    shoot(&ledger, order, true).unwrap();
    assert_eq!(ledger.read().photos_of(order).unwrap().len(), 2, "with room it goes on");
}

#[test]
fn a_full_disk_says_so() {
    let Some(folder) = std::env::var_os("BOOTH_TINY_DISK") else {
        let folder = tempfile::tempdir().unwrap();
        return a_full_disk_loses_nothing(&folder.path().join("booth.db"), Some(2 * 1024 * 1024));
    };
    a_full_disk_loses_nothing(&Path::new(&folder).join("booth.db"), None);
}
