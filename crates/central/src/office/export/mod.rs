//! Approved photos as one archive, streamed: photo after photo is read and written on, so that thousands need no more memory than one.

mod archive;
mod naming;

use super::audit::{self, Deed};
use super::fields::{Fields, Form};
use super::page::{Frame, html};
use super::photos::{ROSTER, choices_of_colleges, choices_of_programmes};
use super::refusal::Refusal;
use super::roles::May;
use super::session::{Posted, Staff};
use super::when::Day;
use super::words::Words;
use crate::Central;
use crate::clock::now_ms;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use deadpool_postgres::Client;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use naming::NameTemplate;
use tokio_postgres::Row;

/// How files are named unless somebody chooses.
const USUAL: &str = "{student_number}_{name}";
/// The most photos of one archive.
const MOST: i64 = 100_000;

pub(super) fn router() -> Router<Central> {
    Router::new().route("/export", get(show).post(download))
}

/// Which photos, and how their files are called.
#[derive(Debug)]
struct Asked {
    programme: String,
    college: Option<String>,
    first: Option<Day>,
    last: Option<Day>,
    names: NameTemplate,
}

impl Asked {
    fn parse(form: &mut Form, w: &'static Words) -> Option<Self> {
        let programme = form.take(w, "programme", |f| f.needed("programme", 64));
        let college = form.take(w, "college", |f| f.line("college", 60));
        let first = form.take(w, "from", |f| f.day("from")).flatten();
        let last = form.take(w, "to", |f| f.day("to")).flatten();
        if first.zip(last).is_some_and(|(first, last)| last < first) {
            form.mark("to", w.fault_days_order);
        }
        let names = NameTemplate::parse(form.value("names").trim());
        if names.is_none() {
            form.mark("names", w.export_name_wrong);
        }
        let college = college.filter(|college| !college.is_empty());
        if form.is_wrong() {
            return None;
        }
        Some(Self { programme: programme?, college, first, last, names: names? })
    }

    /// The filter, for the audit.
    fn words(&self) -> String {
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let days = format!("{}..{}", day(self.first), day(self.last));
        let days = if days == ".." { String::new() } else { days };
        format!("{days} {}", self.college.as_deref().unwrap_or_default()).trim().to_owned()
    }
}

async fn find(client: &Client, staff: &Staff, asked: &Asked) -> Result<Vec<archive::Photo>, Refusal> {
    let sql = format!(
        "SELECT c.*, r.college, r.major, r.class_name, r.year FROM collections c {ROSTER}
         WHERE c.campus_id = $1 AND c.programme = $2 AND c.state = 'approved' AND c.purged_ms IS NULL
         AND ($3::text IS NULL OR r.college = $3) AND ($4::bigint IS NULL OR c.submitted_ms >= $4)
         AND ($5::bigint IS NULL OR c.submitted_ms < $5) ORDER BY c.student_number, c.submitted_ms, c.photo_id LIMIT $6"
    );
    let (from, to) = (asked.first.map(Day::begins_ms), asked.last.map(Day::ends_ms));
    let statement = client.prepare_cached(&sql).await?;
    let rows = client
        .query(&statement, &[&staff.campus, &asked.programme, &asked.college, &from, &to, &MOST])
        .await?;
    Ok(rows.iter().map(photo).collect::<Result<_, _>>()?)
}

fn photo(row: &Row) -> Result<archive::Photo, tokio_postgres::Error> {
    let text = |column: &str| row.try_get::<_, Option<String>>(column).map(Option::unwrap_or_default);
    let year = row.try_get::<_, Option<i32>>("year")?.map(|year| year.to_string()).unwrap_or_default();
    let sha256: [u8; 32] = row.try_get::<_, &[u8]>("sha256")?.try_into().unwrap_or_default();
    Ok(archive::Photo {
        student_number: text("student_number")?,
        name: text("name")?,
        gender: text("gender")?,
        document_kind: text("document_kind")?,
        document_number: text("document_number")?,
        phone: text("phone")?,
        email: text("email")?,
        college: text("college")?,
        major: text("major")?,
        class: text("class_name")?,
        year,
        order_number: text("order_number")?,
        specification: text("specification")?,
        submitted_ms: row.try_get("submitted_ms")?,
        sha256: protocol::Digest(sha256),
    })
}

#[derive(Template)]
#[template(path = "export.html")]
struct Page {
    f: Frame,
    form: Form,
    programmes: Vec<(String, String)>,
    colleges: Vec<(String, String)>,
}

async fn page(central: &Central, staff: &Staff, form: Form) -> Result<Html<String>, Refusal> {
    let client = central.pool.get().await?;
    let w = staff.visit.language.words();
    let all = std::iter::once((String::new(), w.all.to_owned()));
    html(&Page {
        f: Frame::of(staff, w.export),
        form,
        programmes: choices_of_programmes(&client, staff).await?,
        colleges: all.chain(choices_of_colleges(&client, staff).await?).collect(),
    })
}

async fn show(State(central): State<Central>, staff: Staff) -> Result<Html<String>, Refusal> {
    staff.must(May::Export)?;
    let typed = format!("names={}", super::fields::escape(USUAL));
    page(&central, &staff, Form::of(Fields::parse(typed.as_bytes()).unwrap_or_default())).await
}

async fn download(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Export)?;
    let w = staff.visit.language.words();
    let mut form = Form::of(fields);
    let Some(asked) = Asked::parse(&mut form, w) else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&central, &staff, form).await?).into_response());
    };
    let mut client = central.pool.get().await?;
    let photos = find(&client, &staff, &asked).await?;
    if photos.is_empty() {
        form.mark("none", w.export_none);
        drop(client);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&central, &staff, form).await?).into_response());
    }
    let tx = client.transaction().await?;
    let detail = format!("{} {}", photos.len(), asked.words());
    let (actor, subject) = (&staff.login, &asked.programme);
    let deed = Deed { actor, action: "exported", subject, detail: detail.trim() };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    let name = format!("attachment; filename=\"photos-{}.zip\"", Day::at(now_ms()));
    let body =
        archive::stream(central.blobs.clone(), staff.campus, staff.visit.language, photos, asked.names);
    let kind = (CONTENT_TYPE, "application/zip".to_owned());
    Ok(([kind, (CONTENT_DISPOSITION, name)], body).into_response())
}
