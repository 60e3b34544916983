//! What happened at booths, on its way in.

use super::extract::{Asking, Json};
use crate::{Central, Failure, events};
use axum::Router;
use axum::extract::State;
use axum::routing;
use protocol::Problem;
use protocol::batch::{Batch, BatchAnswer};

pub(super) fn router() -> Router<Central> {
    Router::new().route("/events", routing::post(post))
}

/// Takes events of one epoch, in the order of their sequence.
#[utoipa::path(post, path = "/v1/events", request_body = Batch, responses(
    (status = 200, body = BatchAnswer),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn post(
    State(central): State<Central>,
    Asking(device): Asking,
    Json(batch): Json<Batch>,
) -> Result<axum::Json<BatchAnswer>, Failure> {
    events::take(&central, &device, &batch).await.map(axum::Json)
}
