//! Certificates, keys, and a central that does not let the booth in.

use crate::bench::{Bench, Dice, KEY};
use crate::central::hash;
use crate::client::{client, open};
use crate::server::{Fault, certificate, impostor, old_certificate};
use protocol::Key;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use sync::{Link, Refusal};

#[tokio::test]
async fn another_certificate_is_not_spoken_to() {
    let bench = Bench::new().await;
    bench.store.write("order", None);
    bench.server.show(certificate().0);
    bench.sky.until(Duration::from_secs(3_600));
    let running = bench.start();
    bench.until(|| running.line.status().link == Link::PinMismatch).await;
    assert_eq!(bench.server.central.state.lock().requests, Vec::<String>::new(), "nothing was said to it");
    running.stop().await;
}

#[tokio::test]
async fn a_certificate_alone_proves_nothing() {
    use tokio_rustls::rustls::version::{TLS12, TLS13};
    for version in [&TLS12, &TLS13] {
        let bench = Bench::new().await;
        let (shown, pin) = impostor(&[version]);
        bench.server.show(shown);
        bench.store.rows.lock().enrolment.as_mut().unwrap().pins = vec![pin];
        bench.sky.until(Duration::from_secs(600));
        let since = bench.start();
        bench.until(|| bench.server.central.greetings_that_failed.load(Ordering::SeqCst) >= 3).await;
        bench.until(|| matches!(since.line.status().link, Link::Offline { .. })).await;
        assert_eq!(
            bench.server.central.state.lock().requests,
            Vec::<String>::new(),
            "nothing was said to it"
        );
        since.stop().await;
    }
}

#[tokio::test]
async fn an_older_tls_is_spoken_too() {
    let bench = Bench::new().await;
    let (shown, pin) = old_certificate();
    bench.server.show(shown);
    bench.store.rows.lock().enrolment.as_mut().unwrap().pins = vec![pin];
    bench.store.write("order", None);
    bench.drain().await;
}

#[tokio::test]
async fn a_certificate_can_change_once_it_is_announced() {
    let bench = Bench::new().await;
    let (next, pin) = certificate();
    bench.server.central.state.lock().pins = vec![bench.pin, pin];
    let running = bench.start();
    bench.until(|| bench.store.rows.lock().enrolment.as_ref().unwrap().pins.len() == 2).await;
    bench.server.central.state.lock().pins = vec![pin];
    bench.server.show(next);
    // The old connection breaks, as at a restart of the server.
    let mut broken = false;
    bench.server.script(move |_| if std::mem::replace(&mut broken, true) { Fault::None } else { Fault::Cut });
    bench.until(|| bench.store.rows.lock().enrolment.as_ref().unwrap().pins == [pin]).await;
    bench.store.write("order", None);
    running.line.wake();
    bench.until(|| bench.store.waiting() == 0).await;
    assert_eq!(running.line.status().link, Link::Online);
    running.stop().await;
}

#[tokio::test]
async fn a_booth_that_is_not_let_in_sends_nothing_and_asks_rarely() {
    for (status, code, refusal) in [
        (403, "revoked", Refusal::Revoked),
        (403, "forked", Refusal::Forked),
        (401, "unknown_device", Refusal::UnknownDevice),
    ] {
        let bench = Bench::new().await;
        for _ in 0..9 {
            bench.store.write("order", None);
        }
        bench.server.central.state.lock().refuse = Some((status, code));
        bench.sky.until(Duration::from_secs(3_600));
        let running = bench.start();
        bench.until(|| bench.server.central.asked("heartbeat") >= 12).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_eq!(running.line.status().link, Link::Refused(refusal));
        assert!(bench.server.central.asked("heartbeat") <= 13, "every five minutes");
        assert_eq!(bench.server.central.asked("events") + bench.server.central.asked("directory"), 0);
        bench.server.central.state.lock().refuse = None;
        bench.sky.until(Duration::from_secs(4_000));
        bench.until(|| bench.store.waiting() == 0).await;
        assert_eq!(running.line.status().link, Link::Online);
        running.stop().await;
    }
}

#[tokio::test]
async fn a_booth_that_is_revoked_meanwhile_stops() {
    let bench = Bench::new().await;
    let running = bench.start();
    bench.until(|| running.line.status().link == Link::Online).await;
    bench.server.central.state.lock().refuse = Some((403, "revoked"));
    bench.store.write("order", None);
    running.line.wake();
    bench.until(|| running.line.status().link == Link::Refused(Refusal::Revoked)).await;
    assert_eq!(bench.store.waiting(), 1);
    running.stop().await;
}

fn enrolled_key(bench: &Bench) -> (Key, Option<Key>) {
    let rows = bench.store.rows.lock();
    let enrolment = rows.enrolment.as_ref().unwrap();
    (enrolment.key, enrolment.next_key)
}

#[tokio::test]
async fn a_key_is_changed_when_central_asks() {
    let bench = Bench::new().await;
    bench.server.central.state.lock().rotate = true;
    let running = bench.start();
    bench.until(|| enrolled_key(&bench).0 != KEY).await;
    let (key, next) = enrolled_key(&bench);
    assert_eq!(next, None);
    bench.store.write("order", None);
    running.line.wake();
    bench.until(|| bench.store.waiting() == 0).await;
    running.stop().await;
    let state = bench.server.central.state.lock();
    assert_eq!((state.key, state.next), (Some(hash(&key.0)), None));
}

#[tokio::test]
async fn a_call_that_is_on_its_way_while_the_key_changes_comes_through() {
    let bench = Bench::new().await;
    let (client, central) = (client(&bench), Arc::clone(&bench.server.central));
    bench.server.script(|path| if path.contains("closing") { Fault::Gate } else { Fault::None });
    let opened = client.open_trade(&open()).await.unwrap();
    let closing = {
        let (client, number) = (client.clone(), opened.number.clone());
        tokio::spawn(async move { client.close_trade(&number).await })
    };
    bench.until(|| central.asked("closing") == 1).await;
    client.rotate_key(&Dice(AtomicU64::new(7))).await.unwrap();
    client.trade(&opened.number).await.unwrap();
    assert_ne!(enrolled_key(&bench).0, KEY, "the new key has been used");
    central.gate_is_open.store(true, Ordering::SeqCst);
    closing.await.unwrap().unwrap();
    assert_eq!(central.asked("closing"), 2, "once with each key");
}

#[tokio::test]
async fn a_central_that_asks_for_a_key_again_and_again_gets_one_a_minute_at_most() {
    let bench = Bench::new().await;
    bench.server.central.state.lock().always_rotate = true;
    bench.sky.until(Duration::from_secs(1_200));
    let running = bench.start();
    bench.until(|| bench.server.central.asked("heartbeat") > 40).await;
    tokio::time::sleep(Duration::from_millis(30)).await;
    let asked = bench.server.central.asked("device/key");
    assert!((5..=21).contains(&asked), "{asked} keys in twenty minutes");
    running.stop().await;
}

#[tokio::test]
async fn a_change_of_the_key_survives_lost_answers_and_faults_of_the_store() {
    for (lost, failing) in [(0, 3), (1, 0), (3, 0), (2, 9)] {
        let bench = Bench::new().await;
        bench.server.central.state.lock().rotate = true;
        let mut left = lost;
        bench.server.script(move |path| {
            let now = path.contains("device/key") && left > 0;
            left -= usize::from(now);
            if now { Fault::DropAnswer } else { Fault::None }
        });
        bench.store.failing.store(failing, std::sync::atomic::Ordering::SeqCst);
        let running = bench.start();
        bench.until(|| enrolled_key(&bench).0 != KEY && enrolled_key(&bench).1.is_none()).await;
        bench.store.write("order", None);
        running.line.wake();
        bench.until(|| bench.store.waiting() == 0).await;
        running.stop().await;
    }
}

#[tokio::test]
async fn a_booth_that_was_switched_off_in_between_finds_out_which_key_it_is() {
    for known in [KEY, Key([0x22; 32])] {
        let bench = Bench::new().await;
        bench.store.rows.lock().enrolment.as_mut().unwrap().next_key = Some(Key([0x22; 32]));
        bench.server.central.knows(&known);
        bench.store.write("order", None);
        bench.drain().await;
        assert_eq!(enrolled_key(&bench).0, known);
    }
}
