//! The shots of an order, and the photo that is accepted: with its prints and its event in one transaction.

use super::{NO_PROGRAMME, event, summary};
use crate::documents;
use crate::error::BoothError;
use crate::inner::Inner;
use crate::sitting::{LastShot, OrderSummary, Sitting};
use crate::student::Student;
use crate::words;
use crate::workflow::advance;
use domain::programme::{Approval, DeliveryWay, Programme};
use domain::session::{Event, State};
use domain::{OrderId, PhotoId, PrintJobId, order, print_job};
use ledger::{Acceptance, Actor, Decision, Delivery, NewEvent, NewPrintJob, NewShot, Stamp};
use portrait::Verified;
use std::sync::Arc;

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
    let described = reader.describe_order(order)?;
    let open = summary(&described, Some(&**programme));
    let official = reader.official_photo(photo)?.ok_or(BoothError::NoSuchPhoto)?;
    let jobs = jobs(inner, programme, student, &open, described.delivery.as_ref(), &official)?;
    let told = match described.reprint_of {
        Some(of) => reprinted(inner, &open, of)?,
        None => submitted(inner, programme, student, &open, photo, official.len())?,
    };
    let at = inner.clock.now();
    let state = inner.ledger.accept_photo(&Acceptance { order, photo, jobs: &jobs, event: &told, at })?;
    inner.to_print.notify_one();
    Ok(Event::PhotoAccepted { in_review: state == order::State::Submitted })
}

fn jobs(
    inner: &Inner,
    programme: &Programme,
    student: &Student,
    order: &OrderSummary,
    delivery: Option<&Delivery>,
    official: &[u8],
) -> Result<Vec<NewPrintJob>, BoothError> {
    let at = inner.clock.now();
    let id = || PrintJobId::new(inner.clock.now(), inner.clock.random());
    let here = delivery.is_none_or(|delivery| delivery.way == DeliveryWay::Here);
    let issued = documents::Issued {
        contact: inner.settings.booth.contact.clone().into(),
        follow: documents::follow(&inner.settings.booth.follow_url, &order.number),
        at,
    };
    let receipt = documents::receipt(programme, student, &order.number, &order.lines, &issued, &inner.font)?;
    let mut jobs = vec![];
    for line in order.lines.iter().filter(|line| here && line.item == ledger::Item::PrintedSheet) {
        // What was ordered of a size that the programme no longer has is printed in its usual one.
        let size = match &line.print {
            Some(print) => documents::print_size(print)?,
            None => documents::usual_size(programme, &*inner.specification(programme).ok_or(NO_PROGRAMME)?)?,
        };
        let document = documents::sheet(programme, size, official, &order.number, &inner.font)?;
        jobs.push(NewPrintJob { id: id(), kind: print_job::Kind::Sheet, copies: line.quantity, document });
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
            student_number: student
                .student_number
                .as_ref()
                .map_or_else(String::new, |n| n.as_str().to_owned()),
            phone: student.phone.as_ref().map_or_else(String::new, |p| p.as_str().to_owned()),
            email: student.email.as_ref().map(|e| e.as_str().to_owned()),
            gender: student.gender.map(|sex| words::gender_code(sex).to_owned()),
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
    let told = event(inner, photo, protocol::Event::CollectionSubmitted(submitted))?;
    Ok(NewEvent { blob_sha256: Some(sha256), ..told })
}

/// What staff decided of the order's photo.
fn reviewed(inner: &Inner, order: OrderId, approved: bool) -> Result<NewEvent, BoothError> {
    let photo = inner.ledger.read().order(order)?.photo.ok_or(BoothError::NoSuchPhoto)?;
    let reviewed = protocol::CollectionReviewed {
        order_id: order.to_string(),
        photo_id: photo.to_string(),
        approved,
        at_ms: inner.clock.now().0,
    };
    event(inner, photo, protocol::Event::CollectionReviewed(reviewed))
}

/// More prints of a photo that the server has: nothing is collected twice.
fn reprinted(inner: &Inner, order: &OrderSummary, of: OrderId) -> Result<NewEvent, BoothError> {
    let reprinted = protocol::ReprintMade {
        order_id: order.id.to_string(),
        of_order_id: of.to_string(),
        at_ms: inner.clock.now().0,
    };
    event(inner, order.id, protocol::Event::ReprintMade(reprinted))
}

/// Staff looked at the photo on the screen, and approve or reject it by their PIN.
///
/// # Errors
/// [`BoothError`]; a wrong PIN counts towards the pad's lock, and only a programme that staff approve is theirs to decide.
pub(crate) fn review(
    inner: &Arc<Inner>,
    sitting: &mut Sitting,
    pin: &str,
    approved: bool,
) -> Result<(), BoothError> {
    let event = if approved { Event::Approved } else { Event::Rejected };
    let State::Approving(at) = sitting.state else { return advance(inner, sitting, event) };
    if sitting.programme.as_ref().is_none_or(|programme| programme.approval != Approval::Staff) {
        return Err(BoothError::NotOffered { what: "a review at the booth" });
    }
    inner.pin.lock().check(pin, &inner.settings.staff.pin_hash, inner.clock.steady())?;
    let decision = if approved { Decision::Approve } else { Decision::Reject };
    let stamp = Stamp { actor: Actor::Staff, at: inner.clock.now() };
    let told = reviewed(inner, at.order, approved)?;
    inner.ledger.review_order(at.order, decision, Some(&told), stamp)?;
    if !approved {
        inner.ledger.reshoot(at.order, stamp)?;
        (sitting.rejected, sitting.rejection) = (true, None);
    }
    inner.to_print.notify_one();
    advance(inner, sitting, event)
}
