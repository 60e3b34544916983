//! Writes what a batch says, a statement a table, in an order in which each finds what it needs.

use super::Stretch;
use super::given_up::{GivenUp, back_before_told, give_up_trades, lock_trades, pay_back};
use super::judge::{Effect, Verdict};
use crate::devices::Device;
use crate::{Failure, campuses};
use deadpool_postgres::Transaction;
use futures_util::future::{try_join, try_join4};
use protocol::Event;
use protocol::batch::Envelope;
use std::collections::HashSet;
use tokio_postgres::types::{Json, ToSql};
use uuid::Uuid;

/// Writes the effects of the verdicts that apply.
pub(super) async fn write(
    tx: &Transaction<'_>,
    device: &Device,
    verdicts: &[Verdict],
    now: i64,
) -> Result<(), Failure> {
    let effects: Vec<&Effect> = verdicts
        .iter()
        .filter_map(|verdict| if let Verdict::Apply(effect) = verdict { Some(&**effect) } else { None })
        .collect();
    // None of these needs another, so they are sent together; what follows needs them. Trades are locked before payments, as by a
    // refund that is done.
    let given_up = GivenUp::of(&effects);
    try_join4(
        lock_trades(tx, device, &given_up),
        placed(tx, device, &effects),
        settled(tx, device, &effects),
        submitted(tx, device, &effects, now),
    )
    .await?;
    refunded(tx, device, &effects).await?;
    reviewed(tx, device, &effects, now).await?;
    ended(tx, device, &effects).await?;
    // It tells booths, and with that holds the campus: behind the collections, as where the office decides.
    back_before_told(tx, device, &given_up, now).await?;
    give_up_trades(tx, device, &given_up, now).await?;
    pay_back(tx, device, &given_up).await?;
    forget(tx, device, &effects, now).await
}

/// The order that an event is about.
pub(super) fn order(effect: &Effect) -> Uuid {
    effect.orders.first().copied().unwrap_or_default()
}

/// The effects of one kind, with the order of each.
fn of_kind<'a, T>(
    effects: &[&'a Effect],
    kind: impl Fn(&'a Event) -> Option<&'a T>,
) -> Vec<(&'a Effect, &'a T)> {
    effects.iter().filter_map(|effect| Some((*effect, kind(&effect.event)?))).collect()
}

/// A column of values, one an effect.
fn column<'a, T, V>(told: &[(&'a Effect, &'a T)], value: impl Fn(&'a Effect, &'a T) -> V) -> Vec<V> {
    told.iter().map(|(effect, event)| value(effect, event)).collect()
}

async fn placed(tx: &Transaction<'_>, device: &Device, effects: &[&Effect]) -> Result<(), Failure> {
    let told = of_kind(effects, |event| if let Event::OrderPlaced(told) = event { Some(told) } else { None });
    if told.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO orders (campus_id, device_id, id, number, programme, amount_fen, sheets, prints, delivery, reprint_of,
                   disputed, placed_ms)
               SELECT $1, $2, t.id, t.number, t.programme, t.fen, t.sheets, t.prints, t.delivery, t.reprint_of,
                   array(SELECT jsonb_array_elements_text(t.disputed)), t.at
               FROM unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::integer[], $8::jsonb[], $9::text[], $10::uuid[],
                   $11::jsonb[], $12::bigint[]) AS t (id, number, programme, fen, sheets, prints, delivery, reprint_of, disputed, at)
               ON CONFLICT DO NOTHING";
    let ids = column(&told, |effect, _| order(effect));
    let numbers = column(&told, |_, e| e.order_number.as_str());
    let programmes = column(&told, |_, e| e.programme.as_str());
    let amounts = column(&told, |_, e| e.amount_fen.cast_signed());
    let sheets = column(&told, |_, e| e.sheets.cast_signed());
    let prints = column(&told, |_, e| Json(&e.prints));
    let ways = column(&told, |_, e| e.delivery.as_str());
    let reprints = column(&told, |effect, _| effect.reprint_of);
    let disputed = column(&told, |_, e| Json(&e.disputed));
    let times = column(&told, |_, e| e.at_ms);
    let statement = tx.prepare_cached(sql).await?;
    tx.execute(
        &statement,
        &[
            &device.campus,
            &device.id,
            &ids,
            &numbers,
            &programmes,
            &amounts,
            &sheets,
            &prints,
            &ways,
            &reprints,
            &disputed,
            &times,
        ],
    )
    .await?;
    Ok(())
}

async fn settled(tx: &Transaction<'_>, device: &Device, effects: &[&Effect]) -> Result<(), Failure> {
    let told =
        of_kind(effects, |event| if let Event::PaymentSettled(told) = event { Some(told) } else { None });
    if told.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO payments (campus_id, device_id, id, order_id, means, amount_fen, settled_ms)
               SELECT $1, $2, t.* FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[]) AS t
               ON CONFLICT DO NOTHING";
    let ids = column(&told, |effect, _| effect.payment);
    let orders = column(&told, |effect, _| order(effect));
    let means = column(&told, |_, e| e.means.as_str());
    let amounts = column(&told, |_, e| e.amount_fen.cast_signed());
    let times = column(&told, |_, e| e.at_ms);
    let statement = tx.prepare_cached(sql).await?;
    tx.execute(&statement, &[&device.campus, &device.id, &ids, &orders, &means, &amounts, &times]).await?;
    Ok(())
}

async fn refunded(tx: &Transaction<'_>, device: &Device, effects: &[&Effect]) -> Result<(), Failure> {
    let told =
        of_kind(effects, |event| if let Event::PaymentRefunded(told) = event { Some(told) } else { None });
    if told.is_empty() {
        return Ok(());
    }
    let sql = "UPDATE payments p SET refunded_ms = coalesce(p.refunded_ms, t.at)
               FROM unnest($2::uuid[], $3::bigint[]) AS t (id, at) WHERE p.campus_id = $1 AND p.id = t.id";
    let ids = column(&told, |effect, _| effect.payment);
    let times = column(&told, |_, e| e.at_ms);
    tx.execute(&tx.prepare_cached(sql).await?, &[&device.campus, &ids, &times]).await?;
    Ok(())
}

async fn submitted(
    tx: &Transaction<'_>,
    device: &Device,
    effects: &[&Effect],
    now: i64,
) -> Result<(), Failure> {
    let told = of_kind(
        effects,
        |event| if let Event::CollectionSubmitted(told) = event { Some(told) } else { None },
    );
    if told.is_empty() {
        return Ok(());
    }
    // What the booth's own checks approve by the programme's rule needs nobody here.
    let sql = "INSERT INTO collections (campus_id, device_id, received_ms, heard_ms, state, decided_by, decided_ms, photo_id, order_id, order_number, programme, name,
                   document_kind, document_number, student_number, phone, email, gender, sha256, specification, measures, submitted_ms)
               SELECT $1, $2, $3, $3, CASE WHEN p.id IS NULL THEN 'submitted' ELSE 'approved' END, CASE WHEN p.id IS NOT NULL THEN 'booth' END,
                   CASE WHEN p.id IS NOT NULL THEN t.submitted_ms END, t.*
               FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
                   $13::text[], $14::text[], $15::bytea[], $16::text[], $17::jsonb[], $18::bigint[]) AS t (photo_id, order_id, order_number,
                   programme, name, document_kind, document_number, student_number, phone, email, gender, sha256, specification, measures,
                   submitted_ms)
               LEFT JOIN programmes p ON p.campus_id = $1 AND p.id = t.programme AND p.approval = 'booth'
               ON CONFLICT DO NOTHING";
    let photos = column(&told, |effect, _| effect.photo);
    let orders = column(&told, |effect, _| order(effect));
    let numbers = column(&told, |_, e| e.order_number.as_str());
    let programmes = column(&told, |_, e| e.programme.as_str());
    let names = column(&told, |_, e| e.person.name.as_str());
    let kinds = column(&told, |_, e| e.person.document_kind.as_str());
    let documents = column(&told, |_, e| e.person.document_number.as_str());
    let students = column(&told, |_, e| e.person.student_number.as_str());
    let phones = column(&told, |_, e| e.person.phone.as_str());
    let emails = column(&told, |_, e| e.person.email.as_deref());
    let genders = column(&told, |_, e| e.person.gender.as_deref());
    let hashes =
        column(&told, |_, e| e.photo.sha256.parse::<protocol::Digest>().ok().map(|digest| digest.0.to_vec()));
    let specifications = column(&told, |_, e| e.photo.specification.as_str());
    let measures = column(&told, |_, e| Json(&e.photo.measures));
    let times = column(&told, |_, e| e.at_ms);
    let statement = tx.prepare_cached(sql).await?;
    let lock = tx.prepare_cached(campuses::PROGRAMMES_SHARED).await?;
    let lock_given: [&(dyn ToSql + Sync); 1] = [&device.campus];
    // Sent together, and executed in this order: the photos are compared with the programmes under the lock.
    try_join(
        tx.execute(&lock, &lock_given),
        tx.execute(
            &statement,
            &[
                &device.campus,
                &device.id,
                &now,
                &photos,
                &orders,
                &numbers,
                &programmes,
                &names,
                &kinds,
                &documents,
                &students,
                &phones,
                &emails,
                &genders,
                &hashes,
                &specifications,
                &measures,
                &times,
            ],
        ),
    )
    .await?;
    Ok(())
}

/// What staff decided at the booth stands, unless the office had decided before it heard of it.
async fn reviewed(
    tx: &Transaction<'_>,
    device: &Device,
    effects: &[&Effect],
    now: i64,
) -> Result<(), Failure> {
    let told =
        of_kind(effects, |event| if let Event::CollectionReviewed(told) = event { Some(told) } else { None });
    if told.is_empty() {
        return Ok(());
    }
    let sql = "UPDATE collections c SET state = CASE WHEN t.approved THEN 'approved' ELSE 'rejected' END, decided_by = 'booth',
                   decided_ms = t.at, heard_ms = $5
               FROM unnest($2::uuid[], $3::boolean[], $4::bigint[]) AS t (photo, approved, at)
               WHERE c.campus_id = $1 AND c.photo_id = t.photo AND (c.state = 'submitted' OR c.decided_by = 'booth')";
    let photos = column(&told, |effect, _| effect.photo);
    let approved = column(&told, |_, e| e.approved);
    let times = column(&told, |_, e| e.at_ms);
    tx.execute(&tx.prepare_cached(sql).await?, &[&device.campus, &photos, &approved, &times, &now]).await?;
    Ok(())
}

async fn ended(tx: &Transaction<'_>, device: &Device, effects: &[&Effect]) -> Result<(), Failure> {
    let told = of_kind(effects, |event| if let Event::OrderEnded(told) = event { Some(told) } else { None });
    if told.is_empty() {
        return Ok(());
    }
    let sql = "UPDATE orders o SET ended = t.state, ended_ms = t.at FROM unnest($2::uuid[], $3::text[], $4::bigint[]) AS t (id, state, at)
               WHERE o.campus_id = $1 AND o.id = t.id AND o.ended IS NULL";
    let orders = column(&told, |effect, _| order(effect));
    let states = column(&told, |_, e| e.state.as_str());
    let times = column(&told, |_, e| e.at_ms);
    tx.execute(&tx.prepare_cached(sql).await?, &[&device.campus, &orders, &states, &times]).await?;
    Ok(())
}

async fn forget(tx: &Transaction<'_>, device: &Device, effects: &[&Effect], now: i64) -> Result<(), Failure> {
    for (effect, told) in
        of_kind(effects, |event| if let Event::DeletionRequested(told) = event { Some(told) } else { None })
    {
        let sql = "INSERT INTO deletion_requests (campus_id, order_id, asked_ms, received_ms)
                   SELECT $1, o, $3, $4 FROM unnest($2::uuid[]) AS o ON CONFLICT DO NOTHING";
        let statement = tx.prepare_cached(sql).await?;
        tx.execute(&statement, &[&device.campus, &effect.orders, &told.at_ms, &now]).await?;
    }
    Ok(())
}

/// Remembers every event that was answered for good, so that it takes effect once.
pub(super) async fn remember(
    tx: &Transaction<'_>,
    device: &Device,
    stretch: Stretch,
    events: &[Envelope],
    verdicts: &[Verdict],
    now: i64,
) -> Result<(), Failure> {
    // An event that stands twice in the batch has one row, that of its first place.
    let mut seen = HashSet::new();
    let answered: Vec<(&Envelope, &str, &str, Option<&str>)> = events
        .iter()
        .zip(verdicts)
        .filter(|(event, _)| seen.insert(event.event_id))
        .filter_map(|(event, verdict)| answered(event, verdict))
        .collect();
    if answered.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO events (campus_id, device_id, epoch_ordinal, received_ms, event_id, sequence, kind, outcome, reason)
               SELECT $1, $2, $3, $4, t.* FROM unnest($5::uuid[], $6::bigint[], $7::text[], $8::text[], $9::text[]) AS t
               ON CONFLICT (campus_id, event_id) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, kind = excluded.kind";
    let ids: Vec<Uuid> = answered.iter().map(|(event, ..)| event.event_id).collect();
    let places: Vec<i64> = answered.iter().map(|(event, ..)| event.sequence.cast_signed()).collect();
    let kinds: Vec<&str> = answered.iter().map(|(_, kind, ..)| *kind).collect();
    let outcomes: Vec<&str> = answered.iter().map(|(_, _, outcome, _)| *outcome).collect();
    let reasons: Vec<Option<&str>> = answered.iter().map(|(.., reason)| *reason).collect();
    let statement = tx.prepare_cached(sql).await?;
    tx.execute(
        &statement,
        &[&device.campus, &device.id, &stretch.ordinal, &now, &ids, &places, &kinds, &outcomes, &reasons],
    )
    .await?;
    Ok(())
}

/// The row of an event: kind, outcome and reason.
fn answered<'a>(
    event: &'a Envelope,
    verdict: &'a Verdict,
) -> Option<(&'a Envelope, &'a str, &'a str, Option<&'a str>)> {
    match verdict {
        Verdict::Apply(effect) => Some((event, effect.event.kind(), "applied", None)),
        Verdict::Purged => Some((event, "unknown", "purged", None)),
        Verdict::Rejected(reason) => Some((event, "unknown", "rejected", Some(reason.as_str()))),
        Verdict::Duplicate | Verdict::Retry(_) => None,
    }
}
