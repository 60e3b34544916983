//! The way misbehaves. Whatever it does, each event takes effect once, in order, after its photo.

use crate::bench::{Bench, HASTY};
use crate::server::Fault;
use proptest::prelude::*;
use std::collections::VecDeque;

/// Twelve events, every second with a photo, through a script of faults.
async fn survives(script: impl FnMut(&str) -> Fault + Send + 'static) -> Bench {
    survived(Bench::new().await, script).await
}

async fn survived(bench: Bench, script: impl FnMut(&str) -> Fault + Send + 'static) -> Bench {
    for n in 0..12 {
        bench.store.write("order", (n % 2 == 0).then(|| vec![n; 20_000]));
    }
    bench.server.script(script);
    bench.drain().await;
    assert_eq!(bench.server.central.applied(), (1..=12).collect::<Vec<_>>());
    bench
}

fn every(nth: usize, path: &'static str, fault: Fault) -> impl FnMut(&str) -> Fault + Send + 'static {
    let mut seen = 0;
    move |asked| {
        seen += usize::from(asked.contains(path));
        if asked.contains(path) && seen % nth == 0 { fault } else { Fault::None }
    }
}

/// The first times only: a fault that never ends lets nothing through.
fn first(times: usize, path: &'static str, fault: Fault) -> impl FnMut(&str) -> Fault + Send + 'static {
    let mut left = times;
    move |asked| {
        let now = asked.contains(path) && left > 0;
        left -= usize::from(now);
        if now { fault } else { Fault::None }
    }
}

#[tokio::test]
async fn the_connection_is_cut_in_the_middle_of_blobs() {
    survives(every(2, "blobs", Fault::Cut)).await;
}

#[tokio::test]
async fn every_third_answer_is_lost_after_it_took_effect() {
    survives(every(3, "", Fault::DropAnswer)).await;
}

#[tokio::test]
async fn the_first_batches_take_effect_and_their_answers_are_lost() {
    let bench = survives(first(5, "events", Fault::DropAnswer)).await;
    assert_eq!(bench.server.central.asked("events"), 6);
}

#[tokio::test]
async fn answers_are_truncated_rubbish_or_of_another_kind() {
    for fault in [Fault::Truncate, Fault::Rubbish, Fault::OtherJson] {
        survives(every(2, "", fault)).await;
        survives(first(4, "events", fault)).await;
    }
}

#[tokio::test]
async fn answers_without_end_are_given_up() {
    survives(first(2, "events", Fault::Huge)).await;
    survives(first(2, "heartbeat", Fault::Huge)).await;
}

#[tokio::test]
async fn a_gateway_answers_with_its_own_pages() {
    for status in [301, 403, 404, 408, 500, 502, 503] {
        survives(every(2, "", Fault::Page(status))).await;
    }
}

#[tokio::test]
async fn requests_arrive_twice() {
    survives(|_| Fault::Twice).await;
}

#[tokio::test]
async fn answers_come_too_late() {
    let mut bench = Bench::new().await;
    bench.settings.answer_timeout = HASTY;
    survived(bench, first(1, "events", Fault::Delay(2_500))).await;
}

#[tokio::test]
async fn central_says_when_it_wants_to_be_asked_again() {
    let bench = Bench::new().await;
    bench.store.write("order", None);
    bench.server.script(first(3, "events", Fault::Wait(100)));
    bench.drain().await;
    assert_eq!(bench.server.central.asked("events"), 4);
    let asked = bench.server.central.asked("heartbeat");
    assert!((9..=16).contains(&asked), "five minutes pass, in {asked} heartbeats");
}

fn faults() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => Just(Fault::None),
        1 => Just(Fault::Cut),
        1 => Just(Fault::DropAnswer),
        1 => Just(Fault::Truncate),
        1 => Just(Fault::Twice),
        1 => Just(Fault::Rubbish),
        1 => Just(Fault::OtherJson),
        1 => Just(Fault::Wait(3)),
        1 => (0usize..10).prop_map(Fault::Restored),
        1 => prop_oneof![Just(302), Just(401), Just(403), Just(404), Just(413), Just(422), Just(500), Just(503)].prop_map(Fault::Page),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 200, ..ProptestConfig::default() })]

    /// A page of a gateway's with 413 or 422 may blame a blob or an event that is not to blame: then it is parked, and staff offer it again.
    #[test]
    fn any_row_of_faults_is_survived(script in proptest::collection::vec(faults(), 0..40), blobs in proptest::collection::vec(any::<bool>(), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let bench = Bench::new().await;
            for (n, blob) in blobs.iter().enumerate() {
                bench.store.write("order", blob.then(|| vec![n as u8; 9_000]));
            }
            let mut script = VecDeque::from(script);
            bench.server.script(move |_| script.pop_front().unwrap_or(Fault::None));
            bench.drain().await;
            // A central that was restored since the last event tells of it at the next one.
            bench.server.script(|_| Fault::None);
            bench.store.write("order", None);
            bench.drain().await;
            let applied = bench.server.central.applied();
            assert!(applied.is_sorted_by(|a, b| a < b), "in order, and once: {applied:?}");
            let rows = bench.store.rows.lock();
            for (pending, stands) in &rows.events {
                let acknowledged = *stands == crate::store::Stands::Acknowledged;
                assert_eq!(acknowledged, applied.contains(&pending.sequence), "{stands:?}");
            }
        });
    }
}
