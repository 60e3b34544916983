//! Builds the [`View`] of a sitting. Everything that the window shows comes from here.

mod identity;

use crate::clock::SteadyMillis;
use crate::documents::{self, Line};
use crate::inner::Inner;
use crate::sitting::{OnlineCode, Sitting};
use crate::student::china_date;
use crate::view::{
    ConsentView, EllipseView, GuideCode, Language, LineItem, LineView, OnlineView, PayMeans, PayWhen,
    PreviewBackground, PrintJobView, PrintKind, PrintState, PrintView, ProgrammeView, RectView, SeasonCode,
    Silhouette, Step, Text, View,
};
use crate::{account, devices, orders, sticks, words};
use domain::payment::Means;
use domain::programme::{self, Approval, Entitlement, Programme, SeasonState};
use domain::session::{State, Subject};
use domain::{CalendarDate, Fen, print_job};
use portrait::Specification;

/// The time left is shown as whole seconds, rounded up.
const SECOND_MS: i64 = 1000;

/// What the window shows, with revision 0: the one who publishes it counts.
pub(crate) fn view(inner: &Inner, sitting: &Sitting, now: SteadyMillis) -> View {
    let time_left_s = sitting
        .time_left_ms(now, inner.settings.session.screen_s)
        .map(|ms| u32::try_from((ms + SECOND_MS - 1) / SECOND_MS).unwrap_or(0));
    View {
        revision: 0,
        language: sitting.language,
        strip: inner.strip(),
        contact: contact(inner),
        called: sitting.called,
        refused: sitting.refused,
        time_left_s,
        step: step(inner, sitting, now),
    }
}

/// Who answers questions at this booth.
pub(crate) fn contact(inner: &Inner) -> Text {
    let contact = &inner.settings.booth.contact;
    Text { zh: contact.zh.clone(), en: contact.en.clone() }
}

fn step(inner: &Inner, sitting: &Sitting, now: SteadyMillis) -> Step {
    match sitting.state {
        State::Attract => welcome(inner),
        State::Choosing => Step::Programme {
            programmes: inner.catalogue().offered.iter().map(|p| programme(inner, p)).collect(),
        },
        State::Identifying(errand) => identity::identify(inner, sitting, errand),
        State::LoggingIn(_) => identity::log_in(inner, sitting, now),
        State::Account => account(inner, sitting),
        State::Printing(order) => Step::Printing { order_number: number(sitting), jobs: jobs(inner, order) },
        State::Done(_) => done(inner, sitting),
        State::StaffNeeded(order) => Step::StaffNeeded {
            order_number: order.map(|_| number(sitting)),
            reasons: sitting.shot.reasons.clone(),
        },
        State::Processing(_) => Step::Processing,
        _ => with_programme(inner, sitting, now)
            .unwrap_or(Step::StaffNeeded { order_number: None, reasons: vec![] }),
    }
}

/// The screens that only exist after a programme was chosen.
fn with_programme(inner: &Inner, sitting: &Sitting, now: SteadyMillis) -> Option<Step> {
    let chosen = sitting.programme.as_deref()?;
    before_camera(inner, sitting, chosen, now).or_else(|| at_camera(inner, sitting, chosen, now))
}

fn before_camera(inner: &Inner, sitting: &Sitting, chosen: &Programme, now: SteadyMillis) -> Option<Step> {
    let programme = || programme(inner, chosen);
    Some(match sitting.state {
        State::Guiding { newcomer, .. } => {
            Step::Guide { programme: programme(), guides: guides(chosen), skippable: !newcomer }
        }
        State::Registering(_) => identity::register(sitting, programme())?,
        State::Consenting(_) => Step::Consent { programme: programme(), documents: consents(chosen) },
        State::Detailing(_) => identity::details(sitting, programme())?,
        State::Coding(_) => identity::code(inner, sitting, programme()),
        State::Ordering { subject, .. } => Step::Order {
            programme: programme(),
            reprint: matches!(subject, Subject::Reprint(_)),
            phone: sitting.student.as_ref()?.phone.as_ref().map_or_else(String::new, |p| p.masked()),
        },
        State::Paying { .. } => pay(inner, sitting, orders::can_be_changed(inner, sitting), now)?,
        State::Briefing(_) => Step::Briefing {
            programme: programme(),
            seconds: chosen.limits.shooting_s,
            import: chosen.import,
            rejected: sitting.rejected,
            reason: sitting.rejection.clone(),
        },
        State::Importing(at) => Step::Import { stick: sticks::view(sitting), shots_left: at.shots_left },
        _ => return None,
    })
}

fn at_camera(inner: &Inner, sitting: &Sitting, chosen: &Programme, now: SteadyMillis) -> Option<Step> {
    let silhouette = || inner.specification(chosen).and_then(|spec| silhouette(inner, &spec));
    Some(match sitting.state {
        State::Approving(at) => Step::Approval {
            order_number: number(sitting),
            photo_id: accepted(inner, at.order)?,
            by_staff: chosen.approval == Approval::Staff,
            pin_locked_s: inner.pin.lock().locked_s(now),
        },
        State::Framing(at) => Step::Framing {
            silhouette: silhouette()?,
            shots_left: at.shots_left,
            camera_fault: devices::camera_fault(&*inner.camera),
            lost: sitting.lost,
            coaching: sitting.coaching,
            auto_shutter: inner.settings.camera.auto_shutter,
            given_up: sitting.given_up,
            background: background(inner, sitting, chosen)?,
            import: chosen.import,
        },
        State::Countdown(_) => Step::Countdown {
            silhouette: silhouette()?,
            seconds_left: u32::from(sitting.countdown_s),
            coaching: sitting.coaching,
            automatic: sitting.automatic,
            background: background(inner, sitting, chosen)?,
        },
        State::Reviewing { sitting: at, photo } => {
            let print = inner.specification(chosen)?.photo;
            let choices = if photo.is_some() { &sitting.choices[..] } else { &[] };
            Step::Review {
                photo_id: photo.map(|id| id.to_string()),
                choices: choices.iter().map(ToString::to_string).collect(),
                making: photo.is_some() && sitting.making,
                print_width_mm: print.print_width_mm,
                print_height_mm: print.print_height_mm,
                measures: sitting.shot.measures.clone(),
                reasons: sitting.shot.reasons.clone(),
                shots_left: at.shots_left,
                earlier: photo.is_none() && at.best.is_some(),
            }
        }
        _ => return None,
    })
}

fn background(inner: &Inner, sitting: &Sitting, programme: &Programme) -> Option<PreviewBackground> {
    let portrait::Rgb(colour) = inner.specification(programme)?.background.colour;
    let shown = sitting.background.unwrap_or(inner.settings.camera.preview_background);
    Some(PreviewBackground { shown, colour })
}

fn welcome(inner: &Inner) -> Step {
    let stopping = inner.stopping_faults();
    let mut faults = stopping.clone();
    faults.extend(inner.printer_fault());
    let catalogue = inner.catalogue();
    let prices = catalogue.offered.iter().map(|p| fen(p.photo_price)).filter(|price| *price > 0);
    let (standing, now) = (inner.standing(), inner.clock.now());
    Step::Welcome {
        able: stopping.is_empty(),
        closed: standing.closed,
        notices: standing.notices_at(now),
        message: standing.message_at(now),
        faults,
        min_price_fen: prices.min().unwrap_or(0),
        parts: inner.parts(),
    }
}

fn pay(inner: &Inner, sitting: &Sitting, back: bool, now: SteadyMillis) -> Option<Step> {
    let order = sitting.order.as_ref()?;
    let online = inner.online.as_deref();
    let means = online.map_or(vec![], |provider| provider.means());
    let taken = means.into_iter().filter_map(|means| match means {
        Means::WechatPay => Some(PayMeans::WechatPay),
        Means::Alipay => Some(PayMeans::Alipay),
        Means::Counter | Means::School => None,
    });
    let counter = (!inner.settings.staff.pin_hash.is_empty()).then_some(PayMeans::Counter);
    let code = |code: &OnlineCode| OnlineView {
        means: code.means,
        code_url: code.code_url.clone(),
        seconds_left: u32::try_from(code.expires.since_ms(now).max(0) / SECOND_MS).unwrap_or(0),
        reachable: code.reachable,
        simulated: online.is_some_and(|provider| provider.is_simulated()),
    };
    Some(Step::Pay {
        means: taken.chain(counter).collect(),
        online: sitting.online.as_ref().map(code),
        order_number: order.number.clone(),
        amount_fen: fen(order.amount),
        lines: order.lines.iter().map(line).collect(),
        pin_locked_s: inner.pin.lock().locked_s(now),
        back,
    })
}

fn guides(programme: &Programme) -> Vec<GuideCode> {
    let code = programme.collection_code.then_some(GuideCode::CollectionCode);
    code.into_iter().chain([GuideCode::ImageStandard, GuideCode::Steps]).collect()
}

/// The photo that was accepted. A ledger that can't be read shows no photo; the request that needs it reports the fault.
fn accepted(inner: &Inner, order: domain::OrderId) -> Option<String> {
    inner.ledger.read().order(order).ok()?.photo.map(|photo| photo.to_string())
}

fn account(inner: &Inner, sitting: &Sitting) -> Step {
    Step::Account {
        holder: sitting.student.as_ref().map_or_else(String::new, |student| student.name.masked()),
        orders: sitting.orders.iter().map(|order| account::view(inner, order)).collect(),
        first_password: sitting.who.known.as_ref().is_some_and(|known| known.password_hash.is_none()),
        asks_old: !account::by_card(&sitting.who.identity),
        deletion_asked: sitting.deletion_asked,
    }
}

fn done(inner: &Inner, sitting: &Sitting) -> Step {
    let number = number(sitting);
    let delivery = (!sitting.basket.sheets.is_empty()).then(|| sitting.basket.delivery.way.into());
    let follow = documents::follow(&inner.settings.booth.follow_url, &number);
    Step::Done { follow, delivery, order_number: number }
}

fn line(line: &Line) -> LineView {
    let item = match line.item {
        ledger::Item::ElectronicPhoto => LineItem::ElectronicPhoto,
        ledger::Item::PrintedSheet => LineItem::PrintedSheet,
        ledger::Item::Postage => LineItem::Postage,
    };
    let title = line.print.as_ref().map(|print| text(&print.title));
    LineView { item, title, quantity: line.quantity, amount_fen: fen(line.amount) }
}

fn number(sitting: &Sitting) -> String {
    sitting.order.as_ref().map_or_else(String::new, |order| order.number.clone())
}

/// An amount is at most [`Fen::MOST`], which a `u32` holds.
fn fen(amount: Fen) -> u32 {
    u32::try_from(amount.fen()).unwrap_or(u32::MAX)
}

fn programme(inner: &Inner, programme: &Programme) -> ProgrammeView {
    ProgrammeView {
        id: programme.id.clone(),
        title: text(&programme.title),
        summary: text(&programme.summary),
        pay_when: match crate::sitting::way(programme).pay_when {
            programme::PayWhen::BeforeShooting => PayWhen::BeforeShooting,
            programme::PayWhen::AfterShooting => PayWhen::AfterShooting,
            programme::PayWhen::BySchool => PayWhen::BySchool,
        },
        photo_fen: fen(programme.photo_price),
        prints: programme.prints.iter().map(|one| print(programme, one)).collect(),
        max_sheets: programme.max_sheets,
        postage_fen: fen(programme.postage),
        delivery: programme.delivery.iter().map(|&way| way.into()).collect(),
        season: season(inner, programme),
        opens: programme.season.opens.map(day),
        closes: programme.season.closes.map(day),
        roster: programme.entitlement == Entitlement::Roster,
        collection_code: programme.collection_code,
    }
}

fn print(programme: &Programme, print: &programme::Print) -> PrintView {
    // A size that doesn't go on the paper is refused when the booth starts.
    let sheet = documents::print_size(print).and_then(|size| documents::sheet_layout(programme, size, None));
    let photos = sheet.map_or(0, |sheet| sheet.placements.len());
    PrintView {
        id: print.id.clone(),
        title: text(&print.title),
        sheet_fen: fen(print.sheet_price),
        photos: u32::try_from(photos).unwrap_or(0),
        width_mm: print.width_mm.into(),
        height_mm: print.height_mm.into(),
    }
}

fn season(inner: &Inner, programme: &Programme) -> SeasonCode {
    match china_date(inner.clock.now()).map(|today| programme.season.on(today)) {
        Some(SeasonState::Open) => SeasonCode::Open,
        Some(SeasonState::Over) => SeasonCode::Over,
        Some(SeasonState::NotYet) | None => SeasonCode::NotYet,
    }
}

fn day(date: CalendarDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

fn consents(programme: &Programme) -> Vec<ConsentView> {
    let consent = |c: &programme::ConsentText| ConsentView {
        id: c.id.clone(),
        title: text(&c.title),
        body: text(&c.body),
        version: c.version.clone(),
    };
    programme.consents.iter().map(consent).collect()
}

fn text(text: &programme::Text) -> Text {
    Text { zh: text.zh.clone(), en: text.en.clone() }
}

fn silhouette(inner: &Inner, spec: &Specification) -> Option<Silhouette> {
    let (width, height) = inner.camera.mode().map_or((1280, 720), |mode| (mode.width, mode.height));
    let at = portrait::silhouette(spec, width, height).ok()?;
    Some(Silhouette {
        frame_aspect: f64::from(width) / f64::from(height),
        crop: RectView { x: at.crop.x, y: at.crop.y, w: at.crop.w, h: at.crop.h },
        face: EllipseView { cx: at.face.cx, cy: at.face.cy, rx: at.face.rx, ry: at.face.ry },
        hair_top_y: at.hair_top_y,
        eye_y: at.eye_y,
    })
}

fn jobs(inner: &Inner, order: domain::OrderId) -> Vec<PrintJobView> {
    // A ledger that can't be read is shown as no progress; the request that needs it reports the fault.
    let jobs = inner.ledger.read().print_jobs_of(order).unwrap_or_default();
    jobs.iter().map(job).collect()
}

fn job(job: &ledger::PrintJob) -> PrintJobView {
    let state = match job.state {
        print_job::State::Queued if job.fault.is_some() => PrintState::Held,
        print_job::State::Queued => PrintState::Queued,
        print_job::State::Sending | print_job::State::Printing | print_job::State::Cancelling => {
            PrintState::Printing
        }
        print_job::State::Held => PrintState::Held,
        print_job::State::Done => PrintState::Done,
        print_job::State::Cancelled => PrintState::Cancelled,
    };
    let kind = match job.kind {
        print_job::Kind::Sheet => PrintKind::Sheet,
        print_job::Kind::Receipt => PrintKind::Receipt,
    };
    PrintJobView { kind, state, fault: job.fault.as_deref().and_then(words::by_code) }
}

/// The language in which an unknown one reads the welcome screen.
pub(crate) const FIRST_LANGUAGE: Language = Language::Zh;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::FaultCode;

    #[test]
    fn every_fault_code_comes_back_from_the_ledger() {
        for code in [FaultCode::OutOfPaper, FaultCode::PrinterOffline, FaultCode::PaperJam] {
            assert_eq!(words::by_code(&words::code(code)), Some(code));
        }
        assert_eq!(words::by_code::<FaultCode>("nonsense"), None);
    }
}
