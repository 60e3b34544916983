//! How fast a long outbox drains, beside plain uploads of as many bytes: `drain [ORDERS [BYTES_A_SECOND]]`; the rate limits both, as a
//! booth's line does.
//!
//! One booth, one central over TLS, one PostgreSQL, all on this machine. Both runs use the same client, the same number of requests at
//! a time and fresh photos of the same sizes. The first reads the ledger besides, tells the events and keeps the answers, and sends
//! several photos with one request as a booth does; the second sends each with a `PUT` of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that can't be made is to stop"
)]

use booth::CentralStore;
use bytes::Bytes;
use end_to_end::central::Central;
use end_to_end::courier::{self, Running};
use end_to_end::orders::{Plan, Script, Writer};
use end_to_end::postgres::Postgres;
use futures_util::{StreamExt as _, stream};
use sha2::Digest as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync::{Client, Settings, Status, Store as _, SystemClock};

/// Each with a payment and a photo.
const PAID: &[Plan] = &[Plan::Counter];

const JPEG: &[u8] = include_bytes!("../../../crates/central/tests/central/photo.jpg");
/// What a camera gives.
const FRAME: &[u8] = include_bytes!("../../../assets/sample/faces/p03__blue_cloth.jpg");

fn main() {
    let given = |place| {
        std::env::args().nth(place).map(|text| text.parse().expect("drain [ORDERS [BYTES_A_SECOND]]"))
    };
    let orders = given(1).unwrap_or(10_000);
    let bytes_per_second = given(2).map_or(0, |rate| u32::try_from(rate).expect("a rate of 32 bits"));
    let settings = Settings { bytes_per_second, ..Settings::new("drain") };
    let folder = tempfile::tempdir().unwrap();
    let cluster = Postgres::own("drain");
    let central = Central::start(&folder.path().join("central"), &cluster, 1, None, None);
    let script = Script::new(orders, PAID, JPEG.to_vec()).shot_as(FRAME);
    let (told, events) = drain(folder.path(), &central, &script, orders, settings.clone());
    let plain = upload(folder.path(), &script, orders, &settings);
    let bytes: usize = (1..=orders).map(|number| script.jpeg(number, 0).len()).sum();
    let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    println!("{orders} orders, {events} events, {:.1} MB of photos", bytes as f64 / 1e6);
    println!(
        "drained in {:.1} s: {:.1} MB/s, {:.0} events/s",
        told.as_secs_f64(),
        rate(told),
        events as f64 / told.as_secs_f64()
    );
    println!("uploaded alone in {:.1} s: {:.1} MB/s", plain.as_secs_f64(), rate(plain));
    println!("ratio {:.2}", plain.as_secs_f64() / told.as_secs_f64());
}

/// Writes the orders, and tells them; how long the telling took, and how many events it was.
fn drain(
    folder: &Path,
    central: &Central,
    script: &Script,
    orders: u64,
    settings: Settings,
) -> (Duration, u64) {
    let booth = folder.join("booth");
    std::fs::create_dir_all(&booth).unwrap();
    let ledger = courier::open(&booth).unwrap();
    courier::enrol(&ledger, &central.invite("library")).unwrap();
    let writer = Writer::new(Arc::clone(&ledger), script.clone());
    let begun = Instant::now();
    for number in 1..=orders {
        writer.write(number).unwrap();
    }
    println!("written in {:.1} s", begun.elapsed().as_secs_f64());
    let waiting = ledger.read().outbox_backlog().unwrap().pending;
    let begun = Instant::now();
    let running = Running::start(&ledger, settings).unwrap();
    // The courier tells after each round what still waits; to ask the ledger would take from what is measured.
    let mut status = running.line.watch();
    let is_told = |status: &Status| status.backlog.is_some_and(|backlog| backlog.pending == 0);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async { status.wait_for(is_told).await.map(drop) }).expect("the courier runs");
    let told = begun.elapsed();
    assert_eq!(ledger.read().outbox_backlog().unwrap().pending, 0, "everything was told");
    drop(running);
    assert!(ledger.read().parked_events().unwrap().is_empty(), "nothing was refused");
    (told, waiting)
}

/// Uploads other photos of the same sizes, and nothing else; how long that took.
fn upload(folder: &Path, script: &Script, orders: u64, settings: &Settings) -> Duration {
    let store = Arc::new(CentralStore::stopped(courier::open(&folder.join("booth")).unwrap()));
    let enrolment = store.enrolment().unwrap().expect("the booth has enrolled");
    let client = Client::new(enrolment, store, settings, Arc::new(SystemClock::new())).unwrap();
    let photos = (1..=orders).map(|number| {
        let mut photo = script.jpeg(number, 0);
        *photo.last_mut().unwrap() ^= 0xFF;
        let sha256 = protocol::Digest(sha2::Sha256::digest(&photo).into());
        (sha256, Bytes::from(photo))
    });
    let photos: Vec<_> = photos.collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let begun = Instant::now();
    runtime.block_on(async {
        let client = &client;
        let puts = photos.into_iter().map(async |(sha256, photo)| client.put_blob(&sha256, photo).await);
        let mut puts = stream::iter(puts).buffer_unordered(settings.parallel_blobs);
        while let Some(put) = puts.next().await {
            put.unwrap();
        }
    });
    begun.elapsed()
}
