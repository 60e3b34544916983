//! What the booth does by itself once an hour: unpaid orders expire, and what the central server has is forgotten after its time.

use crate::clock::SteadyMillis;
use crate::inner::Inner;
use crate::orders;
use domain::UtcMillis;
use domain::order;
use domain::session::State;
use ledger::LedgerError;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// When it was last done.
#[derive(Debug, Default)]
pub(crate) struct Housekeeping {
    last: Option<SteadyMillis>,
}

impl Housekeeping {
    /// Does it if an hour has passed and nobody is here, whose order might be the one that expires. A failure is logged and tried
    /// again in an hour.
    pub fn look(&mut self, inner: &Inner) {
        let now = inner.clock.steady();
        let sitting = inner.sitting.lock();
        if sitting.state != State::Attract || self.last.is_some_and(|last| now.since_ms(last) < HOUR_MS) {
            return;
        }
        self.last = Some(now);
        if let Err(error) = keep(inner, inner.clock.now()) {
            tracing::error!(%error, "old orders could not be tidied up");
        }
    }
}

fn keep(inner: &Inner, now: UtcMillis) -> Result<(), LedgerError> {
    let days_ago = |days: u16| now.plus_ms(-i64::from(days) * DAY_MS);
    let retention = &inner.settings.retention;
    let ended = |order| {
        orders::ended(inner, order, order::State::Expired)
            .map_err(|source| LedgerError::Event { source: Box::new(source) })
    };
    let expired = inner.ledger.expire_orders(days_ago(retention.unpaid_days), now, &ended)?;
    let purged = inner.ledger.purge(days_ago(retention.synced_days), now)?;
    if expired > 0 || purged != ledger::Purged::default() {
        tracing::info!(expired, photos = purged.photos, people = purged.people, "old orders were tidied up");
    }
    Ok(())
}
