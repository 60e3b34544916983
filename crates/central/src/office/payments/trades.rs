//! Trades of codes on screens, newest first, and refunds under way.

use super::Days;
use super::refund::can_go_back;
use crate::office::page::yuan;
use crate::office::photos::means;
use crate::office::refusal::Refusal;
use crate::office::when::minute;
use crate::office::words::Words;
use deadpool_postgres::Client;
use tokio_postgres::Row;
use uuid::Uuid;

const PAGE: usize = 50;

/// A place in the list of trades.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    ms: i64,
    number: String,
}

impl Place {
    /// Reads `MS.NUMBER`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (ms, number) = text.split_once('.')?;
        let is_number = (6..=32).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        is_number.then_some(())?;
        Some(Self { ms: ms.parse().ok()?, number: number.to_owned() })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.ms, self.number)
    }
}

/// A trade.
#[derive(Debug)]
pub(super) struct Trade {
    pub number: String,
    pub means: String,
    pub order: String,
    pub amount: String,
    pub received: String,
    pub state: &'static str,
    pub is_paid: bool,
    pub is_wrong: bool,
    pub can_go_back: bool,
    pub opened: String,
    pub booth: String,
    place: Place,
}

/// Cuts the list to a page; where the next one begins.
pub(super) fn next(trades: &mut Vec<Trade>) -> Option<Place> {
    let is_more = trades.len() > PAGE;
    trades.truncate(PAGE);
    trades.last().filter(|_| is_more).map(|trade| trade.place.clone())
}

pub(super) fn state(w: &'static Words, code: &str) -> &'static str {
    match code {
        "opening" => w.trade_opening,
        "open" => w.trade_open,
        "closing" => w.trade_closing,
        "closed" => w.trade_closed,
        "paid" => w.trade_paid,
        "wrong_amount" => w.trade_wrong_amount,
        "refunding" => w.trade_refunding,
        "refunded" => w.trade_refunded,
        _ => w.unknown,
    }
}

/// Trades that were opened on these days; one more than a page, if there are.
pub(super) async fn read(
    client: &Client,
    campus: Uuid,
    days: Days,
    before: Option<Place>,
    w: &'static Words,
) -> Result<Vec<Trade>, Refusal> {
    let sql = "SELECT t.number, t.provider, t.amount_fen, t.received_fen, t.state, t.opened_ms, d.name, coalesce(o.number, '') AS order_number
               FROM trades t JOIN devices d ON d.id = t.device_id LEFT JOIN orders o ON o.campus_id = t.campus_id AND o.id = t.order_id
               WHERE t.campus_id = $1 AND t.opened_ms >= $2 AND t.opened_ms < $3
               AND ($4::bigint IS NULL OR (t.opened_ms, t.number) < ($4, $5::text)) ORDER BY t.opened_ms DESC, t.number DESC LIMIT $6";
    let (ms, number) = (before.as_ref().map(|at| at.ms), before.as_ref().map(|at| at.number.as_str()));
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let (first, last) = (days.first.begins_ms(), days.last.ends_ms());
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, &[&campus, &first, &last, &ms, &number, &limit]).await?;
    Ok(rows.iter().map(|row| trade(row, w)).collect::<Result<_, _>>()?)
}

fn trade(row: &Row, w: &'static Words) -> Result<Trade, tokio_postgres::Error> {
    let (number, ms): (String, i64) = (row.try_get("number")?, row.try_get("opened_ms")?);
    let (code, received): (&str, Option<i64>) = (row.try_get("state")?, row.try_get("received_fen")?);
    Ok(Trade {
        means: means(w, row.try_get("provider")?).to_owned(),
        order: row.try_get("order_number")?,
        amount: yuan(row.try_get("amount_fen")?),
        received: received.map(yuan).unwrap_or_default(),
        state: state(w, code),
        is_paid: code == "paid",
        is_wrong: code == "wrong_amount",
        can_go_back: can_go_back(code, received),
        opened: minute(ms),
        booth: row.try_get("name")?,
        place: Place { ms, number: number.clone() },
        number,
    })
}

/// A refund.
#[derive(Debug)]
pub(super) struct Refund {
    pub trade: String,
    pub amount: String,
    pub cause: &'static str,
    pub state: &'static str,
    pub is_failed: bool,
    pub by: String,
    pub asked: String,
    pub detail: String,
}

/// Refunds that have failed, are under way, or were asked for on these days; at most 200.
pub(super) async fn refunds(
    client: &Client,
    campus: Uuid,
    days: Days,
    w: &'static Words,
) -> Result<Vec<Refund>, Refusal> {
    let sql = "SELECT trade_number, amount_fen, cause, state, asked_by, asked_ms,
                   coalesce(note || ' (' || settled_by || ')', fault, '') AS detail FROM refunds
               WHERE campus_id = $1 AND (state NOT IN ('done', 'by_hand') OR asked_ms >= $2 AND asked_ms < $3)
               ORDER BY state = 'failed' DESC, asked_ms DESC LIMIT 200";
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, &[&campus, &days.first.begins_ms(), &days.last.ends_ms()]).await?;
    Ok(rows.iter().map(|row| refund(row, w)).collect::<Result<_, _>>()?)
}

fn refund(row: &Row, w: &'static Words) -> Result<Refund, tokio_postgres::Error> {
    let cause = match row.try_get("cause")? {
        "late" => w.cause_late,
        "second" => w.cause_second,
        _ => w.cause_asked,
    };
    let code: &str = row.try_get("state")?;
    let state = match code {
        "wanted" => w.refund_wanted,
        "accepted" => w.refund_accepted,
        "done" => w.refund_done,
        "by_hand" => w.refund_by_hand,
        _ => w.refund_failed,
    };
    Ok(Refund {
        trade: row.try_get("trade_number")?,
        amount: yuan(row.try_get("amount_fen")?),
        cause,
        state,
        is_failed: code == "failed",
        by: row.try_get("asked_by")?,
        asked: minute(row.try_get("asked_ms")?),
        detail: row.try_get("detail")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_survives_its_text_and_junk_is_none(ms in any::<i64>(), number in "[0-9A-Za-z_]{6,32}", junk in "\\PC{0,20}") {
            let place = Place { ms, number };
            prop_assert_eq!(Place::parse(&place.to_string()), Some(place));
            let _: Option<Place> = Place::parse(&junk);
        }
    }
}
