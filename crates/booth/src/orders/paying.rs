//! Paying an order: at the counter, by staff's PIN, or by a code on the screen.
//!
//! A code's payment counts whenever it arrives: every trade that was opened within a week is asked about until it was paid, whether
//! its student is still here or not.

use super::event;
use crate::error::BoothError;
use crate::inner::Inner;
use crate::online::Trade;
use crate::sitting::{OnlineCode, Sitting};
use crate::view::PayMeans;
use crate::workflow::advance;
use domain::payment::Means;
use domain::session::{Event, State};
use domain::{OrderId, PaymentId, UtcMillis, payment};
use ledger::{Actor, NewOnline, NewPayment, OnlinePayment, PaymentChange, Stamp};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// For how long a trade is asked about. Both providers let a code live two hours at most; a booth may be off or without a network for a
/// long weekend, and an unpaid order stays for a week.
pub(super) const ASKED_FOR_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Staff received the whole amount of the order on the screen.
///
/// # Errors
/// [`BoothError`]; a second press finds another screen and is refused.
pub(crate) fn pay_at_counter(inner: &Arc<Inner>, sitting: &mut Sitting, pin: &str) -> Result<(), BoothError> {
    let State::Paying { sitting: at, .. } = sitting.state else {
        return advance(inner, sitting, Event::PaymentSettled);
    };
    inner.pin.lock().check(pin, &inner.settings.staff.pin_hash, inner.clock.steady())?;
    let open = inner.ledger.read().describe_order(at.order)?;
    let payment = open.payment.ok_or(ledger::LedgerError::Missing { what: "payment" })?;
    let payment = if payment.means.is_online() && payment.state != payment::State::Settled {
        at_the_counter(inner, at.order)?
    } else {
        payment
    };
    match payment.state {
        payment::State::Pending | payment::State::Closed => settle(inner, at.order, &payment, Actor::Staff)?,
        payment::State::Settled => {}
        other => return Err(ledger::LedgerError::NotNow { state: other.as_str(), doing: "pay" }.into()),
    }
    advance(inner, sitting, Event::PaymentSettled)
}

/// Closes the code's payment and opens one at the counter. The code's money still counts, should it arrive.
fn at_the_counter(inner: &Inner, order: OrderId) -> Result<ledger::Payment, BoothError> {
    let at = inner.clock.now();
    let new = NewPayment { id: PaymentId::new(at, inner.clock.random()), means: Means::Counter };
    inner.ledger.reopen_counter(order, new, at)?;
    let payments = inner.ledger.read().payments_of(order)?;
    let opened = payments.into_iter().find(|payment| payment.id == new.id);
    Ok(opened.ok_or(ledger::LedgerError::Missing { what: "payment" })?)
}

/// Shows staff whether money has to go back.
pub(crate) fn look_for_refunds(inner: &Inner) {
    match inner.ledger.read().refunds_due() {
        Ok(due) => inner.refund_due.store(!due.is_empty(), Ordering::Relaxed),
        Err(error) => tracing::error!(%error, "the refunds that are due can't be read"),
    }
}

pub(super) fn settle(
    inner: &Inner,
    order: OrderId,
    payment: &ledger::Payment,
    actor: Actor,
) -> Result<(), BoothError> {
    let at = inner.clock.now();
    let settled = protocol::PaymentSettled {
        payment_id: payment.id.to_string(),
        order_id: order.to_string(),
        means: payment.means.as_str().to_owned(),
        amount_fen: payment.amount.fen(),
        at_ms: at.0,
    };
    let told = event(inner, payment.id, protocol::Event::PaymentSettled(settled))?;
    let stamp = Stamp { actor, at };
    let change = PaymentChange { id: payment.id, event: payment::Event::Settle, outbox: Some(&told), stamp };
    let recorded = inner.ledger.record_payment(&change)?;
    if recorded.settled_order {
        return Ok(());
    }
    look_for_refunds(inner);
    Err(BoothError::RefundDue)
}

/// The student chose to pay by a code, or at the counter after all. The provider is asked on a thread of its own, because it may be
/// slow; the screen shows the code when it has come.
///
/// # Errors
/// [`BoothError::PaymentUnavailable`] where nobody takes it.
pub(crate) fn open_online(
    inner: &Arc<Inner>,
    sitting: &mut Sitting,
    means: PayMeans,
) -> Result<(), BoothError> {
    let State::Paying { sitting: at, .. } = sitting.state else {
        return advance(inner, sitting, Event::PaymentSettled);
    };
    let Some(asked) = online_means(means) else {
        sitting.online = None;
        return Ok(());
    };
    let provider = inner.online.as_ref().filter(|provider| provider.means().contains(&asked));
    if provider.is_none() {
        return Err(BoothError::PaymentUnavailable);
    }
    let now = inner.clock.steady();
    if sitting.online.as_ref().is_some_and(|shown| shown.means == means && shown.expires > now) {
        return Ok(());
    }
    sitting.online = Some(OnlineCode {
        means,
        code_url: String::new(),
        expires: now.plus_ms(ASKED_FOR_MS),
        reachable: true,
    });
    // Pressed again while the provider is slow, the code that comes is this one's too: another trade would be one too many.
    if !inner.codes_asked_for.lock().insert((at.order, asked)) {
        return Ok(());
    }
    let asking = Asking { inner: Arc::clone(inner), what: (at.order, asked) };
    let inner = Arc::clone(inner);
    std::thread::spawn(move || {
        let opened = ask(&inner, at.order, asked);
        let mut sitting = inner.sitting.lock();
        // Under the lock: whoever presses from now on finds the code, or asks anew.
        drop(asking);
        let waits = matches!(sitting.state, State::Paying { sitting, .. } if sitting.order == at.order);
        let asked_for = sitting.online.as_mut().filter(|code| waits && code.means == means);
        if let Some(code) = asked_for {
            match opened {
                Ok(shown) => *code = OnlineCode { means, ..shown },
                Err(error) => {
                    tracing::warn!(%error, "no code to pay with could be had");
                    // Void at once, so that pressing it again asks again.
                    (code.reachable, code.expires) = (false, inner.clock.steady());
                }
            }
        }
        inner.publish(&sitting);
    });
    Ok(())
}

/// A code is being asked for, until this is dropped.
struct Asking {
    inner: Arc<Inner>,
    what: (OrderId, Means),
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.inner.codes_asked_for.lock().remove(&self.what);
    }
}

fn online_means(means: PayMeans) -> Option<Means> {
    match means {
        PayMeans::Counter => None,
        PayMeans::WechatPay => Some(Means::WechatPay),
        PayMeans::Alipay => Some(Means::Alipay),
    }
}

/// The code that is still good, or a new trade's.
fn ask(inner: &Inner, order: OrderId, means: Means) -> Result<OnlineCode, BoothError> {
    let provider = inner.online.as_ref().ok_or(BoothError::PaymentUnavailable)?;
    let now = inner.clock.now();
    let reader = inner.ledger.read();
    let good = |p: &OnlinePayment| {
        p.payment.means == means && p.payment.state == payment::State::Pending && p.expires > now
    };
    if let Some(known) = reader.online_payments_of(order)?.into_iter().find(good) {
        return Ok(code(inner, &known.code_url, known.expires, now));
    }
    let ordered = reader.order(order)?;
    let id = PaymentId::new(now, inner.clock.random());
    let number = id.to_string().replace('-', "");
    let trade = Trade { number: number.clone(), order, means, amount: ordered.amount };
    let catalogue = inner.catalogue();
    let title = catalogue.known(&ordered.programme).map_or("证件照", |programme| &programme.title.zh);
    let opened = provider.open(&trade, title, now)?;
    let new = NewOnline {
        payment: NewPayment { id, means },
        trade_number: &number,
        code_url: &opened.code_url,
        expires: opened.expires,
    };
    inner.ledger.open_online(order, &new, now)?;
    Ok(code(inner, &opened.code_url, opened.expires, now))
}

fn code(inner: &Inner, code_url: &str, expires: UtcMillis, now: UtcMillis) -> OnlineCode {
    let left_ms = expires.0.saturating_sub(now.0);
    let expires = inner.clock.steady().plus_ms(left_ms);
    OnlineCode { means: PayMeans::Counter, code_url: code_url.to_owned(), expires, reachable: true }
}

#[cfg(test)]
mod tests;
