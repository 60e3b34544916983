//! What became of the trades that were opened: asking about those that may still be paid, giving up those that nobody waits for, asking
//! for money that no order needed to go back.

use super::paying::{ASKED_FOR_MS, settle};
use crate::error::BoothError;
use crate::inner::Inner;
use crate::online::{OnlinePayments, Trade, TradeState};
use crate::workflow::advance;
use domain::session::{Event, State};
use domain::{OrderId, order, payment};
use ledger::{Actor, LedgerError, OnlinePayment, PaymentChange, Stamp};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// How many trades of students who have left are asked about each time: a provider may be slow, and they may be many.
const OTHERS_A_TURN: usize = 5;

/// Asks about the trades that may still be paid: those of the order on the screen, and a few of the others, which have their turns.
/// Called every two seconds or so by a thread of its own.
pub(crate) fn poll(inner: &Arc<Inner>, provider: &dyn OnlinePayments, turn: usize) {
    let since = inner.clock.now().plus_ms(-ASKED_FOR_MS);
    let shown = inner.sitting.lock().state.order();
    let waiting = match inner.ledger.read().online_unsettled_since(since) {
        Ok(waiting) => waiting,
        Err(error) => {
            tracing::error!(%error, "the payments that wait can't be read");
            return;
        }
    };
    let waiting = not_finished(inner, waiting);
    let (now, others): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|online| Some(online.order) == shown);
    let mut turns = others.chunks(OTHERS_A_TURN);
    let turn = turn.checked_rem(turns.len()).unwrap_or(0);
    for online in now.iter().chain(turns.nth(turn).unwrap_or_default()) {
        ask_about(inner, provider, online);
    }
    if inner.refund_due.load(Ordering::Relaxed) {
        ask_for_a_refund(inner, provider);
    }
}

/// Without the trades that can't be paid any more and that nobody waits for.
fn not_finished(inner: &Inner, waiting: Vec<OnlinePayment>) -> Vec<OnlinePayment> {
    let mut finished = inner.finished_trades.lock();
    finished.retain(|number| waiting.iter().any(|online| online.trade_number == *number));
    waiting.into_iter().filter(|online| !finished.contains(&online.trade_number)).collect()
}

/// Whether the order ended, or was paid another way: money for this trade would be too much.
fn is_given_up(inner: &Inner, online: &OnlinePayment) -> bool {
    online.payment.state == payment::State::Closed
        && inner
            .ledger
            .read()
            .order(online.order)
            .is_ok_and(|order| !matches!(order.state, order::State::Draft | order::State::AwaitingPayment))
}

fn trade(online: &OnlinePayment) -> Trade {
    let OnlinePayment { payment, order, trade_number, .. } = online;
    Trade { number: trade_number.clone(), order: *order, means: payment.means, amount: payment.amount }
}

fn ask_about(inner: &Arc<Inner>, provider: &dyn OnlinePayments, online: &OnlinePayment) {
    let (trade, given_up) = (trade(online), is_given_up(inner, online));
    let answer = if given_up { provider.close(&trade) } else { provider.query(&trade) };
    reached(inner, online.order, answer.is_ok());
    match answer {
        Ok(TradeState::Paid(amount)) if amount == trade.amount => arrived(inner, online),
        Ok(TradeState::Paid(_) | TradeState::WrongAmount) => {
            inner.refund_due.store(true, Ordering::Relaxed);
            // Once: it is asked about until the money went back, which may take days.
            if inner.wrong_amounts.lock().insert(trade.number.clone()) {
                tracing::error!(order = %online.order, due = trade.amount.fen(), "a provider reports another amount than is due: staff must look");
            }
        }
        Ok(TradeState::Closed | TradeState::Refunding | TradeState::Refunded) => {
            no_longer_good(inner, online);
            if given_up {
                inner.finished_trades.lock().insert(trade.number);
            }
        }
        Ok(TradeState::Waiting) => {}
        Err(error) => tracing::debug!(%error, "a payment provider was not reached"),
    }
}

/// Asks for the money of one trade that no order needed: the central server pays it back. Where the money is then, its directory says.
fn ask_for_a_refund(inner: &Inner, provider: &dyn OnlinePayments) {
    let online = match settled_for_nothing(inner) {
        Ok(Some(online)) => online,
        Ok(None) => return,
        Err(error) => {
            tracing::error!(%error, "the refunds that are due can't be read");
            return;
        }
    };
    match provider.refund(&trade(&online)) {
        Ok(Some(TradeState::Refunding | TradeState::Refunded)) => {
            let stamp = Stamp { actor: Actor::Booth, at: inner.clock.now() };
            let (id, event) = (online.payment.id, payment::Event::RequestRefund);
            let change = PaymentChange { id, event, outbox: None, stamp };
            if let Err(error) = inner.ledger.record_payment(&change) {
                tracing::error!(order = %online.order, %error, "a refund that was asked for can't be noted; it is asked for again");
            }
        }
        // Staff give it back themselves, or the next turn asks again.
        Ok(_) => {}
        Err(error) => tracing::debug!(%error, "a refund could not be asked for"),
    }
}

/// The first trade whose money no order needed and that nobody has asked back.
fn settled_for_nothing(inner: &Inner) -> Result<Option<OnlinePayment>, LedgerError> {
    let reader = inner.ledger.read();
    for due in reader.refunds_due()?.iter().filter(|due| due.means.is_online()) {
        let trades = reader.online_payments_of(due.order)?;
        let settled = |online: &OnlinePayment| {
            online.payment.id == due.payment && online.payment.state == payment::State::Settled
        };
        if let Some(online) = trades.into_iter().find(settled) {
            return Ok(Some(online));
        }
    }
    Ok(None)
}

/// A code that can't be paid any more is void in the ledger and on the screen, so that another is asked for.
fn no_longer_good(inner: &Inner, online: &OnlinePayment) {
    let mut sitting = inner.sitting.lock();
    // As it stands now: the student may have chosen another way to pay meanwhile.
    let open = inner.ledger.read().payments_of(online.order).is_ok_and(|payments| {
        payments.iter().any(|p| p.id == online.payment.id && p.state == payment::State::Pending)
    });
    if open {
        let stamp = Stamp { actor: Actor::Central, at: inner.clock.now() };
        let (id, event) = (online.payment.id, payment::Event::Close);
        if let Err(error) = inner.ledger.record_payment(&PaymentChange { id, event, outbox: None, stamp }) {
            tracing::error!(order = %online.order, %error, "a closed payment can't be noted; it is asked about again");
            return;
        }
    }
    let shown = sitting.state.order() == Some(online.order);
    let now = inner.clock.steady();
    if let Some(code) = sitting.online.as_mut().filter(|code| shown && code.code_url == online.code_url) {
        code.expires = now;
        inner.publish(&sitting);
    }
}

/// The screen says whether the provider can be asked at the moment.
fn reached(inner: &Inner, order: OrderId, reachable: bool) {
    let mut sitting = inner.sitting.lock();
    let shown = sitting.state.order() == Some(order);
    if let Some(code) = sitting.online.as_mut().filter(|code| shown && code.reachable != reachable) {
        code.reachable = reachable;
        inner.publish(&sitting);
    }
}

fn arrived(inner: &Arc<Inner>, online: &OnlinePayment) {
    // The lock comes first: nobody may cancel or pay the order at the counter between the two.
    let mut sitting = inner.sitting.lock();
    let settled = settle(inner, online.order, &online.payment, Actor::Central);
    // Central hears of it at once, also of money that is to go back.
    inner.line.wake();
    match settled {
        Ok(()) => {}
        Err(BoothError::RefundDue) => {
            tracing::error!(order = %online.order, "money arrived for an order that was settled or had ended: a refund is due");
            return;
        }
        Err(error) => {
            tracing::error!(order = %online.order, %error, "a payment that arrived can't be kept; it is asked about again");
            return;
        }
    }
    let waits = matches!(sitting.state, State::Paying { sitting, .. } if sitting.order == online.order);
    if waits && let Err(error) = advance(inner, &mut sitting, Event::PaymentSettled) {
        tracing::error!(%error, "the session did not go on after a payment");
    }
    inner.publish(&sitting);
}

#[cfg(test)]
mod tests;
