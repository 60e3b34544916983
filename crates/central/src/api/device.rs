//! A device's key, and how it is.

use super::extract::{Asking, Json};
use crate::{Central, Failure, devices};
use axum::Router;
use axum::extract::State;
use axum::routing::{post, put};
use http::StatusCode;
use protocol::Problem;
use protocol::enrolment::NextKey;
use protocol::heartbeat::{Heartbeat, HeartbeatAnswer};

pub(super) fn router() -> Router<Central> {
    Router::new().route("/device/key", put(next_key)).route("/heartbeat", post(heartbeat))
}

/// The device will use another key; both work until the new one is used.
#[utoipa::path(put, path = "/v1/device/key", request_body = NextKey, responses(
    (status = 204),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn next_key(
    State(central): State<Central>,
    Asking(device): Asking,
    Json(next): Json<NextKey>,
) -> Result<StatusCode, Failure> {
    devices::next_key(&**central.pool.get().await?, &device, &next).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A booth says how it is, and hears what is new.
#[utoipa::path(post, path = "/v1/heartbeat", request_body = Heartbeat, responses(
    (status = 200, body = HeartbeatAnswer),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn heartbeat(
    State(central): State<Central>,
    Asking(device): Asking,
    Json(said): Json<Heartbeat>,
) -> Result<axum::Json<HeartbeatAnswer>, Failure> {
    devices::heartbeat(&central, &device, &said).await.map(axum::Json)
}
