//! How a booth becomes a device.

use super::extract::Json;
use crate::{Central, Failure, devices};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use protocol::Problem;
use protocol::enrolment::{Enrol, Enrolled};

/// The largest enrolment, in bytes: it comes from strangers, and an honest one has some 200.
const LARGEST: usize = 4 * 1024;

pub(super) fn router() -> Router<Central> {
    Router::new().route("/enrolment", post(enrol))
}

/// Makes the booth that knows the code a device. The same code with the same key is answered again.
#[utoipa::path(post, path = "/v1/enrolment", request_body = Enrol, security(()), responses(
    (status = 200, body = Enrolled),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn enrol(
    State(central): State<Central>,
    Json(asked): Json<Enrol, LARGEST>,
) -> Result<axum::Json<Enrolled>, Failure> {
    devices::enrol(&central, &asked).await.map(axum::Json)
}
