//! What a provider said about a trade becomes what is known of it, once.

use super::refunds::{self, Cause};
use crate::clock::now_ms;
use crate::{Central, Failure};
use deadpool_postgres::Transaction;
use payment::{PaidTrade, Provider};
use uuid::Uuid;

/// What a provider said, verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Money came, of whatever amount.
    Paid(PaidTrade),
    /// Money came, of another amount than was asked for.
    OtherAmount,
    /// Money came and went back, by whoever's hand.
    PaidBack(PaidTrade),
    /// It can't be paid any more.
    Closed,
}

/// A trade, locked.
struct Locked {
    state: String,
    order: Uuid,
    amount_fen: i64,
    provider: String,
}

/// Takes what was said about a trade of the campus.
///
/// # Errors
/// [`Failure::NotFound`] for a trade that isn't the campus's, or whatever keeps PostgreSQL from answering: then it is to be said again.
pub async fn learn(central: &Central, campus: Uuid, number: &str, told: &Told) -> Result<(), Failure> {
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let trade = lock(&tx, campus, number).await?.ok_or(Failure::NotFound("trade"))?;
    match told {
        Told::Paid(paid) if paid.amount.fen() == trade.amount_fen.unsigned_abs() => {
            paid_whole(&tx, campus, number, &trade, paid).await?;
        }
        Told::Paid(paid) => wrong_amount(&tx, campus, number, &trade, Some(paid)).await?,
        Told::OtherAmount => wrong_amount(&tx, campus, number, &trade, None).await?,
        Told::PaidBack(paid) => paid_back(&tx, campus, number, &trade, paid).await?,
        Told::Closed => closed(&tx, campus, number).await?,
    }
    tx.commit().await?;
    Ok(())
}

/// Locks all trades of the trade's order, always in the same order, so that two of them that are paid at once see each other.
async fn lock(tx: &Transaction<'_>, campus: Uuid, number: &str) -> Result<Option<Locked>, Failure> {
    let sql = "SELECT number, state, order_id, amount_fen, provider FROM trades WHERE campus_id = $1
               AND order_id = (SELECT order_id FROM trades WHERE campus_id = $1 AND number = $2) ORDER BY number FOR UPDATE";
    for row in tx.query(&tx.prepare_cached(sql).await?, &[&campus, &number]).await? {
        if row.try_get::<_, &str>("number")? == number {
            return Ok(Some(Locked {
                state: row.try_get("state")?,
                order: row.try_get("order_id")?,
                amount_fen: row.try_get("amount_fen")?,
                provider: row.try_get("provider")?,
            }));
        }
    }
    Ok(None)
}

async fn paid_whole(
    tx: &Transaction<'_>,
    campus: Uuid,
    number: &str,
    trade: &Locked,
    paid: &PaidTrade,
) -> Result<(), Failure> {
    let cause = match trade.state.as_str() {
        "opening" | "open" if settled_otherwise(tx, campus, number, trade.order).await? => {
            Some(Cause::Second)
        }
        "opening" | "open" => None,
        "closing" | "closed" => Some(Cause::Late),
        // It is known: a notification comes several times, and a look finds what a notification told.
        _ => return Ok(()),
    };
    note_money(tx, campus, number, "paid", paid).await?;
    if let Some(cause) = cause {
        refunds::want(tx, campus, number, cause, "central").await?;
    }
    tracing::info!(provider = trade.provider, refunded = ?cause, "a trade was paid");
    Ok(())
}

async fn note_money(
    tx: &Transaction<'_>,
    campus: Uuid,
    number: &str,
    state: &str,
    paid: &PaidTrade,
) -> Result<(), Failure> {
    let sql =
        "UPDATE trades SET state = $3, received_fen = $4, transaction_id = $5, paid_ms = $6, look_ms = NULL
               WHERE campus_id = $1 AND number = $2";
    let (received, at) = (paid.amount.fen().cast_signed(), paid.at.0);
    let statement = tx.prepare_cached(sql).await?;
    tx.execute(&statement, &[&campus, &number, &state, &received, &paid.transaction_id.as_str(), &at])
        .await?;
    Ok(())
}

/// Whether another payment that isn't on its way back has settled the order. What a booth says of its payments locks the trades too
/// (`events::effects`): either this question finds what it said, or it finds what this transaction wrote.
async fn settled_otherwise(
    tx: &Transaction<'_>,
    campus: Uuid,
    number: &str,
    order: Uuid,
) -> Result<bool, Failure> {
    let sql = "SELECT EXISTS (SELECT 1 FROM trades WHERE campus_id = $1 AND order_id = $2 AND number <> $3 AND state = 'paid')
               OR EXISTS (SELECT 1 FROM payments p WHERE campus_id = $1 AND order_id = $2 AND refunded_ms IS NULL
                   AND replace(id::text, '-', '') <> $3 AND NOT EXISTS (SELECT 1 FROM trades t WHERE t.campus_id = $1
                       AND t.number = replace(p.id::text, '-', '') AND t.state IN ('refunding', 'refunded')))";
    Ok(tx.query_one(&tx.prepare_cached(sql).await?, &[&campus, &order, &number]).await?.try_get(0)?)
}

/// Staff must look: the money may be anybody's mistake, so nothing is done by itself.
async fn wrong_amount(
    tx: &Transaction<'_>,
    campus: Uuid,
    number: &str,
    trade: &Locked,
    paid: Option<&PaidTrade>,
) -> Result<(), Failure> {
    if !["opening", "open", "closing", "closed", "wrong_amount"].contains(&trade.state.as_str()) {
        return Ok(());
    }
    tracing::error!(
        provider = trade.provider,
        due = trade.amount_fen,
        "a provider reports another amount than is due"
    );
    if let Some(paid) = paid {
        return note_money(tx, campus, number, "wrong_amount", paid).await;
    }
    let sql = "UPDATE trades SET state = 'wrong_amount', look_ms = NULL WHERE campus_id = $1 AND number = $2";
    tx.execute(sql, &[&campus, &number]).await?;
    Ok(())
}

/// Money that went back: by a refund of ours, which [`refunds`] follows, or by somebody's hand at the provider. Alipay says so of the whole,
/// WeChat Pay of any part: then staff must look.
async fn paid_back(
    tx: &Transaction<'_>,
    campus: Uuid,
    number: &str,
    trade: &Locked,
    paid: &PaidTrade,
) -> Result<(), Failure> {
    if ["refunding", "refunded"].contains(&trade.state.as_str()) {
        return Ok(());
    }
    if trade.provider == Provider::WechatPay.as_str() {
        return wrong_amount(tx, campus, number, trade, Some(paid)).await;
    }
    note_money(tx, campus, number, "refunded", paid).await?;
    tracing::warn!(provider = trade.provider, "a trade was paid back at the provider, not by central");
    refunds::tell_done(tx, campus, number, now_ms()).await
}

async fn closed(tx: &Transaction<'_>, campus: Uuid, number: &str) -> Result<(), Failure> {
    let sql = "UPDATE trades SET state = 'closed', look_ms = NULL WHERE campus_id = $1 AND number = $2
               AND state IN ('opening', 'open', 'closing')";
    tx.execute(&tx.prepare_cached(sql).await?, &[&campus, &number]).await?;
    Ok(())
}
