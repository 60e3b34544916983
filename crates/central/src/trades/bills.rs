//! The providers' daily bills, compared with the trades: what is only here, only there, or of another amount.
//!
//! A bill's day is China's. Trades are compared by the provider's own time of payment, refunds by when they were asked for, which is how
//! both providers book them. Bookings whose numbers are not of this system's form are somebody else's: a merchant may serve more than booths.

use crate::clock::now_ms;
use crate::{Central, Failure, merchants};
use domain::CalendarDate;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use payment::{Bill, Booking, PaymentError, Provider};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A bill that can't be had is asked for again after this.
const AGAIN_MS: i64 = 10 * 60 * 1000;
/// A bill that isn't written yet is asked for again after this.
const LATER_MS: i64 = 60 * 60 * 1000;
/// For how long after a day's end a bill that isn't there may not be written yet. Providers promise 10 o'clock.
const WRITTEN_MS: i64 = 12 * 60 * 60 * 1000;
/// For how long a bill is asked for that must name trades of this database: then they are shown as differences.
const PATIENCE_MS: i64 = DAY_MS;
/// A refund that was asked for so shortly before midnight may be booked on the next day.
const MIDNIGHT_MS: i64 = 10 * 60 * 1000;
/// How many days before yesterday are made up for. Providers keep bills for three months.
const MISSED_DAYS: i32 = 30;

fn china() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

/// The day in China at a time, with the hour.
fn day_and_hour(at_ms: i64) -> Option<(Date, i8)> {
    let at = Timestamp::from_millisecond(at_ms).ok()?.to_zoned(china());
    Some((at.date(), at.hour()))
}

/// Wants the bills up to yesterday's where their hour has come.
pub(super) async fn want_due(central: &Central) -> Result<(), Failure> {
    match day_and_hour(now_ms()) {
        Some((today, hour))
            if u8::try_from(hour).is_ok_and(|hour| hour >= central.settings.payments.bill_hour) =>
        {
            let yesterday = today.yesterday().map_err(|_| Failure::Internal("there is no yesterday"))?;
            want_up_to(central, yesterday).await
        }
        _ => Ok(()),
    }
}

/// Wants the bills of every merchant up to those of `last`, from its last one on that was wanted before: central may have been down for
/// some days at the hour of bills. A merchant without bills begins with those of `last`.
///
/// # Errors
/// The database's.
pub async fn want_up_to(central: &Central, last: Date) -> Result<(), Failure> {
    let sql = "INSERT INTO bills (campus_id, provider, day, state, wanted_ms, look_ms)
               SELECT m.campus_id, m.provider, d.day::date, 'wanted', $2, $2 FROM merchants m
               CROSS JOIN LATERAL (SELECT max(b.day) + 1 AS day FROM bills b
                   WHERE b.campus_id = m.campus_id AND b.provider = m.provider AND b.day < $1::text::date) AS missing
               CROSS JOIN LATERAL generate_series(
                   greatest(coalesce(missing.day, $1::text::date), $1::text::date - $3::integer), $1::text::date, interval '1 day') AS d (day)
               ON CONFLICT DO NOTHING";
    let client = central.pool.get().await?;
    client.execute(&client.prepare_cached(sql).await?, &[&last.to_string(), &now_ms(), &MISSED_DAYS]).await?;
    Ok(())
}

/// Compares a bill of each provider that is due.
///
/// # Errors
/// Whatever keeps PostgreSQL from answering.
pub async fn turn(central: &Central) -> Result<(), Failure> {
    for provider in Provider::ALL {
        turn_of(central, provider).await?;
    }
    Ok(())
}

/// Compares a bill of the provider that is due; how many there were.
pub(super) async fn turn_of(central: &Central, provider: Provider) -> Result<usize, Failure> {
    let Some(asked) = claim(central, provider, now_ms()).await? else { return Ok(0) };
    match compare(central, &asked).await {
        Ok(()) => Ok(1),
        Err(Reason::Provider(error)) => {
            tracing::warn!(
                error = crate::chain(&error),
                provider = provider.as_str(),
                "a bill can't be had yet"
            );
            Ok(1)
        }
        Err(Reason::Here(failure)) => Err(failure),
    }
}

/// A bill that is to be compared.
struct Asked {
    campus: Uuid,
    provider: Provider,
    day: Date,
    wanted_ms: i64,
}

async fn claim(central: &Central, provider: Provider, now: i64) -> Result<Option<Asked>, Failure> {
    let sql = "UPDATE bills SET look_ms = $1 + $2, looks = looks + 1 WHERE (campus_id, provider, day) IN
                   (SELECT campus_id, provider, day FROM bills WHERE look_ms <= $1 AND provider = $3 ORDER BY look_ms LIMIT 1
                       FOR UPDATE SKIP LOCKED)
               RETURNING campus_id, day::text AS day, wanted_ms";
    let client = central.pool.get().await?;
    let statement = client.prepare_cached(sql).await?;
    let Some(row) = client.query_opt(&statement, &[&now, &AGAIN_MS, &provider.as_str()]).await? else {
        return Ok(None);
    };
    let day = row.try_get::<_, &str>("day")?.parse();
    let day = day.map_err(|_| Failure::Internal("a bill in the database can't be read"))?;
    Ok(Some(Asked { campus: row.try_get("campus_id")?, provider, day, wanted_ms: row.try_get("wanted_ms")? }))
}

/// Why a bill wasn't compared.
enum Reason {
    Provider(PaymentError),
    Here(Failure),
}

impl<E: Into<Failure>> From<E> for Reason {
    fn from(error: E) -> Self {
        Self::Here(error.into())
    }
}

/// A trade or refund by its number; refunds are a set of their own.
type Sums = BTreeMap<(bool, String), i64>;

/// A booking that differs.
struct Difference {
    of_refund: bool,
    number: String,
    sort: &'static str,
    here: Option<i64>,
    there: Option<i64>,
}

async fn compare(central: &Central, asked: &Asked) -> Result<(), Reason> {
    let &Asked { campus, provider, day, .. } = asked;
    let date = (u16::try_from(day.year()).ok(), u8::try_from(day.month()).ok(), u8::try_from(day.day()).ok());
    let (Some(year), Some(month), Some(number)) = date else {
        return Err(Failure::Internal("a bill of no day").into());
    };
    let date = CalendarDate::new(year, month, number).ok_or(Failure::Internal("a bill of no day"))?;
    let account = merchants::account(central, campus, provider).await?;
    let (mut bill, is_none) = match account.bill(date).await {
        Ok(bill) => (bill, false),
        Err(PaymentError::Refused { code }) if code.says_no_bill() => (Bill::default(), true),
        Err(error) => return Err(Reason::Provider(error)),
    };
    leave_out_others(central, campus, provider, &mut bill).await?;
    let there = booked(&bill);
    let here = known(central, campus, provider, day, &there).await?;
    if is_none && may_come(&here, begins_ms(day)?, asked.wanted_ms, now_ms()) {
        return Ok(ask_later(central, asked).await?);
    }
    let differences = differences(&here, &there);
    keep(central, campus, provider, day, &there, &differences).await?;
    if !differences.is_empty() {
        tracing::error!(
            provider = provider.as_str(),
            count = differences.len(),
            "a provider's bill differs from the books"
        );
    }
    Ok(())
}

/// Whether a bill that the provider doesn't have may still be written: a day without a booking has none, and is known by that there is
/// none here either.
fn may_come(here: &HashMap<(bool, String), (i64, bool)>, begins_ms: i64, wanted_ms: i64, now: i64) -> bool {
    if here.values().any(|(_, must)| *must) {
        now < wanted_ms + PATIENCE_MS
    } else {
        now < begins_ms + DAY_MS + WRITTEN_MS
    }
}

async fn ask_later(central: &Central, asked: &Asked) -> Result<(), Failure> {
    let sql = "UPDATE bills SET look_ms = $4 WHERE campus_id = $1 AND provider = $2 AND day = $3::text::date AND look_ms IS NOT NULL";
    let (provider, day, at) = (asked.provider.as_str(), asked.day.to_string(), now_ms() + LATER_MS);
    central.pool.get().await?.execute(sql, &[&asked.campus, &provider, &day, &at]).await?;
    tracing::info!(provider, "a bill isn't written yet");
    Ok(())
}

/// Leaves out the trades of other campuses of this database, with their refunds: campuses may share a merchant, and each compares its own.
async fn leave_out_others(
    central: &Central,
    campus: Uuid,
    provider: Provider,
    bill: &mut Bill,
) -> Result<(), Failure> {
    let named: Vec<&str> = bill.lines.iter().map(|line| line.number.as_str()).collect();
    let sql = "SELECT t.number FROM campuses c JOIN trades t ON t.campus_id = c.id AND t.number = ANY ($3)
               WHERE c.id <> $1 AND t.provider = $2 AND NOT EXISTS (SELECT 1 FROM trades o WHERE o.campus_id = $1 AND o.number = t.number)";
    let rows = central.pool.get().await?.query(sql, &[&campus, &provider.as_str(), &named]).await?;
    let others: HashSet<&str> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    bill.lines.retain(|line| !others.contains(line.number.as_str()));
    Ok(())
}

/// When a day of China's begins.
fn begins_ms(day: Date) -> Result<i64, Failure> {
    let begins = day.to_zoned(china()).map_err(|_| Failure::Internal("a bill of no day"))?;
    Ok(begins.timestamp().as_millisecond())
}

fn booked(bill: &Bill) -> Sums {
    let booking = |line: &payment::BillLine| match &line.booking {
        Booking::Paid { amount } => ((false, line.number.as_str().to_owned()), amount.fen().cast_signed()),
        Booking::Refunded { refund, amount } => {
            ((true, refund.as_str().to_owned()), amount.fen().cast_signed())
        }
    };
    bill.lines.iter().map(booking).collect()
}

/// What is known here of the day, and of whatever else the bill names; the amount, and whether the day's bill must name it.
async fn known(
    central: &Central,
    campus: Uuid,
    provider: Provider,
    day: Date,
    there: &Sums,
) -> Result<HashMap<(bool, String), (i64, bool)>, Failure> {
    let start = begins_ms(day)?;
    let (named, named_refunds): (Vec<_>, Vec<_>) = there.keys().partition(|(of_refund, _)| !of_refund);
    let numbers =
        |keys: Vec<&(bool, String)>| keys.into_iter().map(|(_, number)| number.clone()).collect::<Vec<_>>();
    let client = central.pool.get().await?;
    let sql = "SELECT false AS of_refund, number, received_fen AS fen, paid_ms >= $3 AND paid_ms < $4 AS must FROM trades
               WHERE campus_id = $1 AND provider = $2 AND received_fen IS NOT NULL AND (paid_ms >= $3 AND paid_ms < $4 OR number = ANY ($5))
               UNION ALL SELECT true, r.number, r.amount_fen, r.state = 'done' AND r.asked_ms >= $3 AND r.asked_ms < $4 - $7
               FROM refunds r JOIN trades t ON t.campus_id = r.campus_id AND t.number = r.trade_number
               WHERE r.campus_id = $1 AND t.provider = $2 AND (r.asked_ms >= $3 AND r.asked_ms < $4 OR r.number = ANY ($6))";
    let end = start + DAY_MS;
    let rows = client
        .query(
            sql,
            &[
                &campus,
                &provider.as_str(),
                &start,
                &end,
                &numbers(named),
                &numbers(named_refunds),
                &MIDNIGHT_MS,
            ],
        )
        .await?;
    let read = |row: &tokio_postgres::Row| -> Result<_, Failure> {
        Ok(((row.try_get("of_refund")?, row.try_get("number")?), (row.try_get("fen")?, row.try_get("must")?)))
    };
    rows.iter().map(read).collect()
}

fn differences(here: &HashMap<(bool, String), (i64, bool)>, there: &Sums) -> Vec<Difference> {
    let difference = |key: &(bool, String), sort, here, there| Difference {
        of_refund: key.0,
        number: key.1.clone(),
        sort,
        here,
        there,
    };
    let told = there.iter().filter_map(|(key, &fen)| match here.get(key) {
        None => Some(difference(key, "only_there", None, Some(fen))),
        Some(&(known, _)) if known != fen => Some(difference(key, "amount", Some(known), Some(fen))),
        Some(_) => None,
    });
    let missing = here.iter().filter(|(key, (_, must))| *must && !there.contains_key(*key));
    told.chain(missing.map(|(key, &(fen, _))| difference(key, "only_here", Some(fen), None))).collect()
}

async fn keep(
    central: &Central,
    campus: Uuid,
    provider: Provider,
    day: Date,
    there: &Sums,
    differences: &[Difference],
) -> Result<(), Failure> {
    let sum = |of_refund: bool| -> (i32, i64) {
        let rows = there.iter().filter(|((refund, _), _)| *refund == of_refund);
        (i32::try_from(rows.clone().count()).unwrap_or(i32::MAX), rows.map(|(_, fen)| fen).sum())
    };
    let ((payments, paid), (refunds, refunded)) = (sum(false), sum(true));
    let state = if differences.is_empty() { "agrees" } else { "differs" };
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let (provider, day) = (provider.as_str(), day.to_string());
    let sql = "DELETE FROM bill_differences WHERE campus_id = $1 AND provider = $2 AND day = $3::text::date AND settled_ms IS NULL
               AND sort IN ('only_here', 'only_there', 'amount')";
    tx.execute(sql, &[&campus, &provider, &day]).await?;
    let sql = "INSERT INTO bill_differences (campus_id, provider, day, number, sort, of_refund, here_fen, there_fen)
               VALUES ($1, $2, $3::text::date, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    for d in differences {
        tx.execute(sql, &[&campus, &provider, &day, &d.number, &d.sort, &d.of_refund, &d.here, &d.there])
            .await?;
    }
    let sql = "UPDATE bills SET state = $4, payments = $5, paid_fen = $6, refunds = $7, refunded_fen = $8, compared_ms = $9, look_ms = NULL
               WHERE campus_id = $1 AND provider = $2 AND day = $3::text::date";
    tx.execute(sql, &[&campus, &provider, &day, &state, &payments, &paid, &refunds, &refunded, &now_ms()])
        .await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_only_here_only_there_or_of_another_amount_differs() {
        let key = |number: &str| (false, number.to_owned());
        let here = HashMap::from([
            (key("same"), (100, true)),
            (key("amount"), (100, true)),
            (key("only_here"), (100, true)),
            (key("yesterdays"), (100, false)),
        ]);
        let there = Sums::from([(key("same"), 100), (key("amount"), 101), (key("only_there"), 5)]);
        let mut found: Vec<_> = differences(&here, &there).into_iter().map(|d| (d.number, d.sort)).collect();
        found.sort();
        let expected = ["amount", "only_here", "only_there"].map(|sort| (sort.to_owned(), sort));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_day_is_chinas() {
        let (day, hour) = day_and_hour(1_795_320_000_000).unwrap();
        assert_eq!((day.to_string().as_str(), hour), ("2026-11-22", 12));
        assert_eq!(begins_ms(day).unwrap(), 1_795_320_000_000 - DAY_MS / 2);
    }

    #[test]
    fn a_bill_that_is_not_there_may_come_while_the_day_is_only_just_over_or_trades_must_be_in_it() {
        let none = HashMap::from([((false, "another_days".to_owned()), (100, false))]);
        let some = HashMap::from([((false, "the_days".to_owned()), (100, true))]);
        let (begins, hour) = (1_795_276_800_000, DAY_MS / 24);
        let wanted = begins + DAY_MS + 11 * hour;
        for (here, after, may) in
            [(&none, 0, true), (&none, 1, false), (&some, 1, true), (&some, 23, true), (&some, 24, false)]
        {
            assert_eq!(may_come(here, begins, wanted, wanted + after * hour), may, "{after} h");
        }
    }
}
