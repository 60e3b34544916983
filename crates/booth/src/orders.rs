//! The order's way through the ledger: drafted, placed, paid, photographed. Each function is one transaction.

use crate::documents::{self, Line};
use crate::error::BoothError;
use crate::inner::Inner;
use crate::sitting::{LastShot, OrderSummary, Sitting, way};
use crate::student::{DetailsError, Student};
use crate::workflow::advance;
use domain::payment::{self, Means};
use domain::programme::{Kind, PayWhen, Programme};
use domain::session::{Event, Progress, Resume, State};
use domain::{
    ConsentId, EventId, Fen, OrderId, PaymentId, PersonId, PhotoId, PrintJobId, UtcMillis, order, print_job,
};
use ledger::{
    Acceptance, Actor, Delivery, Item, NewConsent, NewEvent, NewOrder, NewPayment, NewPerson, NewPrintJob,
    NewShot, OpenOrder, OrderLine, PaymentChange, Placed, Placement, Stamp,
};
use portrait::Verified;
use std::sync::Arc;

const NO_PROGRAMME: BoothError =
    BoothError::NotOffered { what: "an order without a programme and a student" };

/// Whether the programme takes one photo of a person only: what a register collects is collected once.
fn only_once(programme: &Programme) -> bool {
    programme.kind != Kind::General
}

/// What the ledger knows of the student who has just identified.
///
/// # Errors
/// [`BoothError`]; one photo only is an error of its own.
pub(crate) fn resume(inner: &Inner, sitting: &mut Sitting) -> Result<Resume, BoothError> {
    let (Some(programme), Some(student)) = (sitting.programme.clone(), sitting.student.clone()) else {
        return Err(NO_PROGRAMME);
    };
    let reader = inner.ledger.read();
    let Some(open) = reader.open_order_of(&student.document, &programme.id)? else {
        let accepted =
            reader.accepted_order_of(&student.document, &programme.id)?.filter(|_| only_once(&programme));
        let Some(accepted) = accepted else { return Ok(Resume::New) };
        must_be_as_before(inner, reader.order(accepted.id)?.person, &student)?;
        return Err(ledger::LedgerError::AlreadyCollected { order: accepted.id }.into());
    };
    must_be_as_before(inner, open.person, &student)?;
    sitting.order = Some(summary(&open));
    if let Some(candidate) = open.candidate {
        sitting.shot = shot(inner, candidate)?;
        sitting.choices = std::iter::once(candidate).chain(open.alternatives.iter().copied()).collect();
    }
    resumed(inner, &open)
}

/// A document's number is no secret: who doesn't know the name and the student number with it learns nothing of the order.
fn must_be_as_before(inner: &Inner, person: PersonId, student: &Student) -> Result<(), BoothError> {
    let known = inner.ledger.read().person(person)?;
    let same = known.name == student.name && known.student_number.as_ref() == Some(&student.student_number);
    if same { Ok(()) } else { Err(DetailsError::NotAsBefore.into()) }
}

fn resumed(inner: &Inner, open: &OpenOrder) -> Result<Resume, BoothError> {
    let progress =
        Progress { shots_taken: open.shots_taken, candidate: open.candidate, settled: open.settled };
    Ok(match open.state {
        order::State::AwaitingPayment => Resume::Unpaid(open.id, progress),
        order::State::Draft | order::State::Paid => Resume::Open(open.id, progress),
        order::State::Rejected => {
            inner.ledger.reshoot(open.id, Stamp { actor: Actor::Student, at: inner.clock.now() })?;
            Resume::Open(open.id, Progress { shots_taken: 0, candidate: None, settled: true })
        }
        _ => Resume::Accepted(open.id),
    })
}

fn summary(open: &OpenOrder) -> OrderSummary {
    let lines = open.lines.iter().filter_map(line).collect();
    OrderSummary { id: open.id, number: open.number.to_string(), amount: open.amount, lines }
}

/// Nothing where the amount is above any limit, which the ledger's own CHECK excludes.
fn line(line: &OrderLine) -> Option<Line> {
    let amount = line.unit.times(line.quantity).ok()?;
    Some(Line { sheets: line.item == Item::PrintedSheet, quantity: line.quantity, amount })
}

/// The measures and reasons of a shot, as they were shown when it was taken.
///
/// # Errors
/// Those of the ledger.
pub(crate) fn shot(inner: &Inner, photo: PhotoId) -> Result<LastShot, BoothError> {
    let photo = inner.ledger.read().photo(photo)?;
    let measures = serde_json::from_str(&photo.measures).map_err(protocol::EventError::Decode)?;
    let reasons = photo.reasons.iter().filter_map(|code| crate::words::by_code(code)).collect();
    Ok(LastShot { measures, reasons })
}

/// The photos of one burst, the best first, by any of them.
///
/// # Errors
/// Those of the ledger.
pub(crate) fn choices(inner: &Inner, order: OrderId, photo: PhotoId) -> Result<Vec<PhotoId>, BoothError> {
    let reader = inner.ledger.read();
    let own = reader.photo(photo)?.alternative_to.unwrap_or(photo);
    let photos = reader.photos_of(order)?;
    let burst = photos.iter().filter(|photo| photo.id == own || photo.alternative_to == Some(own));
    Ok(burst.map(|photo| photo.id).collect())
}

/// Writes the order, or places the draft.
///
/// # Errors
/// [`BoothError`]; nothing was written.
pub(crate) fn place(
    inner: &Inner,
    sitting: &mut Sitting,
    draft: Option<OrderId>,
) -> Result<Event, BoothError> {
    let (Some(programme), Some(student)) = (sitting.programme.clone(), sitting.student.clone()) else {
        return Err(NO_PROGRAMME);
    };
    let at = inner.clock.now();
    let id = draft.unwrap_or_else(|| OrderId::new(at, inner.clock.random()));
    let number = match (&sitting.order, draft) {
        (Some(known), Some(_)) => known.number.clone(),
        _ => String::new(),
    };
    let lines = lines(&programme, sitting.sheets);
    let reserved = if draft.is_none() { Some(inner.ledger.reserve_order_number()?) } else { None };
    let number = reserved.map_or(number, |n| n.to_string());
    let amount = Fen::total(lines.iter().filter_map(line).map(|l| l.amount))
        .map_err(|source| ledger::LedgerError::Amount { source })?;
    let event = event(
        inner,
        id,
        protocol::Event::OrderPlaced(protocol::OrderPlaced {
            order_id: id.to_string(),
            order_number: number.clone(),
            programme: programme.id.clone(),
            amount_fen: amount.fen(),
            sheets: sitting.sheets,
            at_ms: at.0,
        }),
    )?;
    let means = if way(&programme).pay_when == PayWhen::BySchool { Means::School } else { Means::Counter };
    let payment = NewPayment { id: PaymentId::new(at, inner.clock.random()), means };
    let placement = Placement { lines: &lines, payment, delivery: &Delivery::here(), event: &event, at };
    let placed = match reserved {
        None => inner.ledger.place_draft(id, &placement)?,
        Some(number) => with_new(inner, sitting, &programme, &student, (id, number), |new| {
            inner.ledger.place_order(new, &placement)
        })?,
    };
    let lines = lines.iter().filter_map(line).collect();
    sitting.order = Some(OrderSummary { id, number, amount: placed.amount, lines });
    Ok(Event::OrderPlaced { order: id, settled: placed.state == order::State::Paid })
}

/// Writes a draft order, for the way that shoots first.
///
/// # Errors
/// [`BoothError`]; nothing was written.
pub(crate) fn draft(inner: &Inner, sitting: &mut Sitting) -> Result<Event, BoothError> {
    let (Some(programme), Some(student)) = (sitting.programme.clone(), sitting.student.clone()) else {
        return Err(NO_PROGRAMME);
    };
    let id = OrderId::new(inner.clock.now(), inner.clock.random());
    let number = inner.ledger.reserve_order_number()?;
    with_new(inner, sitting, &programme, &student, (id, number), |new| inner.ledger.draft_order(new))?;
    sitting.order = Some(OrderSummary { id, number: number.to_string(), amount: Fen::ZERO, lines: vec![] });
    Ok(Event::OrderDrafted(id))
}

fn with_new(
    inner: &Inner,
    sitting: &Sitting,
    programme: &Programme,
    student: &Student,
    (id, number): (OrderId, domain::OrderNumber),
    write: impl FnOnce(&NewOrder<'_>) -> ledger::Result<Placed>,
) -> Result<Placed, BoothError> {
    let at = inner.clock.now();
    let person = NewPerson {
        id: PersonId::new(at, inner.clock.random()),
        document: student.document.clone(),
        name: student.name.clone(),
        phone: Some(student.phone.clone()),
        student_number: Some(student.student_number.clone()),
        account: None,
    };
    let consents: Vec<NewConsent> = sitting.consents.iter().map(|given| consent(inner, given, at)).collect();
    let only_once = only_once(programme);
    let new =
        NewOrder { id, number, programme, person: &person, consents: &consents, only_once, code: None, at };
    Ok(write(&new)?)
}

fn consent(inner: &Inner, given: &crate::sitting::Given, at: UtcMillis) -> NewConsent {
    NewConsent {
        id: ConsentId::new(at, inner.clock.random()),
        text_id: given.id.clone(),
        version: given.version.clone(),
        text_sha256: given.text_sha256,
    }
}

fn lines(programme: &Programme, sheets: u32) -> Vec<OrderLine> {
    let photo = OrderLine { item: Item::ElectronicPhoto, quantity: 1, unit: programme.photo_price };
    let printed = OrderLine { item: Item::PrintedSheet, quantity: sheets, unit: programme.sheet_price };
    std::iter::once(photo).chain((sheets > 0).then_some(printed)).collect()
}

/// An event about `subject` (an order, or the photo that is submitted), to which each kind happens once.
fn event(
    inner: &Inner,
    subject: impl std::fmt::Display,
    event: protocol::Event,
) -> Result<NewEvent, BoothError> {
    Ok(NewEvent {
        id: EventId::new(inner.clock.now(), inner.clock.random()),
        kind: event.kind().to_owned(),
        dedupe_key: format!("{}:{subject}", event.kind()),
        payload: event.to_json()?,
    })
}

/// Gives up an unpaid order.
///
/// # Errors
/// [`BoothError`]; a paid order stays.
pub(crate) fn cancel(inner: &Inner, sitting: &mut Sitting, order: OrderId) -> Result<(), BoothError> {
    let told = ended(inner, order, order::State::Cancelled)?;
    let stamp = Stamp { actor: Actor::Student, at: inner.clock.now() };
    inner.ledger.cancel_order(order, Some(&told), stamp)?;
    sitting.order = None;
    Ok(())
}

/// The event that an order was given up.
///
/// # Errors
/// [`BoothError`] where it can't be written as JSON.
pub(crate) fn ended(inner: &Inner, id: OrderId, state: order::State) -> Result<NewEvent, BoothError> {
    let ended = protocol::OrderEnded {
        order_id: id.to_string(),
        state: state.as_str().to_owned(),
        at_ms: inner.clock.now().0,
    };
    event(inner, id, protocol::Event::OrderEnded(ended))
}

/// Staff received the whole amount of the order on the screen.
///
/// # Errors
/// [`BoothError`]; a second press finds another screen and is refused.
pub(crate) fn pay_at_counter(inner: &Arc<Inner>, sitting: &mut Sitting, pin: &str) -> Result<(), BoothError> {
    let State::Paying { sitting: at, .. } = sitting.state else {
        return advance(inner, sitting, Event::PaymentSettled);
    };
    inner.pin.lock().check(pin, &inner.settings.staff.pin_hash, inner.clock.steady())?;
    let open = inner.ledger.read().describe_order(at.order)?;
    let payment = open.payment.ok_or(ledger::LedgerError::Missing { what: "payment" })?;
    match payment.state {
        payment::State::Pending | payment::State::Closed => settle(inner, at.order, &payment)?,
        payment::State::Settled => {}
        other => return Err(ledger::LedgerError::NotNow { state: other.as_str(), doing: "pay" }.into()),
    }
    advance(inner, sitting, Event::PaymentSettled)
}

fn settle(inner: &Inner, order: OrderId, payment: &ledger::Payment) -> Result<(), BoothError> {
    let at = inner.clock.now();
    let settled = protocol::PaymentSettled {
        order_id: order.to_string(),
        means: payment.means.as_str().to_owned(),
        amount_fen: payment.amount.fen(),
        at_ms: at.0,
    };
    let told = event(inner, order, protocol::Event::PaymentSettled(settled))?;
    let stamp = Stamp { actor: Actor::Staff, at };
    let change = PaymentChange { id: payment.id, event: payment::Event::Settle, outbox: Some(&told), stamp };
    let recorded = inner.ledger.record_payment(&change)?;
    if recorded.settled_order { Ok(()) } else { Err(BoothError::RefundDue) }
}

/// A photo that was made, or why there is none.
pub(crate) struct Made<'a> {
    /// Its id.
    pub photo: PhotoId,
    /// The camera's JPEG.
    pub original: &'a [u8],
    /// The photo, if it passed.
    pub verified: Option<&'a Verified>,
    /// What was measured.
    pub shot: &'a LastShot,
    /// The photo of the same burst that it stands beside.
    pub beside: Option<PhotoId>,
}

/// Keeps a shot: a candidate with its official photo, or a failed one.
///
/// # Errors
/// [`BoothError`]; the shot then doesn't count.
pub(crate) fn record_shot(inner: &Inner, order: OrderId, made: &Made<'_>) -> Result<(), BoothError> {
    let shot = made.shot;
    let measures = serde_json::to_string(&shot.measures).map_err(protocol::EventError::Encode)?;
    let reasons: Vec<String> = shot.reasons.iter().map(|&reason| crate::words::code(reason)).collect();
    let reasons: Vec<&str> = reasons.iter().map(String::as_str).collect();
    inner.ledger.record_shot(&NewShot {
        order,
        id: made.photo,
        original: made.original,
        official: made.verified.map(|v| v.jpeg.as_slice()),
        measures: &measures,
        reasons: &reasons,
        at: inner.clock.now(),
        alternative_to: made.beside,
    })?;
    Ok(())
}

/// Commits photo, order, prints and event together.
///
/// # Errors
/// [`BoothError`]; nothing was written.
pub(crate) fn accept(
    inner: &Inner,
    sitting: &Sitting,
    order: OrderId,
    photo: PhotoId,
) -> Result<Event, BoothError> {
    let (Some(programme), Some(student)) = (&sitting.programme, &sitting.student) else {
        return Err(NO_PROGRAMME);
    };
    let reader = inner.ledger.read();
    let open = summary(&reader.describe_order(order)?);
    let official = reader.official_photo(photo)?.ok_or(BoothError::NoSuchPhoto)?;
    let jobs = jobs(inner, programme, student, &open, &official)?;
    let told = submitted(inner, programme, student, &open, photo, official.len())?;
    let at = inner.clock.now();
    inner.ledger.accept_photo(&Acceptance { order, photo, jobs: &jobs, event: &told, at })?;
    inner.to_print.notify_one();
    Ok(Event::PhotoAccepted)
}

fn jobs(
    inner: &Inner,
    programme: &Programme,
    student: &Student,
    order: &OrderSummary,
    official: &[u8],
) -> Result<Vec<NewPrintJob>, BoothError> {
    let spec = inner.specification(programme).ok_or(NO_PROGRAMME)?;
    let at = inner.clock.now();
    let id = || PrintJobId::new(inner.clock.now(), inner.clock.random());
    let sheets: u32 = order.lines.iter().filter(|line| line.sheets).map(|line| line.quantity).sum();
    let contact = inner.settings.booth.contact.clone().into();
    let receipt =
        documents::receipt(programme, student, &order.number, &order.lines, &contact, at, &inner.font)?;
    let mut jobs = vec![];
    if sheets > 0 {
        let document = documents::sheet(programme, spec, official, &order.number, &inner.font)?;
        jobs.push(NewPrintJob { id: id(), kind: print_job::Kind::Sheet, copies: sheets, document });
    }
    jobs.push(NewPrintJob { id: id(), kind: print_job::Kind::Receipt, copies: 1, document: receipt });
    Ok(jobs)
}

fn submitted(
    inner: &Inner,
    programme: &Programme,
    student: &Student,
    order: &OrderSummary,
    photo: PhotoId,
    bytes: usize,
) -> Result<NewEvent, BoothError> {
    let shot = inner.ledger.read().photo(photo)?;
    let measures: Vec<crate::view::MeasureView> =
        serde_json::from_str(&shot.measures).map_err(protocol::EventError::Decode)?;
    let sha256 = shot.official_sha256.ok_or(BoothError::NoSuchPhoto)?;
    let submitted = protocol::CollectionSubmitted {
        order_id: order.id.to_string(),
        order_number: order.number.clone(),
        programme: programme.id.clone(),
        person: protocol::Person {
            name: student.name.as_str().to_owned(),
            document_kind: student.document.kind().as_str().to_owned(),
            document_number: student.document.as_str().to_owned(),
            student_number: student.student_number.as_str().to_owned(),
            phone: student.phone.as_str().to_owned(),
        },
        photo: protocol::Photo {
            photo_id: photo.to_string(),
            sha256: sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
            bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
            specification: programme.specification.clone(),
            measures: measures.iter().map(crate::words::told).collect(),
        },
        at_ms: inner.clock.now().0,
    };
    event(inner, photo, protocol::Event::CollectionSubmitted(submitted))
}
