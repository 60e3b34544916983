//! The whole storm: 2,000 orders over a network that fails, and booth, central and PostgreSQL killed 50 times each.

use crate::books::{self, Book};
use crate::central_book;
use crate::kills::{self, Booth, Killed, PATIENCE, number};
use crate::rig::{Rig, script};
use end_to_end::chance::Chance;
use end_to_end::courier::{LEDGER, key};
use end_to_end::orders::{EVERY_PLAN, Script, Writer};
use end_to_end::postgres::Postgres;
use ledger::Reader;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How long the booth rests after an order, so that the kills fall into traffic.
const PAUSE_MS: u64 = 40;

#[test]
fn two_thousand_orders_survive_the_storm() {
    let (orders, kills) = (number("BOOTH_FAULT_ORDERS", 2_000), number("BOOTH_FAULT_KILLS", 50));
    let seed = number("BOOTH_FAULT_SEED", 20_260_901);
    println!("seed {seed}: BOOTH_FAULT_SEED repeats what is drawn");
    let began = Instant::now();
    let cluster = Arc::new(Postgres::own("storm"));
    let mut rig = Rig::new(&cluster, 2, seed);
    let orders_script = script(seed, EVERY_PLAN);
    let (folder, orders_script) = rig.booth("library", orders_script).close();
    let jpeg = rig.folder.path().join("photo.jpg");
    std::fs::write(&jpeg, crate::rig::JPEG).unwrap();
    let jpeg = jpeg.to_string_lossy().into_owned();
    let arguments = [seed.to_string(), orders.to_string(), PAUSE_MS.to_string(), jpeg];
    rig.storm();
    let writer = folder.clone();
    let mut booth = Booth::start(folder.join("log"), move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_booth-writer"));
        command.arg(&writer).args(&arguments).env("RUST_LOG", "warn");
        command
    });
    let reader = Reader::open(&folder.join(LEDGER), &key()).unwrap();
    let schedule = kills::schedule(orders, kills, &mut Chance::new(seed));
    let written = || reader.counts().unwrap().orders;
    let killed = kills::storm(&mut rig, std::slice::from_mut(&mut booth), &cluster, schedule, written);
    let stormed = began.elapsed();
    let counts = reader.counts().unwrap();
    println!(
        "when the storm ends, {} orders are written and {} events wait",
        counts.orders, counts.events_pending
    );
    settle(&mut rig, &mut booth, &reader, orders);
    booth.kill();
    drop(reader);
    let (ours, theirs) = compare(&rig, &cluster, &folder, &orders_script, orders);
    tell(&rig, &ours, &theirs, &killed);
    println!("the storm {:.0} s, all {:.0} s", stormed.as_secs_f64(), began.elapsed().as_secs_f64());
    for (victim, times) in &killed {
        assert_eq!(*times, kills, "{victim:?} was killed as often as was asked for");
    }
}

/// The weather is fair again: everything is written and told.
fn settle(rig: &mut Rig, booth: &mut Booth, reader: &Reader, orders: u64) {
    rig.calm();
    let (deadline, writer_done) = (Instant::now() + PATIENCE, orders);
    loop {
        let counts = reader.counts().unwrap();
        let is_done = counts.orders == writer_done && counts.events_pending == 0;
        if is_done {
            // The last order may still be written on.
            std::thread::sleep(Duration::from_secs(1));
            if reader.counts().unwrap().events_pending == 0 {
                return;
            }
        }
        assert!(Instant::now() < deadline, "it never settles: {counts:?}");
        booth.assert_alive();
        rig.central.revive();
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn compare(rig: &Rig, cluster: &Postgres, folder: &Path, script: &Script, orders: u64) -> (Book, Book) {
    let ledger = end_to_end::courier::open(folder).unwrap();
    let writer = Writer::new(Arc::clone(&ledger), script.clone());
    for number in 1..=orders {
        assert!(writer.is_finished(number).unwrap(), "order {number} stands where its plan ends");
    }
    books::check_booth(ledger.read());
    let ours = books::of_booth(ledger.read());
    assert_eq!(ours.orders.len() as u64, orders, "no order was made twice, none was lost");
    let theirs = rig.assert_agreement(cluster, &ours);
    central_book::check_marks(cluster, &rig.central);
    assert_eq!(rig.central.complaints(), Vec::<String>::new(), "central never panicked and refused no value");
    let attempts: u64 =
        ledger.read().outbox_history().unwrap().iter().map(|event| u64::from(event.attempts)).sum();
    println!("{} answers to {} events reached the booth", attempts, ours.events.len());
    (ours, theirs)
}

fn tell(rig: &Rig, ours: &Book, theirs: &Book, killed: &Killed) {
    let (wire, gateway) = (&*rig.wire.counts, &*rig.repeater.counts);
    let read = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    println!(
        "{} orders, {} payments, {} collections, {} events, {} photos of {} bytes, {} deletions; the same at central",
        theirs.orders.len(),
        theirs.payments.len(),
        theirs.collections.len(),
        theirs.events.len(),
        theirs.photos.len(),
        theirs.bytes(),
        theirs.deletions.len(),
    );
    for ((means, back), fen) in ours.sums() {
        println!("{means}{}: {fen} fen on both sides", if back { ", paid back" } else { "" });
    }
    println!(
        "killed: {killed:?}; unfinished files left by kills: {}",
        central_book::unfinished(&rig.central)
    );
    println!(
        "wire: {} connections, {} refused, {} cut, {} slowed, {} stood still, {} bytes",
        read(&wire.connections),
        read(&wire.refused),
        read(&wire.cut),
        read(&wire.slowed),
        read(&wire.stood_still),
        read(&wire.bytes),
    );
    println!(
        "gateway: {} requests, {} repeated, {} repeated late, {} held back, {} answers dropped, {} truncated, {} gateway errors, {} unanswered",
        read(&gateway.requests),
        read(&gateway.repeated),
        read(&gateway.repeated_late),
        read(&gateway.held_back),
        read(&gateway.answers_dropped),
        read(&gateway.answers_truncated),
        read(&gateway.gateway_errors),
        read(&gateway.unanswered),
    );
    println!(
        "answered to events there: {} applied, {} duplicate, {} retry, {} rejected",
        read(&gateway.events_applied),
        read(&gateway.events_duplicate),
        read(&gateway.events_retry),
        read(&gateway.events_rejected),
    );
}
