//! A steady load, and one that rises until the server can't follow.

use super::booth::{Booth, Shift};
use super::tally::{Kind, Tally};
use super::{LoadError, Options, Outcome};
use crate::Central;
use crate::clock::now_ms;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long after the end of a steady load is waited for answers: PostgreSQL may be starting again.
const GRACE: Duration = Duration::from_secs(60);
/// The same for a step of the ramp.
const STEP_GRACE: Duration = Duration::from_secs(10);
/// A load is sustained while 99 of 100 requests of every kind are answered within this time.
const LIMIT: Duration = Duration::from_millis(250);
/// By how much the load rises at first, and from the last one sustained.
const COARSE: f64 = 1.5;
const FINE: f64 = 1.15;

async fn work(booths: &mut [Booth], shift: Shift<'_>) {
    futures_util::future::join_all(booths.iter_mut().map(|booth| booth.work(shift))).await;
}

fn shift<'a>(tally: &'a Tally, (seconds, grace): (f64, Duration), orders_a_minute: f64) -> Shift<'a> {
    Shift {
        begins: Instant::now(),
        length: Duration::from_secs_f64(seconds),
        grace,
        period: Duration::from_secs_f64(60.0 / orders_a_minute.max(0.001)),
        tally,
    }
}

/// Puts the load for the time of the options, then compares the books.
///
/// # Errors
/// The database's.
pub(super) async fn steady(
    central: &Central,
    options: &Options,
    mut booths: Vec<Booth>,
) -> Result<Outcome, LoadError> {
    let (tally, begun_ms) = (Tally::new()?, now_ms());
    let shift = shift(&tally, (options.minutes * 60.0, GRACE), options.orders_a_minute);
    work(&mut booths, shift).await;
    let mut text =
        format!("{} booths, {} orders a minute each\n{tally}\n", booths.len(), options.orders_a_minute);
    let devices: Vec<Uuid> = booths.iter().map(|booth| booth.device).collect();
    let books = Books::read(central, &devices, begun_ms).await?;
    let acknowledged = tally.answers(Kind::Order).cast_signed();
    let agree = books.agree(acknowledged);
    let verdict = if agree { "the books agree" } else { "THE BOOKS DO NOT AGREE" };
    let Books { orders, payments, collections, events } = books;
    write!(text, "{verdict}: {acknowledged} orders acknowledged; stored {orders} orders, {payments} payments, {collections} collections with their photos, {events} events")
        .unwrap_or_default();
    Ok(Outcome { text, is_clean: agree && tally.errors() == 0 })
}

/// What is stored of some booths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Books {
    orders: i64,
    payments: i64,
    collections: i64,
    events: i64,
}

impl Books {
    async fn read(central: &Central, devices: &[Uuid], since_ms: i64) -> Result<Self, LoadError> {
        let sql = "WITH o AS (SELECT o.campus_id, o.id FROM orders o JOIN devices d ON d.campus_id = o.campus_id AND d.id = o.device_id
                       WHERE d.id = ANY ($1) AND o.placed_ms >= $2)
                   SELECT (SELECT count(*) FROM o),
                       (SELECT count(*) FROM payments p JOIN o ON o.campus_id = p.campus_id AND o.id = p.order_id),
                       (SELECT count(*) FROM collections c JOIN o ON o.campus_id = c.campus_id AND o.id = c.order_id
                           JOIN blobs b ON b.campus_id = c.campus_id AND b.sha256 = c.sha256 AND b.stored AND NOT b.gone),
                       (SELECT count(*) FROM events WHERE device_id = ANY ($1) AND outcome = 'applied')";
        let row = central.pool.get().await?.query_one(sql, &[&devices, &since_ms]).await?;
        let (orders, payments) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Self { orders, payments, collections: row.try_get(2)?, events: row.try_get(3)? })
    }

    /// Everything acknowledged is stored once, with all that belongs to it. What wasn't acknowledged may be.
    fn agree(&self, acknowledged: i64) -> bool {
        let whole =
            self.payments == self.orders && self.collections == self.orders && self.events == 3 * self.orders;
        whole && self.orders >= acknowledged
    }
}

/// Raises the load by steps until it isn't sustained: coarsely first, then finely from the last one that was.
///
/// # Errors
/// [`LoadError::Count`].
pub(super) async fn ramp(options: &Options, mut booths: Vec<Booth>) -> Result<Outcome, LoadError> {
    let (mut text, mut rate, mut factor) = (String::new(), options.orders_a_minute, COARSE);
    let mut best = None;
    loop {
        let tally = Tally::new()?;
        work(&mut booths, shift(&tally, (options.step_s, STEP_GRACE), rate)).await;
        let (p99, errors) = (tally.slowest_p99(), tally.errors());
        let sustained = p99 <= LIMIT && errors == 0;
        let told = format!("{rate:.2} orders a minute and booth: {:.1} orders/s", tally.rate(Kind::Order));
        eprintln!("{told}, slowest p99 {} ms, {errors} errors", p99.as_millis());
        if sustained {
            best = Some((rate, format!("{told}\n{tally}")));
        } else if factor == FINE || best.is_none() {
            break;
        } else {
            factor = FINE;
            tokio::time::sleep(STEP_GRACE).await;
        }
        rate = best.as_ref().map_or(rate, |(rate, _)| *rate) * factor;
    }
    let is_clean = best.is_some();
    match best {
        Some((_, told)) => write!(text, "highest sustained with {} booths: {told}", booths.len()),
        None => write!(text, "not even {rate} orders a minute and booth were sustained"),
    }
    .unwrap_or_default();
    Ok(Outcome { text, is_clean })
}
