//! Money on its way back. A refund's number is its trade's: a trade is paid back once and whole.

use crate::clock::now_ms;
use crate::directory::{self, Change};
use crate::{Central, Failure, merchants};
use deadpool_postgres::Transaction;
use domain::{Fen, UtcMillis};
use payment::{
    NewRefund, OutRefundNumber, OutTradeNumber, PaymentError, Provider, RefundReason, RefundStatus,
};
use protocol::directory::{Item, Refund};
use tokio_postgres::Row;
use uuid::Uuid;

/// Both providers want a minute between two calls for the same refund; the first look comes at once.
const AGAIN_MS: i64 = 61_000;

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

/// Wants a paid trade's money to go back, in the transaction that knows why. Wanting it twice changes nothing.
pub(crate) async fn want(
    tx: &Transaction<'_>,
    campus: Uuid,
    trade: &str,
    cause: Cause,
    by: &str,
) -> Result<(), Failure> {
    let now = now_ms();
    let sql = "INSERT INTO refunds (campus_id, number, trade_number, amount_fen, cause, state, asked_by, asked_ms, look_ms)
               SELECT campus_id, number, number, received_fen, $3, 'wanted', $4, $5, $5 FROM trades
               WHERE campus_id = $1 AND number = $2 AND state = 'paid' ON CONFLICT DO NOTHING";
    tx.execute(&tx.prepare_cached(sql).await?, &[&campus, &trade, &cause.as_str(), &by, &now]).await?;
    let sql = "UPDATE trades SET state = 'refunding' WHERE campus_id = $1 AND number = $2 AND state = 'paid'";
    tx.execute(&tx.prepare_cached(sql).await?, &[&campus, &trade]).await?;
    tell(tx, campus, trade, false, now).await
}

/// Tells booths where a refund stands.
pub(super) async fn tell(
    tx: &Transaction<'_>,
    campus: Uuid,
    trade: &str,
    done: bool,
    at_ms: i64,
) -> Result<(), Failure> {
    let sql = "SELECT order_id, received_fen, device_id FROM trades WHERE campus_id = $1 AND number = $2";
    let row = tx.query_one(sql, &[&campus, &trade]).await?;
    let item = Item::Refund(Refund {
        number: trade.to_owned(),
        order_id: row.try_get("order_id")?,
        amount_fen: row.try_get::<_, i64>("received_fen")?.unsigned_abs(),
        done,
        at_ms,
    });
    let device = Some(row.try_get("device_id")?);
    directory::tell(tx, campus, &[Change { key: trade, device, item: &item }]).await
}

/// A refund that is to be asked for, or about.
pub(super) struct Due {
    campus: Uuid,
    provider: Provider,
    refund: NewRefund,
    was_asked_for: bool,
    looks: i32,
}

/// Claims refunds whose time has come: nobody else looks at them for a minute.
pub(super) async fn claim(central: &Central, limit: i64) -> Result<Vec<Due>, Failure> {
    let sql = "UPDATE refunds r SET look_ms = $1 + $3, looks = r.looks + 1 FROM trades t
               WHERE (r.campus_id, r.number) IN (SELECT campus_id, number FROM refunds WHERE look_ms <= $1 ORDER BY look_ms LIMIT $2
                   FOR UPDATE SKIP LOCKED) AND t.campus_id = r.campus_id AND t.number = r.trade_number
               RETURNING r.campus_id, r.number, r.trade_number, r.amount_fen, r.state, r.looks, t.provider, t.received_fen";
    let client = central.pool.get().await?;
    let rows = client.query(&client.prepare_cached(sql).await?, &[&now_ms(), &limit, &AGAIN_MS]).await?;
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
    })
}

/// Asks the provider for the refund, or what became of it.
pub(super) async fn look(central: &Central, due: &Due) -> Result<(), Failure> {
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
        Ok(status) => learn(central, due.campus, due.refund.number.as_str(), &status).await,
        Err(PaymentError::Refused { code }) => {
            failed(central, due.campus, due.refund.number.as_str(), code.as_str(), due.looks).await
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

/// Takes what a provider said about a refund of the campus.
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
        RefundStatus::Processing => note(central, campus, number, "accepted").await,
        RefundStatus::Done { at } => done(central, campus, number, at.unwrap_or(UtcMillis(now_ms()))).await,
        RefundStatus::Failed { code } => failed(central, campus, number, code.as_str(), i32::MAX).await,
        RefundStatus::NotFound => note(central, campus, number, "wanted").await,
    }
}

async fn note(central: &Central, campus: Uuid, number: &str, state: &str) -> Result<(), Failure> {
    let sql = "UPDATE refunds SET state = $3, fault = NULL WHERE campus_id = $1 AND number = $2 AND state IN ('wanted', 'accepted', 'failed')";
    central.pool.get().await?.execute(sql, &[&campus, &number, &state]).await?;
    Ok(())
}

async fn done(central: &Central, campus: Uuid, number: &str, at: UtcMillis) -> Result<(), Failure> {
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let sql = "UPDATE refunds SET state = 'done', done_ms = $3, look_ms = NULL, fault = NULL
               WHERE campus_id = $1 AND number = $2 AND state <> 'done' RETURNING trade_number";
    if let Some(row) = tx.query_opt(sql, &[&campus, &number, &at.0]).await? {
        let trade: &str = row.try_get(0)?;
        tx.execute(
            "UPDATE trades SET state = 'refunded' WHERE campus_id = $1 AND number = $2",
            &[&campus, &trade],
        )
        .await?;
        if let Ok(payment) = Uuid::try_parse(trade) {
            let sql = "UPDATE payments SET refunded_ms = coalesce(refunded_ms, $3) WHERE campus_id = $1 AND id = $2";
            tx.execute(sql, &[&campus, &payment, &at.0]).await?;
        }
        tell(&tx, campus, trade, true, at.0).await?;
        tracing::info!("a refund was done");
    }
    tx.commit().await?;
    Ok(())
}

/// How often a refusal is asked again: a merchant's balance may be empty for a day.
const TRIES: i32 = 30;

/// The provider will not: the office must look. A refusal may pass (the merchant's balance is empty, the minute isn't over), so it is
/// asked again for a while.
async fn failed(
    central: &Central,
    campus: Uuid,
    number: &str,
    code: &str,
    looks: i32,
) -> Result<(), Failure> {
    tracing::error!(code, "a provider refuses a refund");
    let again = (looks < TRIES).then(|| now_ms() + AGAIN_MS * i64::from(looks.clamp(1, TRIES)));
    let state = if again.is_some() { "wanted" } else { "failed" };
    let sql = "UPDATE refunds SET state = $3, fault = $4, look_ms = $5 WHERE campus_id = $1 AND number = $2 AND state <> 'done'";
    central.pool.get().await?.execute(sql, &[&campus, &number, &state, &code, &again]).await?;
    Ok(())
}
