//! What booths are told.

use super::extract::Asking;
use crate::{Central, Failure, directory};
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use protocol::Problem;
use protocol::directory::{LARGEST_PAGE, Page};
use serde::Deserialize;

pub(super) fn router() -> Router<Central> {
    Router::new().route("/directory", get(page))
}

/// After which position, and how many entries at most.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// The cursor of the last page; 0 for the first.
    #[serde(default)]
    #[param(maximum = 9_223_372_036_854_775_807_u64)]
    after: u64,
    /// How many entries at most.
    #[serde(default = "largest")]
    #[param(minimum = 1, maximum = 1_000)]
    limit: u32,
}

const fn largest() -> u32 {
    LARGEST_PAGE
}

/// What has changed after a cursor.
#[utoipa::path(get, path = "/v1/directory", params(Wanted), responses(
    (status = 200, body = Page),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn page(
    State(central): State<Central>,
    Asking(device): Asking,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<axum::Json<Page>, Failure> {
    let Query(Wanted { after, limit }) =
        wanted.map_err(|_| Failure::Invalid("after and limit are whole numbers"))?;
    directory::page(&mut central.pool.get().await?, &device, after, limit).await.map(axum::Json)
}
