//! The whole storm: 2,000 orders over a network that fails, and booth, central and PostgreSQL killed 50 times each.

use crate::books::{self, Book};
use crate::central_book;
use crate::rig::{Rig, script};
use crate::wire::Weather;
use end_to_end::chance::Chance;
use end_to_end::courier::{LEDGER, key};
use end_to_end::orders::{EVERY_PLAN, Script, Writer};
use end_to_end::postgres::Postgres;
use end_to_end::process::Owned;
use ledger::Reader;
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// How long the booth rests after an order, so that the kills fall into traffic.
const PAUSE_MS: u64 = 40;

/// How long everything may take, the network fair again at the end.
const PATIENCE: Duration = Duration::from_secs(1_200);

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Victim {
    Booth,
    Central,
    Postgres,
}

/// Who is killed, and after how many orders: each the same number of times, spread over all the orders.
fn schedule(orders: u64, kills: u64, chance: &mut Chance) -> Vec<(u64, Victim)> {
    let mut schedule = vec![];
    for victim in [Victim::Booth, Victim::Central, Victim::Postgres] {
        for kill in 0..kills {
            schedule.push(((kill * orders + chance.below(orders)) / kills, victim));
        }
    }
    schedule.sort_unstable();
    schedule
}

/// The booth's process.
struct Booth {
    folder: PathBuf,
    arguments: [String; 4],
    process: Option<Owned>,
}

impl Booth {
    fn start(&mut self) {
        let log = OpenOptions::new().append(true).create(true).open(self.folder.join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_booth-writer"));
        command.arg(&self.folder).args(&self.arguments).env("RUST_LOG", "warn");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.process = Some(Owned::start(&mut command).unwrap());
    }

    fn kill_and_restart(&mut self) {
        self.process = None;
        self.start();
    }

    /// Nothing but a kill ends it.
    fn assert_alive(&mut self) {
        let ended = self.process.as_mut().unwrap().child().try_wait().unwrap();
        let log = || std::fs::read_to_string(self.folder.join("log")).unwrap();
        assert!(ended.is_none(), "the booth ended by itself: {ended:?}\n{}", log());
    }
}

/// Kills PostgreSQL as often as it is told to, one time after the other; ends when nobody tells it any more.
fn executioner(cluster: Arc<Postgres>) -> (Sender<()>, std::thread::JoinHandle<u64>) {
    let (tell, told) = channel();
    let thread = std::thread::spawn(move || {
        let mut kills = 0;
        let mut away = Duration::ZERO;
        while told.recv().is_ok() {
            let begun = Instant::now();
            cluster.kill_and_restart();
            away += begun.elapsed();
            kills += 1;
        }
        println!("PostgreSQL was away {:.0} s in all", away.as_secs_f64());
        kills
    });
    (tell, thread)
}

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
    let mut booth = Booth { folder: folder.clone(), arguments, process: None };

    let ports = rig.central.ports.clone();
    // Most connections end at the gateway; some go straight to central.
    let gateway = rig.repeater.port;
    rig.wire.lead_to(vec![gateway, gateway, gateway, gateway, ports[0], ports[1]]);
    rig.wire.set(Weather::Storm);
    rig.repeater.is_stormy.store(true, Ordering::Relaxed);
    booth.start();
    let killed = storm(&mut rig, &mut booth, &cluster, schedule(orders, kills, &mut Chance::new(seed)));
    let stormed = began.elapsed();
    let reader = Reader::open(&folder.join(LEDGER), &key()).unwrap();
    settle(&mut rig, &mut booth, &reader, orders);
    booth.process = None;
    drop(reader);
    let (ours, theirs) = compare(&rig, &cluster, &folder, &orders_script, orders);
    tell(&rig, &ours, &theirs, &killed);
    println!("the storm {:.0} s, all {:.0} s", stormed.as_secs_f64(), began.elapsed().as_secs_f64());
    for (victim, times) in &killed {
        assert_eq!(*times, kills, "{victim:?} was killed as often as was asked for");
    }
}

/// Kills everybody when their time has come; how often each was.
fn storm(
    rig: &mut Rig,
    booth: &mut Booth,
    cluster: &Arc<Postgres>,
    schedule: Vec<(u64, Victim)>,
) -> BTreeMap<Victim, u64> {
    let deadline = Instant::now() + PATIENCE;
    let path = booth.folder.join(LEDGER);
    let reader = Reader::open(&path, &key()).unwrap();
    let mut killed = BTreeMap::from([(Victim::Booth, 0), (Victim::Central, 0), (Victim::Postgres, 0)]);
    let (tell, executioner) = executioner(Arc::clone(cluster));
    let mut instance = 0;
    for (after, victim) in schedule {
        while reader.counts().unwrap().orders < after {
            assert!(Instant::now() < deadline, "order {after} is never written");
            booth.assert_alive();
            rig.central.revive();
            std::thread::sleep(Duration::from_millis(30));
        }
        match victim {
            Victim::Booth => booth.kill_and_restart(),
            Victim::Central => {
                instance = 1 - instance;
                rig.central.kill_and_restart(instance);
            }
            Victim::Postgres => {
                tell.send(()).unwrap();
                continue;
            }
        }
        *killed.get_mut(&victim).unwrap() += 1;
    }
    drop(tell);
    while !executioner.is_finished() {
        rig.central.revive();
        std::thread::sleep(Duration::from_millis(20));
    }
    killed.insert(Victim::Postgres, executioner.join().unwrap());
    let counts = reader.counts().unwrap();
    println!(
        "when the storm ends, {} orders are written and {} events wait",
        counts.orders, counts.events_pending
    );
    killed
}

/// The weather is fair again: everything is written and told.
fn settle(rig: &mut Rig, booth: &mut Booth, reader: &Reader, orders: u64) {
    rig.wire.set(Weather::Calm);
    rig.repeater.is_stormy.store(false, Ordering::Relaxed);
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

fn tell(rig: &Rig, ours: &Book, theirs: &Book, killed: &BTreeMap<Victim, u64>) {
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
