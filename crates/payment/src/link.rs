//! One HTTP exchange with a provider: limits of time and size, and what is known when it fails.

use crate::error::{BadAnswer, Doubt, PaymentError, RequestError};
use bytes::{Bytes, BytesMut};
use domain::UtcMillis;
use http::HeaderMap;
use reqwest::{Certificate, Client, RequestBuilder, redirect::Policy};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The most that an answer or a notification may be long.
pub(crate) const ANSWER_BYTES: usize = 1 << 20;
/// The most that a bill may be long, packed or not.
pub(crate) const BILL_BYTES: usize = 64 << 20;

/// How long a connection that nothing is asked on is kept: less than the stand-in keeps
/// it (30 s), so that no call meets its end.
const IDLE: Duration = Duration::from_secs(20);

/// Limits of time, and the clock.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// To connect.
    pub connect: Duration,
    /// For a whole call.
    pub whole: Duration,
    /// To download a bill.
    pub bill: Duration,
    /// The time now, which signatures are judged by.
    pub now: fn() -> UtcMillis,
    /// Certificates that are trusted beside the system's.
    pub trusts: Vec<Certificate>,
}

impl Default for ClientSettings {
    /// 3 s to connect, 8 s in all, 60 s for a bill, the system's clock.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            whole: Duration::from_secs(8),
            bill: Duration::from_secs(60),
            now: system_time,
            trusts: Vec::new(),
        }
    }
}

/// What came back, nothing of it verified.
#[derive(Debug)]
pub(crate) struct RawAnswer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The time by the system's clock.
pub(crate) fn system_time() -> UtcMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UtcMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// An HTTP client that follows no redirection and uses no proxy.
pub(crate) fn client(settings: &ClientSettings) -> Result<Client, PaymentError> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody else may install one at the same moment; then theirs is used.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
    let trusting =
        settings.trusts.iter().cloned().fold(Client::builder(), reqwest::ClientBuilder::add_root_certificate);
    trusting
        .connect_timeout(settings.connect)
        .timeout(settings.whole)
        .pool_idle_timeout(IDLE)
        .redirect(Policy::none())
        .no_proxy()
        .user_agent("campus-booth")
        .build()
        .map_err(|source| RequestError::Client(source).into())
}

/// Sends `request` and reads its answer, at most `limit` bytes of it. A status of 500 and above is a [`Doubt`].
pub(crate) async fn exchange(request: RequestBuilder, limit: usize) -> Result<RawAnswer, PaymentError> {
    let mut response = request.send().await.map_err(failure)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    if status >= 500 {
        return Err(PaymentError::Unknown(Doubt::Server { status }));
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > limit {
            return Err(PaymentError::BadAnswer(BadAnswer::TooLong { limit }));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(RawAnswer { status, headers, body: body.freeze() })
}

/// What is known after `error`. Its address is dropped: it names trades.
fn failure(error: reqwest::Error) -> PaymentError {
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        PaymentError::Unreachable(error)
    } else if error.is_timeout() {
        PaymentError::Unknown(Doubt::TimeOut(error))
    } else {
        PaymentError::Unknown(Doubt::Broken(error))
    }
}

/// `bytes` random bytes in hexadecimal.
pub(crate) fn nonce(bytes: usize) -> Result<String, RequestError> {
    let mut drawn = vec![0; bytes];
    getrandom::fill(&mut drawn).map_err(RequestError::Random)?;
    Ok(data_encoding::HEXLOWER.encode(&drawn))
}
