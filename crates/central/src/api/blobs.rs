//! Photos on their way in.

use super::extract::{Asking, Path, read, read_whole};
use crate::clock::now_ms;
use crate::devices::Device;
use crate::{Central, Failure, metrics, picture};
use axum::Router;
use axum::extract::{Request, State};
use axum::routing;
use bytes::Bytes;
use deadpool_postgres::Client;
use futures_util::future::try_join_all;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use protocol::blob::{Bundle, LARGEST_BLOB, LARGEST_BUNDLE, StoredBlob, StoredBundle};
use protocol::{Digest, Problem};
use sha2::Digest as _;
use tokio_postgres::Statement;

/// How many objects of a bundle are written at a time.
const AT_A_TIME: usize = 8;

const ROW: &str = "WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO blobs (campus_id, sha256, bytes, width, height, stored_ms, stored)
    SELECT $1, $2, $3, $4, $5, $6, false FROM relaxed
    ON CONFLICT (campus_id, sha256) DO UPDATE SET stored_ms = excluded.stored_ms WHERE NOT blobs.gone";

const THERE: &str = "WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    UPDATE blobs SET stored = true FROM relaxed WHERE campus_id = $1 AND sha256 = $2 AND NOT gone";

pub(super) fn router() -> Router<Central> {
    Router::new().route("/blobs", routing::post(post)).route("/blobs/{sha256}", routing::put(put))
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
    let stored = store(&central, &device, vec![Blob { sha256, bytes: parts.concat().into() }]).await?;
    if stored.is_empty() { Err(Failure::Swept) } else { Ok(axum::Json(StoredBlob { sha256, bytes })) }
}

/// Stores the blobs of a bundle. One whose bytes have another hash, or that is being deleted at this moment, is left out; it may be
/// sent alone to learn why.
#[utoipa::path(post, path = "/v1/blobs", operation_id = "put_bundle", request_body(content = Vec<u8>, content_type = "application/octet-stream",
    description = "At most 64 blobs and 4 MiB, one after the other: of each its SHA-256 (32 bytes), its length (a big-endian number of 32 bits) and its bytes; none twice"),
    responses(
    (status = 200, body = StoredBundle),
    (status = "4XX", body = Problem, content_type = "application/problem+json"),
    (status = "5XX", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn post(
    State(central): State<Central>,
    Asking(device): Asking,
    request: Request,
) -> Result<axum::Json<StoredBundle>, Failure> {
    let body = Bytes::from(read_whole(request, LARGEST_BUNDLE).await?);
    let bundle = Bundle::read(&body)?;
    let blobs = bundle
        .blobs()
        .iter()
        .filter(|(sha256, bytes)| sha2::Sha256::digest(bytes)[..] == sha256.0)
        .map(|(sha256, bytes)| Blob { sha256: *sha256, bytes: body.slice_ref(bytes) });
    let stored = store(&central, &device, blobs.collect()).await?;
    Ok(axum::Json(StoredBundle { stored }))
}

/// Bytes that have this hash.
#[derive(Clone)]
struct Blob {
    sha256: Digest,
    bytes: Bytes,
}

/// The rows first, so that a deletion of a photo doesn't begin meanwhile; then the objects; then the rows say that they are there. Why no
/// photo that is acknowledged is deleted stands in `retention`. The rows' commits need no sync of their own: an event that names a blob
/// is synced behind them, and a row that is lost before is asked for again. No connection is held while objects are written.
///
/// The blobs that are stored; one is missing where its row is being deleted.
async fn store(central: &Central, device: &Device, blobs: Vec<Blob>) -> Result<Vec<Digest>, Failure> {
    let client = central.pool.get().await?;
    let row = client.prepare_cached(ROW).await?;
    let mut begun = Vec::with_capacity(blobs.len());
    for blob in &blobs {
        begun.push(begin(&client, &row, device, blob));
    }
    let begun = try_join_all(begun).await?;
    drop(client);
    let blobs = only(blobs, begun);
    stream::iter(blobs.clone())
        .map(|blob| async move { central.blobs.put(device.campus, &blob.sha256, blob.bytes).await })
        .buffer_unordered(AT_A_TIME)
        .try_collect::<()>()
        .await?;
    let client = central.pool.get().await?;
    let there = client.prepare_cached(THERE).await?;
    let mut ended = Vec::with_capacity(blobs.len());
    for blob in &blobs {
        ended.push(end(&client, &there, device, blob));
    }
    let ended = try_join_all(ended).await?;
    let stored = only(blobs, ended);
    ::metrics::counter!(metrics::BLOBS).increment(stored.len() as u64);
    ::metrics::counter!(metrics::BLOB_BYTES)
        .increment(stored.iter().map(|blob| blob.bytes.len() as u64).sum());
    Ok(stored.iter().map(|blob| blob.sha256).collect())
}

/// Those for which it is true.
fn only(blobs: Vec<Blob>, wanted: Vec<bool>) -> Vec<Blob> {
    blobs.into_iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(blob, _)| blob).collect()
}

/// Writes a blob's row before its object. Statements of several blobs are sent together, each a commit of its own: so no two requests
/// wait for each other's rows. Whether the blob isn't being deleted.
async fn begin(client: &Client, row: &Statement, device: &Device, blob: &Blob) -> Result<bool, Failure> {
    let size = picture::size(&blob.bytes);
    let bytes = i64::try_from(blob.bytes.len()).unwrap_or(i64::MAX);
    let (width, height) = (size.map(|(width, _)| width), size.map(|(_, height)| height));
    let hash = &blob.sha256.0[..];
    Ok(client.execute(row, &[&device.campus, &hash, &bytes, &width, &height, &now_ms()]).await? == 1)
}

/// Says in a blob's row that its object is there; whether it isn't being deleted.
async fn end(client: &Client, there: &Statement, device: &Device, blob: &Blob) -> Result<bool, Failure> {
    Ok(client.execute(there, &[&device.campus, &&blob.sha256.0[..]]).await? == 1)
}
