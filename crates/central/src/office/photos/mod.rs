//! Collected photos: the list, a photo's page, and the picture itself.

mod list;
mod one;

use super::refusal::Refusal;
use super::session::{Path, Staff};
use crate::Central;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::header::CONTENT_TYPE;
use protocol::Digest;
use uuid::Uuid;

pub(super) use list::{Place, choices_of_colleges, choices_of_programmes};
pub(super) use one::{Measured, decider, means, measured};

/// Joins what the school knows of the person of collection `c`: the roster's row `r` of the list of its programme `p`.
pub(super) const ROSTER: &str = "LEFT JOIN programmes p ON p.campus_id = c.campus_id AND p.id = c.programme
    LEFT JOIN LATERAL (SELECT r.college, r.major, r.class_name, r.year FROM roster r WHERE r.campus_id = c.campus_id
        AND r.document_kind = c.document_kind AND r.document_number = c.document_number AND r.name IS NOT NULL
        AND r.list = ANY (CASE WHEN p.list IS NULL THEN '{degree,freshman,general}'::text[] ELSE ARRAY[p.list] END)
        ORDER BY r.list LIMIT 1) r ON true";

pub(super) fn router() -> Router<Central> {
    Router::new()
        .route("/collections", get(list::show))
        .route("/collections/{photo}", get(one::show))
        .route("/collections/{photo}/number", get(one::show).post(one::show_number))
        .route("/collections/{photo}/reject", get(one::show).post(one::reject))
        .route("/photos/{photo}", get(picture))
}

/// A photo of the campus as it was delivered. Lists show it small: a second, smaller copy would be personal data twice.
async fn picture(
    State(central): State<Central>,
    staff: Staff,
    Path(photo): Path<String>,
) -> Result<Response, Refusal> {
    let photo = Uuid::try_parse(&photo).map_err(|_| Refusal::NotFound)?;
    let client = central.pool.get().await?;
    let sql = "SELECT sha256 FROM collections WHERE campus_id = $1 AND photo_id = $2 AND purged_ms IS NULL";
    let row = client.query_opt(&client.prepare_cached(sql).await?, &[&staff.campus, &photo]).await?;
    let sha256: &[u8] = row.as_ref().ok_or(Refusal::NotFound)?.try_get(0)?;
    let digest = Digest(sha256.try_into().map_err(|_| Refusal::NotFound)?);
    match central.blobs.get(staff.campus, &digest).await {
        Ok(bytes) => Ok(([(CONTENT_TYPE, "image/jpeg")], bytes).into_response()),
        Err(object_store::Error::NotFound { .. }) => Err(Refusal::NotFound),
        Err(error) => Err(Refusal::Failed(error.into())),
    }
}
