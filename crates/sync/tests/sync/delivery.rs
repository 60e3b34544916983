//! What becomes of events and their blobs.

use crate::bench::Bench;
use crate::central::Kept;
use crate::server::Fault;
use crate::store::{EPOCH, Stands};
use protocol::batch::Reason;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use sync::Link;

fn photo(n: usize) -> Option<Vec<u8>> {
    Some(format!("photo {n} ").repeat(500).into_bytes())
}

fn write(bench: &Bench, count: usize) {
    for n in 0..count {
        bench.store.write("order", if n % 3 == 0 { photo(n) } else { None });
    }
}

fn all(count: u64) -> Vec<u64> {
    (1..=count).collect()
}

#[tokio::test]
async fn every_event_takes_effect_once_and_in_order() {
    let bench = Bench::new().await;
    write(&bench, 950);
    let status = bench.drain().await;
    assert_eq!(bench.server.central.applied(), all(950));
    assert_eq!(status.link, Link::Online);
    assert!(status.stalled_since.is_none() && status.demonstration && status.means == ["alipay"]);
    let state = bench.server.central.state.lock();
    let posts = state.requests.iter().filter(|request| request.contains("events")).count();
    let puts = state.requests.iter().filter(|request| request.contains("blobs")).count();
    assert!(posts <= 16, "{posts} batches for 950 events");
    assert_eq!(state.blobs_arrived, 317, "each blob is sent once");
    // One blob a request at first, then twice as many, up to sixteen: twenty requests of sixteen, and a few smaller ones before.
    assert!(puts < 50, "{puts} requests for 317 blobs");
    assert!(bench.store.rows.lock().largest_window <= 1_000, "what is read at once is bounded");
}

#[tokio::test]
async fn several_blobs_are_under_way_and_one_while_a_student_is_here() {
    for (state, most) in [("idle", 6), ("busy", 1)] {
        let bench = Bench::new().await;
        bench.store.rows.lock().state = state.to_owned();
        let central = Arc::clone(&bench.server.central);
        // None goes on until as many are there as may be.
        bench.server.script(move |path| {
            let is_last = path.contains("blobs") && central.blobs_under_way() + 1 >= most;
            central.gate_is_open.fetch_or(is_last, Ordering::SeqCst);
            if path.contains("blobs") { Fault::Gate } else { Fault::None }
        });
        for n in 0..40 {
            bench.store.write("photo", photo(n));
        }
        bench.drain().await;
        assert_eq!(bench.server.central.most_blobs_under_way.load(Ordering::SeqCst), most, "{state}");
        let together = bench.server.central.asked("POST /v1/blobs") > 0;
        assert_eq!(together, state == "idle", "no photos travel together while a student is here");
        let rests = bench.sky.short_waits.load(Ordering::SeqCst);
        assert_eq!(rests, if state == "idle" { 0 } else { 40 }, "a rest after each photo, for the student");
    }
}

#[tokio::test]
async fn a_line_that_takes_long_carries_one_blob_a_request() {
    let bench = Bench::new().await;
    let sky = Arc::clone(&bench.sky);
    // The booth's clock: each request takes a second and a half.
    bench.server.script(move |path| {
        if path.contains("blobs") {
            sky.pass(Duration::from_millis(1_500));
        }
        Fault::None
    });
    for n in 0..60 {
        bench.store.write("photo", photo(n));
    }
    bench.drain().await;
    assert_eq!(bench.server.central.applied(), all(60));
    assert_eq!(bench.server.central.asked("POST /v1/blobs"), 0);
}

#[tokio::test]
async fn fewer_blobs_travel_together_once_a_line_takes_long() {
    let bench = Bench::new().await;
    let (sky, central) = (Arc::clone(&bench.sky), Arc::clone(&bench.server.central));
    // Quick at first, and slow from the hundredth photo on.
    bench.server.script(move |path| {
        if path.contains("blobs") && central.state.lock().blobs_arrived > 100 {
            sky.pass(Duration::from_millis(1_500));
        }
        Fault::None
    });
    for n in 0..600 {
        bench.store.write("photo", photo(n));
    }
    bench.drain().await;
    let state = bench.server.central.state.lock();
    assert_eq!(state.blobs_arrived, 600);
    // Six requests are under way at a time. However they overtake each other, it is slow once 116 have arrived and six more requests of
    // sixteen; then each of the six asks for sixteen, eight, four and two at most once more. These are 392 photos.
    let (first, last) = state.blob_requests.split_at(state.blob_requests.len() - 200);
    assert!(first.contains(&16), "{first:?}");
    assert!(last.iter().all(|blobs| *blobs == 1), "{last:?}");
}

#[tokio::test]
async fn what_is_refused_together_travels_alone() {
    let bench = Bench::new().await;
    bench.server.script(|path| if path.ends_with("blobs") { Fault::Page(413) } else { Fault::None });
    write(&bench, 90);
    let large = bench.store.write("photo", Some(vec![7; protocol::blob::LARGEST_BUNDLE]));
    write(&bench, 90);
    bench.drain().await;
    assert_eq!(bench.server.central.applied(), all(181));
    assert_eq!(bench.store.stands(large), Stands::Acknowledged);
    // Six requests may be under way by the time that the first is refused.
    let together = bench.server.central.asked("POST /v1/blobs");
    assert!((1..=6).contains(&together), "{together} requests with several");
}

#[tokio::test]
async fn a_central_that_knows_no_bundles_is_sent_one_blob_a_request() {
    let bench = Bench::new().await;
    bench.server.script(|path| if path.ends_with("blobs") { Fault::Page(404) } else { Fault::None });
    write(&bench, 300);
    let status = bench.drain().await;
    assert_eq!(bench.server.central.applied(), all(300));
    assert!(status.stalled_since.is_none());
    assert!((1..=6).contains(&bench.server.central.asked("POST /v1/blobs")));
}

#[tokio::test]
async fn blobs_together_survive_every_fault_of_the_way() {
    let faults =
        [Fault::Cut, Fault::DropAnswer, Fault::Truncate, Fault::Twice, Fault::Rubbish, Fault::Page(503)];
    for fault in faults {
        let bench = Bench::new().await;
        let mut bundles = 0;
        bench.server.script(move |path| {
            bundles += usize::from(path.ends_with("blobs"));
            if path.ends_with("blobs") && bundles % 2 == 1 { fault } else { Fault::None }
        });
        for n in 0..120 {
            bench.store.write("photo", photo(n));
        }
        bench.drain().await;
        assert_eq!(bench.server.central.applied(), all(120), "{fault:?}");
        assert!(bench.server.central.asked("POST /v1/blobs") > 2, "{fault:?}");
    }
}

#[tokio::test]
async fn a_thin_line_carries_fewer_blobs_at_once() {
    let bench = Bench::new().await;
    let central = Arc::clone(&bench.server.central);
    // Two at once are carried in time, and any more are not.
    bench.server.script(move |path| match path.contains("blobs") {
        true if central.blobs_under_way() >= 2 => Fault::Page(408),
        true => Fault::Delay(5),
        false => Fault::None,
    });
    for n in 0..60 {
        bench.store.write("photo", photo(n));
    }
    bench.drain().await;
    assert_eq!(bench.server.central.applied(), all(60));
    let puts = bench.server.central.asked("blobs");
    assert!(puts < 90, "{puts} attempts for 60 photos");
}

#[tokio::test]
async fn blobs_of_the_next_batch_travel_while_one_is_posted() {
    let bench = Bench::new().await;
    let central = Arc::clone(&bench.server.central);
    let overlapped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&overlapped);
    bench.server.script(move |path| {
        if path.contains("blobs") && central.asked("/events") > 0 && central.applied().is_empty() {
            flag.store(true, Ordering::SeqCst);
            central.gate_is_open.store(true, Ordering::SeqCst);
        }
        if path.contains("events") { Fault::Gate } else { Fault::Delay(2) }
    });
    for n in 0..700 {
        bench.store.write("photo", Some(format!("{n}").into_bytes()));
    }
    bench.drain().await;
    assert!(overlapped.load(Ordering::SeqCst), "a blob arrived while the first batch was under way");
}

#[tokio::test]
async fn an_event_that_was_written_meanwhile_is_told_at_once() {
    let bench = Bench::new().await;
    bench.sky.until(Duration::ZERO);
    let running = bench.start();
    bench.until(|| bench.server.central.asked("heartbeat") == 1).await;
    bench.until(|| running.line.status().link == Link::Online).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    let (before, heartbeats) =
        (bench.server.central.asked("events"), bench.server.central.asked("heartbeat"));
    bench.store.write("order", photo(1));
    running.line.wake();
    bench.until(|| bench.store.waiting() == 0).await;
    assert_eq!(bench.server.central.asked("events"), before + 1);
    assert_eq!(bench.server.central.asked("heartbeat"), heartbeats, "no time has passed");
    running.stop().await;
}

#[tokio::test]
async fn a_blob_that_central_lost_is_brought_again() {
    let bench = Bench::new().await;
    bench.server.central.state.lock().lose_blobs = 2;
    write(&bench, 9);
    bench.drain().await;
    assert_eq!(bench.server.central.applied(), all(9));
}

#[tokio::test]
async fn a_central_that_loses_every_blob_is_not_asked_without_a_pause() {
    let bench = Bench::new().await;
    bench.server.central.state.lock().lose_blobs = u32::MAX;
    write(&bench, 1);
    bench.sky.until(Duration::from_secs(3_600));
    let running = bench.start();
    bench.until(|| bench.server.central.asked("heartbeat") > 100).await;
    let (posts, puts) = (bench.server.central.asked("events"), bench.server.central.asked("blobs"));
    assert!((30..250).contains(&posts) && puts <= posts + 1, "{posts} batches and {puts} blobs in an hour");
    assert!(running.line.status().stalled_since.is_some());
    running.stop().await;
}

#[tokio::test]
async fn what_must_be_offered_again_is() {
    let bench = Bench::new().await;
    write(&bench, 5);
    let third = bench.store.rows.lock().events[2].0.event;
    bench.server.central.state.lock().unavailable.insert(third, 4);
    bench.drain().await;
    assert_eq!(bench.server.central.applied(), all(5));
}

#[tokio::test]
async fn a_central_that_was_restored_gets_again_what_it_lost() {
    let bench = Bench::new().await;
    write(&bench, 6);
    bench.store.write("newer", None);
    bench.server.central.state.lock().software = "1".to_owned();
    write(&bench, 3);
    bench.drain().await;
    assert_eq!(bench.server.central.applied(), [1, 2, 3, 4, 5, 6, 8, 9, 10], "the seventh is parked");
    // The backup knows the first four, and some of the photos.
    let mut kept = bench.server.central.state.lock().kept.clone();
    kept.applied.truncate(4);
    kept.marks.insert(EPOCH, 4);
    kept.blobs.clear();
    kept.rejected.clear();
    bench.server.central.state.lock().kept = kept;
    // A heartbeat finds it out: the booth has nothing new to tell.
    let running = bench.start();
    bench.until(|| bench.server.central.applied().len() == 9 && bench.store.waiting() == 0).await;
    running.stop().await;
    assert_eq!(bench.server.central.applied(), [1, 2, 3, 4, 5, 6, 8, 9, 10]);
    let seventh = bench.store.rows.lock().events[6].0.event;
    assert_eq!(bench.store.stands(seventh), Stands::Parked(Some(Reason::NewerVersion)));
}

#[tokio::test]
async fn a_central_that_lost_everything_gets_everything_and_purged_events_as_places() {
    let bench = Bench::new().await;
    write(&bench, 5);
    bench.drain().await;
    bench.server.central.state.lock().kept = Kept::default();
    bench.store.rows.lock().events[1].0.json = None;
    write(&bench, 1);
    bench.drain().await;
    assert_eq!(bench.server.central.applied(), [1, 3, 4, 5, 6]);
}

#[tokio::test]
async fn an_event_that_central_cannot_read_is_parked_and_blocks_nothing() {
    let bench = Bench::new().await;
    write(&bench, 3);
    for json in [&b"no JSON"[..], b"\xff\xfe", b"{}"] {
        let event = bench.store.write("x", None);
        bench.store.rows.lock().events.last_mut().unwrap().0.json = Some(json.to_vec());
        assert_eq!(bench.store.stands(event), Stands::Waits);
    }
    write(&bench, 3);
    bench.drain().await;
    assert_eq!(bench.server.central.applied(), [1, 2, 3, 7, 8, 9]);
    for (_, stands) in &bench.store.rows.lock().events[3..6] {
        assert_eq!(*stands, Stands::Parked(Some(Reason::Unreadable)));
    }
}

#[tokio::test]
async fn a_batch_that_is_refused_as_a_whole_is_split_down_to_the_event_to_blame() {
    for (status, reason) in [(413, Reason::TooLarge), (422, Reason::Unreadable), (400, Reason::Unreadable)] {
        let bench = Bench::new().await;
        write(&bench, 230);
        let poison = bench.store.rows.lock().events[77].0.event;
        bench.server.central.state.lock().poison.insert(poison, status);
        bench.drain().await;
        assert_eq!(bench.server.central.applied().len(), 229, "{status}");
        assert_eq!(bench.store.stands(poison), Stands::Parked(Some(reason)));
        let posts = bench.server.central.asked("events");
        assert!(posts < 60, "{posts} batches to find one event");
    }
}

#[tokio::test]
async fn a_central_that_refuses_every_body_parks_nothing() {
    let bench = Bench::new().await;
    write(&bench, 20);
    bench.server.script(|path| if path.contains("events") { Fault::Page(422) } else { Fault::None });
    bench.sky.until(Duration::from_secs(1_800));
    let running = bench.start();
    bench.until(|| bench.server.central.asked("heartbeat") > 50).await;
    assert_eq!(bench.store.waiting(), 20, "it isn't the events' fault");
    assert!(bench.server.central.asked("events") < 150);
    assert!(running.line.status().stalled_since.is_some());
    running.stop().await;
}

#[tokio::test]
async fn an_event_whose_photo_is_gone_or_damaged_is_parked_and_blocks_nothing() {
    let bench = Bench::new().await;
    // So many that some travel together.
    write(&bench, 60);
    let gone = bench.store.write("photo", photo(1));
    let damaged = bench.store.write("photo", photo(2));
    let there = bench.store.write("photo", photo(3));
    {
        let mut rows = bench.store.rows.lock();
        let blobs: Vec<_> = rows.events[60..].iter().map(|(pending, _)| pending.blob.unwrap()).collect();
        rows.blobs.remove(&blobs[0]);
        rows.blobs.get_mut(&blobs[1]).unwrap()[0] ^= 1;
        // Central has this one from before it lost its events.
        rows.blobs.remove(&blobs[2]);
        bench.server.central.state.lock().kept.blobs.insert(blobs[2]);
    }
    write(&bench, 2);
    bench.drain().await;
    assert_eq!(bench.store.stands(gone), Stands::Parked(Some(Reason::BlobMissing)));
    assert_eq!(bench.store.stands(damaged), Stands::Parked(Some(Reason::BlobMissing)));
    assert_eq!(bench.store.stands(there), Stands::Acknowledged);
    let there: Vec<u64> = (1..=60).chain(63..=65).collect();
    assert_eq!(bench.server.central.applied(), there);
}

#[tokio::test]
async fn parked_events_are_offered_again_to_a_newer_central() {
    let bench = Bench::new().await;
    bench.server.central.state.lock().software = "1".to_owned();
    let event = bench.store.write("newer", None);
    bench.drain().await;
    assert_eq!(bench.store.stands(event), Stands::Parked(Some(Reason::NewerVersion)));
    let running = bench.start();
    bench.until(|| bench.server.central.asked("heartbeat") > 3).await;
    bench.server.central.state.lock().software = "2".to_owned();
    bench.until(|| bench.store.stands(event) == Stands::Acknowledged).await;
    running.stop().await;
}

#[tokio::test]
async fn a_store_that_fails_loses_nothing() {
    let bench = Bench::new().await;
    write(&bench, 300);
    bench.store.failing.store(7, Ordering::SeqCst);
    bench.drain().await;
    assert_eq!(bench.server.central.applied(), all(300));
}

#[tokio::test]
async fn events_of_two_epochs_never_share_a_batch() {
    let bench = Bench::new().await;
    write(&bench, 4);
    for (at, (pending, _)) in bench.store.rows.lock().events.iter_mut().enumerate().skip(2) {
        (pending.epoch, pending.sequence) = (protocol::Epoch([9; 16]), at as u64 - 1);
    }
    bench.drain().await;
    assert_eq!(bench.server.central.applied(), [1, 2, 1, 2]);
    assert_eq!(bench.server.central.asked("events"), 2);
}
