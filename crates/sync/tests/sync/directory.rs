//! The directory, commands, the clock.

use crate::bench::Bench;
use crate::store::Memory;
use protocol::directory::{CommandOutcome, Entry, Item, Notice};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Duration;
use uuid::Uuid;

fn entry(position: u64) -> Entry {
    let (zh, en) = (Some(format!("{position}")), None);
    Entry { position, item: Item::Notice(Notice { id: Uuid::from_u128(1), zh, en, from_ms: 0, until_ms: 9 }) }
}

fn taken(store: &Memory) -> HashMap<u64, Entry> {
    store.rows.lock().directory.clone()
}

#[tokio::test]
async fn the_directory_is_pulled_page_by_page_and_later_what_is_new() {
    let bench = Bench::new().await;
    bench.server.central.state.lock().directory = (1..=35).map(entry).collect();
    let running = bench.start();
    bench.until(|| bench.store.rows.lock().cursor == 35).await;
    assert_eq!((taken(&bench.store).len(), bench.store.rows.lock().pages), (35, 4));
    bench.server.central.state.lock().directory.push(entry(40));
    bench.until(|| bench.store.rows.lock().cursor == 40).await;
    assert_eq!(bench.store.rows.lock().pages, 5);
    running.stop().await;
}

#[tokio::test]
async fn a_page_that_cannot_be_taken_now_is_pulled_again() {
    let bench = Bench::new().await;
    bench.server.central.state.lock().directory = (1..=5).map(entry).collect();
    bench.store.later.store(true, Ordering::SeqCst);
    bench.sky.until(Duration::from_secs(600));
    let running = bench.start();
    bench.until(|| bench.server.central.asked("directory") > 15).await;
    assert!(bench.server.central.asked("directory") < 50, "twice a minute");
    bench.store.later.store(false, Ordering::SeqCst);
    bench.sky.until(Duration::from_secs(1_200));
    bench.until(|| bench.store.rows.lock().cursor == 5).await;
    running.stop().await;
}

#[tokio::test]
async fn everything_is_pulled_once_more_where_central_was_restored() {
    let bench = Bench::new().await;
    bench.server.central.state.lock().directory = (1..=15).map(entry).collect();
    let running = bench.start();
    bench.until(|| bench.store.rows.lock().cursor == 15).await;
    bench.server.central.state.lock().directory = (1..=12).map(entry).collect();
    bench.until(|| bench.store.rows.lock().cursor == 12).await;
    bench.server.central.state.lock().directory.push(entry(13));
    bench.until(|| bench.store.rows.lock().cursor == 13).await;
    running.stop().await;
}

#[tokio::test]
async fn a_restored_central_whose_directory_has_grown_again_is_heard_from_the_beginning() {
    let bench = Bench::new().await;
    for _ in 0..4 {
        bench.store.write("order", None);
    }
    bench.server.central.state.lock().directory = (1..=5).map(entry).collect();
    let running = bench.start();
    bench.until(|| bench.store.rows.lock().cursor == 5 && bench.store.waiting() == 0).await;
    // The backup knew two positions, and the others have been given out anew since.
    let anew = |position| match position {
        ..=2 => entry(position),
        _ => Entry { position, ..entry(100 + position) },
    };
    {
        let mut state = bench.server.central.state.lock();
        state.restore(2);
        state.directory = (1..=8).map(anew).collect();
    }
    bench.until(|| bench.store.rows.lock().cursor == 8 && bench.store.waiting() == 0).await;
    let heard = taken(&bench.store);
    assert!((1..=8).all(|position| heard[&position] == anew(position)), "nothing was passed over");
    running.stop().await;
}

#[tokio::test]
async fn outcomes_of_commands_are_told_until_central_knows_them() {
    let bench = Bench::new().await;
    let done = CommandOutcome { done: true, reason: String::new(), at_ms: 1 };
    bench.store.rows.lock().outcomes = (1..4).map(|id| (Uuid::from_u128(id), done.clone())).collect();
    let mut seen = 0;
    bench.server.script(move |path| {
        seen += usize::from(path.contains("commands"));
        match (path.contains("commands"), seen) {
            (true, 1) => crate::server::Fault::DropAnswer,
            (true, 2) => crate::server::Fault::Page(503),
            _ => crate::server::Fault::None,
        }
    });
    let running = bench.start();
    bench.until(|| bench.store.rows.lock().outcomes.is_empty()).await;
    assert_eq!(bench.server.central.state.lock().outcomes.len(), 4);
    running.stop().await;
}

#[tokio::test]
async fn the_clock_is_held_against_central_s() {
    let bench = Bench::new().await;
    bench.server.central.state.lock().now_ms = 90_000;
    let running = bench.start();
    bench.until(|| bench.server.central.asked("heartbeat") > 2).await;
    let skew = running.line.status().skew_ms.unwrap();
    assert!((89_000..=91_000).contains(&skew), "{skew} ms behind");
    assert!(bench.server.central.state.lock().heartbeats[1].skew_ms.is_some());
    // Somebody sets the booth's clock.
    *bench.sky.wall_ahead_ms.lock() += 90_000;
    bench.server.central.state.lock().now_ms = 0;
    bench.until(|| running.line.status().skew_ms.unwrap().abs() < 1_000).await;
    running.stop().await;
}

#[tokio::test]
async fn a_heartbeat_comes_twice_a_minute() {
    let bench = Bench::new().await;
    bench.sky.until(Duration::from_secs(3_600));
    let running = bench.start();
    bench.until(|| bench.server.central.asked("heartbeat") >= 119).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let asked = bench.server.central.asked("heartbeat");
    assert!((119..=135).contains(&asked), "{asked} in an hour");
    running.stop().await;
}
