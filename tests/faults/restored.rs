//! Either side is restored from a backup.

use crate::books::{self, differences};
use crate::central_book::{self, of_central};
use crate::rig::{Booth, Rig, script, until};
use end_to_end::courier::LEDGER;
use end_to_end::orders::STEADY_PLANS;
use end_to_end::postgres::Postgres;

/// Puts a backup in the ledger's place, as the technician does.
fn restore(booth: Booth, backup: &std::path::Path) -> Booth {
    let (folder, script) = booth.close();
    for beside in ["-wal", "-shm"] {
        let path = folder.join(format!("{LEDGER}{beside}"));
        if path.exists() {
            std::fs::remove_file(path).unwrap();
        }
    }
    std::fs::copy(backup, folder.join(LEDGER)).unwrap();
    Booth::open(&folder, script)
}

#[test]
fn a_booth_restored_from_a_backup_begins_a_new_epoch() {
    let cluster = Postgres::shared();
    let rig = Rig::new(cluster, 1, 11);
    let booth = rig.booth("library", script(11, STEADY_PLANS));
    booth.write(1..=12);
    booth.drain();
    booth.write(13..=16);
    // What waits in the backup will have been told by the time that it is restored.
    let backup = booth.folder.join("backup.db");
    booth.ledger.back_up(&backup).unwrap();
    booth.write(17..=30);
    booth.drain();
    let before = booth.book();
    rig.assert_agreement(cluster, &before);

    let booth = restore(booth, &backup);
    assert!(booth.pending() > 0, "events of the backup wait again");
    booth.write(31..=40);
    booth.drain();
    books::check_booth(booth.ledger.read());
    let after = booth.book();
    assert!(after.events.values().any(|event| !before.events.values().any(|old| old.epoch == event.epoch)));
    // Central has what the booth lost, and nothing of what it kept is there twice.
    rig.assert_agreement(cluster, &before.clone().and(after.clone()));
    let lost = differences(&after, &of_central(cluster, &rig.central));
    assert!(
        !lost.is_empty()
            && lost.iter().all(|line| line.contains("only at central") || line.starts_with("sums"))
    );
    assert_eq!(central_book::check_marks(cluster, &rig.central), 2, "two stretches");
}

/// Copies central's database as it is now.
fn back_up(rig: &mut Rig, cluster: &Postgres) -> String {
    let copy = format!("{}_backup", rig.central.database);
    rig.central.kill(0);
    let database = &rig.central.database;
    until("the connections to end", || {
        cluster
            .sql("postgres", &format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'"))
            == "0"
    });
    cluster.sql("postgres", &format!("CREATE DATABASE {copy} TEMPLATE {database}"));
    rig.central.run(0);
    copy
}

/// Puts the copy in the database's place.
fn restore_central(rig: &mut Rig, cluster: &Postgres, copy: &str) {
    rig.central.kill(0);
    let database = &rig.central.database;
    cluster.sql("postgres", &format!("DROP DATABASE {database} WITH (FORCE)"));
    cluster.sql("postgres", &format!("CREATE DATABASE {database} TEMPLATE {copy}"));
    rig.central.run(0);
}

/// The next heartbeat shows that the mark is lower than the booth's own, also where the booth has nothing new to tell.
fn hears_of_it(booth: &Booth, rig: &Rig, cluster: &Postgres) {
    let _running = booth.start();
    until("central to have everything again", || {
        differences(&booth.book(), &of_central(cluster, &rig.central)).is_empty() && booth.pending() == 0
    });
}

#[test]
fn a_central_restored_from_an_older_backup_hears_everything_again() {
    let cluster = Postgres::shared();
    let mut rig = Rig::new(cluster, 1, 13);
    let booth = rig.booth("library", script(13, STEADY_PLANS));
    booth.write(1..=15);
    booth.drain();
    let copy = back_up(&mut rig, cluster);
    booth.write(16..=40);
    booth.drain();
    rig.assert_agreement(cluster, &booth.book());
    restore_central(&mut rig, cluster, &copy);
    assert!(
        !differences(&booth.book(), &of_central(cluster, &rig.central)).is_empty(),
        "central has forgotten"
    );
    hears_of_it(&booth, &rig, cluster);
    books::check_booth(booth.ledger.read());
    rig.assert_agreement(cluster, &booth.book());
    central_book::check_marks(cluster, &rig.central);
}

#[test]
fn a_central_restored_to_before_an_epoch_hears_the_rest_of_the_one_before_it() {
    let cluster = Postgres::shared();
    let mut rig = Rig::new(cluster, 1, 17);
    let booth = rig.booth("library", script(17, STEADY_PLANS));
    booth.write(1..=8);
    booth.drain();
    let copy = back_up(&mut rig, cluster);
    booth.write(9..=16);
    booth.drain();
    // The booth is restored too, from a backup that lacks nothing: only its epoch is another.
    let backup = booth.folder.join("backup.db");
    booth.ledger.back_up(&backup).unwrap();
    let booth = restore(booth, &backup);
    booth.write(17..=24);
    booth.drain();
    rig.assert_agreement(cluster, &booth.book());
    restore_central(&mut rig, cluster, &copy);
    hears_of_it(&booth, &rig, cluster);
    books::check_booth(booth.ledger.read());
    rig.assert_agreement(cluster, &booth.book());
    assert_eq!(central_book::check_marks(cluster, &rig.central), 2, "two stretches");
}
