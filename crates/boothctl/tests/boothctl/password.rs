//! `boothctl password`.

use crate::support::{Place, assets, somebody};
use booth::{Clock as _, SystemClock};
use domain::{DocumentNumber, OrderId};
use ledger::{Ledger, NewOrder, Opening, Reader};

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNo";

#[test]
fn a_forgotten_password_becomes_the_first_one_again() {
    let place = Place::new();
    let opening = place.opening();
    let document = with_a_password(&opening);
    let other = place.run_fed("E87654321\n", &["password"]);
    assert_eq!(other.status, 2, "nobody with that document was here");
    assert!(!other.stderr.contains("87654321"), "a number isn't repeated: {}", other.stderr);
    let hash = || {
        Reader::open(&opening.path, &opening.key).unwrap().known(&document).unwrap().unwrap().password_hash
    };
    assert_eq!(hash().as_deref(), Some(HASH), "another's password stays");
    let own = place.run_fed("e12345678\n", &["password"]);
    assert_eq!((own.status, hash()), (0, None), "{}", own.stderr);
}

/// Somebody with a password of their own; their document.
fn with_a_password(opening: &Opening) -> DocumentNumber {
    let at = SystemClock::default().now();
    let ledger = Ledger::open(opening, at).unwrap();
    let programmes = booth::load_programmes(&assets().join("programmes")).unwrap();
    let person = somebody(at);
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
    person.document.clone()
}
