//! Writing an order: new, from a draft, or for more prints.

use super::{NO_PROGRAMME, event, line, only_once};
use crate::basket;
use crate::error::BoothError;
use crate::inner::Inner;
use crate::sitting::{Given, OrderSummary, Sitting, way};
use crate::student::Student;
use crate::words;
use domain::payment::Means;
use domain::programme::{PayWhen, Programme};
use domain::session::{Event, Placing, State, Subject};
use domain::{ConsentId, Fen, OrderId, OrderNumber, PaymentId, PersonId, PhotoId, UtcMillis, order};
use ledger::{NewAccount, NewCode, NewConsent, NewEvent, NewOrder, NewPayment, NewPerson, Placed, Placement};

/// Writes the order, or places the draft, or orders more prints.
///
/// # Errors
/// [`BoothError`]; nothing was written.
pub(crate) fn place(inner: &Inner, sitting: &mut Sitting, placing: Placing) -> Result<Event, BoothError> {
    let Some(programme) = sitting.programme.clone() else { return Err(NO_PROGRAMME) };
    let at = inner.clock.now();
    let reprint = matches!(placing, Placing::Reprint(_));
    let lines = basket::lines(&programme, &sitting.basket, reprint);
    let amount = Fen::total(lines.iter().filter_map(|one| line(one, None)).map(|line| line.amount))
        .map_err(|source| ledger::LedgerError::Amount { source })?;
    let (id, number, reserved) = match (placing, &sitting.order) {
        (Placing::Draft(id), Some(known)) => (id, known.number.clone(), None),
        _ => {
            let reserved = inner.ledger.reserve_order_number()?;
            (OrderId::new(at, inner.clock.random()), reserved.to_string(), Some(reserved))
        }
    };
    let told = told(inner, sitting, &programme, (id, &number), amount, placing)?;
    let school = way(&programme).pay_when == PayWhen::BySchool;
    let means = if school { Means::School } else { Means::Counter };
    let payment = NewPayment { id: PaymentId::new(at, inner.clock.random()), means };
    let placement =
        Placement { lines: &lines, payment, delivery: &sitting.basket.delivery, event: &told, at };
    let photo = PhotoId::new(at, inner.clock.random());
    let placed = match (placing, reserved) {
        (Placing::Reprint(of), Some(number)) => with_new(inner, sitting, &programme, (id, number), |new| {
            inner.ledger.place_reprint(new, of, photo, &placement)
        })?,
        (_, Some(number)) => with_new(inner, sitting, &programme, (id, number), |new| {
            inner.ledger.place_order(new, &placement)
        })?,
        (_, None) => inner.ledger.place_draft(id, &placement)?,
    };
    let settled = placed.state == order::State::Paid;
    let lines = lines.iter().filter_map(|one| line(one, Some(&*programme))).collect();
    sitting.order = Some(OrderSummary { id, number, amount: placed.amount, lines });
    Ok(match placing {
        Placing::Reprint(_) => Event::ReprintPlaced { order: id, photo, settled },
        _ => Event::OrderPlaced { order: id, settled },
    })
}

fn told(
    inner: &Inner,
    sitting: &Sitting,
    programme: &Programme,
    (id, number): (OrderId, &str),
    amount: Fen,
    placing: Placing,
) -> Result<NewEvent, BoothError> {
    let reprint_of = if let Placing::Reprint(of) = placing { Some(of.to_string()) } else { None };
    let placed = protocol::OrderPlaced {
        order_id: id.to_string(),
        order_number: number.to_owned(),
        programme: programme.id.clone(),
        amount_fen: amount.fen(),
        sheets: sitting.basket.sheets.iter().map(|(_, sheets)| sheets).sum(),
        prints: prints(sitting),
        delivery: sitting.basket.delivery.way.as_str().to_owned(),
        reprint_of,
        disputed: sitting.who.disputed.iter().map(|&field| words::code(field)).collect(),
        at_ms: inner.clock.now().0,
    };
    event(inner, id, protocol::Event::OrderPlaced(placed))
}

fn prints(sitting: &Sitting) -> Vec<protocol::Prints> {
    let sheets = sitting.basket.sheets.iter();
    sheets.map(|(print, sheets)| protocol::Prints { print: print.clone(), sheets: *sheets }).collect()
}

/// Writes a draft order, for the way that shoots first.
///
/// # Errors
/// [`BoothError`]; nothing was written.
pub(crate) fn draft(inner: &Inner, sitting: &mut Sitting) -> Result<Event, BoothError> {
    let Some(programme) = sitting.programme.clone() else { return Err(NO_PROGRAMME) };
    let id = OrderId::new(inner.clock.now(), inner.clock.random());
    let number = inner.ledger.reserve_order_number()?;
    with_new(inner, sitting, &programme, (id, number), |new| inner.ledger.draft_order(new))?;
    sitting.order = Some(OrderSummary { id, number: number.to_string(), amount: Fen::ZERO, lines: vec![] });
    Ok(Event::OrderDrafted(id))
}

fn with_new(
    inner: &Inner,
    sitting: &Sitting,
    programme: &Programme,
    (id, number): (OrderId, OrderNumber),
    write: impl FnOnce(&NewOrder<'_>) -> ledger::Result<Placed>,
) -> Result<Placed, BoothError> {
    let student = sitting.student.as_ref().ok_or(NO_PROGRAMME)?;
    let reprint = matches!(sitting.state, State::Ordering { subject: Subject::Reprint(_), .. });
    let agreed =
        programme.consents.iter().all(|asked| sitting.consents.iter().any(|given| given.id == asked.id));
    let coded = !programme.collection_code || sitting.shown.code.is_some();
    if !(reprint || agreed && coded) {
        return Err(BoothError::NotOffered { what: "an order without its consents or its collection code" });
    }
    let at = inner.clock.now();
    let person = person(inner, student, at);
    let consents: Vec<NewConsent> = sitting.consents.iter().map(|given| consent(inner, given, at)).collect();
    let code = sitting.shown.code.as_ref().filter(|_| programme.collection_code && !reprint);
    let code = code.map(|code| NewCode { payload: code.payload(), picture: code.picture() });
    let only_once = only_once(programme);
    Ok(write(&NewOrder { id, number, programme, person: &person, consents: &consents, only_once, code, at })?)
}

fn person(inner: &Inner, student: &Student, at: UtcMillis) -> NewPerson {
    NewPerson {
        id: PersonId::new(at, inner.clock.random()),
        document: student.document.clone(),
        name: student.name.clone(),
        phone: student.phone.clone(),
        student_number: student.student_number.clone(),
        account: Some(NewAccount { email: student.email.clone(), gender: student.gender }),
    }
}

fn consent(inner: &Inner, given: &Given, at: UtcMillis) -> NewConsent {
    NewConsent {
        id: ConsentId::new(at, inner.clock.random()),
        text_id: given.id.clone(),
        version: given.version.clone(),
        text_sha256: given.text_sha256,
    }
}
