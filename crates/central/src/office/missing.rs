//! Whom the school sends and who hasn't come: the list less those who have a photo that wasn't rejected, in a programme of that list.

use super::fields::{Fault, Fields, Form};
use super::page::{Frame, html};
use super::photos::choices_of_colleges;
use super::refusal::Refusal;
use super::roles::May;
use super::session::{Path, Query, Staff};
use super::sheets;
use super::words::{Language, Words};
use crate::Central;
use crate::office::audit::{self, Deed};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use deadpool_postgres::Client;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use tokio_postgres::Row;

/// How many the page shows.
const SHOWN: i64 = 200;

pub(super) fn router() -> Router<Central> {
    Router::new().route("/missing", get(show)).route("/missing/{file}", get(download))
}

/// The names of the lists.
const LISTS: [&str; 3] = ["degree", "freshman", "general"];

/// A list, by its name in the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct List(&'static str);

impl List {
    pub(super) fn parse(text: &str) -> Option<Self> {
        LISTS.into_iter().find(|list| *list == text).map(Self)
    }

    pub(super) const fn code(self) -> &'static str {
        self.0
    }
}

pub(super) fn lists(w: &'static Words) -> Vec<(&'static str, &'static str)> {
    LISTS.into_iter().zip([w.list_degree, w.list_freshman, w.list_general]).collect()
}

/// Which list, and which college of it.
#[derive(Debug)]
struct Asked {
    list: List,
    college: Option<String>,
}

impl Asked {
    fn parse(form: &mut Form, w: &'static Words) -> Option<Self> {
        let list = |f: &Fields| match f.get("list") {
            "" => Ok(List(LISTS[0])),
            text => List::parse(text).ok_or(Fault::Choice),
        };
        let list = form.take(w, "list", list);
        let college = form.take(w, "college", |f| f.line("college", 60));
        Some(Self { list: list?, college: college.filter(|college| !college.is_empty()) })
    }
}

/// A row `s` of the roster whose person has come. A programme that isn't set up here counts for the list of its own name.
const CAME: &str = "EXISTS (SELECT FROM collections c LEFT JOIN programmes p ON p.campus_id = c.campus_id AND p.id = c.programme
    WHERE c.campus_id = s.campus_id AND c.document_kind = s.document_kind AND c.document_number = s.document_number
    AND c.state <> 'rejected' AND coalesce(p.list, c.programme) = s.list)";

/// How many of a college are on the list, and have come.
#[derive(Debug)]
struct College {
    name: String,
    listed: i64,
    came: i64,
}

impl College {
    const fn missing(&self) -> i64 {
        self.listed - self.came
    }
}

async fn colleges(client: &Client, staff: &Staff, asked: &Asked) -> Result<Vec<College>, Refusal> {
    let sql = format!(
        "SELECT coalesce(s.college, '') AS college, count(*) AS listed, count(*) FILTER (WHERE {CAME}) AS came
         FROM roster s WHERE s.campus_id = $1 AND s.list = $2 AND s.name IS NOT NULL GROUP BY 1 ORDER BY 1"
    );
    let rows =
        client.query(&client.prepare_cached(&sql).await?, &[&staff.campus, &asked.list.code()]).await?;
    let w = staff.visit.language.words();
    let read = |row: &Row| -> Result<College, tokio_postgres::Error> {
        let name: String = row.try_get("college")?;
        let name = if name.is_empty() { w.no_college.to_owned() } else { name };
        Ok(College { name, listed: row.try_get("listed")?, came: row.try_get("came")? })
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

/// Those who haven't come: student number, name, college, major, class, year.
async fn students(
    client: &Client,
    staff: &Staff,
    asked: &Asked,
    limit: Option<i64>,
) -> Result<Vec<Vec<String>>, Refusal> {
    let sql = format!(
        "SELECT s.student_number, s.name, coalesce(s.college, '') AS college, coalesce(s.major, '') AS major,
            coalesce(s.class_name, '') AS class_name, coalesce(s.year::text, '') AS year
         FROM roster s WHERE s.campus_id = $1 AND s.list = $2 AND s.name IS NOT NULL AND ($3::text IS NULL OR s.college = $3)
         AND NOT {CAME} ORDER BY s.college, s.class_name, s.student_number LIMIT $4"
    );
    let statement = client.prepare_cached(&sql).await?;
    let rows = client.query(&statement, &[&staff.campus, &asked.list.code(), &asked.college, &limit]).await?;
    let columns = ["student_number", "name", "college", "major", "class_name", "year"];
    let read = |row: &Row| columns.iter().map(|column| row.try_get(*column)).collect();
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

#[derive(Template)]
#[template(path = "missing.html")]
struct Page {
    f: Frame,
    form: Form,
    lists: Vec<(&'static str, &'static str)>,
    choices: Vec<(String, String)>,
    colleges: Vec<College>,
    total: College,
    students: Vec<Vec<String>>,
    query: String,
    may_export: bool,
}

async fn show(
    State(central): State<Central>,
    staff: Staff,
    Query(fields): Query,
) -> Result<Html<String>, Refusal> {
    let w = staff.visit.language.words();
    let mut form = Form::of(fields);
    let client = central.pool.get().await?;
    let asked = Asked::parse(&mut form, w);
    let (colleges, students) = match &asked {
        Some(asked) => {
            (colleges(&client, &staff, asked).await?, students(&client, &staff, asked, Some(SHOWN)).await?)
        }
        None => (Vec::new(), Vec::new()),
    };
    let all = (String::new(), w.all.to_owned());
    let choices = std::iter::once(all).chain(choices_of_colleges(&client, &staff).await?).collect();
    let total = College {
        name: w.total.to_owned(),
        listed: colleges.iter().map(|college| college.listed).sum(),
        came: colleges.iter().map(|college| college.came).sum(),
    };
    html(&Page {
        f: Frame::of(&staff, w.missing),
        lists: lists(w),
        choices,
        colleges,
        total,
        students,
        query: form.fields().query_without(&[]),
        may_export: staff.role.may(May::Export),
        form,
    })
}

async fn download(
    State(central): State<Central>,
    staff: Staff,
    Path(file): Path<String>,
    Query(fields): Query,
) -> Result<Response, Refusal> {
    staff.must(May::Export)?;
    let w = Language::words(staff.visit.language);
    let mut form = Form::of(fields);
    let asked = Asked::parse(&mut form, w).ok_or(Refusal::Malformed)?;
    let mut client = central.pool.get().await?;
    let rows = students(&client, &staff, &asked, None).await?;
    let head = [w.student_number, w.name, w.college, w.major, w.class_name, w.year];
    let (kind, bytes) = match file.as_str() {
        "missing.csv" => ("text/csv; charset=utf-8", sheets::csv(&head, &rows)?),
        "missing.xlsx" => (sheets::XLSX, sheets::xlsx("missing", &head, &rows)?),
        _ => return Err(Refusal::NotFound),
    };
    let tx = client.transaction().await?;
    let detail = format!("{} {}", rows.len(), asked.college.as_deref().unwrap_or_default());
    let (actor, subject) = (&staff.login, asked.list.code());
    let deed = Deed { actor, action: "missing_downloaded", subject, detail: detail.trim() };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    let name = format!("attachment; filename=\"{file}\"");
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
}
