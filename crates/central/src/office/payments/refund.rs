//! A paid trade's money back, after a page that asks again; and what becomes of a refund that the provider refused.

use crate::Central;
use crate::office::audit::{self, Deed};
use crate::office::fields::Form;
use crate::office::page::{Frame, html, yuan};
use crate::office::photos::means;
use crate::office::refusal::Refusal;
use crate::office::roles::May;
use crate::office::session::{Posted, Query, Staff};
use crate::office::when::minute;
use crate::trades::{self, Cause};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use http::StatusCode;
use tokio_postgres::GenericClient;

/// A trade as the page shows it.
#[derive(Debug)]
struct Asked {
    number: String,
    means: String,
    order: String,
    amount: String,
    paid: String,
    can_go_back: bool,
}

#[derive(Template)]
#[template(path = "refund.html")]
struct Page {
    f: Frame,
    trade: Asked,
}

/// Whether a trade's money can go back: some of it came, be it a wrong amount.
pub(super) fn can_go_back(state: &str, received_fen: Option<i64>) -> bool {
    ["paid", "wrong_amount"].contains(&state) && received_fen.is_some_and(|fen| fen > 0)
}

async fn read(client: &impl GenericClient, staff: &Staff, number: &str) -> Result<Asked, Refusal> {
    let sql = "SELECT t.number, t.provider, t.received_fen, t.paid_ms, t.state, coalesce(o.number, '') AS order_number FROM trades t
               LEFT JOIN orders o ON o.campus_id = t.campus_id AND o.id = t.order_id
               WHERE t.campus_id = $1 AND t.number = $2 FOR UPDATE OF t";
    let row = client.query_opt(sql, &[&staff.campus, &number]).await?.ok_or(Refusal::NotFound)?;
    Ok(Asked {
        number: row.try_get("number")?,
        means: means(staff.visit.language.words(), row.try_get("provider")?).to_owned(),
        order: row.try_get("order_number")?,
        amount: row.try_get::<_, Option<i64>>("received_fen")?.map(yuan).unwrap_or_default(),
        paid: row.try_get::<_, Option<i64>>("paid_ms")?.map(minute).unwrap_or_default(),
        can_go_back: can_go_back(row.try_get("state")?, row.try_get("received_fen")?),
    })
}

fn page(staff: &Staff, trade: Asked) -> Result<Html<String>, Refusal> {
    html(&Page { f: Frame::of(staff, staff.visit.language.words().refund_title), trade })
}

pub(super) async fn confirm(
    State(central): State<Central>,
    staff: Staff,
    Query(fields): Query,
) -> Result<Html<String>, Refusal> {
    staff.must(May::Money)?;
    let client = central.pool.get().await?;
    let trade = read(&**client, &staff, fields.get("trade")).await?;
    page(&staff, trade)
}

pub(super) async fn ask(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Money)?;
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let trade = read(&*tx, &staff, fields.get("trade")).await?;
    if !trade.can_go_back {
        return Ok((StatusCode::CONFLICT, page(&staff, trade)?).into_response());
    }
    trades::want(&tx, staff.campus, &trade.number, Cause::Asked, &staff.login).await?;
    let deed =
        Deed { actor: &staff.login, action: "refund_asked", subject: &trade.number, detail: &trade.amount };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    Ok(Redirect::to("/office/payments?said=refund").into_response())
}

/// Asks the provider again for a refund that had failed.
pub(super) async fn again(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Money)?;
    let refund = fields.get("refund");
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    if !trades::try_again(&tx, staff.campus, refund).await? {
        return Err(Refusal::NotFound);
    }
    let deed = Deed { actor: &staff.login, action: "refund_tried_again", subject: refund, detail: "" };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    Ok(Redirect::to("/office/payments?said=refund").into_response())
}

/// Notes that the money of a failed refund went back otherwise.
pub(super) async fn by_hand(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Money)?;
    let mut form = Form::of(fields);
    let Some(note) = form.take(staff.visit.language.words(), "note", |f| f.needed("note", 200)) else {
        let page = super::page(&central, &staff, form).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let refund = form.fields().get("refund");
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    if !trades::settle_by_hand(&tx, staff.campus, refund, &staff.login, &note).await? {
        return Err(Refusal::NotFound);
    }
    let deed = Deed { actor: &staff.login, action: "refund_by_hand", subject: refund, detail: &note };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    Ok(Redirect::to("/office/payments?said=settled").into_response())
}
