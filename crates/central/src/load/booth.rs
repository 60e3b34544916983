//! A booth that has students all day and never a face.

use super::invent::{Draw, Order};
use super::tally::{Kind, Tally};
use crate::chain;
use crate::clock::now_ms;
use bytes::Bytes;
use protocol::batch::{Batch, BatchAnswer, Envelope, Outcome};
use protocol::directory::Page;
use protocol::heartbeat::{Heartbeat, HeartbeatAnswer};
use protocol::{Epoch, Key};
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A heartbeat every so often, as booths have it.
const BEAT: Duration = Duration::from_secs(30);
/// How long a booth waits until it repeats what failed.
const PAUSE: Duration = Duration::from_millis(500);

/// The request was not answered before the booth had to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct GivenUp;

/// A stretch of time in which booths work.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift<'a> {
    /// When it begins.
    pub begins: Instant,
    /// How long anything new falls due.
    pub length: Duration,
    /// How long after that is waited for answers.
    pub grace: Duration,
    /// The time from an order of a booth to its next.
    pub period: Duration,
    /// Where answers are counted.
    pub tally: &'a Tally,
}

impl Shift<'_> {
    fn is_over(&self) -> bool {
        self.begins.elapsed() > self.length + self.grace
    }

    /// Waits for the time at `after` the beginning; nothing where the shift has ended by then.
    async fn due(&self, after: Duration) -> Option<Instant> {
        let due = self.begins + after;
        if after >= self.length {
            return None;
        }
        tokio::time::sleep_until(due.into()).await;
        Some(due)
    }
}

/// A booth.
#[derive(Debug)]
pub(super) struct Booth {
    /// Its device.
    pub device: Uuid,
    line: Line,
    till: Till,
    pulse: Pulse,
}

impl Booth {
    /// A booth that has enrolled, and has read the directory up to `cursor`.
    pub fn new(
        http: reqwest::Client,
        url: Arc<str>,
        (device, key): (Uuid, &Key),
        cursor: u64,
        mut draw: Draw,
    ) -> Self {
        let (instance, epoch) = (draw.id(), Epoch(*draw.id().as_bytes()));
        let pulse = Pulse { instance, epoch, cursor, phase: draw.fraction() };
        let line = Line { http, url, token: format!("Bearer {device}.{key}") };
        Self { device, line, till: Till { draw, instance, epoch, sequence: 0 }, pulse }
    }

    /// Works for a shift.
    pub async fn work(&mut self, shift: Shift<'_>) {
        let orders = self.till.take_orders(&self.line, shift);
        futures_util::future::join(orders, self.pulse.beat(&self.line, shift)).await;
    }
}

/// The way to the server.
#[derive(Clone, Debug)]
struct Line {
    http: reqwest::Client,
    url: Arc<str>,
    token: String,
}

impl Line {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).header("authorization", &self.token)
    }

    async fn answer(request: RequestBuilder) -> Result<Bytes, String> {
        let told = |error: reqwest::Error| chain(&error.without_url());
        let answer = request.send().await.map_err(told)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(told)?;
        if status.is_success() { Ok(body) } else { Err(format!("HTTP {status}")) }
    }

    /// Sends until it is answered well; the time counts from when it was due.
    async fn send<T: DeserializeOwned>(
        &self,
        (kind, due): (Kind, Instant),
        shift: Shift<'_>,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<T, GivenUp> {
        loop {
            let answer = Self::answer(request()).await;
            match answer.and_then(|body| serde_json::from_slice(&body).map_err(|error| error.to_string())) {
                Ok(answer) => {
                    shift.tally.answered(kind, due);
                    return Ok(answer);
                }
                Err(why) => shift.tally.failed(kind, why),
            }
            if shift.is_over() {
                return Err(GivenUp);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Sends the photo of an order.
    async fn upload(&self, order: &Order, due: Instant, shift: Shift<'_>) -> Result<(), GivenUp> {
        let path = format!("/v1/blobs/{}", order.sha256);
        let put = || self.request(Method::PUT, &path).body(order.photo.clone());
        self.send::<protocol::blob::StoredBlob>((Kind::Blob, due), shift, put).await.map(drop)
    }
}

/// Where orders become events.
#[derive(Debug)]
struct Till {
    draw: Draw,
    instance: Uuid,
    epoch: Epoch,
    /// The last place of the sequence that was acknowledged.
    sequence: u64,
}

impl Till {
    /// The orders of a shift: one each period, at a time that is drawn.
    async fn take_orders(&mut self, line: &Line, shift: Shift<'_>) {
        for period in 0.. {
            let after = shift.period.mul_f64(f64::from(period) + self.draw.fraction());
            if shift.period * period >= shift.length {
                return;
            }
            let Some(due) = shift.due(after).await else { continue };
            if self.order(line, due, shift).await.is_err() {
                return shift.tally.failed(Kind::Order, "not acknowledged in time".into());
            }
        }
    }

    async fn order(&mut self, line: &Line, due: Instant, shift: Shift<'_>) -> Result<(), GivenUp> {
        let order = match Order::invent(&mut self.draw) {
            Ok(order) => order,
            Err(error) => {
                shift.tally.failed(Kind::Order, error.to_string());
                return Ok(());
            }
        };
        loop {
            line.upload(&order, due, shift).await?;
            if self.tell(line, &order, shift).await? {
                shift.tally.answered(Kind::Order, due);
                return Ok(());
            }
            if shift.is_over() {
                return Err(GivenUp);
            }
        }
    }

    /// Posts the events of an order whose photo was sent; whether all of them took effect. Otherwise the photo is to be sent again.
    async fn tell(&mut self, line: &Line, order: &Order, shift: Shift<'_>) -> Result<bool, GivenUp> {
        let events: Vec<Envelope> = order.envelopes(self.sequence + 1).collect();
        let count = events.len() as u64;
        let batch = Batch { epoch: self.epoch, instance: self.instance, events };
        let body = Bytes::from(serde_json::to_vec(&batch).unwrap_or_default());
        let post = || line.request(Method::POST, "/v1/events").body(body.clone());
        let answer: BatchAnswer = line.send((Kind::Events, Instant::now()), shift, post).await?;
        let bad = |outcome| !matches!(outcome, Outcome::Applied | Outcome::Duplicate);
        if let Some(bad) = answer.events.iter().find(|event| bad(event.outcome)) {
            let reason = bad.reason.map_or("", |reason| reason.as_str());
            shift
                .tally
                .failed(Kind::Events, format!("an event was answered with {:?} {reason}", bad.outcome));
            return Ok(false);
        }
        self.sequence += count;
        Ok(true)
    }
}

/// The booth's heartbeats, and what it hears by them.
#[derive(Debug)]
struct Pulse {
    instance: Uuid,
    epoch: Epoch,
    cursor: u64,
    phase: f64,
}

impl Pulse {
    async fn beat(&mut self, line: &Line, shift: Shift<'_>) {
        for beat in 0.. {
            let Some(due) = shift.due(BEAT.mul_f64(f64::from(beat) + self.phase)).await else { return };
            let said = serde_json::to_vec(&self.said()).unwrap_or_default();
            let post = || line.request(Method::POST, "/v1/heartbeat").body(said.clone());
            let answer: Result<HeartbeatAnswer, GivenUp> =
                line.send((Kind::Heartbeat, due), shift, post).await;
            let Ok(answer) = answer else { return };
            if answer.directory_end > self.cursor && self.pull(line, shift).await.is_err() {
                return;
            }
        }
    }

    async fn pull(&mut self, line: &Line, shift: Shift<'_>) -> Result<(), GivenUp> {
        loop {
            let path = format!("/v1/directory?after={}", self.cursor);
            let get = || line.request(Method::GET, &path);
            let page: Page = line.send((Kind::Directory, Instant::now()), shift, get).await?;
            self.cursor = page.cursor;
            if !page.more {
                return Ok(());
            }
        }
    }

    fn said(&self) -> Heartbeat {
        Heartbeat {
            instance: self.instance,
            now_ms: now_ms(),
            epoch: self.epoch,
            acknowledged: 0,
            pending: 0,
            parked: 0,
            oldest_pending_ms: None,
            state: "idle".into(),
            faults: vec![],
            prints_waiting: 0,
            directory_cursor: self.cursor,
            skew_ms: Some(0),
            software: "load".into(),
        }
    }
}
