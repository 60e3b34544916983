//! Several blobs under way at once.

use crate::call_error::CallError;
use crate::delivery::Means;
use crate::fault::{Fault, blocking};
use crate::pins::sha256;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use protocol::blob::LARGEST_BLOB;
use protocol::{Code, Digest};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How much is uploaded in one go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stage {
    /// How many are under way at once.
    pub(crate) parallel: usize,
    /// After this, on the steady clock, none is started.
    pub(crate) until: Duration,
}

/// What became of the blobs.
#[derive(Debug, Default)]
pub(crate) struct Uploads {
    pub(crate) stored: Vec<Digest>,
    /// Those that can't be brought to central.
    pub(crate) unobtainable: Vec<Digest>,
    /// The first fault; after it none was started.
    pub(crate) fault: Option<Fault>,
}

enum Put {
    Stored(Digest),
    Unobtainable(Digest),
    Fault(Fault),
    NotStarted,
}

/// Uploads blobs in their order.
pub(crate) async fn upload(means: &Means<'_>, blobs: Vec<Digest>, stage: Stage) -> Uploads {
    let stopped = AtomicBool::new(false);
    let put = async |blob: Digest| {
        if stopped.load(Ordering::Acquire) || means.clock.steady() >= stage.until {
            return Put::NotStarted;
        }
        let result = put(means, blob).await;
        stopped.fetch_or(matches!(result, Put::Fault(_)), Ordering::AcqRel);
        result
    };
    let mut results = stream::iter(blobs).map(put).buffer_unordered(stage.parallel.max(1));
    let mut uploads = Uploads::default();
    while let Some(result) = results.next().await {
        match result {
            Put::Stored(blob) => uploads.stored.push(blob),
            Put::Unobtainable(blob) => uploads.unobtainable.push(blob),
            Put::Fault(fault) => uploads.fault = uploads.fault.or(Some(fault)),
            Put::NotStarted => {}
        }
    }
    uploads
}

async fn put(means: &Means<'_>, blob: Digest) -> Put {
    let bytes = match blocking(means.store, move |store| store.blob(&blob)).await {
        Ok(Some(bytes)) if bytes.len() as u64 <= LARGEST_BLOB => Bytes::from(bytes),
        Ok(_) => return Put::Unobtainable(blob),
        Err(fault) => return Put::Fault(fault.into()),
    };
    match means.client.put_blob(&blob, bytes.clone()).await {
        Ok(()) => Put::Stored(blob),
        Err(error) if error.is_about_the_body() || is_damaged(&error, &blob, &bytes) => refused(blob, &error),
        Err(error) => Put::Fault(error.into()),
    }
}

/// Whether central found out that the booth's own copy isn't what its hash says. Central hashes each blob anyway, so the
/// booth does it only then.
fn is_damaged(error: &CallError, blob: &Digest, bytes: &[u8]) -> bool {
    error.code() == Some(Code::HashMismatch) && sha256(bytes) != *blob
}

fn refused(blob: Digest, error: &CallError) -> Put {
    tracing::warn!(%blob, error = error as &dyn std::error::Error, "central refuses a blob");
    Put::Unobtainable(blob)
}
