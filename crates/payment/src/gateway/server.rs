//! HTTP/1.1 on the listener, and which part answers which path.

use super::{Shared, alipay, bills, control, page, wechat};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::net::{TcpListener, TcpStream};

/// A request whose body has come.
pub(super) struct Asked {
    pub method: Method,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

pub(super) type Answer = Response<Full<Bytes>>;

/// Takes connections until the task is ended.
pub(super) async fn serve(shared: Arc<Shared>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => shared.spawn(connection(Arc::clone(&shared), stream)),
            Err(error) => {
                tracing::warn!(%error, "a connection to the demonstration could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn connection(shared: Arc<Shared>, stream: TcpStream) {
    let service = service_fn(|request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(answer(shared, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(30))
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection to the demonstration broke");
    }
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, crate::link::ANSWER_BYTES).collect().await else {
        return text(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", "too long");
    };
    let asked = Asked {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: body.to_bytes(),
    };
    route(&shared, &asked).await
}

async fn route(shared: &Arc<Shared>, asked: &Asked) -> Answer {
    let path = asked.path.as_str();
    if let Some(token) = path.strip_prefix("/pay/") {
        return page::answer(shared, &asked.method, token);
    }
    if let Some(day) = path.strip_prefix("/alipay/bill/") {
        return bills::alipay_download(shared, day);
    }
    if let Some(what) = path.strip_prefix("/control/").filter(|_| shared.settings.control) {
        return control::answer(shared, &asked.method, what, &asked.body);
    }
    match path {
        _ if path.starts_with("/v3/") => wechat::answer(shared, asked).await,
        "/gateway.do" => alipay::answer(shared, asked).await,
        _ => text(
            StatusCode::NOT_FOUND,
            "text/plain",
            "A demonstration of a payment gateway. No money moves.\n",
        ),
    }
}

/// An answer of a kind.
pub(super) fn text(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = status;
    answer.headers_mut().insert("content-type", http::HeaderValue::from_static(kind));
    answer
}
