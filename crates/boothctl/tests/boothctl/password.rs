//! `boothctl password`.

use crate::support::{Place, assets};
use booth::{Clock as _, LEDGER_FILE, SystemClock};
use domain::{BoothNumber, DocumentKind, DocumentNumber, OrderId, PersonId, PersonName};
use ledger::{Ledger, NewOrder, NewPerson, Opening, Reader};

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNo";

#[test]
fn a_forgotten_password_becomes_the_first_one_again() {
    let place = Place::new();
    let data = place.path("data");
    std::fs::create_dir_all(&data).unwrap();
    let (path, key) = (data.join(LEDGER_FILE), booth::ledger_key(&data).unwrap());
    let document = DocumentNumber::parse(DocumentKind::Passport, "E12345678").unwrap();
    with_a_password(&Opening {
        path: path.clone(),
        key: key.clone(),
        booth: BoothNumber::new(1).unwrap(),
        largest_bytes: None,
    });
    let other = place.run_fed("E87654321\n", &["password"]);
    assert_eq!(other.status, 2, "nobody with that document was here");
    assert!(!other.stderr.contains("87654321"), "a number isn't repeated: {}", other.stderr);
    let hash = || Reader::open(&path, &key).unwrap().known(&document).unwrap().unwrap().password_hash;
    assert_eq!(hash().as_deref(), Some(HASH), "another's password stays");
    let own = place.run_fed("e12345678\n", &["password"]);
    assert_eq!((own.status, hash()), (0, None), "{}", own.stderr);
}

/// Somebody with a password of their own.
fn with_a_password(opening: &Opening) {
    let at = SystemClock::default().now();
    let ledger = Ledger::open(opening, at).unwrap();
    let programmes = booth::load_programmes(&assets().join("programmes")).unwrap();
    let person = NewPerson {
        id: PersonId::new(at, [4; 10]),
        document: DocumentNumber::parse(DocumentKind::Passport, "E12345678").unwrap(),
        name: PersonName::parse("张晓明").unwrap(),
        phone: None,
        student_number: None,
        account: None,
    };
    let new = NewOrder {
        id: OrderId::new(at, [1; 10]),
        number: ledger.reserve_order_number().unwrap(),
        programme: programmes.iter().find(|p| p.id == "one-inch").unwrap(),
        person: &person,
        consents: &[],
        only_once: false,
        code: None,
        at,
    };
    ledger.draft_order(&new).unwrap();
    let id = ledger.read().known(&person.document).unwrap().unwrap().person.id;
    ledger.set_password(id, HASH, at).unwrap();
}
