use crate::support::{Campus, accept, broken_rule, key, now, opening, place, with_candidate};
use domain::payment::Means;
use domain::programme::Approval;
use ledger::{Key, Ledger, LedgerError, Reader};

#[test]
fn a_backup_is_whole_encrypted_and_replaces_the_older() {
    let campus = Campus::new();
    let (order, photo) = with_candidate(&campus.ledger, 1, Approval::Booth);
    let to = campus.folder.path().join("backup.db");
    campus.ledger.back_up(&to).unwrap();
    accept(&campus.ledger, order, photo).unwrap();
    campus.ledger.back_up(&to).unwrap();
    let copy = Reader::open(&to, &key()).unwrap();
    copy.check().unwrap();
    assert_eq!(copy.order(order).unwrap(), campus.ledger.read().order(order).unwrap(), "the newest state");
    assert_eq!(
        copy.official_photo(photo).unwrap(),
        campus.ledger.read().official_photo(photo).unwrap(),
        "the pixels"
    );
    drop(copy);
    assert_eq!(broken_rule(&to), None, "every rule holds in the copy");
    let wrong = Reader::open(&to, &Key::from_bytes([9; 32]));
    assert!(matches!(wrong, Err(LedgerError::WrongKey { .. })), "{wrong:?}");
    let left: Vec<_> = std::fs::read_dir(campus.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("partial"))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "nothing half-made is left");
}

#[test]
fn the_booth_goes_on_while_a_reader_holds_the_file() {
    let campus = Campus::new();
    place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let to = campus.folder.path().join("backup.db");
    std::thread::scope(|scope| {
        let backup = scope.spawn(|| campus.ledger.back_up(&to));
        for n in 2..12 {
            place(&campus.ledger, n, Approval::Booth, Means::Counter).unwrap();
        }
        backup.join().unwrap().unwrap();
    });
    assert_eq!(campus.ledger.read().counts().unwrap().orders, 11, "no order waited in vain");
    Reader::open(&to, &key()).unwrap().check().unwrap();
}

#[test]
fn a_failed_backup_leaves_the_older_one() {
    let campus = Campus::new();
    let folder = campus.folder.path().join("away");
    let failed = campus.ledger.back_up(&folder.join("backup.db"));
    assert!(matches!(failed, Err(LedgerError::Backup { step: "create", .. })), "{failed:?}");
    let directory = campus.folder.path().join("is-a-folder");
    std::fs::create_dir(&directory).unwrap();
    std::fs::write(directory.join("full"), "x").unwrap();
    let failed = campus.ledger.back_up(&directory);
    assert!(matches!(failed, Err(LedgerError::Backup { step: "put in place", .. })), "{failed:?}");
    let reopened = campus.reopen();
    assert!(
        Ledger::open(&opening(&reopened.path()), now()).is_err(),
        "the ledger itself is untouched and held"
    );
}
