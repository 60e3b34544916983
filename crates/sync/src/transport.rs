//! One request over pinned TLS: limits on time, on what leaves and on what comes back.
//!
//! HTTP/1.1 on purpose: each request has a connection of its own, so on a lossy network one lost packet holds up one of them and not
//! all.

use crate::call_error::{BadAnswer, CallError, ClientError};
use crate::clock::Clock;
use crate::pace::Pace;
use crate::pins::{Pins, tls};
use crate::settings::Settings;
use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

/// The most bytes of a short answer, such as a batch's.
pub(crate) const SHORT_ANSWER: usize = 1024 * 1024;

/// The most bytes of a page of the directory.
pub(crate) const LONG_ANSWER: usize = 32 * 1024 * 1024;

/// The slowest network that still counts as one, in bytes a second.
const SLOWEST: u64 = 4 * 1024;

/// One request, which may be sent more than once.
pub(crate) struct Request {
    pub(crate) method: Method,
    /// The address's path behind `/v1`, segment by segment.
    pub(crate) path: Vec<String>,
    pub(crate) query: Option<String>,
    pub(crate) body: Option<(&'static str, Bytes)>,
    /// Whether the limit on what leaves applies: to blobs and batches, while a payment overtakes them.
    pub(crate) is_bulk: bool,
    pub(crate) largest_answer: usize,
}

impl Request {
    pub(crate) fn new(method: Method, path: &[&str]) -> Self {
        let path = path.iter().map(|&segment| segment.to_owned()).collect();
        Self { method, path, query: None, body: None, is_bulk: false, largest_answer: SHORT_ANSWER }
    }

    pub(crate) fn json(self, body: &impl Serialize) -> Result<Self, CallError> {
        let json = serde_json::to_vec(body).map_err(CallError::Unsent)?;
        Ok(Self { body: Some(("application/json", json.into())), ..self })
    }

    pub(crate) fn bytes(self, bytes: Bytes) -> Self {
        Self { body: Some(("application/octet-stream", bytes)), ..self }
    }

    pub(crate) fn bulk(self) -> Self {
        Self { is_bulk: true, ..self }
    }
}

/// How long a connection that nothing is asked on is kept: less than central keeps it (10 s), so that no request meets its end.
const IDLE: Duration = Duration::from_secs(8);

/// The way to one server.
pub(crate) struct Transport {
    http: reqwest::Client,
    address: Url,
    pins: Pins,
    pace: Pace,
    patience: Duration,
    slowest: u64,
}

impl Transport {
    pub(crate) fn new(
        address: &str,
        pins: Pins,
        settings: &Settings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ClientError> {
        let address = Url::parse(address).map_err(|_| ClientError::Address)?;
        if address.scheme() != "https" || !address.has_host() {
            return Err(ClientError::Address);
        }
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(pins.clone()).map_err(ClientError::Tls)?)
            .https_only(true)
            .http1_only()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(settings.connect_timeout)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(settings.parallel_blobs.max(1) + 1)
            .tcp_nodelay(true)
            .build()
            .map_err(ClientError::Http)?;
        let share = u64::from(settings.bytes_per_second) / (2 * settings.parallel_blobs.max(1) as u64 + 2);
        let slowest = if share == 0 { SLOWEST } else { share.min(SLOWEST) };
        let pace = Pace::new(settings.bytes_per_second, clock);
        Ok(Self { http, address, pins, pace, patience: settings.answer_timeout, slowest })
    }

    pub(crate) fn pins(&self) -> &Pins {
        &self.pins
    }

    /// The answer's bytes, where it is a success.
    pub(crate) async fn send(
        &self,
        request: &Request,
        bearer: Option<HeaderValue>,
    ) -> Result<Vec<u8>, CallError> {
        let response = self.prepare(request, bearer).send().await.map_err(CallError::from_http)?;
        let status = response.status();
        if status.is_success() {
            return read(response, request.largest_answer).await;
        }
        if !status.is_client_error() && !status.is_server_error() {
            return Err(CallError::BadAnswer(BadAnswer::Status(status.as_u16())));
        }
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        // A refusal stays one where its explanation is too long.
        let body = match read(response, SHORT_ANSWER).await {
            Ok(body) => body,
            Err(CallError::BadAnswer(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        Err(CallError::from_refusal(status.as_u16(), retry_after.as_deref(), &body))
    }

    /// The time for a request grows with its size, so that a slow network gets through and a dead one is noticed.
    fn prepare(&self, request: &Request, bearer: Option<HeaderValue>) -> RequestBuilder {
        let mut prepared = self.http.request(request.method.clone(), self.url(request));
        if let Some(bearer) = bearer {
            prepared = prepared.header(AUTHORIZATION, bearer);
        }
        let mut bytes = 0;
        if let Some((media_type, body)) = &request.body {
            bytes = body.len() as u64;
            prepared = prepared
                .header(CONTENT_TYPE, *media_type)
                .header(CONTENT_LENGTH, bytes)
                .body(self.body(body, request.is_bulk));
        } else if request.method != Method::GET {
            prepared = prepared.header(CONTENT_LENGTH, 0);
        }
        prepared.timeout(self.patience + Duration::from_secs(bytes / self.slowest.max(1)))
    }

    /// Whatever a segment holds, it stays one segment. An HTTPS address always has a path.
    fn url(&self, request: &Request) -> Url {
        let mut url = self.address.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().push(protocol::VERSION).extend(&request.path);
        }
        url.set_query(request.query.as_deref());
        url
    }

    fn body(&self, body: &Bytes, is_bulk: bool) -> reqwest::Body {
        if is_bulk && self.pace.is_limited() {
            reqwest::Body::wrap_stream(self.pace.stream(body.clone()))
        } else {
            body.clone().into()
        }
    }
}

/// The answer as the JSON that is expected.
pub(crate) fn parse<T: DeserializeOwned>(answer: &[u8]) -> Result<T, CallError> {
    serde_json::from_slice(answer).map_err(|error| CallError::from_json(&error))
}

async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, CallError> {
    let too_large = || CallError::BadAnswer(BadAnswer::TooLarge { limit });
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(CallError::from_http)? {
        if body.len() + piece.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use protocol::batch::{BatchAnswer, EventAnswer, Outcome, Reason};
    use protocol::blob::{StoredBlob, StoredBundle};
    use protocol::directory::Page;
    use protocol::enrolment::Enrolled;
    use protocol::heartbeat::HeartbeatAnswer;
    use protocol::payment::Trade;
    use uuid::Uuid;

    /// Reads the bytes as every answer; how many they are.
    fn readings(bytes: &[u8]) -> usize {
        [
            parse::<BatchAnswer>(bytes).is_ok(),
            parse::<StoredBlob>(bytes).is_ok(),
            parse::<StoredBundle>(bytes).is_ok(),
            parse::<Page>(bytes).is_ok(),
            parse::<Enrolled>(bytes).is_ok(),
            parse::<HeartbeatAnswer>(bytes).is_ok(),
            parse::<Trade>(bytes).is_ok(),
        ]
        .into_iter()
        .filter(|read| *read)
        .count()
    }

    fn answer(mark: u64, ids: &[u128]) -> Vec<u8> {
        let event = |id: &u128| {
            let (event_id, outcome) = (Uuid::from_u128(*id), Outcome::Retry);
            EventAnswer { event_id, outcome, reason: Some(Reason::Gap) }
        };
        serde_json::to_vec(&BatchAnswer { mark, events: ids.iter().map(event).collect() }).unwrap()
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered_without_a_panic(bytes in any::<Vec<u8>>(), text in "[\\[\\]{}:,\"a-z_0-9 ]{0,200}") {
            prop_assert!(readings(&bytes) <= 1);
            prop_assert!(readings(text.as_bytes()) <= 1);
        }

        #[test]
        fn an_answer_is_read_as_itself_alone(mark: u64, ids in proptest::collection::vec(any::<u128>(), 0..5)) {
            let bytes = answer(mark, &ids);
            prop_assert_eq!(parse::<BatchAnswer>(&bytes).unwrap().events.len(), ids.len());
            prop_assert_eq!(readings(&bytes), 1);
        }

        #[test]
        fn a_truncated_answer_is_never_taken_for_a_whole_one(mark: u64, ids in proptest::collection::vec(any::<u128>(), 0..5), cut in 0.0f64..1.0) {
            let bytes = answer(mark, &ids);
            let cut = (bytes.len() as f64 * cut) as usize;
            prop_assert_eq!(readings(&bytes[..cut]), 0);
        }
    }
}
