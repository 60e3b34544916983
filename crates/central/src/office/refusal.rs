//! What goes wrong with a request of a person: a redirection, or a page in their language that says nothing of the inside.

use super::page;
use super::words::{Language, Words};
use crate::{Failure, chain};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;

/// A request that isn't answered as it was meant.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// Nobody is logged in.
    #[error("nobody is logged in")]
    LogIn,
    /// The second factor is wanting.
    #[error("the second factor is wanting")]
    SecondFactor,
    /// The password must be changed first.
    #[error("the password must be changed first")]
    ChangePassword,
    /// No such thing on this campus.
    #[error("there is no such page")]
    NotFound,
    /// The role doesn't allow it.
    #[error("the role doesn't allow it")]
    Forbidden,
    /// The form isn't one of this session's pages.
    #[error("the form isn't one of this session's")]
    Forged,
    /// It can't be read.
    #[error("the request can't be read")]
    Malformed,
    /// It is too large.
    #[error("the request is too large")]
    TooLarge,
    /// A page can't be written.
    #[error("a page can't be written")]
    Render(#[from] askama::Error),
    /// A table can't be written.
    #[error("a table can't be written")]
    Sheet(#[from] super::sheets::SheetError),
    /// Another part of central failed.
    #[error("the office can't go on")]
    Failed(#[source] Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound(_) => Self::NotFound,
            failure => Self::Failed(failure),
        }
    }
}

impl From<tokio_postgres::Error> for Refusal {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<deadpool_postgres::PoolError> for Refusal {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<crate::seal::SealError> for Refusal {
    fn from(_: crate::seal::SealError) -> Self {
        Self::Failed(Failure::Internal("a second factor can't be opened, or there is no randomness"))
    }
}

/// What the page says; carried by the answer until the language is known.
#[derive(Clone, Copy, Debug)]
struct Shown(Says);

/// The title and the sentence of a refusal.
type Says = fn(&'static Words) -> (&'static str, &'static str);

impl Refusal {
    fn verdict(&self) -> Option<(StatusCode, Shown)> {
        let says: (StatusCode, Says) = match self {
            Self::LogIn | Self::SecondFactor | Self::ChangePassword => return None,
            Self::NotFound => (StatusCode::NOT_FOUND, |w| (w.error_not_found, w.error_not_found_lead)),
            Self::Forbidden => (StatusCode::FORBIDDEN, |w| (w.error_forbidden, w.error_forbidden_lead)),
            Self::Forged => (StatusCode::FORBIDDEN, |w| (w.error_forged, w.error_forged_lead)),
            Self::Malformed => (StatusCode::BAD_REQUEST, |w| (w.error_malformed, w.error_malformed_lead)),
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, |w| (w.error_too_large, w.error_too_large_lead))
            }
            Self::Render(_) | Self::Sheet(_) | Self::Failed(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, |w| (w.error_unavailable, w.error_unavailable_lead))
            }
        };
        Some((says.0, Shown(says.1)))
    }

    const fn way(&self) -> &'static str {
        match self {
            Self::SecondFactor => "/office/second-factor",
            Self::ChangePassword => "/office/password",
            _ => "/office/login",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Some((status, shown)) = self.verdict() else { return Redirect::to(self.way()).into_response() };
        if status.is_server_error() {
            tracing::error!(status = status.as_u16(), error = chain(&self), "a page of the office failed");
        }
        let mut answer = status.into_response();
        answer.extensions_mut().insert(shown);
        answer
    }
}

/// Puts the page into an answer that carries a refusal.
pub(super) fn dress(answer: Response, language: Language) -> Response {
    let Some(Shown(says)) = answer.extensions().get::<Shown>().copied() else { return answer };
    let status = answer.status();
    let (title, lead) = says(language.words());
    match page::message(language, title, lead) {
        Ok(page) => (status, page).into_response(),
        Err(_) => (status, title).into_response(),
    }
}
