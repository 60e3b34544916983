//! The comparison itself: whatever is wrong on one side alone, it finds.

use crate::books::{self, differences};
use crate::central_book::{self, of_central};
use crate::postgres::Postgres;
use crate::rig::{Rig, script};
use end_to_end::orders::EVERY_PLAN;

/// What is done to central's rows, and what the comparison must name.
const TAMPERINGS: &[(&str, &str)] = &[
    ("UPDATE payments SET amount_fen = amount_fen + 1 WHERE id = (SELECT min(id::text)::uuid FROM payments)", "payment"),
    ("UPDATE payments SET refunded_ms = 1 WHERE id = (SELECT min(id::text)::uuid FROM payments WHERE refunded_ms IS NULL)", "payment"),
    ("UPDATE orders SET amount_fen = amount_fen + 500 WHERE id = (SELECT min(id::text)::uuid FROM orders)", "order"),
    ("DELETE FROM orders WHERE id = (SELECT min(id::text)::uuid FROM orders)", "order"),
    ("INSERT INTO orders SELECT campus_id, gen_random_uuid(), device_id, number, programme, amount_fen, sheets, prints, delivery,
      reprint_of, disputed, placed_ms, ended, ended_ms FROM orders LIMIT 1", "order"),
    ("DELETE FROM events WHERE event_id = (SELECT min(event_id::text)::uuid FROM events)", "event"),
    ("UPDATE events SET outcome = 'rejected', reason = 'other' WHERE event_id = (SELECT min(event_id::text)::uuid FROM events)", "event"),
    ("UPDATE collections SET state = 'submitted', decided_ms = NULL WHERE photo_id =
      (SELECT min(photo_id::text)::uuid FROM collections WHERE state = 'rejected')", "collection"),
    ("DELETE FROM collections WHERE photo_id = (SELECT min(photo_id::text)::uuid FROM collections)", "collection"),
];

#[test]
fn the_comparison_finds_whatever_is_wrong() {
    let cluster = Postgres::shared();
    let rig = Rig::new(cluster, 1, 7);
    let booth = rig.booth("library", script(7, EVERY_PLAN));
    booth.write(1..=60);
    booth.drain();
    books::check_booth(booth.ledger.read());
    let ours = booth.book();
    rig.assert_agreement(cluster, &ours);
    for (tampering, named) in TAMPERINGS {
        let whole = format!("{}_whole", rig.central.database);
        // The instance keeps connections to the database that is copied, so only rows are copied and put back.
        let tables = ["orders", "payments", "events", "collections"];
        for table in tables {
            cluster.sql(&rig.central.database, &format!("CREATE TABLE {table}_{whole} AS TABLE {table}"));
        }
        cluster.sql(&rig.central.database, tampering);
        let found = differences(&ours, &of_central(cluster, &rig.central));
        assert!(found.iter().any(|line| line.starts_with(named)), "{tampering}: {found:?}");
        for table in tables {
            cluster.sql(
                &rig.central.database,
                &format!("DELETE FROM {table}; INSERT INTO {table} TABLE {table}_{whole}; DROP TABLE {table}_{whole}"),
            );
        }
        rig.assert_agreement(cluster, &ours);
    }
    a_photo_of_other_bytes(&rig, cluster, &ours);
    booth.write(61..=61);
    let found = differences(&booth.book(), &of_central(cluster, &rig.central));
    assert!(
        found.iter().any(|line| line.contains("only at the booth")),
        "an event that was withheld: {found:?}"
    );
    booth.drain();
    rig.assert_agreement(cluster, &booth.book());
    assert_eq!(central_book::check_marks(cluster, &rig.central), 1, "one stretch");
}

fn a_photo_of_other_bytes(rig: &Rig, cluster: &Postgres, ours: &books::Book) {
    let campus = std::fs::read_dir(rig.central.photos()).unwrap().next().unwrap().unwrap().path();
    let sha256 = ours.photos.keys().next().unwrap();
    let path = campus.join(&sha256[..2]).join(sha256);
    let whole = std::fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    std::fs::write(&path, flipped).unwrap();
    let found = differences(ours, &of_central(cluster, &rig.central));
    assert!(found.iter().any(|line| line.starts_with("photo")), "one bit of a photo: {found:?}");
    std::fs::write(&path, whole).unwrap();
    rig.assert_agreement(cluster, ours);
}
