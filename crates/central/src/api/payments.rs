//! Payments by a code on the screen.

use super::extract::{Asking, Json, Path};
use crate::{Central, Failure, trades};
use axum::Router;
use axum::extract::State;
use axum::routing;
use protocol::Problem;
use protocol::payment::{OpenTrade, Trade};

pub(super) fn router() -> Router<Central> {
    Router::new()
        .route("/payments", routing::post(open))
        .route("/payments/{number}", routing::get(find))
        .route("/payments/{number}/closing", routing::put(close))
        .route("/payments/{number}/refund", routing::put(pay_back))
}

/// Opens a trade. The same number again is the same trade.
#[utoipa::path(post, path = "/v1/payments", request_body = OpenTrade, responses(
    (status = 200, body = Trade),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn open(
    State(central): State<Central>,
    Asking(device): Asking,
    Json(asked): Json<OpenTrade>,
) -> Result<axum::Json<Trade>, Failure> {
    trades::open(&central, &device, &asked).await.map(axum::Json)
}

/// Where a trade of this campus stands, whichever device opened it.
#[utoipa::path(get, path = "/v1/payments/{number}", params(("number" = String, Path)), responses(
    (status = 200, body = Trade),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn find(
    State(central): State<Central>,
    Asking(device): Asking,
    Path(number): Path<String>,
) -> Result<axum::Json<Trade>, Failure> {
    trades::find(&central, &device, known(&number)?).await.map(axum::Json)
}

/// Gives a trade up: whatever arrives for it from now on goes back.
#[utoipa::path(put, path = "/v1/payments/{number}/closing", params(("number" = String, Path)), responses(
    (status = 200, body = Trade),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn close(
    State(central): State<Central>,
    Asking(device): Asking,
    Path(number): Path<String>,
) -> Result<axum::Json<Trade>, Failure> {
    trades::close(&central, &device, known(&number)?).await.map(axum::Json)
}

/// Pays a trade back whose money no order needs.
#[utoipa::path(put, path = "/v1/payments/{number}/refund", params(("number" = String, Path)), responses(
    (status = 200, body = Trade),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn pay_back(
    State(central): State<Central>,
    Asking(device): Asking,
    Path(number): Path<String>,
) -> Result<axum::Json<Trade>, Failure> {
    trades::pay_back(&central, &device, known(&number)?).await.map(axum::Json)
}

/// A text that isn't a trade's number names none.
fn known(number: &str) -> Result<&str, Failure> {
    payment::OutTradeNumber::parse(number).map(|_| number).map_err(|_| Failure::NotFound("trade"))
}
