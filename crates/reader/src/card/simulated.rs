//! A reader that holds what somebody lays on it by hand: for demonstration, and for tests of what stands above.
//!
//! It keeps the rules of a real one: a card is read once, only while armed, and only if it was laid on after that.

use super::handover::Handover;
use super::{Card, CardFault, CardReader, ReaderFault, ReaderKind, Reading};
use parking_lot::Mutex;
use std::time::Duration;

/// See the module.
#[derive(Debug, Default)]
pub struct SimulatedReader {
    handover: Handover,
    /// Whether something lies there.
    taken: Mutex<bool>,
}

impl SimulatedReader {
    /// A reader with nothing on it and without a fault.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lays a card on, in place of what lies there. One whose parts disagree is [`CardFault::Damaged`], as on a real reader.
    pub fn lay(&self, card: Card) {
        self.put(card.checked().map_err(CardFault::from));
    }

    /// Lays a card on that gives nothing but `fault`.
    pub fn lay_faulty(&self, fault: CardFault) {
        self.put(Err(fault));
    }

    /// Takes away what lies there.
    pub fn lift(&self) {
        *self.taken.lock() = false;
    }

    /// Gives the reader a fault, or ends it. With one it reads nothing.
    pub fn set_fault(&self, fault: Option<ReaderFault>) {
        self.handover.set_fault(fault);
    }

    fn put(&self, outcome: Result<Card, CardFault>) {
        let mut taken = self.taken.lock();
        *taken = true;
        if let (None, Some(arming)) = (self.handover.fault(), self.handover.arming()) {
            self.handover.publish(arming, outcome);
        }
    }
}

impl CardReader for SimulatedReader {
    fn kind(&self) -> ReaderKind {
        ReaderKind::Simulated
    }

    fn fault(&self) -> Option<ReaderFault> {
        self.handover.fault()
    }

    fn arm(&self, armed: bool) {
        let taken = self.taken.lock();
        if let Some(arming) = self.handover.arm(armed).filter(|_| *taken && self.fault().is_none()) {
            self.handover.publish(arming, Err(CardFault::LiftFirst));
        }
    }

    fn newest(&self, after: u64) -> Option<Reading> {
        self.handover.newest(after)
    }

    fn wait_newer(&self, after: u64, wait: Duration) -> Option<Reading> {
        self.handover.wait_newer(after, wait)
    }
}
