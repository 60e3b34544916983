//! Enrolment, keys, forks, heartbeats.

use crate::batches::{batch, envelope, order, photo};
use crate::bench::{Bench, Booth, json, refused};
use central::devices;
use protocol::enrolment::{Enrol, Enrolled, NextKey};
use protocol::heartbeat::{Heartbeat, HeartbeatAnswer};
use protocol::{Code, Epoch, Key};
use reqwest::{Method, StatusCode};
use serde_json::json as value;
use uuid::Uuid;

fn heartbeat(instance: u128) -> Heartbeat {
    Heartbeat {
        instance: Uuid::from_u128(instance),
        now_ms: 1_790_000_000_000,
        epoch: Epoch([1; 16]),
        acknowledged: 0,
        pending: 0,
        parked: 0,
        oldest_pending_ms: None,
        state: "idle".into(),
        faults: vec![],
        prints_waiting: 0,
        directory_cursor: 0,
        skew_ms: None,
        software: "booth 0.1.0".into(),
    }
}

async fn beat(bench: &Bench, booth: &Booth, instance: u128) -> reqwest::Response {
    bench.send(booth, Method::POST, "/v1/heartbeat", &heartbeat(instance)).await
}

#[tokio::test]
async fn a_code_works_once_and_its_answer_can_be_asked_for_again() {
    let bench = Bench::new().await;
    let client = bench.central.pool.get().await.unwrap();
    let code = devices::invite(&**client, bench.campus, "library").await.unwrap();
    let ask = |code: &str, key: u8| {
        let key_sha256 = devices::key_hash(&Key([key; 32]));
        let asked = Enrol { code: code.into(), key_sha256, booth_number: 3, software: "booth".into() };
        bench.http.post(bench.url("/v1/enrolment")).body(serde_json::to_vec(&asked).unwrap()).send()
    };
    let problem = refused(ask("AAAAAA-AAAAAA-AAAAAA-AAAAAA", 1).await.unwrap(), StatusCode::FORBIDDEN).await;
    assert_eq!(problem.code, Code::InvalidCode, "nobody guesses a code");
    let first: Enrolled = json(ask(&code, 1).await.unwrap()).await;
    let again: Enrolled = json(ask(&code, 1).await.unwrap()).await;
    assert_eq!(first, again, "a lost answer is given again");
    assert_eq!(first.name, "library");
    refused(ask(&code, 2).await.unwrap(), StatusCode::FORBIDDEN).await;
    assert!(devices::invite(&**client, bench.campus, "library").await.is_err(), "the name is a device's now");
}

#[tokio::test]
async fn nobody_without_a_key_reads_or_writes() {
    let bench = Bench::new().await;
    let booth = bench.booth("hall").await;
    let wrong = Booth { key: Key([9; 32]), ..booth.clone() };
    let paths = [
        (Method::POST, "/v1/heartbeat".to_owned()),
        (Method::POST, "/v1/events".to_owned()),
        (Method::GET, "/v1/directory".to_owned()),
        (Method::PUT, format!("/v1/blobs/{}", "a".repeat(64))),
        (Method::POST, "/v1/blobs".to_owned()),
        (Method::PUT, "/v1/device/key".to_owned()),
        (Method::PUT, format!("/v1/commands/{}/outcome", booth.device)),
    ];
    for (method, path) in &paths {
        let problem =
            refused(bench.send(&wrong, method.clone(), path, &value!({})).await, StatusCode::UNAUTHORIZED)
                .await;
        assert_eq!(problem.code, Code::UnknownDevice, "{path}");
        let anonymous = bench.http.request(method.clone(), bench.url(path)).body("{}").send().await.unwrap();
        refused(anonymous, StatusCode::UNAUTHORIZED).await;
    }
    let client = bench.central.pool.get().await.unwrap();
    assert!(devices::revoke(&**client, bench.campus, "hall").await.unwrap());
    for (method, path) in &paths {
        let problem =
            refused(bench.send(&booth, method.clone(), path, &value!({})).await, StatusCode::FORBIDDEN).await;
        assert_eq!(problem.code, Code::Revoked, "a stolen key opens nothing: {path}");
    }
    let again = bench.booth("hall").await;
    let _: HeartbeatAnswer = json(beat(&bench, &again, 1).await).await;
}

#[tokio::test]
async fn a_new_key_makes_the_old_one_void_once_it_is_used() {
    let bench = Bench::new().await;
    let old = bench.booth("gate").await;
    let new = Booth { key: Key([7; 32]), ..old.clone() };
    let next = NextKey { key_sha256: devices::key_hash(&new.key) };
    for _ in 0..2 {
        let told = bench.send(&old, Method::PUT, "/v1/device/key", &next).await;
        assert_eq!(told.status(), StatusCode::NO_CONTENT, "an answer that was lost is asked for again");
    }
    let _: HeartbeatAnswer = json(beat(&bench, &old, 1).await).await;
    let _: HeartbeatAnswer = json(beat(&bench, &new, 1).await).await;
    refused(beat(&bench, &old, 1).await, StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn two_machines_with_one_key_are_suspended() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    for instance in [1, 2, 3, 2] {
        let answer: HeartbeatAnswer = json(beat(&bench, &booth, instance).await).await;
        assert_eq!(answer.pins, bench.central.pins, "restarts are no fork");
    }
    let mut last = None;
    for turn in 0..6 {
        last = Some(beat(&bench, &booth, 1 + turn % 2).await);
    }
    let problem = refused(last.unwrap(), StatusCode::FORBIDDEN).await;
    assert_eq!(problem.code, Code::Forked);
}

#[tokio::test]
async fn a_heartbeat_hears_how_far_its_epoch_is_known() {
    let bench = Bench::new().await;
    let (booth, other) = (bench.booth("library").await, bench.booth("hall").await);
    let sha256 = bench.put_photo(&booth, photo()).await;
    let events = (0..2).map(|n| envelope(n as u64 + 1, &order(1, &sha256)[n])).collect();
    bench.take(&booth, &batch(1, events)).await;
    for (booth, epoch, mark) in [(&booth, 1, 2), (&booth, 2, 0), (&other, 1, 0)] {
        let said = Heartbeat { epoch: Epoch([epoch; 16]), ..heartbeat(1) };
        let answer: HeartbeatAnswer =
            json(bench.send(booth, Method::POST, "/v1/heartbeat", &said).await).await;
        assert_eq!(answer.mark, mark);
    }
}

#[tokio::test]
async fn a_heartbeat_out_of_its_limits_is_refused() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let states = ["idle'; DROP TABLE devices; --", "", "IDLE"];
    for state in states {
        let said = Heartbeat { state: state.into(), ..heartbeat(1) };
        refused(bench.send(&booth, Method::POST, "/v1/heartbeat", &said).await, StatusCode::BAD_REQUEST)
            .await;
    }
    let many = Heartbeat { faults: vec!["jam".into(); 51], ..heartbeat(1) };
    refused(bench.send(&booth, Method::POST, "/v1/heartbeat", &many).await, StatusCode::BAD_REQUEST).await;
    let year_off = Heartbeat { now_ms: i64::MIN, ..heartbeat(1) };
    let _: HeartbeatAnswer = json(bench.send(&booth, Method::POST, "/v1/heartbeat", &year_off).await).await;
}
