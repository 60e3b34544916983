//! How the way to the central server is, as the thread that goes it says, and what the strip makes of it.

use crate::clock::SteadyMillis;
use crate::online::TradeDesk;
use crate::view::{FaultCode, StripCode, StripItem};
use domain::payment::Means;
use parking_lot::Mutex;
use std::sync::{Arc, OnceLock};

/// How long the central server may be silent before staff are told: it restarts, and networks break, for minutes.
const SILENT_MS: i64 = 10 * 60 * 1000;

/// How wrong the booth's clock may be before staff are told, in milliseconds.
const SKEW_MS: u64 = 60 * 1000;

/// Why the central server takes nothing from this booth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The device's key was revoked, or is not known.
    Revoked,
    /// Two machines use the device's key.
    Forked,
    /// The server shows a key that isn't pinned: it isn't the campus's.
    WrongServer,
}

/// How the way to the central server is.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct LinkState {
    /// Whether this booth has enrolled.
    pub enrolled: bool,
    /// Since when the server has not answered or taken what happened; nothing while it does.
    pub silent_since: Option<SteadyMillis>,
    /// Why it takes nothing.
    pub refusal: Option<Refusal>,
    /// How far the booth's clock is behind the server's, in milliseconds; negative where it is ahead.
    pub skew_ms: Option<i64>,
    /// How many events were refused and wait for staff.
    pub parked: u64,
    /// With which applications one can pay through it.
    pub means: Vec<Means>,
    /// Whether these payments are a demonstration in which no money moves.
    pub demonstration: bool,
}

impl LinkState {
    /// What staff should see.
    pub fn strip(&self, now: SteadyMillis) -> Vec<StripItem> {
        let item = |code| StripItem { code, fault: None };
        if !self.enrolled {
            return vec![item(StripCode::NoCentral)];
        }
        let mut strip = vec![];
        match self.refusal {
            Some(Refusal::Revoked) => strip.push(item(StripCode::CentralRevoked)),
            Some(Refusal::Forked) => strip.push(item(StripCode::CentralForked)),
            Some(Refusal::WrongServer) => strip.push(item(StripCode::CentralMismatch)),
            None if self.silent_since.is_some_and(|since| now.since_ms(since) > SILENT_MS) => {
                strip.push(StripItem {
                    code: StripCode::CentralFault,
                    fault: Some(FaultCode::CentralUnreachable),
                });
            }
            None => {}
        }
        if self.skew_ms.is_some_and(|skew| skew.unsigned_abs() > SKEW_MS) {
            strip.push(item(StripCode::ClockWrong));
        }
        if self.parked > 0 {
            strip.push(item(StripCode::CentralParked));
        }
        strip
    }
}

/// The line to the central server: its state, and the desk for payments once it was opened.
#[derive(Default)]
pub(crate) struct Line {
    state: Mutex<LinkState>,
    desk: OnceLock<Arc<dyn TradeDesk>>,
    courier: OnceLock<sync::Line>,
}

impl Line {
    /// The state now.
    pub fn state(&self) -> LinkState {
        self.state.lock().clone()
    }

    /// Changes the state; whether it differs then.
    pub fn change(&self, change: impl FnOnce(&mut LinkState)) -> bool {
        let mut state = self.state.lock();
        let before = state.clone();
        change(&mut state);
        *state != before
    }

    /// The courier's line, once it runs.
    pub fn courier(&self) -> Option<&sync::Line> {
        self.courier.get()
    }

    /// The courier runs at the other end of `line` from now on.
    pub fn connect(&self, line: sync::Line) {
        self.courier.get_or_init(|| line);
    }

    /// The desk for payments, once there is a line.
    pub fn desk(&self) -> Option<&Arc<dyn TradeDesk>> {
        self.desk.get()
    }

    /// Payments go over this desk from now on; the first one stays.
    pub fn open_desk(&self, desk: Arc<dyn TradeDesk>) {
        self.desk.get_or_init(|| desk);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(state: &LinkState, now: i64) -> Vec<StripCode> {
        state.strip(SteadyMillis(now)).iter().map(|item| item.code).collect()
    }

    #[test]
    fn staff_read_what_they_must_see_to() {
        let silent_since = Some(SteadyMillis(0));
        let silent = LinkState { enrolled: true, silent_since, ..LinkState::default() };
        let well = LinkState { silent_since: None, ..silent.clone() };
        assert_eq!(codes(&LinkState::default(), 0), [StripCode::NoCentral]);
        assert_eq!(codes(&well, SILENT_MS + 1), [], "all is well");
        assert_eq!(codes(&silent, SILENT_MS), [], "some minutes without an answer are nothing");
        assert_eq!(codes(&silent, SILENT_MS + 1), [StripCode::CentralFault]);
        for (refusal, code) in [
            (Refusal::Revoked, StripCode::CentralRevoked),
            (Refusal::Forked, StripCode::CentralForked),
            (Refusal::WrongServer, StripCode::CentralMismatch),
        ] {
            let refused = LinkState { refusal: Some(refusal), ..silent.clone() };
            assert_eq!(codes(&refused, SILENT_MS + 1), [code], "one reason is enough");
        }
        for (skew, wrong) in [(60_000, false), (60_001, true), (-60_001, true), (i64::MIN, true)] {
            let state = LinkState { skew_ms: Some(skew), ..well.clone() };
            assert_eq!(!codes(&state, 0).is_empty(), wrong, "{skew} ms");
        }
        assert_eq!(codes(&LinkState { parked: 1, ..well }, 0), [StripCode::CentralParked]);
    }
}
