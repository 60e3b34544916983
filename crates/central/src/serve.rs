//! The HTTP server: TLS, limits, and a stop that lets requests finish.

use crate::connections::{self, Gate};
use crate::pace::{self, Pace};
use crate::settings::Tls;
use crate::state::StartError;
use crate::tls::Identity;
use crate::{Central, Failure, api, metrics, office};
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum_server::Handle;
use axum_server::accept::DefaultAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use http::header::{CACHE_CONTROL, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method};
use hyper_util::rt::TokioTimer;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::{AbortHandle, JoinError, JoinHandle};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// How long a client may take for the head of a request, and for the handshake.
const HEAD: Duration = Duration::from_secs(10);
/// How long requests have to finish once the server is asked to stop.
const LEAVING: Duration = Duration::from_secs(20);
/// How fast a body must come: a photo of 50 KB over a line of 1 KB/s does, a trickle that only holds a place doesn't.
const PACE: Pace = Pace {
    grace: Duration::from_secs(18),
    bytes_a_second: 128,
    silence: Duration::from_secs(30),
    total: Duration::from_secs(600),
};
/// Upper bounds of the histogram of answers, in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// A server that can't run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// It can't listen.
    #[error("{address} can't be listened on")]
    Listen {
        /// Where.
        address: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The instance can't start.
    #[error("the server can't start")]
    Start(#[from] StartError),
    /// It ended by itself.
    #[error("the server ended")]
    Ended(#[source] std::io::Error),
    /// A worker beside it ended, which none should.
    #[error("the worker of {name} ended")]
    Worker {
        /// Which.
        name: &'static str,
        /// Why, where it didn't end by itself.
        #[source]
        source: Option<JoinError>,
    },
    /// The metrics can't be collected.
    #[error("metrics can't be collected")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
}

/// Everything that is served, over an instance.
pub fn router(central: &Central) -> Router {
    let settings = &central.settings.server;
    let limits = Limits {
        uploads: Arc::new(Semaphore::new(settings.concurrency)),
        booths: Arc::new(Semaphore::new(settings.concurrency)),
        others: Arc::new(Semaphore::new(settings.concurrency)),
        time: Duration::from_secs(settings.request_s),
    };
    let header = |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .merge(api::router())
        .merge(office::router())
        .merge(api::notify_router())
        .fallback(async || Failure::NoAddress.into_response())
        .method_not_allowed_fallback(async || Failure::NoMethod.into_response())
        .layer(CatchPanicLayer::custom(|_| Failure::Internal("a handler panicked").into_response()))
        .layer(middleware::from_fn(move |request, next| limited(limits.clone(), request, next)))
        .merge(api::health_router())
        .layer(middleware::from_fn(measured))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(header(CACHE_CONTROL, "no-store"))
        .with_state(central.clone())
}

#[derive(Clone)]
struct Limits {
    /// For photos, which may be long on a thin line and must not keep heartbeats and payments waiting.
    uploads: Arc<Semaphore>,
    /// For other addresses that ask for a key before they read a body.
    booths: Arc<Semaphore>,
    /// For those that anybody may send a body to. Strangers who send slowly can fill these, and keep no booth from its own.
    others: Arc<Semaphore>,
    time: Duration,
}

impl Limits {
    /// Where a request waits, and how fast its body must come. A booth has shown its key before its body is read, and may be at the end
    /// of a thin line; what others send is small.
    fn of(&self, request: &Request) -> (&Semaphore, Pace) {
        let path = request.uri().path();
        let is_booth = path.starts_with("/v1/") && path != "/v1/enrolment";
        let is_upload = path.starts_with("/v1/blobs");
        let places = if is_upload { &self.uploads } else { &self.booths };
        if is_booth { (places, PACE) } else { (&self.others, Pace { total: self.time, ..PACE }) }
    }
}

/// A request waits for a place, and is given up when its time is over: a client that sends slowly holds a place no longer.
async fn limited(limits: Limits, request: Request, next: Next) -> Response {
    let (places, pace) = limits.of(&request);
    let (parts, body) = request.into_parts();
    let answer = async |body| {
        let Ok(_place) = places.acquire().await else {
            return Failure::Internal("the places are gone").into_response();
        };
        next.run(Request::from_parts(parts, body)).await
    };
    pace::within(limits.time, pace, body, answer).await
}

/// The method's name for the metrics. A client may invent methods, and each name would be kept.
fn method(method: &Method) -> &'static str {
    let known = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE"];
    known.into_iter().find(|known| method.as_str() == *known).unwrap_or("other")
}

async fn measured(request: Request, next: Next) -> Response {
    let route =
        request.extensions().get::<MatchedPath>().map_or("none".to_owned(), |path| path.as_str().to_owned());
    let method = method(request.method());
    let begun = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    ::metrics::histogram!(metrics::SECONDS, "route" => route.clone()).record(begun.elapsed().as_secs_f64());
    ::metrics::counter!(metrics::REQUESTS, "method" => method, "route" => route, "status" => status)
        .increment(1);
    response
}

fn listen(address: &str) -> Result<TcpListener, ServeError> {
    let bound =
        TcpListener::bind(address).and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
    bound.map_err(|source| ServeError::Listen { address: address.to_owned(), source })
}

/// Collects metrics for the process, and serves them where the settings say.
///
/// # Errors
/// [`ServeError::Metrics`] or [`ServeError::Listen`].
pub fn collect_metrics(central: &Central) -> Result<(), ServeError> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(metrics::SECONDS.to_owned()), &BUCKETS)?;
    let handle = builder.install_recorder()?;
    let address = &central.settings.metrics.listen;
    if address.is_empty() {
        return Ok(());
    }
    let listener = listen(address)?;
    let app = Router::new().route("/metrics", axum::routing::get(move || render(handle.clone())));
    tokio::spawn(async move {
        let server = axum_server::from_tcp(listener).map(|server| server.serve(app.into_make_service()));
        match server {
            Ok(serving) => {
                if let Err(error) = serving.await {
                    tracing::error!(%error, "metrics are no longer served");
                }
            }
            Err(error) => tracing::error!(%error, "metrics are not served"),
        }
    });
    Ok(())
}

async fn render(handle: PrometheusHandle) -> String {
    handle.run_upkeep();
    handle.render()
}

/// A worker beside the server: what it is for, and its task.
pub type Worker = (&'static str, JoinHandle<()>);

/// [`serve`], beside workers that must not end: without one of them an instance would look well and leave work undone, so it ends, and
/// is started again by whoever looks after the process.
///
/// # Errors
/// [`ServeError`].
pub async fn serve_beside(central: Central, workers: Vec<Worker>) -> Result<(), ServeError> {
    let stops: Vec<AbortHandle> = workers.iter().map(|(_, task)| task.abort_handle()).collect();
    let ended = workers.into_iter().map(|(name, task)| Box::pin(async move { (name, task.await) }));
    let ended = async {
        match ended.collect::<FuturesUnordered<_>>().next().await {
            Some((name, ended)) => Err(ServeError::Worker { name, source: ended.err() }),
            None => std::future::pending().await,
        }
    };
    let served = tokio::select! {
        served = serve(central) => served,
        ended = ended => ended,
    };
    stops.iter().for_each(AbortHandle::abort);
    served
}

/// Serves until the process is asked to end (SIGTERM, SIGINT), then lets requests finish.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(central: Central) -> Result<(), ServeError> {
    let settings = &central.settings.server;
    let listener = listen(&settings.listen.to_string())?;
    let address = listener
        .local_addr()
        .map_err(|source| ServeError::Listen { address: settings.listen.to_string(), source })?;
    let handle = Handle::new();
    tokio::spawn(stop_when_asked(handle.clone()));
    let app = router(&central).into_make_service_with_connect_info::<SocketAddr>();
    tracing::info!(%address, tls = ?settings.tls, "central serves");
    let server = axum_server::from_tcp(listener).map_err(ServeError::Ended)?.handle(handle);
    let places = connections::places(settings.connections);
    let ended = match settings.tls {
        Tls::Proxy => {
            let mut server = server.acceptor(Gate::new(DefaultAcceptor::new(), places, HEAD));
            limit_heads(server.http_builder());
            server.serve(app).await
        }
        Tls::Own => {
            let config =
                Identity::load(settings).and_then(Identity::server_config).map_err(StartError::Tls)?;
            let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(config)).handshake_timeout(HEAD);
            let mut server = server.acceptor(Gate::new(acceptor, places, HEAD));
            limit_heads(server.http_builder());
            server.serve(app).await
        }
    };
    ended.map_err(ServeError::Ended)
}

/// A client that never ends the head of its request, or never asks again, is let go.
fn limit_heads(builder: &mut hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>) {
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(64)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(HEAD);
}

async fn stop_when_asked(handle: Handle<SocketAddr>) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals can't be heard; the server is to be killed");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("central stops");
    handle.graceful_shutdown(Some(LEAVING));
}
