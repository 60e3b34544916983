//! A paid trade's money back, after a page that asks again.

use crate::Central;
use crate::office::audit::{self, Deed};
use crate::office::fields::Fields;
use crate::office::page::{Frame, html, yuan};
use crate::office::photos::means;
use crate::office::refusal::Refusal;
use crate::office::roles::May;
use crate::office::session::{Posted, Staff};
use crate::office::when::minute;
use crate::trades::{self, Cause};
use askama::Template;
use axum::extract::{RawQuery, State};
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
    is_paid: bool,
}

#[derive(Template)]
#[template(path = "refund.html")]
struct Page {
    f: Frame,
    trade: Asked,
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
        is_paid: row.try_get::<_, &str>("state")? == "paid",
    })
}

fn page(staff: &Staff, trade: Asked) -> Result<Html<String>, Refusal> {
    html(&Page { f: Frame::of(staff, staff.visit.language.words().refund_title), trade })
}

pub(super) async fn confirm(
    State(central): State<Central>,
    staff: Staff,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Refusal> {
    staff.must(May::Money)?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).ok_or(Refusal::Malformed)?;
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
    if !trade.is_paid {
        return Ok((StatusCode::CONFLICT, page(&staff, trade)?).into_response());
    }
    trades::want(&tx, staff.campus, &trade.number, Cause::Asked, &staff.login).await?;
    let deed =
        Deed { actor: &staff.login, action: "refund_asked", subject: &trade.number, detail: &trade.amount };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    Ok(Redirect::to("/office/payments?said=refund").into_response())
}
