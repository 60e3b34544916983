//! A central in memory: what it promises, as the protocol's documentation has it.

use hyper::http::request::Parts;
use parking_lot::Mutex;
use protocol::batch::{Batch, BatchAnswer, Envelope, EventAnswer, Outcome, Reason};
use protocol::blob::{Bundle, StoredBlob, StoredBundle};
use protocol::directory::{Entry, Page};
use protocol::enrolment::{Enrol, Enrolled, NextKey};
use protocol::heartbeat::{Heartbeat, HeartbeatAnswer};
use protocol::payment::{OpenTrade, Trade, TradeState};
use protocol::{Digest, Epoch, Key};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use uuid::Uuid;

pub const DEVICE: Uuid = Uuid::from_u128(0x0de1_11ce);
pub const CODE: &str = "K7QF-2MNB-XZ4A-55TR-WWPD";

/// An answer, before it is on the network.
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Reply {
    fn ok(body: &impl Serialize) -> Self {
        Self { status: 200, body: serde_json::to_vec(body).unwrap() }
    }

    pub fn problem(status: u16, code: &str) -> Self {
        let body = json!({"status": status, "code": code, "title": "no"});
        Self { status, body: serde_json::to_vec(&body).unwrap() }
    }
}

/// What survives in central's database.
#[derive(Clone, Default)]
pub struct Kept {
    pub applied: Vec<(Epoch, u64, Uuid)>,
    pub rejected: HashMap<Uuid, Reason>,
    pub marks: HashMap<Epoch, u64>,
    pub blobs: HashSet<Digest>,
}

#[derive(Default)]
pub struct State {
    pub kept: Kept,
    /// What has ever taken effect.
    pub ever: HashSet<Uuid>,
    /// The hashes of the device's key and of the one that may follow it.
    pub key: Option<Digest>,
    pub next: Option<Digest>,
    pub used_code: Option<Digest>,
    pub pins: Vec<Digest>,
    pub rotate: bool,
    pub always_rotate: bool,
    pub software: String,
    /// How far central's clock is ahead of the booth's.
    pub now_ms: i64,
    pub directory: Vec<Entry>,
    pub heartbeats: Vec<Heartbeat>,
    pub outcomes: Vec<String>,
    pub trades: HashMap<String, Trade>,
    /// Whatever is asked is refused so.
    pub refuse: Option<(u16, &'static str)>,
    /// A body with an event of this id is refused as a whole, with this status.
    pub poison: HashMap<Uuid, u16>,
    /// So many more times each of these is to be offered again.
    pub unavailable: HashMap<Uuid, u32>,
    /// Blobs that are lost as soon as they are stored, so many times.
    pub lose_blobs: u32,
    /// The requests' methods and paths, in their order.
    pub requests: Vec<String>,
    /// The bytes of the blobs that arrived, and how many they were.
    pub blob_bytes: usize,
    pub blobs_arrived: usize,
    /// How many came with each request.
    pub blob_requests: Vec<usize>,
}

#[derive(Default)]
pub struct Central {
    pub state: Mutex<State>,
    blobs_under_way: AtomicUsize,
    pub most_blobs_under_way: AtomicUsize,
    /// Whether what waits at the gate goes on.
    pub gate_is_open: AtomicBool,
    /// Connections that ended before anything could be asked.
    pub greetings_that_failed: AtomicUsize,
}

/// A blob that is under way, until it is dropped.
pub struct UnderWay<'a>(&'a AtomicUsize, usize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(self.1, Ordering::SeqCst);
    }
}

impl Central {
    pub fn knows(&self, key: &Key) {
        self.state.lock().key = Some(hash(&key.0));
    }

    pub fn applied(&self) -> Vec<u64> {
        self.state.lock().kept.applied.iter().map(|(_, sequence, _)| *sequence).collect()
    }

    /// Whether the event has taken effect, be it before a backup was restored.
    pub fn had(&self, event: &Uuid) -> bool {
        self.state.lock().ever.contains(event)
    }

    pub fn asked(&self, path: &str) -> usize {
        self.state.lock().requests.iter().filter(|request| request.contains(path)).count()
    }

    pub fn blobs_under_way(&self) -> usize {
        self.blobs_under_way.load(Ordering::SeqCst)
    }

    pub fn enter(&self, head: &Parts) -> UnderWay<'_> {
        self.state.lock().requests.push(format!("{} {}", head.method, head.uri.path()));
        let blob = usize::from(head.uri.path().contains("/blobs"));
        let now = self.blobs_under_way.fetch_add(blob, Ordering::SeqCst) + blob;
        self.most_blobs_under_way.fetch_max(now, Ordering::SeqCst);
        UnderWay(&self.blobs_under_way, blob)
    }

    pub fn answer(&self, head: &Parts, body: &[u8]) -> Reply {
        let mut state = self.state.lock();
        let path: Vec<_> = head.uri.path().trim_start_matches("/v1/").split('/').collect();
        let length = head.headers.get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
        if head.method != "GET" && length != Some(body.len()) {
            return Reply::problem(400, "invalid_request");
        }
        if let Some((status, code)) = state.refuse {
            return Reply::problem(status, code);
        }
        if path == ["enrolment"] {
            return state.enrol(&serde_json::from_slice(body).unwrap());
        }
        if !state.lets_in(head) {
            return Reply::problem(401, "unknown_device");
        }
        match (head.method.as_str(), path.as_slice()) {
            ("PUT", ["device", "key"]) => state.next_key(&serde_json::from_slice(body).unwrap()),
            ("POST", ["heartbeat"]) => state.heartbeat(serde_json::from_slice(body).unwrap()),
            ("PUT", ["blobs", name]) => state.blob(name, body),
            ("POST", ["blobs"]) => state.bundle(body),
            ("POST", ["events"]) => state.events(&serde_json::from_slice(body).unwrap()),
            ("GET", ["directory"]) => state.page(head.uri.query().unwrap()),
            ("PUT", ["commands", id, "outcome"]) => {
                state.outcomes.push((*id).to_owned());
                Reply { status: 204, body: Vec::new() }
            }
            ("POST", ["payments"]) => state.open(serde_json::from_slice(body).unwrap()),
            ("GET", ["payments", number]) => state.trade(number, None),
            ("PUT", ["payments", number, "closing"]) => state.trade(number, Some(TradeState::Closed)),
            ("PUT", ["payments", number, "refund"]) => state.trade(number, Some(TradeState::Refunding)),
            _ => Reply::problem(404, "not_found"),
        }
    }
}

pub fn hash(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

impl State {
    /// Central was restored from a backup that has only so many of its events.
    pub fn restore(&mut self, events: usize) {
        self.kept.applied.truncate(events);
        let mark = self.kept.applied.last().map_or(0, |(_, sequence, _)| *sequence);
        self.kept.marks.values_mut().for_each(|value| *value = mark);
        self.kept.rejected.clear();
    }

    fn enrol(&mut self, enrol: &Enrol) -> Reply {
        if enrol.code != CODE || self.used_code.is_some_and(|used| used != enrol.key_sha256) {
            return Reply::problem(403, "invalid_code");
        }
        self.used_code = Some(enrol.key_sha256);
        self.key = Some(enrol.key_sha256);
        let (campus, name) = ("north".to_owned(), "hall 1".to_owned());
        Reply::ok(&Enrolled { device_id: DEVICE, campus, name, pins: self.pins.clone() })
    }

    /// The first use of the next key makes the old one void.
    fn lets_in(&mut self, head: &Parts) -> bool {
        let token =
            head.headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Some((device, key)) = token.strip_prefix("Bearer ").and_then(|token| token.split_once('.'))
        else {
            return false;
        };
        let Ok(key) = key.parse::<Key>() else { return false };
        let asked = Some(hash(&key.0));
        if asked == self.next {
            (self.key, self.next, self.rotate) = (self.next, None, false);
        }
        device == DEVICE.to_string() && asked == self.key
    }

    fn next_key(&mut self, next: &NextKey) -> Reply {
        self.next = Some(next.key_sha256);
        Reply { status: 204, body: Vec::new() }
    }

    fn heartbeat(&mut self, heartbeat: Heartbeat) -> Reply {
        let answer = HeartbeatAnswer {
            now_ms: heartbeat.now_ms + self.now_ms,
            mark: self.kept.marks.get(&heartbeat.epoch).copied().unwrap_or(0),
            directory_end: self.directory.last().map_or(0, |entry| entry.position),
            pins: self.pins.clone(),
            rotate_key: self.rotate || self.always_rotate,
            software: self.software.clone(),
            means: vec!["alipay".to_owned()],
            demonstration: true,
        };
        self.heartbeats.push(heartbeat);
        Reply::ok(&answer)
    }

    fn blob(&mut self, name: &str, body: &[u8]) -> Reply {
        let Ok(name) = name.parse::<Digest>() else { return Reply::problem(404, "not_found") };
        if hash(body) != name {
            return Reply::problem(422, "hash_mismatch");
        }
        self.blob_requests.push(1);
        self.store(name, body);
        Reply::ok(&StoredBlob { sha256: name, bytes: body.len() as u64 })
    }

    fn bundle(&mut self, body: &[u8]) -> Reply {
        let Ok(bundle) = Bundle::read(body) else { return Reply::problem(400, "invalid_request") };
        self.blob_requests.push(bundle.blobs().len());
        let sound = bundle.blobs().iter().filter(|(sha256, bytes)| hash(bytes) == *sha256);
        let stored: Vec<_> = sound.map(|(sha256, bytes)| self.store(*sha256, bytes)).collect();
        Reply::ok(&StoredBundle { stored })
    }

    fn store(&mut self, name: Digest, bytes: &[u8]) -> Digest {
        self.blob_bytes += bytes.len();
        self.blobs_arrived += 1;
        if self.lose_blobs > 0 {
            self.lose_blobs -= 1;
        } else {
            self.kept.blobs.insert(name);
        }
        name
    }

    fn events(&mut self, batch: &Batch) -> Reply {
        if let Some(status) = batch.events.iter().find_map(|event| self.poisoned(event)) {
            return Reply::problem(status, if status == 413 { "too_large" } else { "invalid_request" });
        }
        let events = batch.events.iter().map(|event| self.event(batch.epoch, event)).collect();
        Reply::ok(&BatchAnswer { mark: self.mark(batch.epoch), events })
    }

    fn poisoned(&self, event: &Envelope) -> Option<u16> {
        let real = event.event.as_ref().is_some_and(|json| json.get() != "{}");
        self.poison.get(&event.event_id).copied().filter(|_| real)
    }

    fn mark(&self, epoch: Epoch) -> u64 {
        self.kept.marks.get(&epoch).copied().unwrap_or(0)
    }

    fn event(&mut self, epoch: Epoch, event: &Envelope) -> EventAnswer {
        let (outcome, reason) = self.outcome(epoch, event);
        if outcome == Outcome::Applied {
            self.kept.applied.push((epoch, event.sequence, event.event_id));
            self.kept.rejected.remove(&event.event_id);
            self.ever.insert(event.event_id);
        }
        if let (Outcome::Rejected, Some(reason)) = (outcome, reason) {
            self.kept.rejected.insert(event.event_id, reason);
        }
        let mark = self.kept.marks.entry(epoch).or_default();
        if outcome != Outcome::Retry && event.sequence == *mark + 1 {
            *mark += 1;
        }
        EventAnswer { event_id: event.event_id, outcome, reason }
    }

    fn outcome(&mut self, epoch: Epoch, event: &Envelope) -> (Outcome, Option<Reason>) {
        if self.kept.applied.iter().any(|(_, _, id)| *id == event.event_id) {
            return (Outcome::Duplicate, None);
        }
        if event.sequence > self.mark(epoch) + 1 {
            return (Outcome::Retry, Some(Reason::Gap));
        }
        let Some(json) = &event.event else { return (Outcome::Duplicate, None) };
        let value: Value = serde_json::from_str(json.get()).unwrap();
        match value["kind"].as_str() {
            None => return (Outcome::Rejected, Some(Reason::Unreadable)),
            Some("newer") if self.software == "1" => return (Outcome::Rejected, Some(Reason::NewerVersion)),
            Some(_) => {}
        }
        if let Some(left) = self.unavailable.get_mut(&event.event_id).filter(|left| **left > 0) {
            *left -= 1;
            return (Outcome::Retry, Some(Reason::Unavailable));
        }
        let blob = value["blob"].as_str().map(|blob| blob.parse::<Digest>().unwrap());
        if blob.is_some_and(|blob| !self.kept.blobs.contains(&blob)) {
            return (Outcome::Retry, Some(Reason::BlobMissing));
        }
        (Outcome::Applied, None)
    }

    fn page(&self, query: &str) -> Reply {
        let number = |name: &str| -> u64 {
            query
                .split('&')
                .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
                .unwrap()
        };
        let (after, limit) = (number("after"), number("limit") as usize);
        let rest: Vec<_> = self.directory.iter().filter(|entry| entry.position > after).cloned().collect();
        let more = rest.len() > limit.min(10);
        let entries: Vec<_> = rest.into_iter().take(limit.min(10)).collect();
        let cursor = entries.last().map_or(after, |entry| entry.position);
        Reply::ok(&Page { entries, cursor, more })
    }

    fn open(&mut self, open: OpenTrade) -> Reply {
        let trade = Trade {
            number: open.number.clone(),
            order_id: open.order_id,
            means: open.means,
            amount_fen: open.amount_fen,
            state: TradeState::Open,
            code_url: Some("https://pay.example/x".to_owned()),
            expires_ms: 9,
            received_fen: None,
        };
        Reply::ok(self.trades.entry(open.number).or_insert(trade))
    }

    fn trade(&mut self, number: &str, becomes: Option<TradeState>) -> Reply {
        let Some(trade) = self.trades.get_mut(number) else { return Reply::problem(404, "not_found") };
        trade.state = becomes.unwrap_or(trade.state);
        Reply::ok(trade)
    }
}
