//! Events and their photos: once, in order, whatever is sent.

use crate::bench::{Bench, Booth, json, refused};
use protocol::batch::{Batch, BatchAnswer, Envelope, Outcome, Reason};
use protocol::blob::StoredBlob;
use protocol::{Code, Digest, Epoch, Event};
use reqwest::{Method, Response, StatusCode};
use serde_json::value::to_raw_value;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

pub const AT: i64 = 1_790_000_000_000;

/// An official photo of the samples.
pub fn photo() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/central/photo.jpg")).unwrap()
}

pub fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(7, number)
}

/// Order number `n`, with its payment and its photo.
pub fn order(n: u64, sha256: &Digest) -> [Event; 3] {
    let order_id = id(n).to_string();
    let placed = protocol::OrderPlaced {
        order_id: order_id.clone(),
        order_number: format!("038 {n:07}"),
        programme: "degree".into(),
        amount_fen: 2_500,
        sheets: 1,
        prints: vec![],
        delivery: "here".into(),
        reprint_of: None,
        disputed: vec!["major".into()],
        at_ms: AT,
    };
    let settled = protocol::PaymentSettled {
        order_id: order_id.clone(),
        payment_id: id(1_000_000 + n).to_string(),
        means: "counter".into(),
        amount_fen: 2_500,
        at_ms: AT,
    };
    let person = protocol::Person {
        name: "测试甲".into(),
        document_kind: "passport".into(),
        document_number: format!("E{n:08}"),
        student_number: format!("2026{n:06}"),
        phone: "13800000000".into(),
        email: None,
        gender: Some("female".into()),
    };
    let measures = vec![protocol::Measure { name: "eye_line".into(), value: 1.5, unit: "px".into() }];
    let photo = protocol::Photo {
        photo_id: id(2_000_000 + n).to_string(),
        sha256: sha256.to_string(),
        bytes: 1,
        specification: "degree".into(),
        measures,
    };
    let order_number = format!("038 {n:07}");
    let programme = "degree".into();
    let submitted =
        protocol::CollectionSubmitted { order_id, order_number, programme, person, photo, at_ms: AT };
    [Event::OrderPlaced(placed), Event::PaymentSettled(settled), Event::CollectionSubmitted(submitted)]
}

pub fn envelope(sequence: u64, event: &Event) -> Envelope {
    Envelope { sequence, event_id: id(5_000_000 + sequence), event: Some(to_raw_value(event).unwrap()) }
}

pub fn batch(epoch: u8, events: Vec<Envelope>) -> Batch {
    Batch { epoch: Epoch([epoch; 16]), instance: id(9), events }
}

impl Bench {
    pub async fn put_photo(&self, booth: &Booth, bytes: Vec<u8>) -> Digest {
        let sha256 = central::sha256(&bytes);
        let stored: StoredBlob =
            json(self.send_bytes(booth, Method::PUT, &format!("/v1/blobs/{sha256}"), bytes).await).await;
        assert_eq!(stored.sha256, sha256);
        sha256
    }

    pub async fn post(&self, booth: &Booth, batch: &Batch) -> Response {
        self.send(booth, Method::POST, "/v1/events", batch).await
    }

    pub async fn take(&self, booth: &Booth, batch: &Batch) -> BatchAnswer {
        json(self.post(booth, batch).await).await
    }

    pub async fn number(&self, sql: &str, given: &[&(dyn ToSql + Sync)]) -> i64 {
        let client = self.central.pool.get().await.unwrap();
        client.query_one(sql, given).await.unwrap().get(0)
    }
}

fn outcomes(answer: &BatchAnswer) -> Vec<(Outcome, Option<Reason>)> {
    answer.events.iter().map(|event| (event.outcome, event.reason)).collect()
}

const APPLIED: (Outcome, Option<Reason>) = (Outcome::Applied, None);
const DUPLICATE: (Outcome, Option<Reason>) = (Outcome::Duplicate, None);

#[tokio::test]
async fn a_batch_takes_effect_once_however_often_it_comes_and_wherever() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let sha256 = bench.put_photo(&booth, photo()).await;
    bench.put_photo(&booth, photo()).await;
    let events: Vec<_> = (0..3).map(|n| envelope(n as u64 + 1, &order(1, &sha256)[n])).collect();
    let batch = batch(1, events);
    let beside = bench.beside();
    let other =
        |_| bench.http.post(format!("http://{beside}/v1/events")).header("authorization", booth.token());
    let sent: Vec<_> = (0..6)
        .map(|n| {
            if n % 2 == 0 {
                bench.http.post(bench.url("/v1/events")).header("authorization", booth.token())
            } else {
                other(n)
            }
        })
        .collect();
    let body = serde_json::to_vec(&batch).unwrap();
    let answers =
        futures_util::future::join_all(sent.into_iter().map(|request| request.body(body.clone()).send()))
            .await;
    let mut applied = 0;
    for answer in answers {
        let answer: BatchAnswer = json(answer.unwrap()).await;
        assert_eq!(answer.mark, 3);
        applied += outcomes(&answer).iter().filter(|outcome| **outcome == APPLIED).count();
    }
    assert_eq!(applied, 3, "two instances at once apply each event once");
    for table in ["orders", "payments", "collections"] {
        assert_eq!(bench.number(&format!("SELECT count(*) FROM {table}"), &[]).await, 1, "{table}");
    }
    assert_eq!(bench.number("SELECT count(*) FROM events WHERE outcome = 'applied'", &[]).await, 3);
}

#[tokio::test]
async fn an_event_waits_for_its_photo_and_all_that_follow_wait_with_it() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let sha256 = central::sha256(&photo());
    let [placed, settled, submitted] = order(1, &sha256);
    let events = || vec![envelope(1, &placed), envelope(2, &submitted), envelope(3, &settled)];
    let answer = bench.take(&booth, &batch(1, events())).await;
    let missing = (Outcome::Retry, Some(Reason::BlobMissing));
    assert_eq!(outcomes(&answer), [APPLIED, missing, (Outcome::Retry, Some(Reason::Gap))]);
    assert_eq!(answer.mark, 1);
    bench.put_photo(&booth, photo()).await;
    let answer = bench.take(&booth, &batch(1, events())).await;
    assert_eq!(outcomes(&answer), [DUPLICATE, APPLIED, APPLIED]);
}

#[tokio::test]
async fn another_campus_has_neither_the_photo_nor_the_events() {
    let bench = Bench::new().await;
    let client = bench.central.pool.get().await.unwrap();
    let other = central::campuses::add(&**client, "east", "东校区", "East campus").await.unwrap();
    let (here, there) = (bench.booth("library").await, bench.booth_of(other.id, "library").await);
    let sha256 = bench.put_photo(&here, photo()).await;
    let [placed, _, submitted] = order(1, &sha256);
    let events = vec![envelope(1, &placed), envelope(2, &submitted)];
    let answer = bench.take(&there, &batch(1, events)).await;
    let missing = (Outcome::Retry, Some(Reason::BlobMissing));
    assert_eq!(outcomes(&answer), [APPLIED, missing], "a photo of another campus isn't there");
    assert!(bench.central.blobs.get(other.id, &sha256).await.is_err(), "and can't be read");
    assert!(bench.central.blobs.get(bench.campus, &sha256).await.is_ok());
    let events = vec![envelope(1, &placed)];
    assert_eq!(
        outcomes(&bench.take(&here, &batch(1, events)).await),
        [APPLIED],
        "each campus has its own books"
    );
}

#[tokio::test]
async fn what_isnt_its_hash_or_is_no_photo_goes_nowhere() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let path = format!("/v1/blobs/{}", "0".repeat(64));
    let problem = refused(
        bench.send_bytes(&booth, Method::PUT, &path, photo()).await,
        StatusCode::UNPROCESSABLE_ENTITY,
    )
    .await;
    assert_eq!(problem.code, Code::HashMismatch);
    for path in ["/v1/blobs/..%2F..%2Fetc%2Fpasswd", "/v1/blobs/ABC", "/v1/blobs/'; DROP TABLE blobs; --"] {
        let answer = bench.send_bytes(&booth, Method::PUT, path, photo()).await;
        refused(answer, StatusCode::BAD_REQUEST).await;
    }
    // Declares 20 000 by 20 000 pixels in its head: a bomb.
    let mut bomb = photo();
    let frame =
        bomb.windows(2).position(|marker| marker[0] == 0xff && (0xc0..=0xc2).contains(&marker[1])).unwrap();
    bomb[frame + 5..frame + 9].copy_from_slice(&[0x4e, 0x20, 0x4e, 0x20]);
    for (sequence, blob) in [(1, bomb), (2, b"not a picture".to_vec()), (3, vec![])] {
        let sha256 = bench.put_photo(&booth, blob).await;
        let [.., submitted] = order(sequence, &sha256);
        let answer = bench.take(&booth, &batch(1, vec![envelope(sequence, &submitted)])).await;
        assert_eq!(outcomes(&answer), [(Outcome::Rejected, Some(Reason::NotAPhoto))]);
    }
    assert_eq!(bench.number("SELECT count(*) FROM collections", &[]).await, 0);
}

#[tokio::test]
async fn a_body_above_its_limit_is_refused_before_it_is_read() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let path = format!("/v1/blobs/{}", "0".repeat(64));
    let huge = bench
        .http
        .put(bench.url(&path))
        .header("authorization", booth.token())
        .header("content-length", "2147483648");
    let endless = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![0; 65_536]));
    let endless = bench
        .http
        .put(bench.url(&path))
        .header("authorization", booth.token())
        .body(reqwest::Body::wrap_stream(endless));
    // The server may close the connection while the client still sends: then there is no answer to read.
    for answer in [huge.body(vec![0; 10]).send().await, endless.send().await] {
        assert!(answer.map_or(true, |answer| answer.status() == StatusCode::PAYLOAD_TOO_LARGE));
    }
    let text = format!("{{\"epoch\":\"{}\"", " ".repeat(protocol::LARGEST_BODY));
    let answer = bench.send_bytes(&booth, Method::POST, "/v1/events", text.into()).await;
    refused(answer, StatusCode::PAYLOAD_TOO_LARGE).await;
    assert_eq!(bench.number("SELECT count(*) FROM blobs", &[]).await, 0);
}

#[tokio::test]
async fn gaps_old_epochs_and_forks() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let placed = |n: u64| order(n, &Digest([0; 32]))[0].clone();
    let answer = bench.take(&booth, &batch(1, vec![envelope(2, &placed(2))])).await;
    assert_eq!((outcomes(&answer), answer.mark), (vec![(Outcome::Retry, Some(Reason::Gap))], 0));
    bench.take(&booth, &batch(1, vec![envelope(1, &placed(1)), envelope(2, &placed(2))])).await;
    bench.take(&booth, &batch(2, vec![Envelope { event_id: id(77), ..envelope(1, &placed(3)) }])).await;
    let answer = bench.take(&booth, &batch(1, vec![envelope(1, &placed(1)), envelope(3, &placed(4))])).await;
    let old = (Outcome::Rejected, Some(Reason::OldEpoch));
    assert_eq!((outcomes(&answer), answer.mark), (vec![DUPLICATE, old], 3), "what was known stays known");
    let purged = Envelope { event_id: id(78), event: None, ..envelope(2, &placed(5)) };
    assert_eq!(
        outcomes(&bench.take(&booth, &batch(2, vec![purged])).await),
        [DUPLICATE],
        "what the booth has purged blocks nothing"
    );
    let forged = Envelope { event_id: id(79), ..envelope(2, &placed(6)) };
    let problem = refused(bench.post(&booth, &batch(2, vec![forged])).await, StatusCode::FORBIDDEN).await;
    assert_eq!(problem.code, Code::Forked, "two events at one place");
    let problem = refused(bench.post(&booth, &batch(2, vec![])).await, StatusCode::FORBIDDEN).await;
    assert_eq!(problem.code, Code::Forked, "the device is suspended");
}

#[tokio::test]
async fn tricks_in_every_string_are_stored_as_they_are_or_refused() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let sha256 = bench.put_photo(&booth, photo()).await;
    let trick = "'); DELETE FROM orders; --";
    let [placed, .., submitted] = order(1, &sha256);
    let text = serde_json::to_string(&submitted)
        .unwrap()
        .replace("测试甲", trick)
        .replace("2026000001", "../../etc/passwd");
    let raw = serde_json::value::RawValue::from_string(text).unwrap();
    let tricky = Envelope { event: Some(raw), ..envelope(2, &placed) };
    let answer = bench.take(&booth, &batch(1, vec![envelope(1, &placed), tricky])).await;
    assert_eq!(outcomes(&answer), [APPLIED, APPLIED]);
    assert_eq!(bench.number("SELECT count(*) FROM orders", &[]).await, 1);
    assert_eq!(bench.number("SELECT count(*) FROM collections WHERE name = $1", &[&trick]).await, 1);
    let nul = serde_json::to_string(&placed).unwrap().replace("degree", "\\u0000");
    let nul = serde_json::value::RawValue::from_string(nul).unwrap();
    let answer =
        bench.take(&booth, &batch(1, vec![Envelope { event: Some(nul), ..envelope(3, &placed) }])).await;
    assert_eq!(outcomes(&answer), [(Outcome::Rejected, Some(Reason::InvalidValue))]);
}

#[tokio::test]
async fn a_photo_that_staff_rejected_is_followed_by_another() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let sha256 = bench.put_photo(&booth, photo()).await;
    let [placed, settled, first] = order(1, &sha256);
    let Event::CollectionSubmitted(mut second) = first.clone() else { unreachable!() };
    second.photo.photo_id = id(3_000_001).to_string();
    let reviewed = |photo: u64, approved| {
        let photo_id = id(photo).to_string();
        Event::CollectionReviewed(protocol::CollectionReviewed {
            order_id: id(1).to_string(),
            photo_id,
            approved,
            at_ms: AT,
        })
    };
    let events = [
        placed,
        settled,
        first,
        reviewed(2_000_001, false),
        Event::CollectionSubmitted(second),
        reviewed(3_000_001, true),
    ];
    let events = events.iter().zip(1..).map(|(event, sequence)| envelope(sequence, event)).collect();
    let answer = bench.take(&booth, &batch(1, events)).await;
    assert!(outcomes(&answer).iter().all(|outcome| *outcome == APPLIED), "{answer:?}");
    let count = "SELECT count(*) FROM collections WHERE state = $1 AND decided_by = 'booth'";
    assert_eq!(
        (bench.number(count, &[&"rejected"]).await, bench.number(count, &[&"approved"]).await),
        (1, 1)
    );
}

#[tokio::test]
async fn a_photo_of_a_programme_that_the_booth_approves_waits_for_nobody() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let client = bench.central.pool.get().await.unwrap();
    let sql = "INSERT INTO programmes (campus_id, id, list, title_zh, title_en, approval) VALUES ($1, 'degree', 'degree', '毕业', 'Degree', 'booth')";
    client.execute(sql, &[&bench.campus]).await.unwrap();
    let sha256 = bench.put_photo(&booth, photo()).await;
    let [placed, _, submitted] = order(1, &sha256);
    let answer = bench.take(&booth, &batch(1, vec![envelope(1, &placed), envelope(2, &submitted)])).await;
    assert_eq!(outcomes(&answer), [APPLIED, APPLIED]);
    let decided = "SELECT count(*) FROM collections WHERE state = 'approved' AND decided_by = 'booth' AND decided_ms = $1";
    assert_eq!(bench.number(decided, &[&AT]).await, 1);
}

#[tokio::test]
async fn an_event_that_stands_twice_in_a_batch_takes_effect_once() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let sha256 = bench.put_photo(&booth, photo()).await;
    let [placed, settled, submitted] = order(1, &sha256);
    let at = |sequence, event: &Event| Envelope { sequence, ..envelope(1, event) };
    let events = || vec![envelope(1, &placed), at(2, &placed), at(3, &settled), envelope(4, &submitted)];
    let answer = bench.take(&booth, &batch(1, events())).await;
    let contradiction = (Outcome::Rejected, Some(Reason::Contradiction));
    assert_eq!((outcomes(&answer), answer.mark), (vec![APPLIED, DUPLICATE, contradiction, APPLIED], 4));
    let answer = bench.take(&booth, &batch(1, events())).await;
    assert_eq!((outcomes(&answer), answer.mark), (vec![DUPLICATE, DUPLICATE, contradiction, DUPLICATE], 4));
    assert_eq!(bench.number("SELECT count(*) FROM events WHERE outcome = 'applied'", &[]).await, 2);
    assert_eq!(bench.number("SELECT count(*) FROM payments", &[]).await, 0);
}
