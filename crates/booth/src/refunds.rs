//! Money that staff gave back.

use crate::clock::Clock;
use crate::error::BoothError;
use domain::EventId;
use ledger::{Actor, Ledger, NewEvent, RefundDue, Stamp};

/// Records that this money went back, and tells the central server.
///
/// # Errors
/// [`BoothError`]; nothing was written.
pub fn record_refund(ledger: &Ledger, due: &RefundDue, clock: &dyn Clock) -> Result<(), BoothError> {
    let at = clock.now();
    let event = protocol::Event::PaymentRefunded(protocol::PaymentRefunded {
        order_id: due.order.to_string(),
        payment_id: due.payment.to_string(),
        means: due.means.as_str().to_owned(),
        amount_fen: due.amount.fen(),
        at_ms: at.0,
    });
    let told = NewEvent {
        id: EventId::new(at, clock.random()),
        kind: event.kind().to_owned(),
        dedupe_key: format!("{}:{}", event.kind(), due.payment),
        payload: event.to_json()?,
        blob_sha256: None,
    };
    ledger.pay_back(due.payment, &told, Stamp { actor: Actor::Staff, at })?;
    Ok(())
}
