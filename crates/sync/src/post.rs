//! One batch: sent, its answer held against it, and kept in the store.

use crate::call_error::{BadAnswer, CallError};
use crate::delivery::Means;
use crate::fault::{Fault, blocking};
use crate::outgoing::batch;
use crate::store::{Answer, Pending};
use crate::verdict::{Verdict, judge};
use protocol::Epoch;
use protocol::batch::{Outcome, Reason};
use std::collections::HashMap;
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
pub(crate) async fn post(
    means: &Means<'_>,
    events: &[Pending],
    withheld: &HashMap<Uuid, Reason>,
) -> Option<Result<Posted, Fault>> {
    let (batch, sent) = batch(events, withheld, means.instance)?;
    let answer = match means.client.events(&batch).await {
        Ok(answer) => answer,
        Err(error) => return Some(Err(error.into())),
    };
    Some(match judge(&sent, &answer) {
        Ok(verdict) => keep(means, batch.epoch, verdict).await,
        Err(bad) => Err(CallError::BadAnswer(bad).into()),
    })
}

async fn keep(means: &Means<'_>, epoch: Epoch, verdict: Verdict) -> Result<Posted, Fault> {
    let Verdict { answers, settled, blob_missing, lost_behind } = verdict;
    tell_of_rejected(&answers);
    let at = means.clock.now();
    if !answers.is_empty() {
        blocking(means.store, move |store| store.answered(&answers, at)).await?;
    }
    if let Some(mark) = lost_behind {
        offer_again(means, epoch, mark).await?;
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
async fn offer_again(means: &Means<'_>, epoch: Epoch, mark: u64) -> Result<(), Fault> {
    let again = blocking(means.store, move |store| store.offer_again(epoch, mark)).await?;
    if again == 0 {
        return Err(CallError::BadAnswer(BadAnswer::Contradiction).into());
    }
    tracing::warn!(%epoch, mark, again, "central has lost events, which are offered again");
    Ok(())
}
