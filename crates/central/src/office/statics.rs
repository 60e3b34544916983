//! The style, the script and the icon, which stand in the program.

use crate::Central;
use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

const STYLE: &str = include_str!("assets/office.css");
const SCRIPT: &str = include_str!("assets/office.js");
const ICON: &str = include_str!("assets/icon.svg");

pub(super) fn router() -> Router<Central> {
    Router::new()
        .route("/office.css", get(async || file("text/css; charset=utf-8", STYLE)))
        .route("/office.js", get(async || file("text/javascript; charset=utf-8", SCRIPT)))
        .route("/icon.svg", get(async || file("image/svg+xml", ICON)))
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=600")], text)
}
