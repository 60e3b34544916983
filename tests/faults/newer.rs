//! A booth that is newer than central: what central doesn't know is parked, blocks nothing, and is taken once central is newer too.

use crate::books::differences;
use crate::central_book::of_central;
use crate::rig::{Rig, script, until};
use bytes::Bytes;
use end_to_end::orders::STEADY_PLANS;
use end_to_end::postgres::Postgres;
use std::sync::Arc;

/// A kind that no central knows, and the one that it means.
const NEWER: (&str, &str) = ("\"kind\":\"reprint_made_again\"", "\"kind\":\"reprint_made\"");

fn replaced(body: &Bytes, from: &str, to: &str) -> Bytes {
    String::from_utf8_lossy(body).replace(from, to).into()
}

#[test]
fn an_event_of_a_newer_booth_waits_for_a_newer_central() {
    let cluster = Postgres::shared();
    let rig = Rig::new(cluster, 1, 29);
    let booth = rig.booth("library", script(29, STEADY_PLANS));
    rig.wire.lead_to(vec![rig.repeater.port]);
    // On its way, the booth's event becomes one of a kind that this central doesn't know.
    *rig.repeater.rewrite_request.lock() = Some(Arc::new(|path, body| match path {
        "/v1/events" => replaced(&body, NEWER.1, NEWER.0),
        _ => body,
    }));
    booth.write(1..=40);
    let running = booth.start();
    booth.until_drained();
    let parked = booth.ledger.read().parked_events().unwrap();
    assert!(!parked.is_empty() && parked.iter().all(|event| event.reason == "newer_version"), "{parked:?}");
    assert!(!differences(&booth.book(), &of_central(cluster, &rig.central)).is_empty());
    // Central is upgraded: it says so in its heartbeats, and knows the kind.
    *rig.repeater.rewrite_request.lock() = None;
    *rig.repeater.rewrite_answer.lock() = Some(Arc::new(|path, body| match path {
        "/v1/heartbeat" => replaced(&body, "\"software\":\"", "\"software\":\"newer "),
        _ => body,
    }));
    until("the parked events to be taken", || booth.ledger.read().parked_events().unwrap().is_empty());
    booth.until_drained();
    drop(running);
    crate::books::check_booth(booth.ledger.read());
    rig.assert_agreement(cluster, &booth.book());
}
