//! Several blobs under way at once, and on a quick line several with one request.

use crate::call_error::CallError;
use crate::delivery::Means;
use crate::fault::{Fault, blocking};
use crate::pins::sha256;
use crate::store::{Store, StoreFault};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use protocol::blob::{Bundle, HEAD, LARGEST_BLOB, LARGEST_BUNDLE};
use protocol::{Code, Digest};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// The most blobs of a request.
const MOST_TOGETHER: usize = 16;

/// The most bytes of blobs that travel together: what is under way is soon at its end on any line.
const MOST_BYTES: usize = 1024 * 1024;
const _: () = assert!(MOST_BYTES + MOST_TOGETHER * HEAD <= LARGEST_BUNDLE, "it is a bundle");

/// A request that took less may have twice as many blobs the next time.
const QUICK: Duration = Duration::from_millis(250);

/// One that took more, half as many: what is under way when a student comes is to be gone soon.
const SLOW: Duration = Duration::from_secs(1);

/// While a student is there, half of the time is theirs: after each request as long a rest as it took, and no longer than this.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// How many blobs a request has: one at first, and as many as the line carries quickly.
#[derive(Debug)]
pub(crate) struct Together {
    now: AtomicUsize,
    /// Several were refused as a whole, by a gateway's limit or a central that is older: not tried again until the program starts anew.
    refused: AtomicBool,
}

impl Default for Together {
    fn default() -> Self {
        Self { now: AtomicUsize::new(1), refused: AtomicBool::new(false) }
    }
}

impl Together {
    fn now(&self) -> usize {
        if self.refused.load(Ordering::Acquire) { 1 } else { self.now.load(Ordering::Acquire) }
    }

    /// So many took so long. Only a request as large as requests are now may make them larger: not one from before a fault.
    fn learn(&self, blobs: usize, took: Duration) {
        if took < QUICK {
            let more = (2 * blobs).min(MOST_TOGETHER);
            // Where it fails, another request has changed it.
            let _: Result<_, _> = self.now.compare_exchange(blobs, more, Ordering::AcqRel, Ordering::Acquire);
        } else if took > SLOW {
            self.now.fetch_min((blobs / 2).max(1), Ordering::AcqRel);
        }
    }

    fn fault(&self) {
        self.now.store(1, Ordering::Release);
    }
}

/// How much is uploaded in one go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stage<'a> {
    /// How many requests are under way at once.
    pub(crate) parallel: usize,
    /// How many blobs the next request has.
    pub(crate) together: &'a Together,
    /// After this, on the steady clock, none is started.
    pub(crate) until: Duration,
    /// Once this is set, none is started; a fault sets it.
    pub(crate) stopped: &'a AtomicBool,
}

impl Stage<'_> {
    fn is_over(&self, means: &Means<'_>) -> bool {
        self.stopped.load(Ordering::Acquire) || means.clock.steady() >= self.until
    }
}

/// What became of a blob.
#[derive(Debug)]
pub(crate) enum Put {
    Stored(Digest),
    /// It can't be brought to central.
    Unobtainable(Digest),
    Fault(Fault),
}

/// Uploads blobs, which are begun in their order. Nothing is told of those that were not begun with, or not ended because of a fault.
pub(crate) fn upload<'a>(
    means: &'a Means<'_>,
    blobs: Vec<Digest>,
    stage: Stage<'a>,
) -> impl Stream<Item = Put> + 'a {
    let requests = stream::unfold(blobs.into_iter(), move |mut rest| async move {
        let together = if means.is_busy { 1 } else { stage.together.now() };
        let blobs: Vec<_> = rest.by_ref().take(together).collect();
        (!blobs.is_empty()).then_some((blobs, rest))
    });
    requests
        .map(move |blobs| put(means, blobs, stage))
        .buffer_unordered(stage.parallel.max(1))
        .flat_map(stream::iter)
}

async fn put(means: &Means<'_>, blobs: Vec<Digest>, stage: Stage<'_>) -> Vec<Put> {
    let mut told = Vec::with_capacity(blobs.len());
    if let Err(fault) = put_all(means, blobs, stage, &mut told).await {
        stage.stopped.store(true, Ordering::Release);
        stage.together.fault();
        told.push(Put::Fault(fault));
    }
    told
}

async fn put_all(
    means: &Means<'_>,
    mut blobs: Vec<Digest>,
    stage: Stage<'_>,
    told: &mut Vec<Put>,
) -> Result<(), Fault> {
    while !blobs.is_empty() && !stage.is_over(means) {
        let begun = means.clock.steady();
        let read = blocking(means.store, move |store| read(store, blobs)).await?;
        told.extend(read.lost.into_iter().map(Put::Unobtainable));
        let count = read.found.len();
        send(means, read.found, stage, told).await?;
        let took = means.clock.steady().saturating_sub(begun);
        stage.together.learn(count, took);
        blobs = read.rest;
        if means.is_busy {
            means.clock.sleep(took.min(LONGEST_REST)).await;
        }
    }
    Ok(())
}

/// Blobs from the store, as many as a request carries.
#[derive(Default)]
struct Read {
    found: Vec<(Digest, Bytes)>,
    /// Those that are no longer there, or are larger than a blob may be.
    lost: Vec<Digest>,
    /// Those that are left for the next request.
    rest: Vec<Digest>,
}

fn read(store: &dyn Store, blobs: Vec<Digest>) -> Result<Read, StoreFault> {
    let (mut read, mut length, mut blobs) = (Read::default(), 0, blobs.into_iter());
    for blob in blobs.by_ref() {
        match store.blob(&blob)? {
            Some(bytes) if length > 0 && length + bytes.len() > MOST_BYTES => {
                read.rest.push(blob);
                break;
            }
            Some(bytes) if bytes.len() as u64 <= LARGEST_BLOB => {
                length += bytes.len();
                read.found.push((blob, bytes.into()));
            }
            _ => read.lost.push(blob),
        }
    }
    read.rest.extend(blobs);
    Ok(read)
}

async fn send(
    means: &Means<'_>,
    blobs: Vec<(Digest, Bytes)>,
    stage: Stage<'_>,
    told: &mut Vec<Put>,
) -> Result<(), CallError> {
    let stored = if blobs.len() > 1 { send_together(means, &blobs, stage).await? } else { Vec::new() };
    told.extend(stored.iter().copied().map(Put::Stored));
    for (blob, bytes) in blobs {
        if !stored.contains(&blob) && !stage.is_over(means) {
            told.push(send_alone(means, blob, bytes).await?);
        }
    }
    Ok(())
}

/// Those that one request has stored; none where central, or what stands before it, refuses them as a whole.
async fn send_together(
    means: &Means<'_>,
    blobs: &[(Digest, Bytes)],
    stage: Stage<'_>,
) -> Result<Vec<Digest>, CallError> {
    let Ok(bundle) = Bundle::new(blobs.iter().map(|(sha256, bytes)| (*sha256, &bytes[..])).collect()) else {
        return Ok(Vec::new());
    };
    match means.client.put_blobs(&bundle).await {
        Err(error) if error.is_about_the_body() || error.is_about_the_address() => {
            tracing::warn!(error = &error as &dyn std::error::Error, "blobs are refused together");
            stage.together.refused.store(true, Ordering::Release);
            Ok(Vec::new())
        }
        stored => stored,
    }
}

async fn send_alone(means: &Means<'_>, blob: Digest, bytes: Bytes) -> Result<Put, CallError> {
    match means.client.put_blob(&blob, bytes.clone()).await {
        Ok(()) => Ok(Put::Stored(blob)),
        Err(error) if error.is_about_the_body() || is_damaged(&error, &blob, &bytes) => {
            tracing::warn!(%blob, error = &error as &dyn std::error::Error, "central refuses a blob");
            Ok(Put::Unobtainable(blob))
        }
        Err(error) => Err(error),
    }
}

/// Whether central found out that the booth's own copy isn't what its hash says. Central hashes each blob anyway, so the
/// booth does it only then.
fn is_damaged(error: &CallError, blob: &Digest, bytes: &[u8]) -> bool {
    error.code() == Some(Code::HashMismatch) && sha256(bytes) != *blob
}
