//! The HTTP server: TLS, limits, and a stop that lets requests finish.

use crate::connections::{self, Gate};
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
use http::HeaderValue;
use http::header::{CACHE_CONTROL, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use hyper_util::rt::TokioTimer;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// How long a client may take for the head of a request, and for the handshake.
const HEAD: Duration = Duration::from_secs(10);
/// How long requests have to finish once the server is asked to stop.
const LEAVING: Duration = Duration::from_secs(20);
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
    /// The metrics can't be collected.
    #[error("metrics can't be collected")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
}

/// Everything that is served, over an instance.
pub fn router(central: &Central) -> Router {
    let settings = &central.settings.server;
    let limits = Limits {
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
    /// For addresses that ask for a key before they read a body.
    booths: Arc<Semaphore>,
    /// For those that anybody may send a body to. Strangers who send slowly can fill these, and keep no booth from its own.
    others: Arc<Semaphore>,
    time: Duration,
}

impl Limits {
    fn places(&self, request: &Request) -> &Semaphore {
        let path = request.uri().path();
        let is_booth = path.starts_with("/v1/") && path != "/v1/enrolment";
        if is_booth { &self.booths } else { &self.others }
    }
}

/// A request waits for a place, and is given up when its time is over: a client that sends slowly holds a place no longer.
async fn limited(limits: Limits, request: Request, next: Next) -> Response {
    let answer = async {
        let Ok(_place) = limits.places(&request).acquire().await else {
            return Failure::Internal("the places are gone").into_response();
        };
        next.run(request).await
    };
    tokio::time::timeout(limits.time, answer).await.unwrap_or_else(|_| Failure::Body.into_response())
}

async fn measured(request: Request, next: Next) -> Response {
    let route =
        request.extensions().get::<MatchedPath>().map_or("none".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().as_str().to_owned();
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
