//! The codes of orders that have ended or were settled: which trades nobody may pay any more, and which money goes back.

use super::effects::order;
use super::judge::Effect;
use crate::Failure;
use crate::devices::Device;
use crate::trades::{self, Cause};
use deadpool_postgres::Transaction;
use protocol::Event;
use uuid::Uuid;

/// Orders that need no code any more, because they have ended or because a payment has settled them. The two lists go together.
pub(super) struct GivenUp {
    orders: Vec<Uuid>,
    /// The payment; none where the order has ended.
    payments: Vec<Option<Uuid>>,
}

impl GivenUp {
    pub(super) fn of(effects: &[&Effect]) -> Self {
        let given_up = |effect: &&Effect| match (&effect.event, effect.payment) {
            (Event::OrderEnded(_), _) => Some((order(effect), None)),
            (Event::PaymentSettled(_), Some(payment)) => Some((order(effect), Some(payment))),
            _ => None,
        };
        let (orders, payments) = effects.iter().filter_map(given_up).unzip();
        Self { orders, payments }
    }
}

/// Locks the orders' trades, in the order in which `trades::learn` locks them. Whoever learns of money before this, that it came or that it
/// went back, is seen by [`pay_back`] and [`back_before_told`], and whoever learns of it later sees the payments of this batch.
pub(super) async fn lock_trades(
    tx: &Transaction<'_>,
    device: &Device,
    given_up: &GivenUp,
) -> Result<(), Failure> {
    if given_up.orders.is_empty() {
        return Ok(());
    }
    let sql =
        "SELECT number FROM trades WHERE campus_id = $1 AND order_id = ANY ($2) ORDER BY number FOR UPDATE";
    tx.query(&tx.prepare_cached(sql).await?, &[&device.campus, &given_up.orders]).await?;
    Ok(())
}

/// A trade may have gone back before the booth could tell that it had booked it. The booth hears of it once more: it may have passed over it
/// while it had nothing booked.
pub(super) async fn back_before_told(
    tx: &Transaction<'_>,
    device: &Device,
    given_up: &GivenUp,
    now: i64,
) -> Result<(), Failure> {
    if given_up.payments.iter().all(Option::is_none) {
        return Ok(());
    }
    let sql = "SELECT t.number, coalesce(r.done_ms, $3) FROM unnest($2::uuid[]) AS g (payment)
               JOIN trades t ON t.campus_id = $1 AND t.number = replace(g.payment::text, '-', '') AND t.state = 'refunded'
               LEFT JOIN refunds r ON r.campus_id = $1 AND r.trade_number = t.number
               JOIN payments p ON p.campus_id = $1 AND p.id = g.payment AND p.refunded_ms IS NULL ORDER BY t.number";
    let statement = tx.prepare_cached(sql).await?;
    for row in tx.query(&statement, &[&device.campus, &given_up.payments, &now]).await? {
        trades::tell_done(tx, device.campus, row.try_get(0)?, row.try_get(1)?).await?;
    }
    Ok(())
}

/// Nobody needs the codes of an order any more that has ended or that another payment has settled. A trade's number is its payment's
/// id without hyphens.
pub(super) async fn give_up_trades(
    tx: &Transaction<'_>,
    device: &Device,
    given_up: &GivenUp,
    now: i64,
) -> Result<(), Failure> {
    if given_up.orders.is_empty() {
        return Ok(());
    }
    let sql = "UPDATE trades t SET state = 'closing', look_ms = $4, looks = 0 FROM unnest($2::uuid[], $3::uuid[]) AS g (order_id, payment)
               WHERE t.campus_id = $1 AND t.order_id = g.order_id AND t.number <> coalesce(replace(g.payment::text, '-', ''), '')
               AND t.state IN ('opening', 'open')";
    let statement = tx.prepare_cached(sql).await?;
    tx.execute(&statement, &[&device.campus, &given_up.orders, &given_up.payments, &now]).await?;
    Ok(())
}

/// Pays back what was paid at a provider for an order that another payment has settled. A trade that a booth has booked as a payment
/// stays: that one settled the order too, and the booth decides. So does every trade where the other payment went back itself.
pub(super) async fn pay_back(
    tx: &Transaction<'_>,
    device: &Device,
    given_up: &GivenUp,
) -> Result<(), Failure> {
    if given_up.payments.iter().all(Option::is_none) {
        return Ok(());
    }
    let sql = "SELECT DISTINCT t.number FROM unnest($2::uuid[], $3::uuid[]) AS g (order_id, payment)
               JOIN payments p ON p.campus_id = $1 AND p.id = g.payment AND p.refunded_ms IS NULL
               JOIN trades t ON t.campus_id = $1 AND t.order_id = g.order_id AND t.state = 'paid'
               WHERE NOT EXISTS (SELECT 1 FROM payments own WHERE own.campus_id = $1 AND own.order_id = t.order_id
                   AND replace(own.id::text, '-', '') = t.number)
               AND NOT EXISTS (SELECT 1 FROM trades back WHERE back.campus_id = $1 AND back.number = replace(p.id::text, '-', '')
                   AND back.state IN ('refunding', 'refunded')) ORDER BY t.number";
    let statement = tx.prepare_cached(sql).await?;
    for row in tx.query(&statement, &[&device.campus, &given_up.orders, &given_up.payments]).await? {
        trades::want(tx, device.campus, row.try_get("number")?, Cause::Second, "central").await?;
        tracing::info!("a trade goes back: another payment has settled its order");
    }
    Ok(())
}
