//! What became of commands.

use super::extract::{Asking, Json, Path};
use crate::{Central, Failure, commands};
use axum::Router;
use axum::extract::State;
use axum::routing::put;
use http::StatusCode;
use protocol::Problem;
use protocol::directory::CommandOutcome;
use uuid::Uuid;

pub(super) fn router() -> Router<Central> {
    Router::new().route("/commands/{id}/outcome", put(outcome))
}

/// Notes what became of a command. The first outcome stands.
#[utoipa::path(put, path = "/v1/commands/{id}/outcome", params(("id" = Uuid, Path)), request_body = CommandOutcome, responses(
    (status = 204),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn outcome(
    State(central): State<Central>,
    Asking(device): Asking,
    Path(id): Path<String>,
    Json(outcome): Json<CommandOutcome>,
) -> Result<StatusCode, Failure> {
    let id = Uuid::try_parse(&id).map_err(|_| Failure::NotFound("command"))?;
    commands::done(&**central.pool.get().await?, &device, id, &outcome).await?;
    Ok(StatusCode::NO_CONTENT)
}
