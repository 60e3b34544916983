//! Two machines with one key, and a key that was revoked: nobody is let in, nothing is lost, and who enrols again goes on.

use crate::books;
use crate::central_book;
use crate::postgres::Postgres;
use crate::rig::{Booth, Rig, script, until};
use end_to_end::courier::LEDGER;
use end_to_end::orders::STEADY_PLANS;
use sync::{Link, Refusal};

/// The same disk a second time.
fn copy(rig: &Rig, booth: Booth, name: &str) -> (Booth, Booth) {
    let (folder, script) = booth.close();
    let other = rig.folder.path().join(name);
    std::fs::create_dir_all(&other).unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{LEDGER}{suffix}");
        if folder.join(&file).exists() {
            std::fs::copy(folder.join(&file), other.join(&file)).unwrap();
        }
    }
    (Booth::open(&folder, script.clone()), Booth::open(&other, script))
}

#[test]
fn two_disks_with_one_key_are_suspended_and_enrol_again() {
    let cluster = Postgres::shared();
    let rig = Rig::new(cluster, 1, 19);
    let booth = rig.booth("library", script(19, STEADY_PLANS));
    booth.write(1..=10);
    booth.drain();
    let (one, two) = copy(&rig, booth, "twin");
    one.write(11..=20);
    two.write(21..=30);
    let refused = |link| link == Link::Refused(Refusal::Forked);
    let (first, second) = (one.start(), two.start());
    until("both to be suspended", || refused(first.line.status().link) && refused(second.line.status().link));
    drop((first, second));
    let waiting = one.pending() + two.pending();
    assert!(waiting > 0, "what one of them could not tell waits");
    one.enrol(&rig, "library again");
    one.drain();
    books::check_booth(one.ledger.read());
    two.enrol(&rig, "hall");
    two.drain();
    books::check_booth(two.ledger.read());
    two.write(31..=34);
    two.drain();
    // Each entry of either disk is at central, once.
    let theirs = central_book::of_central(cluster, &rig.central);
    let ours = one.book().and(two.book());
    let found = books::differences(&ours, &theirs);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_revoked_booth_keeps_what_it_has_until_it_enrols_again() {
    let cluster = Postgres::shared();
    let rig = Rig::new(cluster, 1, 23);
    let booth = rig.booth("library", script(23, STEADY_PLANS));
    booth.write(1..=6);
    booth.drain();
    rig.central.tell(&["revoke", "library"]);
    booth.write(7..=12);
    let waiting = booth.pending();
    let running = booth.start();
    until("the refusal", || running.line.status().link == Link::Refused(Refusal::Revoked));
    drop(running);
    assert_eq!(booth.pending(), waiting, "nothing was told, nothing was lost");
    booth.enrol(&rig, "library");
    booth.write(13..=15);
    booth.drain();
    books::check_booth(booth.ledger.read());
    rig.assert_agreement(cluster, &booth.book());
}
