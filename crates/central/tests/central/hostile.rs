//! Whatever comes over the network, from the program's outside: booths are served all the same.

use crate::batches::{AT, batch, envelope, order, photo};
use crate::bench::{Bench, Booth, json, refused};
use crate::program::{Program, migrate};
use protocol::batch::{BatchAnswer, Outcome, Reason};
use protocol::heartbeat::{Heartbeat, HeartbeatAnswer};
use protocol::{Code, Digest, Epoch, Event};
use reqwest::{Client, Response, StatusCode};
use serde_json::value::RawValue;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// The limits of a handshake, of a greeting and of a head, and some patience on a busy machine.
const LET_GO: Duration = Duration::from_secs(25);

/// Within this a connection is closed for which there is no place.
const AT_ONCE: Duration = Duration::from_secs(5);

/// A server in a process of its own, with a booth.
struct Rig {
    bench: Bench,
    program: Program,
    booth: Booth,
    client: Client,
}

impl Rig {
    async fn new(settings: &str) -> Self {
        let bench = Bench::new().await;
        let program = Program::start(&migrate(&bench).await, settings).await;
        let (booth, client) = (bench.booth("library").await, program.client());
        Self { bench, program, booth, client }
    }

    async fn beat_at(&self, now_ms: i64) -> Response {
        let said = Heartbeat {
            instance: uuid::Uuid::from_u128(1),
            now_ms,
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
            software: "test".into(),
        };
        let body = serde_json::to_vec(&said).unwrap();
        let request = self.client.post(self.program.url("/v1/heartbeat")).body(body);
        request.header("authorization", self.booth.token()).send().await.unwrap()
    }

    /// A heartbeat is answered; how long it took.
    async fn beat(&self) -> Duration {
        let begun = Instant::now();
        let _: HeartbeatAnswer = json(self.beat_at(AT).await).await;
        begun.elapsed()
    }

    async fn post(&self, body: Vec<u8>) -> BatchAnswer {
        let request = self.client.post(self.program.url("/v1/events")).body(body);
        json(request.header("authorization", self.booth.token()).send().await.unwrap()).await
    }

    /// Beats until `others` are done; the slowest heartbeat.
    async fn beat_until<T>(&self, others: impl Future<Output = T>) -> (T, Duration) {
        let (mut others, mut slowest) = (Box::pin(others), Duration::ZERO);
        loop {
            tokio::select! {
                done = &mut others => return (done, slowest),
                () = tokio::time::sleep(Duration::from_millis(200)) => slowest = slowest.max(self.beat().await),
            }
        }
    }
}

/// Sends a byte every 300 ms after `begin`, until the server lets go; what it answered, and how long it held on.
async fn trickle(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    begin: &[u8],
    byte: &[u8],
) -> (String, Duration) {
    let (begun, mut answer) = (Instant::now(), Vec::new());
    let mut open = stream.write_all(begin).await.is_ok();
    while open && begun.elapsed() < 2 * LET_GO {
        let mut part = [0; 1024];
        match tokio::time::timeout(Duration::from_millis(300), stream.read(&mut part)).await {
            Ok(Ok(count @ 1..)) => answer.extend_from_slice(&part[..count]),
            Ok(_) => open = false,
            Err(_) => {
                // What is written to a connection that was closed is lost; the next read tells.
                stream.write_all(byte).await.ok();
                stream.flush().await.ok();
            }
        }
    }
    (String::from_utf8_lossy(&answer).into_owned(), begun.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_slowly_is_let_go_and_others_are_served_meanwhile() {
    let rig = Rig::new("request_s = 5").await;
    let upload = format!(
        "PUT /v1/blobs/{} HTTP/1.1\r\nhost: localhost\r\nauthorization: {}\r\ncontent-length: 1000\r\n\r\n",
        "0".repeat(64),
        rig.booth.token()
    );
    let head = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-";
    let h2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let plain = futures_util::future::join_all((0..4).map(|_| async {
        let tcp = rig.program.connect().await.unwrap();
        trickle(tcp, b"", b"").await
    }));
    let secret = [
        ("says nothing", "http/1.1", &b""[..], &b""[..]),
        ("says nothing as h2", "h2", b"", b""),
        ("half a greeting", "h2", &h2[..8], b""),
        ("a greeting byte by byte", "http/1.1", b"", b"G"),
        ("a head that never ends", "http/1.1", head.as_bytes(), b"a"),
        ("a body that never ends", "http/1.1", upload.as_bytes(), b"a"),
    ];
    let secret = futures_util::future::join_all(secret.map(|(name, protocol, begin, byte)| {
        let rig = &rig;
        async move { (name, trickle(rig.program.greet(protocol).await, begin, byte).await) }
    }));
    // The first one connects.
    rig.beat().await;
    let ((plain, secret), slowest) = rig.beat_until(futures_util::future::join(plain, secret)).await;
    for (_, held) in plain {
        assert!(held < LET_GO, "a handshake that never begins was held for {held:?}");
    }
    for (name, (answer, held)) in secret {
        assert!(held < LET_GO, "{name}: held for {held:?}");
        assert!(!name.contains("body") || answer.starts_with("HTTP/1.1 408"), "{name}: {answer}");
    }
    assert!(slowest < Duration::from_secs(3), "a booth waited for {slowest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_that_fill_their_places_keep_no_booth_out() {
    let rig = Rig::new("request_s = 5\nconcurrency = 4").await;
    let enrolment = b"POST /v1/enrolment HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{";
    let strangers = futures_util::future::join_all((0..12).map(|_| async {
        let stream = rig.program.greet("http/1.1").await;
        trickle(stream, enrolment, b" ").await.1
    }));
    rig.beat().await;
    let (held, slowest) = rig.beat_until(strangers).await;
    assert!(held.iter().all(|held| *held < LET_GO), "{held:?}");
    assert!(slowest < Duration::from_secs(3), "a booth waited for {slowest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_connections_ends_where_there_is_no_place() {
    let rig = Rig::new("connections = 30").await;
    rig.beat().await;
    let mut flood = Vec::new();
    for _ in 0..200 {
        flood.push(rig.program.connect().await.unwrap());
    }
    let (closed, slowest) = rig
        .beat_until(async {
            // Long before the limit of a handshake ends the others.
            let ends = flood.iter_mut().map(|stream| tokio::time::timeout(AT_ONCE, stream.read_u8()));
            futures_util::future::join_all(ends).await.iter().filter(|end| end.is_ok()).count()
        })
        .await;
    assert!(closed >= 171, "{closed} of 200; the booth has one of the 30 places");
    assert!(slowest < Duration::from_secs(3), "the booth that was connected waited for {slowest:?}");
    drop(flood);
    let newcomer = rig.program.client();
    let deadline = Instant::now() + LET_GO;
    while newcomer.get(rig.program.url("/healthz")).send().await.is_err() {
        assert!(Instant::now() < deadline, "the places are free again");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_ends_its_own_connection() {
    let rig = Rig::new("").await;
    let noise: Vec<u8> = (0..4_096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let starts: [&[u8]; 5] = [
        b"",
        b"\x16\x03\x01\xff\xff",
        b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00",
        b"GET / HTTP/1.1\r\n\r\n",
        b"SSH-2.0-x\r\n",
    ];
    for start in starts {
        let (_, held) =
            trickle(rig.program.connect().await.unwrap(), &[start, &noise].concat(), &noise).await;
        assert!(held < LET_GO, "{start:?} was held for {held:?}");
    }
    let requests: [&[u8]; 8] = [
        &noise,
        b"\r\n\r\n\r\n\0\0\0",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  HTTP/1.1\r\nhost: a\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcde",
        b"POST /v1/enrolment HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    ];
    for request in requests {
        let protocol = if request.starts_with(b"PRI") { "h2" } else { "http/1.1" };
        let (answer, held) = trickle(rig.program.greet(protocol).await, request, b"").await;
        let is_refusal = answer.is_empty() || answer.starts_with("HTTP/1.1 4") || protocol == "h2";
        assert!(
            is_refusal && held < LET_GO,
            "{:?}: {answer} after {held:?}",
            String::from_utf8_lossy(request)
        );
    }
    let long = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(1 << 20));
    trickle(rig.program.greet("http/1.1").await, long.as_bytes(), b"").await;
    rig.beat().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_gigabytes_are_refused_and_never_held() {
    let rig = Rig::new("").await;
    let (address, token) = (rig.program.url(&format!("/v1/blobs/{}", "0".repeat(64))), rig.booth.token());
    rig.beat().await;
    let before = rig.program.most_kib();
    let endless =
        || futures_util::stream::iter((0..2_048).map(|_| Ok::<_, std::io::Error>(vec![0_u8; 1 << 20])));
    for path in [address.clone(), rig.program.url("/v1/events"), rig.program.url("/v1/enrolment")] {
        let request = rig.client.request(if path == address { "PUT" } else { "POST" }.parse().unwrap(), path);
        let body = reqwest::Body::wrap_stream(endless());
        let answer = request.header("authorization", &token).body(body).send().await;
        // The server may close the stream while the client still sends: then there is no answer to read.
        assert!(answer.is_ok_and(|answer| answer.status() == StatusCode::PAYLOAD_TOO_LARGE));
    }
    let held = rig.program.most_kib() - before;
    assert!(held < 100_000, "{held} KiB were held");
    rig.beat().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_somebody_plays_again_changes_nothing() {
    let rig = Rig::new("").await;
    let sha256 = rig.bench.put_photo(&rig.booth, photo()).await;
    // The photo is in the other instance's folder, but the rows are the same.
    let events = order(1, &sha256).iter().zip(1..).map(|(event, place)| envelope(place, event)).collect();
    let body = serde_json::to_vec(&batch(1, events)).unwrap();
    let first = rig.post(body.clone()).await;
    assert!(first.events.iter().all(|event| event.outcome == Outcome::Applied), "{first:?}");
    for _ in 0..20 {
        let again = rig.post(body.clone()).await;
        assert!(again.mark == 3 && again.events.iter().all(|event| event.outcome == Outcome::Duplicate));
    }
    for table in ["orders", "payments", "collections"] {
        assert_eq!(rig.bench.number(&format!("SELECT count(*) FROM {table}"), &[]).await, 1, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_booth_tells_is_rejected_and_blocks_nothing() {
    let rig = Rig::new("").await;
    let [placed, ..] = order(1, &Digest([0; 32]));
    let raw = |text: &str| Some(RawValue::from_string(text.to_owned()).unwrap());
    let newer = protocol::batch::Envelope {
        event: raw(r#"{"kind":"locker_opened","box":7}"#),
        ..envelope(1, &placed)
    };
    let text = serde_json::to_string(&placed).unwrap().replacen('{', r#"{"colour":"blue","#, 1);
    let field = protocol::batch::Envelope { event: raw(&text), ..envelope(2, &placed) };
    let answer =
        rig.post(serde_json::to_vec(&batch(1, vec![newer, field, envelope(3, &placed)])).unwrap()).await;
    let outcomes: Vec<_> = answer.events.iter().map(|event| (event.outcome, event.reason)).collect();
    let rejected = |reason| (Outcome::Rejected, Some(reason));
    let expected = [rejected(Reason::NewerVersion), rejected(Reason::Unreadable), (Outcome::Applied, None)];
    assert_eq!((outcomes.as_slice(), answer.mark), (&expected[..], 3));
    let newer = rig.client.post(rig.program.url("/v2/events")).body("{}").send().await.unwrap();
    assert_eq!(refused(newer, StatusCode::NOT_FOUND).await.code, Code::InvalidRequest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_a_year_off_stops_no_booth() {
    const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;
    let rig = Rig::new("").await;
    let now = jiff::Timestamp::now().as_millisecond();
    for skew in [YEAR_MS, -YEAR_MS] {
        let answer: HeartbeatAnswer = json(rig.beat_at(now - skew).await).await;
        assert!((answer.now_ms - now).abs() < 60_000, "the booth hears the time");
        let sql = "SELECT count(*) FROM device_health WHERE abs(skew_ms - $1) < 60000";
        assert_eq!(rig.bench.number(sql, &[&skew]).await, 1, "and staff see how far its clock is off");
    }
    let placed = |n: u64, at_ms| {
        let [Event::OrderPlaced(told), ..] = order(n, &Digest([0; 32])) else { unreachable!() };
        envelope(n, &Event::OrderPlaced(protocol::OrderPlaced { at_ms, ..told }))
    };
    let events = vec![placed(1, now + YEAR_MS), placed(2, now - YEAR_MS), placed(3, 0), placed(4, i64::MAX)];
    let answer = rig.post(serde_json::to_vec(&batch(1, events)).unwrap()).await;
    let outcomes: Vec<_> = answer.events.iter().map(|event| event.outcome).collect();
    assert_eq!(outcomes, [Outcome::Applied, Outcome::Applied, Outcome::Rejected, Outcome::Rejected]);
}
