//! The thread on the way to the central server: it runs the courier, tells the strip how the way is, and opens the desk for payments.

use super::link::{Line, LinkState, Refusal};
use super::store::CentralStore;
use crate::clock::SteadyMillis;
use crate::inner::Inner;
use crate::online::{DeskFault, TradeDesk};
use domain::BoothNumber;
use domain::payment::Means;
use ledger::Ledger;
use protocol::enrolment::Invitation;
use protocol::payment::{OpenTrade, Trade};
use std::sync::Arc;
use sync::{CallError, Client, Courier, EnrolError, Settings, SystemClock, SystemRandom};
use tokio::runtime::{Builder, Handle, Runtime};

/// The booth's version, as central hears it.
const SOFTWARE: &str = env!("CARGO_PKG_VERSION");

/// Where the courier works.
///
/// # Errors
/// What the system refuses.
pub(crate) fn runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Carries what happened to central and what central decided to the booth, for ever.
///
/// # Errors
/// [`sync::NoRandomness`] at the start.
pub(crate) fn courier(inner: &Arc<Inner>) -> Result<(Courier, sync::Line), sync::NoRandomness> {
    let store = Arc::new(CentralStore::running(Arc::clone(inner)));
    let bytes_per_second = inner.settings.central.bytes_per_second;
    let settings = Settings { bytes_per_second, ..Settings::new(SOFTWARE) };
    Courier::new(store, settings, Arc::new(SystemClock::new()), Arc::new(SystemRandom))
}

/// Runs the courier on `runtime`, with the booth's end of its line.
pub(crate) fn run(inner: &Arc<Inner>, runtime: &Runtime, courier: Courier, line: sync::Line) {
    inner.line.connect(line.clone());
    inner.line.open_desk(Arc::new(SyncDesk { line: line.clone(), runtime: runtime.handle().clone() }));
    runtime.block_on(async {
        tokio::join!(courier.run(std::future::pending()), tell(inner, line));
    });
}

/// Tells the booth each change of the way.
async fn tell(inner: &Inner, line: sync::Line) {
    let mut status = line.watch();
    loop {
        let now = status.borrow_and_update().clone();
        let at = inner.clock.steady();
        if inner.line.change(|state| *state = state_of(&now, state, at)) {
            inner.publish(&inner.sitting.lock());
        }
        if status.changed().await.is_err() {
            return;
        }
    }
}

/// What the booth makes of the way's status, after `before`.
fn state_of(status: &sync::Status, before: &LinkState, now: SteadyMillis) -> LinkState {
    let silent = matches!(status.link, sync::Link::Offline { .. }) || status.stalled_since.is_some();
    let means = status.means.iter().filter_map(|code| Means::parse(code));
    LinkState {
        enrolled: status.link != sync::Link::NotEnrolled,
        silent_since: silent.then(|| before.silent_since.unwrap_or(now)),
        refusal: match status.link {
            sync::Link::Refused(sync::Refusal::Forked) => Some(Refusal::Forked),
            sync::Link::Refused(sync::Refusal::Revoked | sync::Refusal::UnknownDevice) => {
                Some(Refusal::Revoked)
            }
            sync::Link::PinMismatch => Some(Refusal::WrongServer),
            sync::Link::NotEnrolled | sync::Link::Offline { .. } | sync::Link::Online => None,
        },
        skew_ms: status.skew_ms,
        parked: status.backlog.map_or(before.parked, |backlog| backlog.parked),
        means: means.filter(|means| means.is_online()).collect(),
        demonstration: status.demonstration,
    }
}

/// Central's desk for payments over the courier's client. It is called by threads outside the runtime.
struct SyncDesk {
    line: sync::Line,
    runtime: Handle,
}

impl SyncDesk {
    fn ask<F>(&self, call: impl FnOnce(Client) -> F) -> Result<Trade, DeskFault>
    where
        F: Future<Output = Result<Trade, CallError>>,
    {
        let client = self.line.client().ok_or(DeskFault::Unreachable)?;
        self.runtime.block_on(call(client)).map_err(|error| fault(&error))
    }
}

/// A refusal stands; whatever else went wrong may go well the next time.
fn fault(error: &CallError) -> DeskFault {
    tracing::info!(error = error as &dyn std::error::Error, "a trade could not be asked about");
    match error {
        CallError::Refused { problem, .. }
            if (400..500).contains(&problem.status) && problem.status != 429 =>
        {
            DeskFault::Refused
        }
        _ => DeskFault::Unreachable,
    }
}

impl TradeDesk for SyncDesk {
    fn open(&self, trade: &OpenTrade) -> Result<Trade, DeskFault> {
        self.ask(|client| async move { client.open_trade(trade).await })
    }

    fn query(&self, number: &str) -> Result<Trade, DeskFault> {
        self.ask(|client| async move { client.trade(number).await })
    }

    fn close(&self, number: &str) -> Result<Trade, DeskFault> {
        self.ask(|client| async move { client.close_trade(number).await })
    }

    fn refund(&self, number: &str) -> Result<Trade, DeskFault> {
        self.ask(|client| async move { client.refund_trade(number).await })
    }
}

/// A booth that could not be enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolmentError {
    /// The text isn't an invitation.
    #[error("the invitation can't be read")]
    Invitation(#[from] protocol::enrolment::InvalidInvitation),
    /// The network can't be used.
    #[error("the network can't be used")]
    Network(#[from] std::io::Error),
    /// Central did not enrol it.
    #[error("the booth was not enrolled")]
    Enrol(#[source] Box<EnrolError>),
}

/// What a booth is at central from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// The campus's code.
    pub campus: String,
    /// The device's name.
    pub name: String,
}

/// Enrols the booth by the invitation that `central enrol` printed. The ledger has one writer, so the kiosk must be stopped.
///
/// # Errors
/// [`EnrolmentError`]; a booth that was enrolled still is. The same invitation may be tried again where no answer came.
pub fn enrol(ledger: Ledger, invitation: &str, booth: BoothNumber) -> Result<Enrolled, EnrolmentError> {
    let invitation: Invitation = invitation.trim().parse()?;
    let store = Arc::new(CentralStore::stopped(ledger));
    let (settings, clock) = (Settings::new(SOFTWARE), Arc::new(SystemClock::new()));
    let enrolling = sync::enrol(&invitation, booth, store, &settings, clock, &SystemRandom);
    let enrolment = runtime()?.block_on(enrolling).map_err(|error| EnrolmentError::Enrol(Box::new(error)))?;
    Ok(Enrolled { campus: enrolment.campus, name: enrolment.name })
}

impl Line {
    /// Something happened that central should hear at once.
    pub fn wake(&self) {
        if let Some(line) = self.courier() {
            line.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::Rig;
    use domain::UtcMillis;
    use sync::{Link, Status};

    fn status(link: Link) -> Status {
        Status {
            link,
            backlog: None,
            skew_ms: Some(5),
            last_success: None,
            stalled_since: None,
            means: vec!["alipay".into(), "counter".into(), "gold".into()],
            demonstration: true,
        }
    }

    #[test]
    fn the_strips_state_follows_the_way() {
        let before = LinkState { parked: 3, ..LinkState::default() };
        let offline = status(Link::Offline { since: UtcMillis(1) });
        let state = state_of(&offline, &before, SteadyMillis(7));
        assert_eq!((state.enrolled, state.silent_since, state.parked), (true, Some(SteadyMillis(7)), 3));
        let still = state_of(&offline, &state, SteadyMillis(9));
        assert_eq!(still.silent_since, Some(SteadyMillis(7)), "since the first silence");
        let online = state_of(&status(Link::Online), &still, SteadyMillis(10));
        assert_eq!(
            (online.silent_since, online.means, online.demonstration),
            (None, vec![Means::Alipay], true)
        );
        let stalled = Status { stalled_since: Some(UtcMillis(2)), ..status(Link::Online) };
        assert!(
            state_of(&stalled, &still, SteadyMillis(11)).silent_since.is_some(),
            "what isn't taken isn't there"
        );
        for (link, refusal) in [
            (Link::Refused(sync::Refusal::UnknownDevice), Refusal::Revoked),
            (Link::Refused(sync::Refusal::Forked), Refusal::Forked),
            (Link::PinMismatch, Refusal::WrongServer),
        ] {
            assert_eq!(state_of(&status(link), &before, SteadyMillis(0)).refusal, Some(refusal));
        }
        assert!(!state_of(&status(Link::NotEnrolled), &before, SteadyMillis(0)).enrolled);
    }

    #[test]
    fn a_booth_that_has_not_enrolled_runs_without_central() {
        let rig = Rig::new();
        let (runtime, (courier, line)) = (runtime().unwrap(), courier(&rig.inner).unwrap());
        let desk = SyncDesk { line: line.clone(), runtime: runtime.handle().clone() };
        assert_eq!(desk.query("T00000001"), Err(DeskFault::Unreachable));
        let (status, sleep) = (line.clone(), tokio::time::Duration::from_millis(50));
        runtime.block_on(courier.run(async move { tokio::time::sleep(sleep).await }));
        assert_eq!(status.status().link, Link::NotEnrolled);
    }

    #[test]
    fn who_cannot_enrol_is_told_why() {
        let folder = tempfile::tempdir().unwrap();
        let booth = BoothNumber::new(1).unwrap();
        let ledger = || {
            let (path, key) = (folder.path().join("booth.db"), ledger::Key::from_bytes([1; 32]));
            Ledger::open(&ledger::Opening { path, key, booth, largest_bytes: None }, UtcMillis(1)).unwrap()
        };
        let refused = enrol(ledger(), "hello", booth);
        assert!(matches!(refused, Err(EnrolmentError::Invitation(_))), "{refused:?}");
        let nobody = format!("https://127.0.0.1:9#ABCDEFGHIJKLMNOPQRSTUVWX.{}", "0".repeat(64));
        let refused = enrol(ledger(), &nobody, booth);
        assert!(matches!(refused, Err(EnrolmentError::Enrol(_))), "{refused:?}");
        let kept = ledger().read().enrolment().unwrap().unwrap();
        assert_eq!(kept.device, [0; 16], "only the key that was offered is kept, to be offered again");
    }
}
