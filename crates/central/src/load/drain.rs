//! One booth that was without a network for weeks: how fast its outbox drains, against the mere upload of as many photos.

use super::booth::{Booth, GivenUp, Shift};
use super::campus::Ground;
use super::connection::Server;
use super::invent::Order;
use super::tally::{Kind, Tally};
use super::{LoadError, Options, Outcome};
use crate::Central;
use futures_util::{StreamExt as _, future, stream};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Uploads at a time.
const ABREAST: usize = 8;
/// Orders of a batch: 3 events each, [`protocol::batch::LARGEST_BATCH`] at most.
const BATCH: usize = protocol::batch::LARGEST_BATCH / 3;
/// Nothing is given up sooner.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// Uploads photos, then drains an outbox of as many orders.
///
/// # Errors
/// [`LoadError::GivenUp`] where the server stopped answering.
pub(super) async fn measure(
    central: &Central,
    ground: &Ground,
    server: &Server,
    options: &Options,
    orders: u32,
) -> Result<Outcome, LoadError> {
    let one = Options { booths: 1, ..options.clone() };
    let mut booths = ground.enrol(central, server, &one).await?;
    let Some(booth) = booths.first_mut() else { return Ok(Outcome::told("no booth")) };
    let plain = Tally::new()?;
    let uploads = timed(upload(booth, orders, shift(&plain))).await?;
    let drained = Tally::new()?;
    let drain = timed(drain(booth, orders, shift(&drained))).await?;
    let rate = |time: Duration| f64::from(orders) / time.as_secs_f64();
    let text = format!(
        "photos alone: {orders} in {:.1} s, {:.1}/s\n{plain}\nwith their events: {orders} orders in {:.1} s, {:.1}/s\n{drained}\n{:.0} % of the photos alone",
        uploads.as_secs_f64(),
        rate(uploads),
        drain.as_secs_f64(),
        rate(drain),
        100.0 * rate(drain) / rate(uploads),
    );
    Ok(Outcome { text, is_clean: plain.errors() + drained.errors() == 0 })
}

fn shift(tally: &Tally) -> Shift<'_> {
    Shift { begins: Instant::now(), length: PATIENCE, grace: Duration::ZERO, period: PATIENCE, tally }
}

async fn timed(work: impl Future<Output = Result<(), GivenUp>>) -> Result<Duration, LoadError> {
    let begun = Instant::now();
    work.await.map_err(|GivenUp| LoadError::GivenUp { unanswered: 1 })?;
    Ok(begun.elapsed())
}

async fn upload(booth: &mut Booth, orders: u32, shift: Shift<'_>) -> Result<(), GivenUp> {
    let (line, draw) = (&booth.line, &mut booth.till.draw);
    let mut uploads = stream::iter((0..orders).filter_map(|_| Order::invent(draw).ok()))
        .map(|order| async move { line.upload(&order, Instant::now(), shift).await })
        .buffer_unordered(ABREAST);
    while let Some(done) = uploads.next().await {
        done?;
    }
    Ok(())
}

/// Photos go ahead while the events of those before them are posted.
async fn drain(booth: &mut Booth, orders: u32, shift: Shift<'_>) -> Result<(), GivenUp> {
    let (line, till) = (&booth.line, &mut booth.till);
    let (ahead, mut behind) = mpsc::channel(2 * BATCH);
    let mut draw = till.draw.clone();
    let photos = async move {
        let invented = stream::iter((0..orders).filter_map(|_| Order::invent(&mut draw).ok()));
        let mut sent = invented
            .map(|order| async move { line.upload(&order, Instant::now(), shift).await.map(|()| order) })
            .buffered(ABREAST);
        while let Some(order) = sent.next().await {
            ahead.send(order?).await.map_err(|_| GivenUp)?;
        }
        Ok(())
    };
    let events = async {
        let mut ready = Vec::with_capacity(BATCH);
        while let Some(order) = behind.recv().await {
            ready.push(order);
            if ready.len() == BATCH {
                post(till, line, &mut ready, shift).await?;
            }
        }
        if ready.is_empty() { Ok(()) } else { post(till, line, &mut ready, shift).await }
    };
    let (photos, events) = future::join(photos, events).await;
    photos.and(events)
}

async fn post(
    till: &mut super::booth::Till,
    line: &super::booth::Line,
    ready: &mut Vec<Order>,
    shift: Shift<'_>,
) -> Result<(), GivenUp> {
    let begun = Instant::now();
    if !till.tell(line, ready, shift).await? {
        return Err(GivenUp);
    }
    for _ in ready.drain(..) {
        shift.tally.answered(Kind::Order, begun);
    }
    Ok(())
}
