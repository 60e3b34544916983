//! Photos on their way in.

use super::extract::{Asking, read};
use crate::clock::now_ms;
use crate::devices::Device;
use crate::{Central, Failure, metrics, picture};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::routing;
use bytes::Bytes;
use protocol::blob::{LARGEST_BLOB, StoredBlob};
use protocol::{Digest, Problem};
use sha2::Digest as _;

pub(super) fn router() -> Router<Central> {
    Router::new().route("/blobs/{sha256}", routing::put(put))
}

/// Stores a blob whose bytes have this hash. The same again changes nothing.
#[utoipa::path(put, path = "/v1/blobs/{sha256}", params(("sha256" = Digest, Path, description = "SHA-256 of the body")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 200, body = StoredBlob),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn put(
    State(central): State<Central>,
    Asking(device): Asking,
    Path(sha256): Path<String>,
    request: Request,
) -> Result<axum::Json<StoredBlob>, Failure> {
    let sha256: Digest =
        sha256.parse().map_err(|_| Failure::Invalid("the address must name 64 hexadecimal digits"))?;
    let (mut hash, mut parts) = (sha2::Sha256::new(), Vec::new());
    let bytes = read(request, LARGEST_BLOB, |part| {
        hash.update(&part);
        parts.push(part);
    })
    .await?;
    if hash.finalize()[..] != sha256.0 {
        return Err(Failure::HashMismatch);
    }
    store(&central, &device, sha256, parts).await?;
    Ok(axum::Json(StoredBlob { sha256, bytes }))
}

/// The object first, then the row that says it is there. The row's commit needs no sync of its own: an event that names a blob is
/// synced behind it, and a row that is lost before is asked for again.
async fn store(central: &Central, device: &Device, sha256: Digest, parts: Vec<Bytes>) -> Result<(), Failure> {
    let whole = Bytes::from(parts.concat());
    let size = picture::size(&whole);
    let bytes = i64::try_from(whole.len()).unwrap_or(i64::MAX);
    central.blobs.put(device.campus, &sha256, vec![whole]).await?;
    let client = central.pool.get().await?;
    let sql = "WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
                   row AS (INSERT INTO blobs (campus_id, sha256, bytes, width, height, stored_ms)
                       SELECT $1, $2, $3, $4, $5, $6 FROM relaxed ON CONFLICT DO NOTHING)
               SELECT EXISTS (SELECT 1 FROM blobs WHERE campus_id = $1 AND sha256 = $2 AND gone)";
    let (width, height) = (size.map(|(width, _)| width), size.map(|(_, height)| height));
    let statement = client.prepare_cached(sql).await?;
    let row = client
        .query_one(&statement, &[&device.campus, &&sha256.0[..], &bytes, &width, &height, &now_ms()])
        .await?;
    if row.try_get(0)? {
        return Err(Failure::Swept);
    }
    ::metrics::counter!(metrics::BLOBS).increment(1);
    ::metrics::counter!(metrics::BLOB_BYTES).increment(bytes.unsigned_abs());
    Ok(())
}
