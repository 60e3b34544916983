//! What can go wrong with a call, by what the caller is to do about it.

use crate::pins::NotPinned;
use protocol::{Code, Problem};
use std::error::Error as StdError;
use std::time::Duration;

/// The longest wait that central may ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(600);

/// The client for an address can't be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS can't be set up.
    #[error("TLS can't be set up")]
    Tls(#[source] rustls::Error),
    /// The HTTP client can't be set up.
    #[error("the HTTP client can't be set up")]
    Http(#[source] reqwest::Error),
    /// The address isn't one of an HTTPS server.
    #[error("central's address isn't one of an HTTPS server")]
    Address,
}

/// A call had no good answer. Every call may be made again: central knows what it has seen.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No connection, or it broke.
    #[error("central can't be reached")]
    Unreachable(#[source] reqwest::Error),
    /// There was no answer in time.
    #[error("central did not answer in time")]
    TimedOut(#[source] reqwest::Error),
    /// Somebody answered whose public key isn't central's.
    #[error("the server isn't central: its public key isn't pinned")]
    PinMismatch,
    /// Central said no.
    #[error("central refused: {} {:?}", .problem.status, .problem.code)]
    Refused {
        /// Why.
        problem: Problem,
        /// When central wants to be asked again, ten minutes at most.
        retry_after: Option<Duration>,
    },
    /// What was to be sent has no JSON. Nothing was sent.
    #[error("the request can't be written")]
    Unsent(#[source] serde_json::Error),
    /// The answer isn't one of this protocol.
    #[error("central's answer can't be used")]
    BadAnswer(#[source] BadAnswer),
}

/// Why an answer can't be used. It holds nothing of the answer, which may speak of persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAnswer {
    /// It is longer than such an answer can be.
    #[error("the answer is longer than {limit} bytes")]
    TooLarge {
        /// The most bytes.
        limit: usize,
    },
    /// It isn't the JSON that is expected.
    #[error("the answer isn't the expected JSON (line {line}, column {column})")]
    Json {
        /// The line of the first error, from 1.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// Its status is neither a success nor a refusal.
    #[error("the answer has the status {0}")]
    Status(u16),
    /// It answers something else than was asked.
    #[error("the answer is to something else")]
    NotAsked,
    /// It contradicts itself, so nothing of it is believed.
    #[error("the answer contradicts itself")]
    Contradiction,
}

impl CallError {
    /// What the HTTP client reports, without the address, which may name an order.
    pub(crate) fn from_http(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if is_pin_mismatch(&error) {
            Self::PinMismatch
        } else if error.is_timeout() {
            Self::TimedOut(error)
        } else {
            Self::Unreachable(error)
        }
    }

    /// A refusal. What isn't a problem document, such as a gateway's page, has no code that could be acted on, only its status.
    pub(crate) fn from_refusal(status: u16, retry_after: Option<&str>, body: &[u8]) -> Self {
        let unknown = |_| Problem { status, code: Code::Other, title: String::new() };
        let problem: Problem = serde_json::from_slice(body).unwrap_or_else(unknown);
        let retry_after = retry_after
            .and_then(|text| text.trim().parse().ok())
            .map(|seconds| Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER));
        Self::Refused { problem: Problem { status, ..problem }, retry_after }
    }

    pub(crate) fn from_json(error: &serde_json::Error) -> Self {
        Self::BadAnswer(BadAnswer::Json { line: error.line(), column: error.column() })
    }

    /// The code of a refusal.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused { problem, .. } => Some(problem.code),
            _ => None,
        }
    }

    /// When central wants to be asked again, if it said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether central refuses what was sent, so that the same again would be refused again.
    pub(crate) fn is_about_the_body(&self) -> bool {
        matches!(self, Self::Refused { problem: Problem { status: 400 | 413 | 415 | 422, .. }, .. })
            && self.code() != Some(Code::HashMismatch)
    }

    /// Whether there is no such address or method: the server is older than this program.
    pub(crate) const fn is_about_the_address(&self) -> bool {
        matches!(self, Self::Refused { problem: Problem { status: 404 | 405, .. }, .. })
    }
}

fn is_pin_mismatch(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        if is_not_pinned(error) {
            return true;
        }
        // An I/O error passes over what it wraps when it is asked for its source.
        next = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    false
}

fn is_not_pinned(error: &(dyn StdError + 'static)) -> bool {
    use rustls::CertificateError::Other;
    match error.downcast_ref::<rustls::Error>() {
        Some(rustls::Error::InvalidCertificate(Other(inner))) => inner.0.is::<NotPinned>(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_refusal_has_its_status(status in 400u16..600, after in proptest::option::of("\\PC{0,12}"), body in any::<Vec<u8>>()) {
            let error = CallError::from_refusal(status, after.as_deref(), &body);
            let CallError::Refused { problem, retry_after } = error else { panic!("a refusal is a refusal") };
            prop_assert_eq!(problem.status, status);
            prop_assert!(retry_after.is_none_or(|after| after <= LONGEST_RETRY_AFTER));
        }

        #[test]
        fn a_problem_is_read(code in "[a-z_]{1,20}", title in "\\PC{0,40}") {
            let body = serde_json::json!({"status": 200, "code": code, "title": title, "type": "about:blank"}).to_string();
            let error = CallError::from_refusal(429, Some("7"), body.as_bytes());
            let CallError::Refused { problem, retry_after } = error else { panic!("a refusal is a refusal") };
            prop_assert_eq!((problem.status, problem.title), (429, title));
            prop_assert_eq!(retry_after, Some(Duration::from_secs(7)));
        }
    }

    #[test]
    fn a_gateway_s_page_revokes_nothing() {
        let error = CallError::from_refusal(403, None, b"<html>revoked</html>");
        assert_eq!(error.code(), Some(Code::Other));
    }

    #[test]
    fn a_bad_answer_is_told_without_its_content() {
        let error = serde_json::from_str::<u64>("\"Lin Xiaoyu\"").unwrap_err();
        assert!(!format!("{:?}", CallError::from_json(&error)).contains("Lin"));
    }
}
