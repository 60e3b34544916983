//! One batch: sent, its answer held against it, and kept in the store.

use crate::call_error::{BadAnswer, CallError};
use crate::delivery::Means;
use crate::fault::{Fault, blocking};
use crate::outgoing::batch;
use crate::store::{Answer, Pending, Store};
use crate::verdict::{Verdict, judge};
use futures_util::future::BoxFuture;
use protocol::Epoch;
use protocol::batch::{Outcome, Reason};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// A batch that was answered, and whose answers are kept.
#[derive(Debug)]
pub(crate) struct Posted {
    /// How many events have their answer for good.
    pub(crate) settled: usize,
    /// Whose blobs central hasn't.
    pub(crate) blob_missing: Vec<Uuid>,
}

/// Posts these events, if there are any, and keeps what central says.
pub(crate) fn post<'a>(
    means: &'a Means<'_>,
    events: &[Pending],
    withheld: &HashMap<Uuid, Reason>,
) -> Option<BoxFuture<'a, Result<Posted, Fault>>> {
    let (batch, sent) = batch(events, withheld, means.instance)?;
    let post = async move {
        let answer = means.client.events(&batch).await?;
        let verdict = judge(&sent, &answer).map_err(CallError::BadAnswer)?;
        keep(means, batch.epoch, verdict).await
    };
    Some(Box::pin(post))
}

async fn keep(means: &Means<'_>, epoch: Epoch, verdict: Verdict) -> Result<Posted, Fault> {
    let Verdict { answers, settled, blob_missing, lost_behind } = verdict;
    tell_of_rejected(&answers);
    let at = means.clock.now();
    if !answers.is_empty() {
        blocking(means.store, move |store| store.answered(&answers, at)).await?;
    }
    if let Some(mark) = lost_behind {
        offer_again(means.store, epoch, mark).await?;
    }
    Ok(Posted { settled, blob_missing })
}

/// One line a batch: a central that rejects thousands must not fill the log.
fn tell_of_rejected(answers: &[Answer]) {
    let mut rejected = answers.iter().filter(|answer| answer.outcome == Outcome::Rejected);
    let Some(first) = rejected.next() else { return };
    let (events, reason) = (1 + rejected.count(), first.reason.map(Reason::as_str));
    tracing::warn!(events, first = %first.event, reason, "central rejected events, which wait for staff");
}

/// Central has lost what it had acknowledged. One that misses events of which the booth has none would ask for ever.
pub(crate) async fn offer_again(store: &Arc<dyn Store>, epoch: Epoch, mark: u64) -> Result<(), Fault> {
    let again = blocking(store, move |store| store.offer_again(epoch, mark)).await?;
    if again == 0 {
        return Err(CallError::BadAnswer(BadAnswer::Contradiction).into());
    }
    tracing::warn!(%epoch, mark, again, "central has lost events, which are offered again");
    Ok(())
}
