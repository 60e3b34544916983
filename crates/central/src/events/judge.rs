//! What becomes of each event of a batch, decided without writing anything.

use super::Stretch;
use super::known::{Booked, Known, Submitted};
use crate::Failure;
use protocol::batch::{Envelope, Reason};
use protocol::{CollectionSubmitted, Event, EventError, LARGEST_EVENT};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// What becomes of an event.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It takes effect.
    Apply(Box<Effect>),
    /// It had been answered for good.
    Duplicate,
    /// The booth has purged it after it was acknowledged, and it isn't known here: its place counts as answered.
    Purged,
    /// It can't take effect as it is.
    Rejected(Reason),
    /// It may be offered again.
    Retry(Reason),
}

/// An event with the ids in it, parsed and consistent with what is known.
#[derive(Debug)]
pub(super) struct Effect {
    pub event: Event,
    /// The order; for a deletion the first of them.
    pub orders: Vec<Uuid>,
    pub payment: Option<Uuid>,
    pub photo: Option<Uuid>,
    pub reprint_of: Option<Uuid>,
}

/// Judges the events in their order; the verdicts, and the mark after them.
///
/// # Errors
/// [`Failure::Forked`] where a place of the sequence holds another event.
pub(super) fn judge(
    known: &Known,
    stretch: Stretch,
    events: &[Envelope],
) -> Result<(Vec<Verdict>, i64), Failure> {
    let mut seen = Seen { known, told: Known::default() };
    let mut mark = stretch.mark;
    let mut verdicts: Vec<Verdict> = Vec::with_capacity(events.len());
    let mut first_places = HashMap::new();
    for (at, event) in events.iter().enumerate() {
        let place = event.sequence.cast_signed();
        if known.places.get(&place).is_some_and(|there| *there != event.event_id) {
            return Err(Failure::Forked);
        }
        let first = *first_places.entry(event.event_id).or_insert(at);
        let verdict = match events.get(first).zip(verdicts.get(first)) {
            Some((earlier, answered)) if place <= mark + 1 => again(earlier, answered, event),
            _ => seen.verdict(stretch, mark, place, event),
        };
        if !matches!(verdict, Verdict::Retry(_)) {
            mark = mark.max(place);
        }
        verdicts.push(verdict);
    }
    Ok((verdicts, mark))
}

/// What becomes of an event whose id stands in the batch before: what became of that one, if it is the same.
fn again(earlier: &Envelope, answered: &Verdict, event: &Envelope) -> Verdict {
    let json = |event: &Envelope| event.event.as_ref().map(|json| json.get().to_owned());
    match answered {
        _ if json(earlier) != json(event) => Verdict::Rejected(Reason::Contradiction),
        Verdict::Rejected(reason) => Verdict::Rejected(*reason),
        Verdict::Retry(reason) => Verdict::Retry(*reason),
        Verdict::Apply(_) | Verdict::Duplicate | Verdict::Purged => Verdict::Duplicate,
    }
}

/// What is known, and what earlier events of the batch have told.
struct Seen<'a> {
    known: &'a Known,
    told: Known,
}

impl Seen<'_> {
    fn verdict(&mut self, stretch: Stretch, mark: i64, place: i64, event: &Envelope) -> Verdict {
        match self.known.events.get(&event.event_id) {
            _ if place > mark + 1 => return Verdict::Retry(Reason::Gap),
            Some(answered) if !answered.was_rejected => return Verdict::Duplicate,
            // It was answered so long ago that it was forgotten.
            None if place <= stretch.mark && !self.known.places.contains_key(&place) => {
                return Verdict::Duplicate;
            }
            None if !stretch.is_latest && place > stretch.mark => return Verdict::Rejected(Reason::OldEpoch),
            _ => {}
        }
        let Some(json) = &event.event else { return Verdict::Purged };
        match parse(json.get()).and_then(Effect::of) {
            Ok(effect) => self.fitting(effect),
            Err(reason) => Verdict::Rejected(reason),
        }
    }

    fn fitting(&mut self, effect: Effect) -> Verdict {
        if let Event::CollectionSubmitted(told) = &effect.event {
            match self.photo(told) {
                None => return Verdict::Retry(Reason::BlobMissing),
                Some(false) => return Verdict::Rejected(Reason::NotAPhoto),
                Some(true) => {}
            }
        }
        if !self.agrees(&effect) {
            return Verdict::Rejected(Reason::Contradiction);
        }
        self.note(&effect);
        Verdict::Apply(Box::new(effect))
    }

    /// Whether the blob is a photo; nothing where it isn't here.
    fn photo(&self, told: &CollectionSubmitted) -> Option<bool> {
        let sha256: protocol::Digest = told.photo.sha256.parse().ok()?;
        self.known.blobs.get(&sha256.0).copied()
    }

    fn order(&self, id: Uuid) -> Option<i64> {
        self.told.orders.get(&id).or_else(|| self.known.orders.get(&id)).copied()
    }

    fn payment(&self, id: Uuid) -> Option<&Booked> {
        self.told.payments.get(&id).or_else(|| self.known.payments.get(&id))
    }

    fn submitted(&self, id: Uuid) -> Option<Submitted> {
        self.told.photos.get(&id).or_else(|| self.known.photos.get(&id)).copied()
    }

    /// Whether the effect says nothing else than what is known of the same things. Money counts even where its order isn't known, because
    /// that order's own event may have been rejected.
    fn agrees(&self, effect: &Effect) -> bool {
        let order = effect.orders.first().copied().unwrap_or_default();
        let booked = effect.payment.and_then(|id| self.payment(id));
        let submitted = effect.photo.and_then(|id| self.submitted(id));
        match &effect.event {
            Event::OrderPlaced(told) => {
                self.order(order).is_none_or(|fen| fen.unsigned_abs() == told.amount_fen)
            }
            Event::PaymentSettled(told) => {
                booked.is_none_or(|booked| *booked == Booked::told(order, told.amount_fen, &told.means))
            }
            Event::PaymentRefunded(told) => {
                booked.is_some_and(|booked| *booked == Booked::told(order, told.amount_fen, &told.means))
            }
            Event::CollectionSubmitted(told) => {
                submitted.is_none_or(|known| Some(known) == Submitted::told(order, told))
            }
            Event::CollectionReviewed(_) => submitted.is_some_and(|known| known.order == order),
            Event::OrderEnded(_) | Event::ReprintMade(_) => self.order(order).is_some(),
            Event::DeletionRequested(_) => true,
        }
    }

    fn note(&mut self, effect: &Effect) {
        let order = effect.orders.first().copied().unwrap_or_default();
        match &effect.event {
            Event::OrderPlaced(told) => {
                self.told.orders.insert(order, told.amount_fen.cast_signed());
            }
            Event::PaymentSettled(told) => {
                if let Some(payment) = effect.payment {
                    self.told.payments.insert(payment, Booked::told(order, told.amount_fen, &told.means));
                }
            }
            Event::CollectionSubmitted(told) => {
                if let (Some(photo), Some(submitted)) = (effect.photo, Submitted::told(order, told)) {
                    self.told.photos.insert(photo, submitted);
                }
            }
            _ => {}
        }
    }
}

impl Booked {
    fn told(order: Uuid, amount_fen: u64, means: &str) -> Self {
        Self { order, amount_fen: amount_fen.cast_signed(), means: means.to_owned() }
    }
}

impl Submitted {
    fn told(order: Uuid, told: &CollectionSubmitted) -> Option<Self> {
        Some(Self { order, sha256: told.photo.sha256.parse::<protocol::Digest>().ok()?.0 })
    }
}

fn parse(json: &str) -> Result<Event, Reason> {
    #[derive(Deserialize)]
    struct Kind {
        kind: String,
    }
    match Event::from_json(json.as_bytes()) {
        Ok(event) => Ok(event),
        Err(EventError::TooLarge { .. }) => Err(Reason::TooLarge),
        Err(EventError::Encode(_)) => Err(Reason::Unreadable),
        Err(EventError::Decode(_)) => {
            let named =
                (json.len() <= LARGEST_EVENT).then(|| serde_json::from_str::<Kind>(json).ok()).flatten();
            let newer = named.is_some_and(|named| !Event::KINDS.contains(&named.kind.as_str()));
            Err(if newer { Reason::NewerVersion } else { Reason::Unreadable })
        }
    }
}

/// The years 2020 to 2100 in milliseconds: a clock that is off by a year passes, one that is broken does not.
const TIMES: std::ops::Range<i64> = 1_577_836_800_000..4_102_444_800_000;
/// No order costs more than 10 000 yuan.
const MOST_FEN: u64 = 1_000_000;

fn text(text: &str, characters: std::ops::RangeInclusive<usize>) -> bool {
    characters.contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

impl Effect {
    /// Parses what the event names, and refuses what is outside its range.
    fn of(event: Event) -> Result<Self, Reason> {
        let mut effect = Self { orders: vec![], payment: None, photo: None, reprint_of: None, event };
        if effect.in_range() && effect.name() { Ok(effect) } else { Err(Reason::InvalidValue) }
    }

    /// Fills in the ids; whether all of them are ids.
    fn name(&mut self) -> bool {
        fn id(text: &str, into: &mut Option<Uuid>) -> bool {
            *into = Uuid::try_parse(text).ok();
            into.is_some()
        }
        let mut order = None;
        let named = match &self.event {
            Event::OrderPlaced(e) => {
                id(&e.order_id, &mut order)
                    && e.reprint_of.as_ref().is_none_or(|of| id(of, &mut self.reprint_of))
            }
            Event::PaymentSettled(e) => id(&e.order_id, &mut order) && id(&e.payment_id, &mut self.payment),
            Event::PaymentRefunded(e) => id(&e.order_id, &mut order) && id(&e.payment_id, &mut self.payment),
            Event::CollectionSubmitted(e) => {
                id(&e.order_id, &mut order) && id(&e.photo.photo_id, &mut self.photo)
            }
            Event::CollectionReviewed(e) => id(&e.order_id, &mut order) && id(&e.photo_id, &mut self.photo),
            Event::ReprintMade(e) => id(&e.order_id, &mut order) && id(&e.of_order_id, &mut self.reprint_of),
            Event::OrderEnded(e) => id(&e.order_id, &mut order),
            Event::DeletionRequested(e) => {
                self.orders = e.order_ids.iter().filter_map(|order| Uuid::try_parse(order).ok()).collect();
                self.orders.len() == e.order_ids.len()
            }
        };
        self.orders.extend(order);
        named
    }

    fn in_range(&self) -> bool {
        let means = |means: &str| ["counter", "school", "wechat_pay", "alipay"].contains(&means);
        let (at_ms, fits) = match &self.event {
            Event::OrderPlaced(e) => (e.at_ms, placed(e)),
            Event::PaymentSettled(e) => (e.at_ms, means(&e.means) && e.amount_fen <= MOST_FEN),
            Event::PaymentRefunded(e) => (e.at_ms, means(&e.means) && e.amount_fen <= MOST_FEN),
            Event::CollectionSubmitted(e) => (e.at_ms, submitted(e)),
            Event::CollectionReviewed(e) => (e.at_ms, true),
            Event::ReprintMade(e) => (e.at_ms, true),
            Event::OrderEnded(e) => (e.at_ms, ["cancelled", "expired"].contains(&e.state.as_str())),
            Event::DeletionRequested(e) => (e.at_ms, e.order_ids.len() <= 1_000),
        };
        fits && TIMES.contains(&at_ms)
    }
}

fn placed(told: &protocol::OrderPlaced) -> bool {
    let prints =
        told.prints.len() <= 20 && told.prints.iter().all(|p| text(&p.print, 0..=40) && p.sheets <= 1_000);
    let disputed = told.disputed.len() <= 20 && told.disputed.iter().all(|code| text(code, 1..=40));
    let delivery = ["here", "counter", "mail"].contains(&told.delivery.as_str());
    let order = text(&told.order_number, 1..=32) && text(&told.programme, 1..=64);
    order && prints && disputed && delivery && told.amount_fen <= MOST_FEN && told.sheets <= 1_000
}

fn submitted(told: &CollectionSubmitted) -> bool {
    let person = &told.person;
    let optional =
        |value: &Option<String>, characters| value.as_ref().is_none_or(|value| text(value, characters));
    let who = text(&person.name, 1..=40)
        && text(&person.document_kind, 1..=40)
        && text(&person.document_number, 6..=18);
    let more = text(&person.student_number, 0..=24)
        && text(&person.phone, 0..=16)
        && optional(&person.email, 3..=254);
    let gender = person.gender.as_ref().is_none_or(|gender| ["female", "male"].contains(&gender.as_str()));
    let photo = &told.photo;
    let measure =
        |m: &protocol::Measure| text(&m.name, 1..=60) && text(&m.unit, 0..=20) && m.value.is_finite();
    let measures = photo.measures.len() <= 200 && photo.measures.iter().all(measure);
    let order = text(&told.order_number, 1..=32) && text(&told.programme, 1..=64);
    let file = photo.sha256.parse::<protocol::Digest>().is_ok() && text(&photo.specification, 1..=64);
    who && more && gender && measures && order && file
}

#[cfg(test)]
mod tests;
