//! Money: what came in by day and means, the trades of codes on screens, refunds, and where the providers' bills disagree.

mod days;
mod differences;
mod refund;
mod trades;

use super::fields::Form;
use super::page::{Frame, html};
use super::refusal::Refusal;
use super::roles::May;
use super::session::{Query, Staff};
use super::sheets;
use super::when::Day;
use super::words::{Language, Words};
use crate::Central;
use crate::clock::now_ms;
use crate::office::audit::{self, Deed};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

/// How far back the page looks, unless it is told.
const USUAL_MS: i64 = 30 * 24 * 3_600_000;

/// Fields that the page's own links don't keep: places, words, and those of the forms on the page.
const NOT_KEPT: [&str; 10] =
    ["before", "said", "csrf", "note", "refund", "provider", "day", "number", "of_refund", "sort"];

pub(super) fn router() -> Router<Central> {
    Router::new()
        .route("/payments", get(show))
        .route("/payments.csv", get(download))
        .route("/payments/refund", get(refund::confirm).post(refund::ask))
        .route("/payments/refund/again", post(refund::again))
        .route("/payments/refund/by-hand", post(refund::by_hand))
        .route("/payments/difference", post(differences::settle))
}

/// Days from the first to the last, both included.
#[derive(Clone, Copy, Debug)]
struct Days {
    first: Day,
    last: Day,
}

impl Days {
    /// The days of the form, the last 30 where it names none; nothing where it is wrong.
    fn parse(form: &mut Form, w: &'static Words, now: i64) -> Option<Self> {
        let from = form.take(w, "from", |f| f.day("from")).flatten();
        let to = form.take(w, "to", |f| f.day("to")).flatten();
        let last = to.unwrap_or_else(|| Day::at(now));
        let first = from.unwrap_or_else(|| Day::at(last.begins_ms() - USUAL_MS));
        if last < first {
            form.mark("to", w.fault_days_order);
        }
        // Another form of the page may be what is wrong.
        (form.fault("from").is_empty() && form.fault("to").is_empty()).then_some(Self { first, last })
    }
}

#[derive(Template)]
#[template(path = "payments.html")]
struct Page {
    f: Frame,
    form: Form,
    from: String,
    to: String,
    days: Vec<days::Sum>,
    total: days::Sum,
    trades: Vec<trades::Trade>,
    more_trades: Option<String>,
    refunds: Vec<trades::Refund>,
    has_failed: bool,
    differences: Vec<differences::Difference>,
    may_pay: bool,
    query: String,
}

async fn show(
    State(central): State<Central>,
    staff: Staff,
    Query(fields): Query,
) -> Result<Html<String>, Refusal> {
    page(&central, &staff, Form::of(fields)).await
}

async fn page(central: &Central, staff: &Staff, mut form: Form) -> Result<Html<String>, Refusal> {
    let language = staff.visit.language;
    let w = language.words();
    let client = central.pool.get().await?;
    let asked = Days::parse(&mut form, w, now_ms());
    let (mut days, mut trades, mut refunds) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(asked) = asked {
        let before = trades::Place::parse(form.value("before"));
        days = days::read(&client, staff.campus, asked, w).await?;
        trades = trades::read(&client, staff.campus, asked, before, w).await?;
        refunds = trades::refunds(&client, staff.campus, asked, w).await?;
    }
    let query = form.fields().query_without(&NOT_KEPT);
    let more_trades =
        trades::next(&mut trades).map(|place| format!("/office/payments?{query}&before={place}"));
    let said = match form.value("said") {
        "refund" => w.refund_asked,
        "settled" => w.settled,
        _ => "",
    };
    html(&Page {
        f: Frame::of(staff, w.payments).saying(said),
        from: asked.map_or(form.value("from").to_owned(), |days| days.first.to_string()),
        to: asked.map_or(form.value("to").to_owned(), |days| days.last.to_string()),
        total: days::Sum::total(&days, w),
        differences: differences::read(&client, staff.campus, w).await?,
        may_pay: staff.role.may(May::Money),
        form,
        days,
        trades,
        more_trades,
        has_failed: refunds.iter().any(|refund| refund.is_failed),
        refunds,
        query,
    })
}

async fn download(
    State(central): State<Central>,
    staff: Staff,
    Query(fields): Query,
) -> Result<Response, Refusal> {
    let mut form = Form::of(fields);
    let w = Language::words(staff.visit.language);
    let asked = Days::parse(&mut form, w, now_ms()).ok_or(Refusal::Malformed)?;
    let mut client = central.pool.get().await?;
    let rows = days::payments(&client, staff.campus, asked, w).await?;
    let head = [w.time, w.order_number, w.means, w.amount, w.refund, w.booth, w.trade];
    let tx = client.transaction().await?;
    let subject = format!("{}..{}", asked.first, asked.last);
    let count = rows.len().to_string();
    let deed = Deed { actor: &staff.login, action: "payments_downloaded", subject: &subject, detail: &count };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    let name = format!("attachment; filename=\"payments-{}-{}.csv\"", asked.first, asked.last);
    let kind = (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned());
    Ok(([kind, (CONTENT_DISPOSITION, name)], sheets::csv(&head, &rows)?).into_response())
}
