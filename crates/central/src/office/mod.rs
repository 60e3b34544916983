//! What the campus's office works with: pages written by the server, which need no JavaScript.
//!
//! A handler parses, calls one function, and writes a page. Every question names the campus of whoever asks. The state is in
//! PostgreSQL alone, so any instance answers any request. Left out on purpose: a build step, a framework, and anything from another
//! server.

pub mod accounts;
pub mod audit;
mod booths;
mod export;
mod factor;
mod fields;
mod login;
mod missing;
mod notices;
mod page;
mod passwords;
mod payments;
mod photos;
mod refusal;
pub mod review;
mod roles;
mod session;
mod settings;
mod sheets;
mod statics;
mod tries;
mod users;
mod when;
mod words;

pub use roles::Role;

use crate::Central;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use fields::Fields;
use http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, SET_COOKIE, STRICT_TRANSPORT_SECURITY, X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue};
use refusal::Refusal;
use session::{Path, Staff, Visit};
use words::Language;

/// A page may use nothing but what this server sends, run nothing that stands in it, and stand in no other page.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// Every address below `/office`.
pub fn router() -> Router<Central> {
    let routes = Router::new()
        .route("/", get(start))
        .route("/language/{code}", get(choose_language))
        .merge(booths::router())
        .merge(export::router())
        .merge(login::router())
        .merge(missing::router())
        .merge(notices::router())
        .merge(payments::router())
        .merge(photos::router())
        .merge(review::router())
        .merge(settings::router())
        .merge(statics::router())
        .merge(users::router())
        .fallback(async || Refusal::NotFound)
        .method_not_allowed_fallback(async || Refusal::NotFound);
    let routes = routes.layer(Extension(passwords::Hashing::new()));
    Router::new().nest("/office", routes).layer(middleware::from_fn(finished))
}

async fn start(_: Staff) -> Redirect {
    Redirect::to("/office/collections")
}

/// Writes refusals in the visitor's language, and says what the browser may do with a page.
async fn finished(mut request: Request, next: Next) -> Response {
    let visit = Visit::read(&request);
    let language = visit.language;
    request.extensions_mut().insert(visit);
    let mut answer = refusal::dress(next.run(request).await, language);
    let rules: [(HeaderName, &'static str); 4] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: browsers that don't send Sec-Fetch-Site would then name no origin with a form.
        (REFERRER_POLICY, "same-origin"),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    ];
    for (name, value) in rules {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

async fn choose_language(
    State(central): State<Central>,
    Path(code): Path<String>,
    uri: axum::extract::RawQuery,
) -> Result<Response, Refusal> {
    let language = Language::parse(&code).ok_or(Refusal::NotFound)?;
    let query = Fields::parse(uri.0.unwrap_or_default().as_bytes()).ok_or(Refusal::Malformed)?;
    let back = query.get("back");
    // Nowhere but to another page of the office.
    let is_ours = back == "/office" || back.starts_with("/office/") || back.starts_with("/office?");
    let back = if is_ours && !back.chars().any(char::is_control) { back } else { "/office" };
    let cookie = session::language_cookie(&central, language)?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(back)).into_response())
}
