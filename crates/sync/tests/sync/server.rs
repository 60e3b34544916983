//! The test's central on the network: TLS, HTTP/1.1, and faults of the way.

use crate::central::{Central, Reply};
use bytes::Bytes;
use futures_util::{Stream, stream};
use http_body_util::{BodyExt, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use protocol::Digest;
use sha2::{Digest as _, Sha256};
use std::io::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::{self, ServerConfig};

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The connection is cut before the request has arrived.
    Cut,
    /// The request takes effect, and the connection is cut instead of an answer.
    DropAnswer,
    /// The request takes effect, and half of the answer arrives.
    Truncate,
    /// The request takes effect twice, as after a repetition on the way.
    Twice,
    /// The request takes effect, and the answer isn't JSON.
    Rubbish,
    /// The answer is JSON of another kind.
    OtherJson,
    /// An answer without end.
    Huge,
    /// A gateway's page with this status.
    Page(u16),
    /// Too many requests, with what `Retry-After` says.
    Wait(u64),
    /// Central has been restored from a backup of so many events before this request.
    Restored(usize),
    /// The answer takes this long, in real milliseconds.
    Delay(u64),
    /// Nothing is done until the gate is open, and then after three milliseconds.
    Gate,
}

type Answer = hyper::Response<BoxBody<Bytes, Error>>;
type Script = Box<dyn FnMut(&str) -> Fault + Send>;

/// A running server.
pub struct Server {
    pub address: SocketAddr,
    pub central: Arc<Central>,
    script: Arc<Mutex<Script>>,
    config: Arc<Mutex<Arc<ServerConfig>>>,
    task: tokio::task::JoinHandle<()>,
}

/// A certificate of its own, and its pin.
pub fn certificate() -> (Arc<ServerConfig>, Digest) {
    let (certificate, key, pin) = pair();
    (config(rustls::ALL_VERSIONS, certificate, &key), pin)
}

/// The same for a server that speaks TLS 1.2 only.
pub fn old_certificate() -> (Arc<ServerConfig>, Digest) {
    let (certificate, key, pin) = pair();
    (config(&[&rustls::version::TLS12], certificate, &key), pin)
}

/// Somebody who shows another's certificate without having its key, and that certificate's pin.
pub fn impostor(versions: &[&'static rustls::SupportedProtocolVersion]) -> (Arc<ServerConfig>, Digest) {
    let ((certificate, _, pin), (_, key, _)) = (pair(), pair());
    (config(versions, certificate, &key), pin)
}

fn pair() -> (CertificateDer<'static>, PrivateKeyDer<'static>, Digest) {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["other.example".to_owned()]).unwrap();
    let pin = Digest(Sha256::digest(rcgen::PublicKeyData::subject_public_key_info(&signing_key)).into());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    (cert.der().clone(), key, pin)
}

/// Whether key and certificate belong together isn't looked at.
fn config(
    versions: &[&'static rustls::SupportedProtocolVersion],
    certificate: CertificateDer<'static>,
    key: &PrivateKeyDer<'static>,
) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = rustls::crypto::ring::sign::any_supported_type(key).unwrap();
    let shown = Arc::new(SingleCertAndKey::from(CertifiedKey::new(vec![certificate], key)));
    let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
    Arc::new(config.with_no_client_auth().with_cert_resolver(shown))
}

impl Server {
    pub async fn start() -> (Self, Digest) {
        let (config, pin) = certificate();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let central = Arc::new(Central::default());
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(Box::new(|_: &str| Fault::None)));
        let config = Arc::new(Mutex::new(config));
        let task =
            tokio::spawn(accept(listener, Arc::clone(&central), Arc::clone(&script), Arc::clone(&config)));
        (Self { address, central, script, config, task }, pin)
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Decides about each request from now on, by its path.
    pub fn script(&self, script: impl FnMut(&str) -> Fault + Send + 'static) {
        *self.script.lock() = Box::new(script);
    }

    /// New connections see another certificate.
    pub fn show(&self, config: Arc<ServerConfig>) {
        *self.config.lock() = config;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(
    listener: TcpListener,
    central: Arc<Central>,
    script: Arc<Mutex<Script>>,
    config: Arc<Mutex<Arc<ServerConfig>>>,
) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let acceptor = TlsAcceptor::from(Arc::clone(&*config.lock()));
        let (central, script) = (Arc::clone(&central), Arc::clone(&script));
        connections.spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else {
                central.greetings_that_failed.fetch_add(1, Ordering::SeqCst);
                return;
            };
            let service = service_fn(move |request| {
                let fault = (script.lock())(request.uri().path());
                answer(request, Arc::clone(&central), fault)
            });
            // A connection that ends with an error was cut, by either side.
            let _: Result<(), _> = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    central: Arc<Central>,
    fault: Fault,
) -> Result<Answer, Error> {
    let (head, mut body) = request.into_parts();
    let _under_way = central.enter(&head);
    match fault {
        Fault::Cut => {
            let _: Option<_> = body.frame().await;
            return Err(Error::other("cut"));
        }
        Fault::Restored(events) => central.state.lock().restore(events),
        Fault::Gate => {
            while !central.gate_is_open.load(Ordering::SeqCst) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        Fault::Delay(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
        Fault::Page(status) => return Ok(respond(status, None, once(b"<html>no</html>".to_vec()))),
        Fault::Wait(seconds) => {
            let reply = Reply::problem(429, "too_many_requests");
            return Ok(respond(429, Some(seconds), once(reply.body)));
        }
        Fault::Huge => {
            return Ok(respond(
                200,
                None,
                stream::repeat_with(|| Ok(Frame::data(vec![b' '; 1 << 20].into()))),
            ));
        }
        _ => {}
    }
    let bytes = body.collect().await.map_err(Error::other)?.to_bytes();
    let mut reply = central.answer(&head, &bytes);
    if fault == Fault::Twice {
        reply = central.answer(&head, &bytes);
    }
    match fault {
        Fault::DropAnswer => Err(Error::other("dropped")),
        Fault::Truncate => {
            let half = reply.body[..reply.body.len() / 2].to_vec();
            let parts = vec![Ok(Frame::data(half.into())), Err(Error::other("truncated"))];
            Ok(respond(reply.status, None, stream::iter(parts)))
        }
        Fault::Rubbish => Ok(respond(200, None, once(b"\xff{]rubbish".to_vec()))),
        Fault::OtherJson => Ok(respond(200, None, once(b"{\"entries\": 7}".to_vec()))),
        _ => Ok(respond(reply.status, None, once(reply.body))),
    }
}

fn once(body: Vec<u8>) -> impl Stream<Item = Result<Frame<Bytes>, Error>> + Send + Sync + 'static {
    stream::iter([Ok(Frame::data(body.into()))])
}

fn respond(
    status: u16,
    retry_after: Option<u64>,
    body: impl Stream<Item = Result<Frame<Bytes>, Error>> + Send + Sync + 'static,
) -> Answer {
    let mut response = hyper::Response::builder().status(status);
    if let Some(seconds) = retry_after {
        response = response.header("retry-after", seconds);
    }
    response.body(BodyExt::boxed(StreamBody::new(body))).unwrap()
}
