//! A gateway behind the wire with a certificate of its own: it repeats requests, at once and much later, holds some back while later ones
//! pass, answers with another's answer to the same, and loses answers after central has given them.

use bytes::Bytes;
use end_to_end::chance::Chance;
use http_body_util::{BodyExt as _, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use protocol::Digest;
use protocol::batch::{BatchAnswer, Outcome};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::Digest as _;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What happened to requests.
#[derive(Debug, Default)]
pub struct Counts {
    pub requests: AtomicU64,
    pub repeated: AtomicU64,
    pub repeated_late: AtomicU64,
    pub held_back: AtomicU64,
    pub answers_dropped: AtomicU64,
    pub answers_truncated: AtomicU64,
    pub gateway_errors: AtomicU64,
    pub unanswered: AtomicU64,
    pub events_applied: AtomicU64,
    pub events_duplicate: AtomicU64,
    pub events_retry: AtomicU64,
    pub events_rejected: AtomicU64,
}

/// Changes what passes: a request's body, by its path, and an answer's.
pub type Rewrite = dyn Fn(&str, Bytes) -> Bytes + Send + Sync;

#[derive(Clone)]
pub struct Repeater {
    pub port: u16,
    pub pin: Digest,
    pub certificate: Vec<u8>,
    pub counts: Arc<Counts>,
    pub is_stormy: Arc<AtomicBool>,
    pub rewrite_request: Arc<Mutex<Option<Arc<Rewrite>>>>,
    pub rewrite_answer: Arc<Mutex<Option<Arc<Rewrite>>>>,
    upstream: Arc<Mutex<Vec<u16>>>,
    chance: Arc<Mutex<Chance>>,
    http: reqwest::Client,
}

/// A request as it is repeated.
#[derive(Clone)]
struct Message {
    method: reqwest::Method,
    path: String,
    headers: reqwest::header::HeaderMap,
    body: Bytes,
}

/// An answer as central gave it.
struct Answer {
    status: reqwest::StatusCode,
    headers: reqwest::header::HeaderMap,
    body: Bytes,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug)]
struct Fate {
    held_back: Option<Duration>,
    gateway_error: bool,
    repeated: bool,
    repeated_late: Option<Duration>,
    dropped: bool,
    truncated: bool,
}

/// The connection is broken off, so that no answer comes, or half of one.
#[derive(Debug, thiserror::Error)]
#[error("broken off")]
struct BrokenOff;

type Body = BoxBody<Bytes, BrokenOff>;

impl Repeater {
    pub async fn start(seed: u64) -> Self {
        let rcgen::CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = rcgen::PublicKeyData::subject_public_key_info(&signing_key);
        let pin = Digest(sha2::Sha256::digest(key).into());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let repeater = Self {
            port: listener.local_addr().unwrap().port(),
            pin,
            certificate: cert.der().to_vec(),
            counts: Arc::default(),
            is_stormy: Arc::default(),
            rewrite_request: Arc::default(),
            rewrite_answer: Arc::default(),
            upstream: Arc::default(),
            chance: Arc::new(Mutex::new(Chance::new(seed))),
            http: client(),
        };
        tokio::spawn(repeater.clone().accept(listener, TlsAcceptor::from(Arc::new(config))));
        repeater
    }

    pub fn lead_to(&self, ports: Vec<u16>) {
        *self.upstream.lock() = ports;
    }

    async fn accept(self, listener: TcpListener, acceptor: TlsAcceptor) {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (repeater, acceptor) = (self.clone(), acceptor.clone());
            tokio::spawn(async move {
                // Whoever breaks off has been counted by the wire.
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = hyper::service::service_fn(move |request| repeater.clone().serve(request));
                drop(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await,
                );
            });
        }
    }

    async fn serve(self, request: Request<Incoming>) -> Result<Response<Body>, BrokenOff> {
        let (head, body) = request.into_parts();
        let path = head.uri.path_and_query().unwrap().as_str().to_owned();
        let body = body.collect().await.map_err(|_| BrokenOff)?.to_bytes();
        let body = match &*self.rewrite_request.lock() {
            Some(rewrite) => rewrite(&path, body),
            None => body,
        };
        let mut headers = head.headers;
        for own in ["host", "content-length", "connection", "transfer-encoding"] {
            headers.remove(own);
        }
        let message = Message { method: head.method, path, headers, body };
        self.counts.requests.fetch_add(1, Ordering::Relaxed);
        let fate = self.draw();
        self.answer(message, fate).await
    }

    fn draw(&self) -> Fate {
        let mut chance = self.chance.lock();
        let stormy = self.is_stormy.load(Ordering::Relaxed);
        let mut happens = |hundredths| stormy && chance.percent(hundredths);
        let (held_back, late) = (happens(12), happens(5));
        let (gateway_error, repeated) = (happens(2), happens(15));
        let (dropped, truncated) = (happens(8), happens(3));
        Fate {
            held_back: held_back.then(|| Duration::from_millis(chance.below(400))),
            gateway_error,
            repeated,
            repeated_late: late.then(|| Duration::from_millis(200 + chance.below(3_000))),
            dropped,
            truncated,
        }
    }

    async fn answer(self, message: Message, fate: Fate) -> Result<Response<Body>, BrokenOff> {
        let counts = &self.counts;
        let count = |counter: &AtomicU64| counter.fetch_add(1, Ordering::Relaxed);
        if let Some(time) = fate.held_back {
            count(&counts.held_back);
            tokio::time::sleep(time).await;
        }
        if fate.gateway_error {
            count(&counts.gateway_errors);
            return Ok(page(reqwest::StatusCode::BAD_GATEWAY));
        }
        if let Some(after) = fate.repeated_late {
            count(&counts.repeated_late);
            let (again, message) = (self.clone(), message.clone());
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                // Nobody waits for this answer.
                drop(again.ask(&message).await);
            });
        }
        let answered = if fate.repeated {
            count(&counts.repeated);
            let (first, second) = tokio::join!(self.ask(&message), self.ask(&message));
            if self.chance.lock().percent(50) { first.or(second) } else { second.or(first) }
        } else {
            self.ask(&message).await
        };
        let Some(answer) = answered else {
            count(&counts.unanswered);
            return Err(BrokenOff);
        };
        if fate.dropped {
            count(&counts.answers_dropped);
            return Err(BrokenOff);
        }
        if fate.truncated && answer.body.len() > 1 {
            count(&counts.answers_truncated);
            return Ok(half(&answer));
        }
        Ok(whole(answer))
    }

    /// Asks one instance; nothing where it doesn't answer.
    async fn ask(&self, message: &Message) -> Option<Answer> {
        let port = {
            let (mut chance, ports) = (self.chance.lock(), self.upstream.lock());
            ports[usize::try_from(chance.below(ports.len() as u64)).unwrap()]
        };
        let url = format!("https://localhost:{port}{}", message.path);
        let request = self.http.request(message.method.clone(), url).headers(message.headers.clone());
        let response = request.body(message.body.clone()).send().await.ok()?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.ok()?;
        if message.path == "/v1/events" && status.is_success() {
            self.count_outcomes(&body);
        }
        let body = match &*self.rewrite_answer.lock() {
            Some(rewrite) => rewrite(&message.path, body),
            None => body,
        };
        Some(Answer { status, headers, body })
    }

    fn count_outcomes(&self, body: &[u8]) {
        let answer: BatchAnswer = serde_json::from_slice(body).unwrap();
        for event in &answer.events {
            let counter = match event.outcome {
                Outcome::Applied => &self.counts.events_applied,
                Outcome::Duplicate => &self.counts.events_duplicate,
                Outcome::Retry => &self.counts.events_retry,
                Outcome::Rejected => &self.counts.events_rejected,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn client() -> reqwest::Client {
    // A second test finds the provider installed already, which is as good.
    let _: Result<(), _> = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .no_proxy()
        .connect_timeout(Duration::from_secs(1))
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap()
}

fn body(bytes: Bytes) -> Body {
    http_body_util::Full::new(bytes).map_err(|never: Infallible| match never {}).boxed()
}

fn page(status: reqwest::StatusCode) -> Response<Body> {
    let page = Bytes::from_static(b"<html>the gateway has no server</html>");
    Response::builder().status(status).body(body(page)).unwrap()
}

fn head(answer: &Answer) -> hyper::http::response::Builder {
    let mut builder = Response::builder().status(answer.status);
    for name in ["content-type", "retry-after"] {
        if let Some(value) = answer.headers.get(name) {
            builder = builder.header(name, value);
        }
    }
    builder.header("content-length", answer.body.len())
}

fn whole(answer: Answer) -> Response<Body> {
    head(&answer).body(body(answer.body)).unwrap()
}

/// The head tells of the whole body, and the connection ends in the middle of it.
fn half(answer: &Answer) -> Response<Body> {
    let first = answer.body.slice(..answer.body.len() / 2);
    let frames = [Ok(Frame::data(first)), Err(BrokenOff)];
    head(answer).body(StreamBody::new(futures_util::stream::iter(frames)).boxed()).unwrap()
}
