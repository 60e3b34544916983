//! Weeks without a network, and one that always breaks off in the middle of a photo.

use crate::books;
use crate::central_book;
use crate::rig::{Rig, script, until};
use crate::wire::Weather;
use end_to_end::orders::{EVERY_PLAN, STEADY_PLANS, UNPAID_PLANS};
use end_to_end::postgres::Postgres;
use std::sync::atomic::Ordering;
use std::time::Duration;
use sync::Link;

/// The most that telling a long backlog may add to this process: a window of batches and a few photos, not the backlog.
const MOST_MIB: u64 = 96;

/// This process's memory.
fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[test]
fn ten_thousand_events_wait_for_weeks_and_then_drain() {
    let cluster = Postgres::shared();
    let rig = Rig::new(cluster, 1, 31);
    let photos = rig.booth("library", script(31, EVERY_PLAN));
    rig.wire.set(Weather::Down);
    let running = photos.start();
    photos.write(1..=600);
    let without = crate::rig::Booth { script: script(32, UNPAID_PLANS), ..photos };
    // Other students: each comes once.
    without.write(10_001..=14_200);
    let waiting = without.pending();
    assert!(waiting >= 10_000, "{waiting} events wait");
    assert!(matches!(running.line.status().link, Link::Offline { .. }));
    let before = resident_mib();
    rig.wire.set(Weather::Calm);
    running.line.wake();
    let (mut most, begun) = (before, std::time::Instant::now());
    until("the backlog to drain", || {
        most = most.max(resident_mib());
        without.pending() == 0
    });
    println!(
        "{waiting} events drained in {:.1} s, {} MiB more at most",
        begun.elapsed().as_secs_f64(),
        most - before
    );
    drop(running);
    assert!(most - before <= MOST_MIB, "{} MiB more than {before} MiB", most - before);
    books::check_booth(without.ledger.read());
    rig.assert_agreement(cluster, &without.book());
    central_book::check_marks(cluster, &rig.central);
}

#[test]
fn a_photo_that_is_cut_in_the_middle_arrives_whole_or_not_at_all() {
    let cluster = Postgres::shared();
    let rig = Rig::new(cluster, 1, 37);
    let booth = rig.booth("library", script(37, STEADY_PLANS));
    booth.write(1..=12);
    // Less than a photo, more than a handshake and a heartbeat.
    rig.wire.set(Weather::CutAfter(20_000));
    let running = booth.start();
    until("ten cuts", || rig.wire.counts.cut.load(Ordering::Relaxed) >= 10);
    let halfway = central_book::of_central(cluster, &rig.central);
    assert!(halfway.photos.iter().all(|(sha256, bytes)| books::hash(bytes.as_ref().unwrap()) == *sha256));
    assert!(halfway.photos.is_empty(), "no photo fits through");
    rig.wire.set(Weather::Calm);
    booth.until_drained();
    drop(running);
    books::check_booth(booth.ledger.read());
    rig.assert_agreement(cluster, &booth.book());
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(central_book::unfinished(&rig.central), 0, "nothing half is left");
}
