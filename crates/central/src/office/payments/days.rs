//! Payments by day and means. A refund counts on the day of its payment, so that a day's sum is what remains of it.

use super::Days;
use crate::office::page::yuan;
use crate::office::photos::means;
use crate::office::refusal::Refusal;
use crate::office::when::{Day, minute};
use crate::office::words::Words;
use deadpool_postgres::Client;
use tokio_postgres::Row;
use uuid::Uuid;

/// A day's payments of one means.
#[derive(Debug, Default)]
pub(super) struct Sum {
    pub day: String,
    pub means: String,
    pub count: i64,
    fen: i64,
    pub refunds: i64,
    refunded_fen: i64,
}

impl Sum {
    /// All of them together.
    pub(super) fn total(sums: &[Self], w: &'static Words) -> Self {
        let sum = |of: fn(&Self) -> i64| sums.iter().map(of).sum();
        Self {
            day: w.total.to_owned(),
            means: String::new(),
            count: sum(|s| s.count),
            fen: sum(|s| s.fen),
            refunds: sum(|s| s.refunds),
            refunded_fen: sum(|s| s.refunded_fen),
        }
    }

    pub(super) fn amount(&self) -> String {
        yuan(self.fen)
    }

    pub(super) fn refunded(&self) -> String {
        yuan(self.refunded_fen)
    }
}

/// The sums of these days, the newest first.
pub(super) async fn read(
    client: &Client,
    campus: Uuid,
    days: Days,
    w: &'static Words,
) -> Result<Vec<Sum>, Refusal> {
    // China's day of a time: eight hours ahead of UTC, without summer time.
    let sql = "SELECT (settled_ms + 28800000) / 86400000 AS day, means, count(*) AS count, sum(amount_fen)::bigint AS fen,
                   count(refunded_ms) AS refunds, coalesce(sum(amount_fen) FILTER (WHERE refunded_ms IS NOT NULL), 0)::bigint AS refunded_fen
               FROM payments WHERE campus_id = $1 AND settled_ms >= $2 AND settled_ms < $3 GROUP BY 1, 2 ORDER BY 1 DESC, 2";
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, &[&campus, &days.first.begins_ms(), &days.last.ends_ms()]).await?;
    let sum = |row: &Row| -> Result<Sum, tokio_postgres::Error> {
        let day = row.try_get::<_, i64>("day")?;
        Ok(Sum {
            day: Day::at(day * 86_400_000).to_string(),
            means: means(w, row.try_get("means")?).to_owned(),
            count: row.try_get("count")?,
            fen: row.try_get("fen")?,
            refunds: row.try_get("refunds")?,
            refunded_fen: row.try_get("refunded_fen")?,
        })
    };
    Ok(rows.iter().map(sum).collect::<Result<_, _>>()?)
}

/// Each payment of these days: time, order, means, yuan, when refunded, booth, number of the trade.
pub(super) async fn payments(
    client: &Client,
    campus: Uuid,
    days: Days,
    w: &'static Words,
) -> Result<Vec<Vec<String>>, Refusal> {
    let sql =
        "SELECT p.settled_ms, p.means, p.amount_fen, p.refunded_ms, d.name, coalesce(o.number, '') AS number,
                   coalesce(t.number, '') AS trade
               FROM payments p JOIN devices d ON d.id = p.device_id
               LEFT JOIN orders o ON o.campus_id = p.campus_id AND o.id = p.order_id
               LEFT JOIN trades t ON t.campus_id = p.campus_id AND t.number = replace(p.id::text, '-', '')
               WHERE p.campus_id = $1 AND p.settled_ms >= $2 AND p.settled_ms < $3 ORDER BY p.settled_ms";
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, &[&campus, &days.first.begins_ms(), &days.last.ends_ms()]).await?;
    let line = |row: &Row| -> Result<Vec<String>, tokio_postgres::Error> {
        Ok(vec![
            minute(row.try_get("settled_ms")?),
            row.try_get("number")?,
            means(w, row.try_get("means")?).to_owned(),
            yuan(row.try_get("amount_fen")?),
            row.try_get::<_, Option<i64>>("refunded_ms")?.map(minute).unwrap_or_default(),
            row.try_get("name")?,
            row.try_get("trade")?,
        ])
    };
    Ok(rows.iter().map(line).collect::<Result<_, _>>()?)
}
