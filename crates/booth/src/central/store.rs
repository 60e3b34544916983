//! What the booth keeps for the way to central: [`sync::Store`] over the ledger.

use super::taking;
use crate::inner::Inner;
use crate::view::StripItem;
use crate::words;
use domain::session::State;
use domain::{EventId, UtcMillis};
use ledger::{Actor, EventOutcome, Ledger, LedgerError, Stamp};
use protocol::batch::{Outcome, Reason};
use protocol::directory::{CommandOutcome, Page};
use protocol::{Digest, Epoch, Key};
use std::sync::Arc;
use sync::{Answer, Backlog, Enrolment, Health, Pending, Store, StoreFault, Taken};
use uuid::Uuid;

/// The booth's store for the way to central: of a running booth, or of its ledger alone while the kiosk is stopped.
pub struct CentralStore(Of);

enum Of {
    Running(Arc<Inner>),
    Stopped(Arc<Ledger>),
}

impl CentralStore {
    /// The store of a booth that doesn't run, for enrolling it and for telling central what waits: it takes no directory.
    #[must_use]
    pub fn stopped(ledger: impl Into<Arc<Ledger>>) -> Self {
        Self(Of::Stopped(ledger.into()))
    }

    pub(crate) fn running(inner: Arc<Inner>) -> Self {
        Self(Of::Running(inner))
    }

    fn ledger(&self) -> &Ledger {
        match &self.0 {
            Of::Running(inner) => &inner.ledger,
            Of::Stopped(ledger) => ledger,
        }
    }

    fn now(&self) -> UtcMillis {
        use crate::clock::{Clock, SystemClock};
        match &self.0 {
            Of::Running(inner) => inner.clock.now(),
            Of::Stopped(_) => SystemClock::default().now(),
        }
    }
}

impl std::fmt::Debug for CentralStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CentralStore").finish_non_exhaustive()
    }
}

fn fault(error: LedgerError) -> StoreFault {
    StoreFault(Box::new(error))
}

impl Store for CentralStore {
    fn enrolment(&self) -> Result<Option<Enrolment>, StoreFault> {
        Ok(self.ledger().read().enrolment().map_err(fault)?.map(enrolment))
    }

    fn save_enrolment(&self, enrolment: &Enrolment) -> Result<(), StoreFault> {
        let stamp = Stamp { actor: Actor::Central, at: self.now() };
        self.ledger().save_enrolment(&kept(enrolment), stamp).map_err(fault)
    }

    fn pending(&self, limit: usize) -> Result<Vec<Pending>, StoreFault> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let events = self.ledger().read().outbox_pending(limit).map_err(fault)?;
        Ok(events.into_iter().map(pending).collect())
    }

    fn blob(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreFault> {
        self.ledger().read().official_by_hash(&sha256.0).map_err(fault)
    }

    fn answered(&self, answers: &[Answer], at: UtcMillis) -> Result<(), StoreFault> {
        let answers: Vec<_> = answers.iter().map(outcome).collect();
        self.ledger().record_answers(&answers, at).map_err(fault)
    }

    fn offer_again(&self, epoch: Epoch, mark: u64) -> Result<u64, StoreFault> {
        self.ledger().offer_again(ledger::Epoch(epoch.0), mark, self.now()).map_err(fault)
    }

    fn unpark(&self, reason: Reason) -> Result<u64, StoreFault> {
        let stamp = Stamp { actor: Actor::Central, at: self.now() };
        self.ledger().unpark_all(Some(reason.as_str()), stamp).map_err(fault)
    }

    fn backlog(&self) -> Result<Backlog, StoreFault> {
        let waits = self.ledger().read().outbox_backlog().map_err(fault)?;
        Ok(Backlog {
            epoch: Epoch(waits.epoch.0),
            acknowledged: waits.acknowledged,
            pending: waits.pending,
            parked: waits.parked,
            oldest: waits.oldest,
        })
    }

    fn health(&self) -> Health {
        match &self.0 {
            Of::Running(inner) => health(inner),
            Of::Stopped(_) => Health { state: "closed".into(), ..Health::default() },
        }
    }

    fn cursor(&self) -> Result<u64, StoreFault> {
        self.ledger().read().directory_cursor().map_err(fault)
    }

    fn take(&self, page: &Page) -> Result<Taken, StoreFault> {
        match &self.0 {
            Of::Running(inner) => taking::take(inner, page).map_err(fault),
            Of::Stopped(_) => Ok(Taken::Later),
        }
    }

    fn outcomes(&self) -> Result<Vec<(Uuid, CommandOutcome)>, StoreFault> {
        let untold = self.ledger().read().untold_outcomes().map_err(fault)?;
        let told = |outcome: ledger::CommandOutcome| {
            let done = outcome.reason.is_none();
            let reason = outcome.reason.unwrap_or_default();
            (Uuid::from_bytes(outcome.id), CommandOutcome { done, reason, at_ms: outcome.at.0 })
        };
        Ok(untold.into_iter().map(told).collect())
    }

    fn outcome_told(&self, command: Uuid) -> Result<(), StoreFault> {
        self.ledger().outcome_told(command.as_bytes()).map_err(fault)
    }
}

fn enrolment(kept: ledger::Enrolment) -> Enrolment {
    Enrolment {
        address: kept.address,
        device: Uuid::from_bytes(kept.device),
        key: Key(kept.key),
        next_key: kept.next_key.map(Key),
        pins: kept.pins.into_iter().map(Digest).collect(),
        campus: kept.campus,
        name: kept.name,
    }
}

fn kept(enrolment: &Enrolment) -> ledger::Enrolment {
    ledger::Enrolment {
        address: enrolment.address.clone(),
        device: *enrolment.device.as_bytes(),
        key: enrolment.key.0,
        next_key: enrolment.next_key.map(|key| key.0),
        pins: enrolment.pins.iter().map(|pin| pin.0).collect(),
        campus: enrolment.campus.clone(),
        name: enrolment.name.clone(),
    }
}

/// A purged event needs no photo: central had both.
fn pending(event: ledger::OutboxEvent) -> Pending {
    let blob = event.blob_sha256.filter(|_| event.payload.is_some()).map(Digest);
    Pending {
        epoch: Epoch(event.epoch.0),
        sequence: event.sequence.unsigned_abs(),
        event: Uuid::from_bytes(event.id.as_bytes().to_owned()),
        json: event.payload,
        blob,
    }
}

fn outcome(answer: &Answer) -> (EventId, EventOutcome<'static>) {
    let reason = answer.reason.unwrap_or(Reason::Other).as_str();
    let outcome = match answer.outcome {
        Outcome::Applied | Outcome::Duplicate => EventOutcome::Acknowledged,
        Outcome::Rejected => EventOutcome::Parked(reason),
        Outcome::Retry => EventOutcome::Again,
    };
    (EventId::from_bytes(*answer.event.as_bytes()), outcome)
}

fn health(inner: &Inner) -> Health {
    let busy = inner.sitting.lock().state != State::Attract;
    let limited = inner.parts().iter().any(|part| !part.able);
    let state = match () {
        () if busy => "busy",
        () if inner.standing().closed => "closed",
        () if limited => "limited",
        () => "idle",
    };
    // What can't be counted is no fault of the heartbeat's: the ledger says so where it is used.
    let prints = inner.ledger.read().print_jobs_to_do().map_or(0, |jobs| jobs.len());
    Health {
        state: state.to_owned(),
        faults: inner.strip().iter().map(fault_code).collect(),
        prints_waiting: u32::try_from(prints).unwrap_or(u32::MAX),
    }
}

fn fault_code(item: &StripItem) -> String {
    item.fault.map_or_else(|| words::code(item.code), words::code)
}
