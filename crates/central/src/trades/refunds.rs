//! Money on its way back. A refund's number is its trade's: a trade is paid back once and whole.

use super::look::AT_A_TIME;
use crate::clock::now_ms;
use crate::directory::{self, Change};
use crate::{Central, Failure, merchants};
use deadpool_postgres::Transaction;
use domain::{Fen, UtcMillis};
use futures_util::future::join_all;
use payment::{
    NewRefund, OutRefundNumber, OutTradeNumber, PaymentError, Provider, RefundReason, RefundStatus,
};
use protocol::directory::{Item, Refund};
use tokio_postgres::Row;
use uuid::Uuid;

/// Both providers want a minute between two calls for the same refund; the first look comes at once.
const AGAIN_MS: i64 = 61_000;
/// The longest wait between two tries of a refund that is refused.
const LONGEST_WAIT_MS: i64 = 60 * 60 * 1000;
/// How often a refund is asked for that is refused: with these waits for three days. A merchant's balance may be empty over a weekend.
const TRIES: i32 = 78;

/// Why money goes back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cause {
    /// It was paid after it had been given up.
    Late,
    /// Another payment had settled the order.
    Second,
    /// A booth or the office asked.
    Asked,
}

impl Cause {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Second => "second",
            Self::Asked => "asked",
        }
    }
}

/// Wants the money of a paid trade, or of one with a wrong amount, to go back, in the transaction that knows why. Wanting it twice
/// changes nothing.
pub(crate) async fn want(
    tx: &Transaction<'_>,
    campus: Uuid,
    trade: &str,
    cause: Cause,
    by: &str,
) -> Result<(), Failure> {
    let now = now_ms();
    let sql = "UPDATE trades SET state = 'refunding' WHERE campus_id = $1 AND number = $2 AND state IN ('paid', 'wrong_amount')
               AND received_fen > 0";
    if tx.execute(&tx.prepare_cached(sql).await?, &[&campus, &trade]).await? == 0 {
        return Ok(());
    }
    let sql = "INSERT INTO refunds (campus_id, number, trade_number, amount_fen, cause, state, asked_by, asked_ms, look_ms)
               SELECT campus_id, number, number, received_fen, $3, 'wanted', $4, $5, $5 FROM trades
               WHERE campus_id = $1 AND number = $2 ON CONFLICT DO NOTHING";
    tx.execute(&tx.prepare_cached(sql).await?, &[&campus, &trade, &cause.as_str(), &by, &now]).await?;
    tell(tx, campus, trade, false, now).await
}

/// Tells every booth of the campus where a refund stands: the one that had opened the trade may have enrolled anew.
async fn tell(
    tx: &Transaction<'_>,
    campus: Uuid,
    trade: &str,
    done: bool,
    at_ms: i64,
) -> Result<(), Failure> {
    let sql = "SELECT order_id, received_fen FROM trades WHERE campus_id = $1 AND number = $2";
    let row = tx.query_one(sql, &[&campus, &trade]).await?;
    let item = Item::Refund(Refund {
        number: trade.to_owned(),
        order_id: row.try_get("order_id")?,
        amount_fen: row.try_get::<_, i64>("received_fen")?.unsigned_abs(),
        done,
        at_ms,
    });
    directory::tell(tx, campus, &[Change { key: trade, device: None, item: &item }]).await
}

/// A refund that is to be asked for, or about.
struct Due {
    campus: Uuid,
    provider: Provider,
    refund: NewRefund,
    was_asked_for: bool,
    looks: i32,
    refusals: i32,
    /// Until when it is claimed. What a look learns is kept only while nobody has given the refund another time since.
    claimed_ms: i64,
}

/// Looks at a provider's refunds whose time has come; how many there were.
pub(super) async fn turn(central: &Central, provider: Provider) -> Result<usize, Failure> {
    let due = claim(central, provider, AT_A_TIME).await?;
    for failed in join_all(due.iter().map(|due| look(central, due))).await.into_iter().filter_map(Result::err)
    {
        tracing::error!(error = crate::chain(&failed), "a look at a refund failed; it is looked at again");
    }
    Ok(due.len())
}

/// Claims a provider's refunds whose time has come: nobody else looks at them for a minute.
async fn claim(central: &Central, provider: Provider, limit: i64) -> Result<Vec<Due>, Failure> {
    let sql = "UPDATE refunds r SET look_ms = $1 + $3, looks = r.looks + 1 FROM trades t
               WHERE (r.campus_id, r.number) IN (SELECT d.campus_id, d.number FROM refunds d
                   JOIN trades o ON o.campus_id = d.campus_id AND o.number = d.trade_number
                   WHERE d.look_ms <= $1 AND o.provider = $4 ORDER BY d.look_ms LIMIT $2 FOR UPDATE OF d SKIP LOCKED)
               AND t.campus_id = r.campus_id AND t.number = r.trade_number
               RETURNING r.campus_id, r.number, r.trade_number, r.amount_fen, r.state, r.looks, r.refusals, r.look_ms, t.provider, t.received_fen";
    let client = central.pool.get().await?;
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, &[&now_ms(), &limit, &AGAIN_MS, &provider.as_str()]).await?;
    rows.iter().map(due).collect()
}

fn due(row: &Row) -> Result<Due, Failure> {
    const UNFIT: Failure = Failure::Internal("a refund in the database can't be read");
    let fen = |column: &str| -> Result<Fen, Failure> {
        Fen::new(row.try_get::<_, i64>(column)?.unsigned_abs()).map_err(|_| UNFIT)
    };
    Ok(Due {
        campus: row.try_get("campus_id")?,
        provider: Provider::parse(row.try_get("provider")?).ok_or(UNFIT)?,
        refund: NewRefund {
            trade: OutTradeNumber::parse(row.try_get("trade_number")?).map_err(|_| UNFIT)?,
            number: OutRefundNumber::parse(row.try_get("number")?).map_err(|_| UNFIT)?,
            amount: fen("amount_fen")?,
            total: fen("received_fen")?,
            reason: RefundReason::parse("多付退款").map_err(|_| UNFIT)?,
            notify_url: None,
        },
        was_asked_for: row.try_get::<_, &str>("state")? == "accepted",
        looks: row.try_get("looks")?,
        refusals: row.try_get("refusals")?,
        claimed_ms: row.try_get("look_ms")?,
    })
}

/// Asks the provider for the refund, or what became of it.
async fn look(central: &Central, due: &Due) -> Result<(), Failure> {
    let account = merchants::account(central, due.campus, due.provider).await?;
    let asked = async {
        if !due.was_asked_for {
            return account.refund(&due.refund).await;
        }
        match account.query_refund(&due.refund).await {
            Ok(RefundStatus::NotFound) => account.refund(&due.refund).await,
            status => status,
        }
    };
    match asked.await {
        Ok(RefundStatus::Failed { code }) => failed(central, due, code.as_str(), None).await,
        Ok(RefundStatus::NotFound) => {
            let sql = "UPDATE refunds SET state = 'wanted', fault = NULL WHERE campus_id = $1 AND number = $2 AND look_ms = $3";
            let number = due.refund.number.as_str();
            central.pool.get().await?.execute(sql, &[&due.campus, &number, &due.claimed_ms]).await?;
            Ok(())
        }
        Ok(status) => learn(central, due.campus, due.refund.number.as_str(), &status).await,
        Err(PaymentError::Refused { code }) => {
            let wait = wait_ms(due.refusals.saturating_add(1));
            failed(central, due, code.as_str(), wait).await
        }
        Err(error) => {
            tracing::warn!(
                error = crate::chain(&error),
                looks = due.looks,
                "a refund's state is unknown; it is asked for again"
            );
            Ok(())
        }
    }
}

/// Takes what a provider said about a refund of the campus. A failure may be old news, of before it was asked for again: the next look
/// asks the provider, within a minute.
///
/// # Errors
/// Whatever keeps PostgreSQL from answering: then it is to be said again.
pub async fn learn(
    central: &Central,
    campus: Uuid,
    number: &str,
    status: &RefundStatus,
) -> Result<(), Failure> {
    match status {
        RefundStatus::Processing => accepted(central, campus, number).await,
        RefundStatus::Done { at } => done(central, campus, number, at.unwrap_or(UtcMillis(now_ms()))).await,
        RefundStatus::Failed { .. } | RefundStatus::NotFound => Ok(()),
    }
}

async fn accepted(central: &Central, campus: Uuid, number: &str) -> Result<(), Failure> {
    // One that had failed is followed again.
    let sql = "UPDATE refunds SET state = 'accepted', fault = NULL, look_ms = coalesce(look_ms, $3)
               WHERE campus_id = $1 AND number = $2 AND state IN ('wanted', 'accepted', 'failed')";
    let again = now_ms() + AGAIN_MS;
    central.pool.get().await?.execute(sql, &[&campus, &number, &again]).await?;
    Ok(())
}

async fn done(central: &Central, campus: Uuid, number: &str, at: UtcMillis) -> Result<(), Failure> {
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let sql = "UPDATE refunds SET state = 'done', done_ms = $3, look_ms = NULL, fault = NULL
               WHERE campus_id = $1 AND number = $2 AND state NOT IN ('done', 'by_hand') RETURNING trade_number";
    if let Some(row) = tx.query_opt(sql, &[&campus, &number, &at.0]).await? {
        went_back(&tx, campus, row.try_get(0)?, at.0).await?;
        tracing::info!("a refund was done");
    } else {
        let sql = "SELECT 1 FROM refunds WHERE campus_id = $1 AND number = $2 AND state = 'by_hand'";
        if tx.query_opt(sql, &[&campus, &number]).await?.is_some() {
            tracing::error!(number, "the provider has done a refund that was settled by hand");
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The money is back, by the provider or by hand: the trade, the payment and the booths' books say so.
async fn went_back(tx: &Transaction<'_>, campus: Uuid, trade: &str, at_ms: i64) -> Result<(), Failure> {
    let sql = "UPDATE trades SET state = 'refunded' WHERE campus_id = $1 AND number = $2";
    tx.execute(sql, &[&campus, &trade]).await?;
    tell_done(tx, campus, trade, at_ms).await
}

/// The payment and the booths' books say that a trade's money is back.
///
/// # Errors
/// The database's.
pub(crate) async fn tell_done(
    tx: &Transaction<'_>,
    campus: Uuid,
    trade: &str,
    at_ms: i64,
) -> Result<(), Failure> {
    if let Ok(payment) = Uuid::try_parse(trade) {
        let sql =
            "UPDATE payments SET refunded_ms = coalesce(refunded_ms, $3) WHERE campus_id = $1 AND id = $2";
        tx.execute(sql, &[&campus, &payment, &at_ms]).await?;
    }
    tell(tx, campus, trade, true, at_ms).await
}

/// How long to wait after so many refusals; nothing where it has been tried for long enough.
fn wait_ms(refusals: i32) -> Option<i64> {
    (refusals < TRIES).then(|| (AGAIN_MS << (refusals - 1).clamp(0, 6)).min(LONGEST_WAIT_MS))
}

/// The provider will not. A refusal may pass (the merchant's balance is empty, the minute isn't over), so it is asked again after `wait`;
/// without one the office must look.
async fn failed(central: &Central, due: &Due, code: &str, wait: Option<i64>) -> Result<(), Failure> {
    tracing::error!(code, final_try = wait.is_none(), "a provider refuses a refund");
    let again = wait.map(|wait| now_ms() + wait);
    let state = if again.is_some() { "wanted" } else { "failed" };
    let sql = "UPDATE refunds SET state = $3, fault = $4, look_ms = $5, refusals = refusals + 1
               WHERE campus_id = $1 AND number = $2 AND look_ms = $6";
    let (campus, number) = (due.campus, due.refund.number.as_str());
    central
        .pool
        .get()
        .await?
        .execute(sql, &[&campus, &number, &state, &code, &again, &due.claimed_ms])
        .await?;
    Ok(())
}

/// Asks for a refund again that had failed, as often as the first time; whether it had failed.
///
/// # Errors
/// The database's.
pub(crate) async fn try_again(tx: &Transaction<'_>, campus: Uuid, number: &str) -> Result<bool, Failure> {
    let sql = "UPDATE refunds SET state = 'wanted', refusals = 0, look_ms = $3 WHERE campus_id = $1 AND number = $2 AND state = 'failed'";
    Ok(tx.execute(sql, &[&campus, &number, &now_ms()]).await? == 1)
}

/// Notes that a failed refund's money went back otherwise, and tells booths that it is done; whether it had failed.
///
/// # Errors
/// The database's.
pub(crate) async fn settle_by_hand(
    tx: &Transaction<'_>,
    campus: Uuid,
    number: &str,
    by: &str,
    note: &str,
) -> Result<bool, Failure> {
    let sql = "UPDATE refunds SET state = 'by_hand', done_ms = $3, settled_by = $4, note = $5, look_ms = NULL
               WHERE campus_id = $1 AND number = $2 AND state = 'failed' RETURNING trade_number";
    let now = now_ms();
    let Some(row) = tx.query_opt(sql, &[&campus, &number, &now, &by, &note]).await? else { return Ok(false) };
    went_back(tx, campus, row.try_get(0)?, now).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_refund_is_tried_for_three_days_and_at_least_hourly() {
        let waits: Vec<i64> = (1..).map_while(wait_ms).collect();
        assert!(waits.is_sorted() && waits.iter().all(|wait| (AGAIN_MS..=LONGEST_WAIT_MS).contains(wait)));
        let hours = waits.iter().sum::<i64>() / LONGEST_WAIT_MS;
        assert!((71..=73).contains(&hours), "{hours} h in {} tries", waits.len() + 1);
    }
}
