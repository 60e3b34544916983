//! Blobs, then the events that name them, in their order.
//!
//! One round looks at the events that wait, posts the longest run at their front whose blobs are at central, and uploads the
//! blobs of those behind it meanwhile. So the network is never idle, and an event never overtakes another one or its photo.

use crate::call_error::CallError;
use crate::client::Client;
use crate::clock::Clock;
use crate::fault::{Fault, blocking};
use crate::outgoing::ready;
use crate::post::{Posted, post};
use crate::store::{Pending, Store};
use crate::upload::{Stage, Uploads, upload};
use futures_util::future::join;
use protocol::Digest;
use protocol::batch::{LARGEST_BATCH, Reason};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long a round starts new uploads, so that the heartbeat and a student's arrival are noticed on any network.
const STAGE: Duration = Duration::from_secs(5);

/// What a round uses.
pub(crate) struct Means<'a> {
    pub(crate) client: &'a Client,
    pub(crate) store: &'a Arc<dyn Store>,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) instance: Uuid,
    pub(crate) parallel: usize,
}

/// How a round ended.
#[derive(Debug)]
pub(crate) struct Round {
    /// Something got through that had not before.
    pub(crate) progress: bool,
    pub(crate) end: Result<End, Fault>,
}

/// How a round ended that met no fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing waits.
    Done,
    /// There is more, now.
    More,
    /// Central wants the first event again, later.
    Later,
}

/// What is known about the events that wait. It is bounded by the window, because what doesn't wait is forgotten.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// Blobs that are at central.
    stored: HashSet<Digest>,
    /// Blobs that can't be brought there: they are no longer here, are damaged, or central refuses them.
    unobtainable: HashSet<Digest>,
    /// Blobs that central asked for although they had been stored.
    doubted: HashSet<Digest>,
    /// Events that central can't take, and why.
    withheld: HashMap<Uuid, Reason>,
    /// How many events the next batch may have: fewer after one was refused as a whole.
    limit: usize,
}

impl Default for Delivery {
    fn default() -> Self {
        let (stored, unobtainable, doubted) = (HashSet::new(), HashSet::new(), HashSet::new());
        Self { stored, unobtainable, doubted, withheld: HashMap::new(), limit: LARGEST_BATCH }
    }
}

impl Delivery {
    /// One round.
    pub(crate) async fn round(&mut self, means: &Means<'_>) -> Round {
        let limit = self.limit + LARGEST_BATCH;
        let window = match blocking(means.store, move |store| store.pending(limit)).await {
            Ok(window) => window,
            Err(fault) => return Round { progress: false, end: Err(fault.into()) },
        };
        self.forget_others(&window);
        if window.is_empty() {
            return Round { progress: false, end: Ok(End::Done) };
        }
        let ready =
            ready(&window, self.limit, |blob| self.stored.contains(blob) || self.unobtainable.contains(blob));
        let (now, ahead) = window.split_at(ready);
        // At first only what the first batch needs, so that it leaves soon.
        let ahead = if ready == 0 { &ahead[..self.limit.min(ahead.len())] } else { ahead };
        let stage = Stage { parallel: means.parallel, until: means.clock.steady() + STAGE };
        let post = post(means, now, &self.withheld);
        let (posted, uploads) = join(post, upload(means, self.wanted(ahead), stage)).await;
        let uploaded = self.learn_of_blobs(uploads);
        let posted = posted.map(|posted| self.learn_of_batch(now, posted));
        together(posted, uploaded)
    }

    /// What no longer waits needs no memory.
    fn forget_others(&mut self, window: &[Pending]) {
        let blobs: HashSet<_> = window.iter().filter_map(|pending| pending.blob).collect();
        let events: HashSet<_> = window.iter().map(|pending| pending.event).collect();
        for kept in [&mut self.stored, &mut self.unobtainable, &mut self.doubted] {
            kept.retain(|blob| blobs.contains(blob));
        }
        self.withheld.retain(|event, _| events.contains(event));
    }

    /// The blobs that must still be brought to central for these events, in their order, each once.
    fn wanted(&self, events: &[Pending]) -> Vec<Digest> {
        let mut seen = HashSet::new();
        let known = |blob: &Digest| self.stored.contains(blob) || self.unobtainable.contains(blob);
        events
            .iter()
            .filter_map(|pending| pending.blob)
            .filter(|blob| !known(blob) && seen.insert(*blob))
            .collect()
    }

    fn learn_of_blobs(&mut self, uploads: Uploads) -> Round {
        let fresh = uploads.stored.iter().any(|blob| !self.doubted.contains(blob));
        let progress = fresh || !uploads.unobtainable.is_empty();
        self.stored.extend(uploads.stored);
        self.unobtainable.extend(uploads.unobtainable);
        Round { progress, end: uploads.fault.map_or(Ok(End::More), Err) }
    }

    fn learn_of_batch(&mut self, events: &[Pending], posted: Result<Posted, Fault>) -> Round {
        let posted = match posted {
            Ok(posted) => posted,
            Err(fault) if fault.call().is_some_and(CallError::is_about_the_body) => {
                return self.narrow(events, fault);
            }
            Err(fault) => return Round { progress: false, end: Err(fault) },
        };
        self.limit = (self.limit + 1 + self.limit / 4).min(LARGEST_BATCH);
        let withheld = self.doubt(events, &posted.blob_missing);
        let progress = posted.settled > 0;
        Round { progress, end: Ok(if progress || withheld { End::More } else { End::Later }) }
    }

    /// Central refuses the batch as a whole: half of it next, and a single event is withheld. Where it refuses even what is sent
    /// in the event's place, the event isn't to blame.
    fn narrow(&mut self, events: &[Pending], fault: Fault) -> Round {
        let too_large =
            matches!(fault.call(), Some(CallError::Refused { problem, .. }) if problem.status == 413);
        let reason = if too_large { Reason::TooLarge } else { Reason::Unreadable };
        let again = match events {
            [only] => self.withheld.insert(only.event, reason).is_none(),
            _ => true,
        };
        self.limit = (events.len() / 2).max(1);
        Round { progress: false, end: if again { Ok(End::More) } else { Err(fault) } }
    }

    /// What central says it hasn't is brought again; what can't be brought is withheld. Whether something was withheld by this.
    fn doubt(&mut self, events: &[Pending], missing: &[Uuid]) -> bool {
        let mut withheld = false;
        for event in events.iter().filter(|event| missing.contains(&event.event)) {
            match event.blob {
                Some(blob) if !self.unobtainable.contains(&blob) => {
                    self.stored.remove(&blob);
                    self.doubted.insert(blob);
                }
                _ => withheld |= self.withheld.insert(event.event, Reason::BlobMissing).is_none(),
            }
        }
        withheld
    }
}

/// One round of both halves: a fault of either is its end.
fn together(posted: Option<Round>, uploaded: Round) -> Round {
    let Some(posted) = posted else { return uploaded };
    let end = match (posted.end, uploaded.end) {
        (Err(fault), _) | (_, Err(fault)) => Err(fault),
        (Ok(end), Ok(_)) => Ok(end),
    };
    Round { progress: posted.progress || (uploaded.progress && end.is_err()), end }
}
