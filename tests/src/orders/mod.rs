//! Orders of invented students, written into a real ledger by its own transactions and told by the protocol's own events, as the
//! booth's workflow does.
//!
//! What becomes of an order is determined by the seed and the order's number, and what is done next by what the ledger holds. So a
//! writer that was killed at any moment goes on where it stood, and whoever compares the books knows what must stand in them. Left out
//! on purpose: camera, printer and window.

mod acts;
mod plan;
mod told;

pub use plan::{EVERY_PLAN, Plan, STEADY_PLANS, UNPAID_PLANS};

use acts::Act;
use booth::{Clock as _, SystemClock};
use domain::{OrderId, PaymentId, PersonId, PhotoId, UtcMillis};
use ledger::Ledger;
use std::sync::Arc;

use crate::chance::Chance;

/// An order that could not be written on.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The ledger refused, or can't be used.
    #[error("the ledger can't be written")]
    Ledger(#[from] ledger::LedgerError),
    /// An event has no JSON.
    #[error("the event can't be written")]
    Event(#[from] protocol::EventError),
    /// The refund was not recorded.
    #[error("the refund can't be recorded")]
    Refund(#[source] Box<booth::BoothError>),
    /// An invented value isn't one.
    #[error("{0} can't be invented")]
    Invented(&'static str),
    /// The ledger holds something that no plan leads to.
    #[error("order {number} stands as {state}, to which its plan doesn't lead")]
    OffPlan {
        /// Which order.
        number: u64,
        /// Where it stands.
        state: &'static str,
    },
}

/// The order of an order's payments and photos: each has an id of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Order,
    Person,
    Payment(u64),
    Photo(u64),
}

impl Part {
    const fn number(self) -> u64 {
        match self {
            Self::Order => 1,
            Self::Person => 2,
            Self::Payment(which) => 100 + which,
            Self::Photo(which) => 200 + which,
        }
    }
}

/// What the camera is said to have given, where nothing else is said: the ledger keeps it, and nobody is told of it.
const ORIGINAL: &[u8] = b"\xFF\xD8 an original shot \xFF\xD9";

/// What is written: a seed, the plans that it draws from, the photo that every official photo begins with, and each shot's original.
#[derive(Clone, Debug)]
pub struct Script {
    seed: u64,
    plans: &'static [Plan],
    jpeg: Arc<[u8]>,
    original: Arc<[u8]>,
}

impl Script {
    /// The script of this seed. `jpeg` is a whole JPEG file; each photo is made another file by what is written behind its end.
    #[must_use]
    pub fn new(seed: u64, plans: &'static [Plan], jpeg: Vec<u8>) -> Self {
        Self { seed, plans, jpeg: jpeg.into(), original: ORIGINAL.into() }
    }

    /// The same, with this file as what the camera is said to have given each time.
    #[must_use]
    pub fn shot_as(self, original: &[u8]) -> Self {
        Self { original: original.into(), ..self }
    }

    /// What becomes of the order of this number, from 1.
    #[must_use]
    pub fn plan(&self, number: u64) -> Plan {
        let drawn = Chance::of(self.seed, number).below(self.plans.len() as u64);
        let plan =
            usize::try_from(drawn).ok().and_then(|at| self.plans.get(at)).copied().unwrap_or(Plan::Counter);
        match plan {
            Plan::Reprint if self.printed_again(number).is_none() => Plan::Counter,
            plan => plan,
        }
    }

    /// The order whose photo this one prints again: one shortly before it that the booth approved.
    fn printed_again(&self, number: u64) -> Option<u64> {
        let is_source = |before: &u64| {
            let drawn = Chance::of(self.seed, *before).below(self.plans.len() as u64);
            usize::try_from(drawn).ok().and_then(|at| self.plans.get(at)) == Some(&Plan::Counter)
        };
        (number.saturating_sub(20).max(1)..number).rev().find(is_source)
    }

    /// The order's id.
    #[must_use]
    pub fn order(&self, number: u64) -> OrderId {
        OrderId::new(Self::time(number), self.random(number, Part::Order))
    }

    fn person(&self, number: u64) -> PersonId {
        PersonId::new(Self::time(number), self.random(number, Part::Person))
    }

    fn payment(&self, number: u64, which: u64) -> PaymentId {
        PaymentId::new(Self::time(number), self.random(number, Part::Payment(which)))
    }

    fn photo(&self, number: u64, which: u64) -> PhotoId {
        PhotoId::new(Self::time(number), self.random(number, Part::Photo(which)))
    }

    /// The official photo of the order's picture `which`: a whole JPEG, and bytes behind its end that no other photo has.
    #[must_use]
    pub fn jpeg(&self, number: u64, which: u64) -> Vec<u8> {
        let mut jpeg = self.jpeg.to_vec();
        let mut chance = Chance::of(self.seed ^ 0x5048_4F54_4F00_0000, number * 16 + which);
        for _ in 0..8 + chance.below(64) {
            jpeg.extend(chance.draw().to_be_bytes());
        }
        jpeg
    }

    /// The time in ids; real times stand in the events.
    fn time(number: u64) -> UtcMillis {
        UtcMillis(1_790_000_000_000 + number.cast_signed())
    }

    fn random(&self, number: u64, part: Part) -> [u8; 10] {
        Chance::of(self.seed, number * 1_000 + part.number()).bytes()
    }
}

/// Writes orders into a ledger.
#[derive(Debug)]
pub struct Writer {
    ledger: Arc<Ledger>,
    script: Script,
    clock: SystemClock,
}

impl Writer {
    /// A writer of this script.
    #[must_use]
    pub fn new(ledger: Arc<Ledger>, script: Script) -> Self {
        Self { ledger, script, clock: SystemClock::default() }
    }

    /// Brings the order of this number to the end of its plan, from wherever it stands; whether anything was left to do.
    ///
    /// # Errors
    /// [`WriteError`]; what was committed stays.
    pub fn write(&self, number: u64) -> Result<bool, WriteError> {
        let mut written = false;
        while let Some(act) = self.next(number)? {
            self.perform(number, act)?;
            written = true;
            if act == Act::Forget {
                break;
            }
        }
        Ok(written)
    }

    /// Whether the order stands where its plan ends.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn is_finished(&self, number: u64) -> Result<bool, WriteError> {
        Ok(matches!(self.next(number)?, None | Some(Act::Forget)))
    }

    /// Forgets students who asked for it, where nothing of them is still to be told.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn forget_who_asked(&self) -> Result<(), WriteError> {
        self.ledger.purge(UtcMillis(0), self.clock.now())?;
        Ok(())
    }
}
