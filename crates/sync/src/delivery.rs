//! Blobs, then the events that name them, in their order.
//!
//! One round looks at the first events that wait, uploads their blobs, several at once, and meanwhile posts from their front what
//! has its blobs at central, batch by batch. So the network is never idle, and an event never overtakes another one or its photo.

use crate::call_error::CallError;
use crate::client::Client;
use crate::clock::Clock;
use crate::fault::{Fault, blocking};
use crate::outgoing::{Largest, ready};
use crate::post::{Posted, post};
use crate::store::{Pending, Store};
use crate::upload::{Put, Stage, Together, upload};
use futures_util::StreamExt as _;
use futures_util::future::OptionFuture;
use protocol::Digest;
use protocol::batch::{LARGEST_BATCH, Reason};
use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// How many events a round looks at: what they hold is in memory meanwhile.
const WINDOW: usize = 5 * LARGEST_BATCH;

/// How long a round starts new uploads and batches, so that the heartbeat and a student's arrival are noticed on any network.
const STAGE: Duration = Duration::from_secs(5);

/// What a round uses.
pub(crate) struct Means<'a> {
    pub(crate) client: &'a Client,
    pub(crate) store: &'a Arc<dyn Store>,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) instance: Uuid,
    /// How many requests with blobs may be under way at once.
    pub(crate) parallel: usize,
    /// A student is at the booth: one blob is under way at a time, with rests.
    pub(crate) is_busy: bool,
    /// The most bytes of a batch.
    pub(crate) largest_body: usize,
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
    /// How many requests with blobs may be under way at once: half as many after a fault, and one more after a round without one,
    /// because a thin line carries a few in time where it carries many too late.
    at_once: usize,
    /// How many blobs each of them has.
    together: Arc<Together>,
}

impl Default for Delivery {
    fn default() -> Self {
        let (stored, unobtainable, doubted) = (HashSet::new(), HashSet::new(), HashSet::new());
        Self {
            stored,
            unobtainable,
            doubted,
            withheld: HashMap::new(),
            limit: LARGEST_BATCH,
            at_once: usize::MAX,
            together: Arc::default(),
        }
    }
}

/// A round so far.
#[derive(Debug, Default)]
struct SoFar {
    /// Whether a blob got through that had not before.
    uploaded: bool,
    /// What the batches came to, and whether one of them settled anything.
    posted: Option<(End, bool)>,
    /// The first fault.
    fault: Option<Fault>,
}

impl SoFar {
    fn failed(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    fn posted(&mut self, round: Round) {
        let before = self.posted.is_some_and(|(_, progress)| progress);
        match round.end {
            Ok(end) => self.posted = Some((end, before || round.progress)),
            Err(fault) => {
                self.posted = Some((End::More, before || round.progress));
                self.failed(fault);
            }
        }
    }

    /// Blobs count as progress where no batch told more, so that central's asking for the first event again and again is noticed.
    fn end(self) -> Round {
        let (end, settled) = self.posted.unwrap_or((End::More, false));
        let counts = self.posted.is_none() || self.fault.is_some();
        Round { progress: settled || (counts && self.uploaded), end: self.fault.map_or(Ok(end), Err) }
    }
}

impl Delivery {
    /// One round: uploads go on all the time, and batches leave one after the other as the blobs of their events arrive.
    pub(crate) async fn round(&mut self, means: &Means<'_>) -> Round {
        let window = match blocking(means.store, |store| store.pending(WINDOW)).await {
            Ok(window) => window,
            Err(fault) => return Round { progress: false, end: Err(fault.into()) },
        };
        self.forget_others(&window);
        if window.is_empty() {
            return Round { progress: false, end: Ok(End::Done) };
        }
        let (until, stopped) = (means.clock.steady() + STAGE, AtomicBool::new(false));
        let parallel = if means.is_busy { 1 } else { means.parallel.min(self.at_once) };
        let together = Arc::clone(&self.together);
        let stage = Stage { parallel, together: &together, until, stopped: &stopped };
        let mut uploads = pin!(upload(means, self.wanted(&window), stage));
        let (mut so_far, mut uploading, mut told) = (SoFar::default(), true, 0);
        let mut posting = OptionFuture::from(None);
        let mut under_way = 0;
        loop {
            let is_over =
                stopped.load(Ordering::Acquire) || (so_far.posted.is_some() && means.clock.steady() >= until);
            if under_way == 0 && !is_over {
                let is_first = so_far.posted.is_none();
                let more = uploading || window.len() == WINDOW;
                under_way = self.next(&window[told..], means.largest_body, more && !is_first);
                let events = &window[told..told + under_way];
                posting = post(means, events, &self.withheld).into();
            }
            tokio::select! {
                put = uploads.next(), if uploading => match put {
                    Some(put) => self.learn_of_blob(put, &mut so_far),
                    None => {
                        uploading = false;
                        let thin = so_far.fault.is_some();
                        self.at_once = if thin { (parallel / 2).max(1) } else { self.at_once.saturating_add(1) };
                    }
                },
                Some(posted) = &mut posting => {
                    let events = &window[told..told + under_way];
                    let is_whole = posted.as_ref().is_ok_and(|posted| posted.settled == under_way);
                    so_far.posted(self.learn_of_batch(events, posted));
                    // What follows an event that was not settled waits for the next round.
                    stopped.fetch_or(!is_whole, Ordering::AcqRel);
                    (told, under_way, posting) = (told + under_way, 0, None.into());
                }
                else => return so_far.end(),
            }
        }
    }

    /// How many of the waiting events are to leave now: those that are ready, and where `may_wait`, only if they fill a batch or
    /// no blob could make them more.
    fn next(&self, waiting: &[Pending], largest_body: usize, may_wait: bool) -> usize {
        let is_ready = |blob: &Digest| self.stored.contains(blob) || self.unobtainable.contains(blob);
        let ready = ready(waiting, Largest { events: self.limit, body: largest_body }, is_ready);
        let could_grow = waiting.get(ready).is_none_or(|next| next.blob.is_some_and(|blob| !is_ready(&blob)));
        if may_wait && ready < self.limit && could_grow { 0 } else { ready }
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

    fn learn_of_blob(&mut self, put: Put, so_far: &mut SoFar) {
        match put {
            Put::Stored(blob) => {
                so_far.uploaded |= !self.doubted.contains(&blob);
                self.stored.insert(blob);
            }
            Put::Unobtainable(blob) => {
                so_far.uploaded = true;
                self.unobtainable.insert(blob);
            }
            Put::Fault(fault) => so_far.failed(fault),
        }
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
