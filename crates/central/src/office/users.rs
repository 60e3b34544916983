//! Users and the audit, for administrators.

use super::accounts::{self, Change};
use super::audit::{self, Told};
use super::fields::{Fault, Fields, Form};
use super::page::{Frame, html};
use super::refusal::Refusal;
use super::roles::{May, Role};
use super::session::{Posted, Query, Staff};
use super::when::minute;
use super::words::Words;
use crate::clock::now_ms;
use crate::{Central, Failure};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use deadpool_postgres::Client;
use http::StatusCode;
use tokio_postgres::Row;
use uuid::Uuid;

/// How many rows of the audit a page shows.
const PAGE: i64 = 100;

pub(super) fn router() -> Router<Central> {
    Router::new()
        .route("/users", get(show).post(add))
        .route("/users/change", get(show).post(change))
        .route("/audit", get(show_audit))
}

/// A user as the table shows one.
#[derive(Debug)]
struct Shown {
    id: Uuid,
    login: String,
    name: String,
    role: &'static str,
    role_title: &'static str,
    is_disabled: bool,
    is_locked: bool,
    has_factor: bool,
    is_me: bool,
}

async fn read(client: &Client, staff: &Staff) -> Result<Vec<Shown>, Refusal> {
    let sql = "SELECT id, login, name, role, disabled_ms IS NOT NULL AS disabled, coalesce(locked_until_ms > $2, false) AS locked,
                   totp_sealed IS NOT NULL AS factor FROM users WHERE campus_id = $1 ORDER BY disabled_ms IS NOT NULL, login";
    let w = staff.visit.language.words();
    let rows = client.query(sql, &[&staff.campus, &now_ms()]).await?;
    let read = |row: &Row| -> Result<Shown, Refusal> {
        let role =
            Role::parse(row.try_get("role")?).ok_or(Failure::Internal("a user has an unknown role"))?;
        let id = row.try_get("id")?;
        Ok(Shown {
            id,
            login: row.try_get("login")?,
            name: row.try_get("name")?,
            role: role.code(),
            role_title: role.title(w),
            is_disabled: row.try_get("disabled")?,
            is_locked: row.try_get("locked")?,
            has_factor: row.try_get("factor")?,
            is_me: id == staff.id,
        })
    };
    rows.iter().map(read).collect()
}

#[derive(Template)]
#[template(path = "users.html")]
struct Page {
    f: Frame,
    form: Form,
    users: Vec<Shown>,
    roles: Vec<(&'static str, &'static str)>,
    /// Whose password was made, and the password.
    made: Option<(String, String)>,
}

fn roles(w: &'static Words) -> Vec<(&'static str, &'static str)> {
    Role::ALL.into_iter().map(|role| (role.code(), role.title(w))).collect()
}

async fn page(
    central: &Central,
    staff: &Staff,
    form: Form,
    made: Option<(String, String)>,
) -> Result<Html<String>, Refusal> {
    let w = staff.visit.language.words();
    let users = read(&central.pool.get().await?, staff).await?;
    let said = if form.value("said") == "changed" { w.changed } else { "" };
    html(&Page { f: Frame::of(staff, w.users).saying(said), form, users, roles: roles(w), made })
}

async fn show(
    State(central): State<Central>,
    staff: Staff,
    Query(fields): Query,
) -> Result<Html<String>, Refusal> {
    staff.must(May::Administer)?;
    page(&central, &staff, Form::of(fields), None).await
}

fn login(fields: &Fields) -> Result<String, Fault> {
    let login = fields.needed("login", 40)?;
    if accounts::is_login(&login) { Ok(login) } else { Err(Fault::Characters) }
}

fn role(fields: &Fields) -> Result<Role, Fault> {
    Role::parse(fields.get("role")).ok_or(Fault::Choice)
}

async fn add(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let w = staff.visit.language.words();
    let mut form = Form::of(fields);
    let login = form.take(w, "login", login);
    let name = form.take(w, "name", |f| f.needed("name", 40));
    let role = form.take(w, "role", role);
    if let (Some(login), Some(name), Some(role)) = (login, name, role) {
        let mut client = central.pool.get().await?;
        match accounts::add(&mut client, staff.campus, &staff.login, &login, &name, role).await {
            Ok(password) => {
                drop(client);
                return Ok(page(&central, &staff, Form::default(), Some((login, password)))
                    .await?
                    .into_response());
            }
            Err(Failure::Invalid(_)) => form.mark("login", w.fault_taken),
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&central, &staff, form, None).await?).into_response())
}

fn asked(fields: &Fields) -> Result<Change, Fault> {
    match fields.get("do") {
        "role" => role(fields).map(Change::Role),
        "disable" => Ok(Change::Disable),
        "enable" => Ok(Change::Enable),
        "password" => Ok(Change::Password),
        "factor" => Ok(Change::Factor),
        _ => Err(Fault::Choice),
    }
}

async fn change(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let w = staff.visit.language.words();
    let user = fields.id("user").map_err(|_| Refusal::NotFound)?;
    let asked = asked(&fields).map_err(|_| Refusal::Malformed)?;
    // So that a campus isn't left without an administrator by one slip.
    if user == staff.id {
        let mut form = Form::default();
        form.mark("user", w.not_yourself);
        return Ok(
            (StatusCode::UNPROCESSABLE_ENTITY, page(&central, &staff, form, None).await?).into_response()
        );
    }
    let mut client = central.pool.get().await?;
    let password = accounts::change(&mut client, staff.campus, &staff.login, user, asked).await?;
    let Some(password) = password else {
        return Ok(Redirect::to("/office/users?said=changed").into_response());
    };
    let login = client.query_one("SELECT login FROM users WHERE id = $1", &[&user]).await?.try_get(0)?;
    drop(client);
    Ok(page(&central, &staff, Form::default(), Some((login, password))).await?.into_response())
}

/// A row of the audit as it is shown.
#[derive(Debug)]
struct Line {
    told: Told,
    at: String,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    f: Frame,
    rows: Vec<Line>,
    next: Option<i64>,
    checked: Option<audit::Verified>,
}

async fn show_audit(
    State(central): State<Central>,
    staff: Staff,
    Query(fields): Query,
) -> Result<Html<String>, Refusal> {
    staff.must(May::Administer)?;
    let before: Option<i64> = fields.get("before").parse().ok();
    let client = central.pool.get().await?;
    let sql = "SELECT place, at_ms, actor, action, subject, detail, previous, hash FROM audit
               WHERE campus_id = $1 AND ($2::bigint IS NULL OR place < $2) ORDER BY place DESC LIMIT $3";
    let rows = client.query(sql, &[&staff.campus, &before, &PAGE]).await?;
    let shown = |row: &Row| -> Result<Line, Failure> {
        let told = Told::read(row)?;
        Ok(Line { at: minute(told.at_ms), told })
    };
    let rows = rows.iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    let next = rows.last().map(|row| row.told.place).filter(|place| *place > 1);
    let checked = match fields.get("check") {
        "" => None,
        _ => Some(audit::verify(&**client, staff.campus).await?),
    };
    html(&AuditPage { f: Frame::of(&staff, staff.visit.language.words().audit), rows, next, checked })
}
