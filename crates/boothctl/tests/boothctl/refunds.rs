//! `boothctl refunds`.

use crate::support::Place;
use booth::{Clock as _, LEDGER_FILE, SystemClock};
use domain::{BoothNumber, PaymentId};
use ledger::{Ledger, Opening};

#[test]
fn a_ledger_without_money_to_return_lists_none_and_returns_none() {
    let place = Place::new();
    let data = place.path("data");
    std::fs::create_dir_all(&data).unwrap();
    let at = SystemClock::default().now();
    let opening = Opening {
        path: data.join(LEDGER_FILE),
        key: booth::ledger_key(&data).unwrap(),
        booth: BoothNumber::new(1).unwrap(),
        largest_bytes: None,
    };
    drop(Ledger::open(&opening, at).unwrap());
    let listed = place.run(&["refunds"]);
    assert_eq!((listed.status, listed.stdout.as_str()), (0, ""), "{}", listed.stderr);
    let unknown = place.run(&["refunds", "done", &PaymentId::new(at, [1; 10]).to_string()]);
    assert_eq!(unknown.status, 2, "nothing is due: {}", unknown.stdout);
    assert!(unknown.stderr.contains("refund that is due"), "{}", unknown.stderr);
}
