//! What goes wrong while a request is answered, as RFC 9457 has it. Bodies of 5xx answers say nothing; the chain is logged here, once.

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use protocol::blob::BundleError;
use protocol::problem::MEDIA_TYPE;
use protocol::{Code, Problem};
use tokio_postgres::error::DbError;

/// A request that wasn't answered as it was meant.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It isn't one of this version; what is wrong.
    #[error("{0}")]
    Invalid(&'static str),
    /// Its body isn't the JSON that it should be.
    #[error("the body isn't the JSON of this request")]
    Json(#[source] serde_json::Error),
    /// Its body isn't the bundle of blobs that it should be.
    #[error("the body is no bundle of blobs")]
    Bundle(#[from] BundleError),
    /// No such address.
    #[error("there is no such address")]
    NoAddress,
    /// No such method there.
    #[error("the method is not allowed here")]
    NoMethod,
    /// Nobody known asks.
    #[error("no device that is known asks")]
    UnknownDevice,
    /// The device was revoked.
    #[error("the device's key was revoked")]
    Revoked,
    /// Two machines use the device's key.
    #[error("two machines use this device's key; staff must decide")]
    Forked,
    /// The enrolment code isn't good.
    #[error("the enrolment code is unknown, used or too old")]
    InvalidCode,
    /// No such thing on this campus.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The body isn't what its hash says.
    #[error("the body has another hash")]
    HashMismatch,
    /// The body is too large.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// How large it may be.
        limit: u64,
    },
    /// Another trade has the number.
    #[error("another trade has this number")]
    NumberTaken,
    /// The campus takes no payments of this kind.
    #[error("the campus takes no payments of this kind")]
    PaymentUnavailable,
    /// The provider can't be asked.
    #[error("the payment provider can't be asked at the moment")]
    ProviderUnreachable,
    /// The provider refuses.
    #[error("the payment provider refuses")]
    ProviderRefused,
    /// The body did not come in time, or broke off.
    #[error("the body did not come in time or broke off")]
    Body,
    /// It took too long, and not because of its sender.
    #[error("the request took too long here")]
    Late,
    /// PostgreSQL has no connection for this request.
    #[error("there is no connection to PostgreSQL")]
    Pool(#[from] deadpool_postgres::PoolError),
    /// A question failed.
    #[error("PostgreSQL refused")]
    Database(#[from] tokio_postgres::Error),
    /// The object store failed.
    #[error("the object store failed")]
    Store(#[from] object_store::Error),
    /// The folder of photos can't be tidied up.
    #[error("the folder of photos can't be tidied up")]
    Folder(#[from] std::io::Error),
    /// The blob is being deleted at this moment.
    #[error("the blob is being deleted at this moment")]
    Swept,
    /// A fault of this program or of its data.
    #[error("{0}")]
    Internal(&'static str),
}

impl Failure {
    fn verdict(&self) -> (StatusCode, Code) {
        match self {
            Self::Invalid(_) | Self::Json(_) | Self::Bundle(_) => {
                (StatusCode::BAD_REQUEST, Code::InvalidRequest)
            }
            Self::NoAddress => (StatusCode::NOT_FOUND, Code::InvalidRequest),
            Self::NoMethod => (StatusCode::METHOD_NOT_ALLOWED, Code::InvalidRequest),
            Self::UnknownDevice => (StatusCode::UNAUTHORIZED, Code::UnknownDevice),
            Self::Revoked => (StatusCode::FORBIDDEN, Code::Revoked),
            Self::Forked => (StatusCode::FORBIDDEN, Code::Forked),
            Self::InvalidCode => (StatusCode::FORBIDDEN, Code::InvalidCode),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, Code::NotFound),
            Self::HashMismatch => (StatusCode::UNPROCESSABLE_ENTITY, Code::HashMismatch),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge),
            Self::NumberTaken => (StatusCode::CONFLICT, Code::NumberTaken),
            Self::PaymentUnavailable => (StatusCode::CONFLICT, Code::PaymentUnavailable),
            Self::ProviderUnreachable => (StatusCode::SERVICE_UNAVAILABLE, Code::ProviderUnreachable),
            Self::ProviderRefused => (StatusCode::CONFLICT, Code::ProviderRefused),
            Self::Body => (StatusCode::REQUEST_TIMEOUT, Code::Timeout),
            Self::Pool(_) | Self::Swept | Self::Late => (StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable),
            Self::Database(error) if is_passing(error) => {
                (StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable)
            }
            Self::Store(_) | Self::Folder(_) => (StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable),
            Self::Database(_) | Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, Code::Internal),
        }
    }
}

/// Whether PostgreSQL is only away, overloaded or in the way of somebody else: the connection broke, or a class 40, 53, 55, 57 or 58 error.
fn is_passing(error: &tokio_postgres::Error) -> bool {
    let passing = |code: &str| {
        ["08", "25006", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class))
    };
    error.code().is_none_or(|state| passing(state.code()))
}

/// An error and its causes in one line, for the log. No value of a row or of a body is in it.
#[must_use]
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(say).collect::<Vec<_>>().join(": ")
}

fn say(error: &(dyn std::error::Error + 'static)) -> String {
    if let Some(error) = error.downcast_ref::<DbError>() {
        return say_of_database(error);
    }
    match error.downcast_ref::<serde_json::Error>() {
        Some(json) => format!("{:?} in JSON, line {} column {}", json.classify(), json.line(), json.column()),
        None => error.to_string(),
    }
}

/// What PostgreSQL's error is about. Its detail and its hint are left out, because they show whole rows; and of data exceptions, class
/// 22, the message too, because it shows the value.
fn say_of_database(error: &DbError) -> String {
    let code = error.code().code();
    let mut text = format!("SQLSTATE {code}");
    if !code.starts_with("22") {
        text = format!("{text}: {}", error.message());
    }
    for (name, value) in [("table", error.table()), ("constraint", error.constraint())] {
        text.extend(value.map(|value| format!(", {name} {value}")));
    }
    text
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, code) = self.verdict();
        let title = if status.is_server_error() {
            tracing::error!(status = status.as_u16(), error = chain(&self), "a request failed");
            "central can't do this at the moment".to_owned()
        } else {
            tracing::debug!(status = status.as_u16(), error = chain(&self), "a request was refused");
            self.to_string()
        };
        let mut response = problem(status, code, title);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }
}

/// The answer that tells a problem.
#[must_use]
pub fn problem(status: StatusCode, code: Code, title: String) -> Response {
    let body = axum::Json(Problem { status: status.as_u16(), code, title });
    (status, [(CONTENT_TYPE, MEDIA_TYPE)], body).into_response()
}
