//! A booth's ledger in memory. It notes whatever must never happen.

use crate::central::{Central, hash};
use domain::UtcMillis;
use parking_lot::Mutex;
use protocol::batch::{Outcome, Reason};
use protocol::directory::{CommandOutcome, Entry, Page};
use protocol::{Digest, Epoch};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use sync::{Answer, Backlog, Enrolment, Health, Pending, Store, StoreFault, Taken};
use tokio::sync::Notify;
use uuid::Uuid;

pub const EPOCH: Epoch = Epoch([7; 16]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    Waits,
    Acknowledged,
    Parked(Option<Reason>),
}

#[derive(Default)]
pub struct Rows {
    pub enrolment: Option<Enrolment>,
    pub events: Vec<(Pending, Stands)>,
    pub blobs: HashMap<Digest, Vec<u8>>,
    pub directory: HashMap<u64, Entry>,
    pub cursor: u64,
    pub outcomes: Vec<(Uuid, CommandOutcome)>,
    pub state: String,
    /// What must never happen, and did.
    pub wrong: Vec<String>,
    pub pages: u32,
    pub largest_window: usize,
}

#[derive(Default)]
pub struct Memory {
    pub rows: Mutex<Rows>,
    central: Option<Arc<Central>>,
    pub changed: Notify,
    /// So many more calls that change something fail.
    pub failing: AtomicU32,
    /// A student is in the middle of something.
    pub later: AtomicBool,
}

impl Memory {
    pub fn new(central: &Arc<Central>) -> Self {
        Self { central: Some(Arc::clone(central)), ..Self::default() }
    }

    /// Writes an event with a blob of its own, if `blob` says so.
    pub fn write(&self, kind: &str, blob: Option<Vec<u8>>) -> Uuid {
        let mut rows = self.rows.lock();
        let sequence = rows.events.len() as u64 + 1;
        let event = Uuid::from_u128(0x5e0_0000 + u128::from(sequence));
        let digest = blob.as_deref().map(hash);
        let mut json = serde_json::json!({"kind": kind, "n": sequence});
        if let Some(digest) = digest {
            json["blob"] = digest.to_string().into();
            rows.blobs.insert(digest, blob.unwrap());
        }
        let json = Some(json.to_string().into_bytes());
        rows.events.push((Pending { epoch: EPOCH, sequence, event, json, blob: digest }, Stands::Waits));
        event
    }

    pub fn stands(&self, event: Uuid) -> Stands {
        self.rows.lock().events.iter().find(|(pending, _)| pending.event == event).unwrap().1
    }

    pub fn waiting(&self) -> usize {
        self.rows.lock().events.iter().filter(|(_, stands)| *stands == Stands::Waits).count()
    }

    fn changes(&self) -> Result<(), StoreFault> {
        self.changed.notify_one();
        let failing =
            self.failing.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if failing.is_ok() { Err(StoreFault("the disk is busy".into())) } else { Ok(()) }
    }

    fn again(&self, which: impl Fn(&Pending, Stands) -> bool) -> u64 {
        let mut rows = self.rows.lock();
        let mut count = 0;
        for (pending, stands) in &mut rows.events {
            if *stands != Stands::Waits && which(pending, *stands) {
                *stands = Stands::Waits;
                count += 1;
            }
        }
        count
    }
}

impl Store for Memory {
    fn enrolment(&self) -> Result<Option<Enrolment>, StoreFault> {
        Ok(self.rows.lock().enrolment.clone())
    }

    fn save_enrolment(&self, enrolment: &Enrolment) -> Result<(), StoreFault> {
        self.changes()?;
        self.rows.lock().enrolment = Some(enrolment.clone());
        Ok(())
    }

    fn pending(&self, limit: usize) -> Result<Vec<Pending>, StoreFault> {
        let mut rows = self.rows.lock();
        rows.largest_window = rows.largest_window.max(limit);
        let waiting = rows.events.iter().filter(|(_, stands)| *stands == Stands::Waits);
        Ok(waiting.map(|(pending, _)| pending.clone()).take(limit).collect())
    }

    fn blob(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreFault> {
        Ok(self.rows.lock().blobs.get(sha256).cloned())
    }

    fn answered(&self, answers: &[Answer], _at: UtcMillis) -> Result<(), StoreFault> {
        self.changes()?;
        let mut rows = self.rows.lock();
        let rows = &mut *rows;
        for answer in answers {
            let (pending, stands) =
                rows.events.iter_mut().find(|(pending, _)| pending.event == answer.event).unwrap();
            let known = self.central.as_ref().is_none_or(|central| central.had(&answer.event));
            match answer.outcome {
                Outcome::Applied | Outcome::Duplicate if !known && pending.json.is_some() => {
                    rows.wrong.push(format!(
                        "event {} was acknowledged, and central hasn't got it",
                        pending.sequence
                    ));
                }
                Outcome::Applied | Outcome::Duplicate => *stands = Stands::Acknowledged,
                Outcome::Rejected => *stands = Stands::Parked(answer.reason),
                Outcome::Retry => {}
            }
        }
        Ok(())
    }

    fn offer_again(&self, epoch: Epoch, mark: u64) -> Result<u64, StoreFault> {
        self.changes()?;
        let again = self.again(|pending, _| pending.epoch == epoch && pending.sequence > mark);
        if again > 0 {
            self.rows.lock().cursor = 0;
        }
        Ok(again)
    }

    fn unpark(&self, reason: Reason) -> Result<u64, StoreFault> {
        self.changes()?;
        Ok(self.again(|_, stands| stands == Stands::Parked(Some(reason))))
    }

    fn backlog(&self) -> Result<Backlog, StoreFault> {
        let rows = self.rows.lock();
        let count = |which: fn(Stands) -> bool| {
            rows.events.iter().filter(|(_, stands)| which(*stands)).count() as u64
        };
        let pending = count(|stands| stands == Stands::Waits);
        let parked = count(|stands| matches!(stands, Stands::Parked(_)));
        let first = rows.events.iter().position(|(_, stands)| *stands == Stands::Waits);
        let before = &rows.events[..first.unwrap_or(rows.events.len())];
        let acknowledged = before.iter().rfind(|(_, stands)| *stands == Stands::Acknowledged);
        let acknowledged = acknowledged.map_or(0, |(pending, _)| pending.sequence);
        Ok(Backlog { epoch: EPOCH, acknowledged, pending, parked, oldest: None })
    }

    fn health(&self) -> Health {
        Health { state: self.rows.lock().state.clone(), ..Health::default() }
    }

    fn cursor(&self) -> Result<u64, StoreFault> {
        Ok(self.rows.lock().cursor)
    }

    fn take(&self, page: &Page) -> Result<Taken, StoreFault> {
        self.changes()?;
        if self.later.load(Ordering::SeqCst) {
            return Ok(Taken::Later);
        }
        let mut rows = self.rows.lock();
        rows.pages += 1;
        rows.directory.extend(page.entries.iter().map(|entry| (entry.position, entry.clone())));
        rows.cursor = page.cursor;
        Ok(Taken::Kept)
    }

    fn outcomes(&self) -> Result<Vec<(Uuid, CommandOutcome)>, StoreFault> {
        Ok(self.rows.lock().outcomes.clone())
    }

    fn outcome_told(&self, command: Uuid) -> Result<(), StoreFault> {
        self.changes()?;
        self.rows.lock().outcomes.retain(|(id, _)| *id != command);
        Ok(())
    }
}
