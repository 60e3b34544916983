//! One photo's page: the picture, its measures, whose it is, and what became of it. Each look is told in the audit.

use super::ROSTER;
use crate::Central;
use crate::office::accounts::BOOTH;
use crate::office::audit::{self, Deed};
use crate::office::fields::Form;
use crate::office::page::{Frame, html, yuan};
use crate::office::refusal::Refusal;
use crate::office::review::{self, Decision, Outcome};
use crate::office::roles::May;
use crate::office::session::{Path, Posted, Staff};
use crate::office::when::minute;
use crate::office::words::{self, Language, Words};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use http::StatusCode;
use protocol::Measure;
use tokio_postgres::types::Json;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

/// A measure as it is shown.
#[derive(Debug)]
pub(in crate::office) struct Measured {
    /// For people.
    pub name: String,
    /// In the standard.
    pub standard: &'static str,
    /// With its unit.
    pub value: String,
}

/// The measures that booths sent with a photo.
pub(in crate::office) fn measured(
    row: &Row,
    language: Language,
) -> Result<Vec<Measured>, tokio_postgres::Error> {
    let Json(measures) = row.try_get::<_, Json<Vec<Measure>>>("measures")?;
    let shown = |measure: Measure| {
        let (name, standard) = words::measure(language, &measure.name);
        Measured { name, standard, value: with_unit(measure.value, &measure.unit) }
    };
    Ok(measures.into_iter().map(shown).collect())
}

fn with_unit(value: f64, unit: &str) -> String {
    let rounded = format!("{value:.3}");
    let number = rounded.trim_end_matches('0').trim_end_matches('.');
    match unit {
        "" => number.to_owned(),
        "deg" => format!("{number}°"),
        unit => format!("{number} {unit}"),
    }
}

/// A line of a list of names and values.
#[derive(Debug)]
struct Line {
    name: &'static str,
    value: String,
}

/// A payment of the order.
#[derive(Debug)]
struct Paid {
    means: String,
    amount: String,
    at: String,
    refunded: Option<String>,
}

/// Another photo of the order.
#[derive(Debug)]
struct Sibling {
    photo: Uuid,
    state: String,
    at: String,
}

#[derive(Template)]
#[template(path = "photo.html")]
struct Page {
    f: Frame,
    photo: Uuid,
    state: String,
    is_purged: bool,
    can_show: bool,
    is_reviewable: bool,
    can_reject: bool,
    form: Form,
    reasons: Vec<(&'static str, &'static str)>,
    document: String,
    person: Vec<Line>,
    measures: Vec<Measured>,
    history: Vec<Line>,
    payments: Vec<Paid>,
    siblings: Vec<Sibling>,
}

/// A document's number but for its ends.
fn masked(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    let last = letters.len().saturating_sub(2);
    letters.iter().enumerate().map(|(at, &c)| if at < 2 || at >= last { c } else { '*' }).collect()
}

/// What a means of payment is called.
pub(in crate::office) fn means(w: &'static Words, code: &str) -> &'static str {
    match code {
        "counter" => w.means_counter,
        "school" => w.means_school,
        "wechat_pay" => w.means_wechat_pay,
        "alipay" => w.means_alipay,
        _ => w.unknown,
    }
}

async fn read(client: &impl GenericClient, campus: Uuid, photo: Uuid) -> Result<Row, Refusal> {
    let sql = format!(
        "SELECT c.*, d.name AS booth, o.placed_ms, r.college, r.major, r.class_name, r.year, u.name AS decider,
            coalesce(p.title_zh, c.programme) AS title_zh, coalesce(p.title_en, c.programme) AS title_en,
            coalesce(p.approval, 'central') = 'central' AS is_ours
         FROM collections c JOIN devices d ON d.id = c.device_id {ROSTER}
         LEFT JOIN orders o ON o.campus_id = c.campus_id AND o.id = c.order_id
         LEFT JOIN users u ON u.campus_id = c.campus_id AND u.login = c.decided_by
         WHERE c.campus_id = $1 AND c.photo_id = $2"
    );
    client.query_opt(&sql, &[&campus, &photo]).await?.ok_or(Refusal::NotFound)
}

fn text(row: &Row, column: &str) -> Result<String, tokio_postgres::Error> {
    row.try_get::<_, Option<String>>(column).map(Option::unwrap_or_default)
}

/// What is known of the person, and of the order.
fn person(row: &Row, language: Language) -> Result<Vec<Line>, tokio_postgres::Error> {
    let w = language.words();
    let gender = match text(row, "gender")?.as_str() {
        "male" => w.male.to_owned(),
        "female" => w.female.to_owned(),
        _ => String::new(),
    };
    let year = row.try_get::<_, Option<i32>>("year")?.map(|year| year.to_string()).unwrap_or_default();
    let lines = [
        (w.name, text(row, "name")?),
        (w.document_kind, words::document_kind(language, &text(row, "document_kind")?)),
        (w.student_number, text(row, "student_number")?),
        (w.gender, gender),
        (w.phone, text(row, "phone")?),
        (w.email, text(row, "email")?),
        (w.college, text(row, "college")?),
        (w.major, text(row, "major")?),
        (w.class_name, text(row, "class_name")?),
        (w.year, year),
        (w.order_number, text(row, "order_number")?),
        (w.programme, text(row, language.choose("title_zh", "title_en"))?),
        (w.specification, text(row, "specification")?),
        (w.booth, text(row, "booth")?),
    ];
    Ok(lines
        .into_iter()
        .filter(|line| !line.1.is_empty())
        .map(|(name, value)| Line { name, value })
        .collect())
}

/// What became of the photo, in the order of time.
fn history(row: &Row, w: &'static Words) -> Result<Vec<Line>, tokio_postgres::Error> {
    let time = |column: &str| row.try_get::<_, Option<i64>>(column).map(|ms| ms.map(minute));
    let mut lines = Vec::new();
    for (name, column) in [(w.submitted_at, "submitted_ms"), (w.received, "received_ms")] {
        lines.extend(time(column)?.map(|value| Line { name, value }));
    }
    if let Some(at) = time("decided_ms")? {
        let state = if text(row, "state")? == "approved" { w.approved } else { w.rejected };
        let by = decider(w, &text(row, "decided_by")?, &text(row, "decider")?);
        lines.push(Line { name: w.decided, value: format!("{at} · {state} · {by}") });
    }
    let reason = text(row, "reason")?;
    if !reason.is_empty() {
        lines.push(Line { name: w.reason, value: reason });
    }
    lines.extend(time("purged_ms")?.map(|value| Line { name: w.purged, value }));
    Ok(lines)
}

/// Who decided, for people.
pub(in crate::office) fn decider(w: &'static Words, login: &str, name: &str) -> String {
    match (login, name) {
        (BOOTH, _) => w.by_booth.to_owned(),
        (login, "") => login.to_owned(),
        (login, name) => format!("{name} ({login})"),
    }
}

async fn payments(
    client: &impl GenericClient,
    campus: Uuid,
    order: Uuid,
    w: &'static Words,
) -> Result<Vec<Paid>, Refusal> {
    let sql = "SELECT means, amount_fen, settled_ms, refunded_ms FROM payments WHERE campus_id = $1 AND order_id = $2 ORDER BY settled_ms";
    let rows = client.query(sql, &[&campus, &order]).await?;
    let read = |row: &Row| -> Result<Paid, tokio_postgres::Error> {
        Ok(Paid {
            means: means(w, row.try_get("means")?).to_owned(),
            amount: yuan(row.try_get("amount_fen")?),
            at: minute(row.try_get("settled_ms")?),
            refunded: row.try_get::<_, Option<i64>>("refunded_ms")?.map(minute),
        })
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

async fn siblings(
    client: &impl GenericClient,
    campus: Uuid,
    order: Uuid,
    photo: Uuid,
) -> Result<Vec<Sibling>, Refusal> {
    let sql = "SELECT photo_id, state, submitted_ms FROM collections WHERE campus_id = $1 AND order_id = $2 AND photo_id <> $3
               ORDER BY submitted_ms";
    let rows = client.query(sql, &[&campus, &order, &photo]).await?;
    let read = |row: &Row| -> Result<Sibling, tokio_postgres::Error> {
        let at = minute(row.try_get("submitted_ms")?);
        Ok(Sibling { photo: row.try_get("photo_id")?, state: row.try_get("state")?, at })
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

async fn page(
    central: &Central,
    staff: &Staff,
    photo: &str,
    is_shown: bool,
    form: Form,
) -> Result<Html<String>, Refusal> {
    let photo = Uuid::try_parse(photo).map_err(|_| Refusal::NotFound)?;
    let language = staff.visit.language;
    let w = language.words();
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let row = read(&*tx, staff.campus, photo).await?;
    let action = if is_shown { "number_shown" } else { "photo_looked_at" };
    let subject = photo.to_string();
    audit::append(&tx, staff.campus, &[Deed { actor: &staff.login, action, subject: &subject, detail: "" }])
        .await?;
    let order: Uuid = row.try_get("order_id")?;
    let number = text(&row, "document_number")?;
    let state = text(&row, "state")?;
    let is_purged = row.try_get::<_, Option<i64>>("purged_ms")?.is_some();
    let title = match text(&row, "name")?.as_str() {
        "" => format!("{}{}", w.photo_of, text(&row, "order_number")?),
        name => format!("{}{name}", w.photo_of),
    };
    let page = Page {
        f: Frame::of(staff, title),
        photo,
        can_show: staff.role.may(May::Export) && !is_shown && !number.is_empty(),
        is_reviewable: state == "submitted" && !is_purged && row.try_get("is_ours")?,
        can_reject: state == "approved" && !is_purged && staff.role.may(May::Decide),
        form,
        reasons: review::reasons(w),
        state,
        is_purged,
        document: if is_shown { number } else { masked(&number) },
        person: person(&row, language)?,
        measures: measured(&row, language)?,
        history: history(&row, w)?,
        payments: payments(&*tx, staff.campus, order, w).await?,
        siblings: siblings(&*tx, staff.campus, order, photo).await?,
    };
    tx.commit().await?;
    html(&page)
}

pub(super) async fn show(
    State(central): State<Central>,
    staff: Staff,
    Path(photo): Path<String>,
) -> Result<Html<String>, Refusal> {
    page(&central, &staff, &photo, false, Form::default()).await
}

pub(super) async fn show_number(
    State(central): State<Central>,
    Path(photo): Path<String>,
    Posted { who: staff, .. }: Posted<Staff>,
) -> Result<Html<String>, Refusal> {
    staff.must(May::Export)?;
    page(&central, &staff, &photo, true, Form::default()).await
}

/// Rejects the photo after it was approved, by whomever.
pub(super) async fn reject(
    State(central): State<Central>,
    Path(photo): Path<String>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Decide)?;
    let id = Uuid::try_parse(&photo).map_err(|_| Refusal::NotFound)?;
    let mut form = Form::of(fields);
    let Some(reason) = review::reason(&mut form, staff.visit.language.words()) else {
        let page = page(&central, &staff, &photo, false, form).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let decision = Decision::Reject { reason: reason.clone() };
    let mut client = central.pool.get().await?;
    let results = review::reject_approved(&mut client, staff.campus, &staff.login, id, reason).await?;
    if results.iter().all(|result| matches!(result.1, Outcome::Decided { .. })) {
        return Ok(Redirect::to(&format!("/office/collections/{id}")).into_response());
    }
    Ok((StatusCode::CONFLICT, review::results_page(&staff, &results, &decision)?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_number_shows_its_ends() {
        for (number, shown) in
            [("11010519491231002X", "11**************2X"), ("E12345678", "E1*****78"), ("", "")]
        {
            assert_eq!(masked(number), shown);
        }
    }

    #[test]
    fn values_have_no_more_digits_than_they_need() {
        for (value, unit, shown) in
            [(1.0, "", "1"), (0.12345, "", "0.123"), (-2.5, "deg", "-2.5°"), (90.0, "px", "90 px")]
        {
            assert_eq!(with_unit(value, unit), shown);
        }
    }
}
