//! Whether this instance lives, and whether it can work.

use crate::{Central, database};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;

/// `/healthz`: the program runs. `/readyz`: PostgreSQL answers and has this program's schema.
pub fn router() -> Router<Central> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready))
}

async fn ready(State(central): State<Central>) -> (StatusCode, &'static str) {
    match database::require_schema(&central.pool).await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(error = crate::chain(&error), "this instance is not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}
