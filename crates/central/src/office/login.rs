//! The way in: campus, login and password; then the second factor, set up at the first time; then a new password where the present
//! one was handed out. What was wrong isn't told, and takes as long for a user that there isn't.

use super::audit::{self, Deed};
use super::factor::{self, Offer};
use super::fields::{Fields, Form};
use super::page::{Frame, html};
use super::passwords::{self, Hashing};
use super::refusal::Refusal;
use super::session::{self, Arriving, Posted, Sent, Visit};
use super::tries::Try;
use crate::Central;
use crate::clock::now_ms;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use http::header::SET_COOKIE;
use http::{HeaderValue, StatusCode};
use uuid::Uuid;
use zeroize::Zeroizing;

pub(super) fn router() -> Router<Central> {
    Router::new()
        .route("/login", get(show).post(log_in))
        .route("/second-factor", get(show_factor).post(give_factor))
        .route("/password", get(show_password).post(change_password))
        .route("/logout", post(log_out))
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    f: Frame,
    form: Form,
    wrong: bool,
}

async fn show(State(central): State<Central>, visit: Visit) -> Result<Response, Refusal> {
    let title = visit.language.words().login_title;
    let here = central.pool.get().await?;
    // With one campus nobody needs to type its code.
    let codes = here.query("SELECT code FROM campuses LIMIT 2", &[]).await?;
    let only = if let [row] = &codes[..] { row.try_get("code")? } else { String::new() };
    let fields = Fields::parse(format!("campus={only}").as_bytes()).unwrap_or_default();
    Ok(html(&LoginPage { f: Frame::outside(&visit, title), form: Form::of(fields), wrong: false })?
        .into_response())
}

/// With a session the browser goes on to the second factor.
fn with_cookie(cookie: HeaderValue, to: &str) -> Response {
    ([(SET_COOKIE, cookie)], Redirect::to(to)).into_response()
}

async fn log_in(
    State(central): State<Central>,
    Extension(hashing): Extension<Hashing>,
    visit: Visit,
    Sent(fields): Sent,
) -> Result<Response, Refusal> {
    let user = recognise(&central, &hashing, &fields).await?;
    let Some(user) = user else {
        let title = visit.language.words().login_title;
        let page = LoginPage { f: Frame::outside(&visit, title), form: Form::of(fields), wrong: true };
        return Ok((StatusCode::FORBIDDEN, html(&page)?).into_response());
    };
    let client = central.pool.get().await?;
    let cookie = session::begin(&**client, &central, user, false).await?;
    Ok(with_cookie(cookie, "/office/second-factor"))
}

/// The user whose campus, login and password these are.
async fn recognise(central: &Central, hashing: &Hashing, fields: &Fields) -> Result<Option<Uuid>, Refusal> {
    let client = central.pool.get().await?;
    let sql = "SELECT u.id, u.campus_id, u.login, u.password_hash FROM users u JOIN campuses c ON c.id = u.campus_id
               WHERE c.code = $1 AND u.login = $2 AND u.disabled_ms IS NULL";
    let campus = fields.get("campus").to_ascii_lowercase();
    let row = client.query_opt(sql, &[&campus, &fields.get("login").to_ascii_lowercase()]).await?;
    let mut known = None;
    if let Some(row) = &row {
        let user = row.try_get("id")?;
        known = Try::begin(&**client, user, central.settings.office).await?.map(|counted| (user, counted));
    }
    let hash = match (&row, known) {
        (Some(row), Some(_)) => Some(row.try_get("password_hash")?),
        _ => None,
    };
    drop(client);
    let is_right = hashing.is_right(fields.raw("password").chars().take(200).collect(), hash).await?;
    let (Some((user, counted)), Some(row)) = (known, row) else { return Ok(None) };
    let mut client = central.pool.get().await?;
    if is_right {
        counted.give_back(&**client).await?;
        return Ok(Some(user));
    }
    if counted.locks() {
        let login: String = row.try_get("login")?;
        let tx = client.transaction().await?;
        let deed = Deed { actor: &login, action: "locked", subject: &login, detail: "password" };
        audit::append(&tx, row.try_get("campus_id")?, &[deed]).await?;
        tx.commit().await?;
    }
    Ok(None)
}

#[derive(Template)]
#[template(path = "second_factor.html")]
struct FactorPage {
    f: Frame,
    offer: Option<Offer>,
    wrong: bool,
}

fn account(arriving: &Arriving) -> String {
    format!("{} {}", arriving.staff.campus_code, arriving.staff.login)
}

fn factor_page(arriving: &Arriving, offer: Option<Offer>, wrong: bool) -> Result<Response, Refusal> {
    let w = arriving.staff.visit.language.words();
    let title = if offer.is_some() { w.factor_set_up } else { w.factor_title };
    let mut f = Frame::outside(&arriving.staff.visit, title);
    f.csrf.clone_from(&arriving.staff.csrf);
    if f.here == "/office" {
        f.here = "/office/second-factor".to_owned();
    }
    let status = if wrong { StatusCode::FORBIDDEN } else { StatusCode::OK };
    Ok((status, html(&FactorPage { f, offer, wrong })?).into_response())
}

async fn show_factor(State(central): State<Central>, arriving: Arriving) -> Result<Response, Refusal> {
    if arriving.complete {
        return Ok(Redirect::to("/office").into_response());
    }
    let (user, session) = (arriving.staff.id, arriving.staff.token.hash());
    let offer = match arriving.factor {
        Some(_) => None,
        None => Some(Offer::new(&central, user, session, &account(&arriving))?),
    };
    factor_page(&arriving, offer, false)
}

async fn give_factor(
    State(central): State<Central>,
    Posted { who: arriving, fields }: Posted<Arriving>,
) -> Result<Response, Refusal> {
    let (user, session) = (arriving.staff.id, arriving.staff.token.hash());
    let secret: Zeroizing<Vec<u8>> = match &arriving.factor {
        Some(sealed) => factor::kept(&central.seal, user, sealed)?,
        None => factor::offered(&central.seal, user, session, fields.get("offer")).ok_or(Refusal::Forged)?,
    };
    if let Some(cookie) = complete(&central, &arriving, &secret, fields.get("code")).await? {
        return Ok(with_cookie(cookie, "/office"));
    }
    let offer = match arriving.factor {
        Some(_) => None,
        None => Some(Offer::again(&central, user, session, &account(&arriving), fields.get("offer"))?),
    };
    factor_page(&arriving, offer, true)
}

/// Uses a code, and changes the session for one that may do everything; nothing where the code isn't right or was used.
async fn complete(
    central: &Central,
    arriving: &Arriving,
    secret: &[u8],
    code: &str,
) -> Result<Option<HeaderValue>, Refusal> {
    let staff = &arriving.staff;
    let mut client = central.pool.get().await?;
    let Some(counted) = Try::begin(&**client, staff.id, central.settings.office).await? else {
        return Ok(None);
    };
    let step = factor::step(secret, code, now_ms())?;
    let tx = client.transaction().await?;
    let sealed = factor::keep(&central.seal, staff.id, secret)?;
    let sql = "UPDATE users SET totp_step = $2, totp_sealed = coalesce(totp_sealed, $3), wrong_tries = 0, locked_until_ms = NULL
               WHERE id = $1 AND (totp_step IS NULL OR totp_step < $2) AND (totp_sealed IS NULL) = $4";
    let is_new = arriving.factor.is_none();
    let used = match step {
        Some(step) => tx.execute(sql, &[&staff.id, &step, &sealed, &is_new]).await? == 1,
        None => false,
    };
    let deed = |action, detail| Deed { actor: &staff.login, action, subject: &staff.login, detail };
    let mut deeds = Vec::new();
    let mut cookie = None;
    if used {
        session::end(&*tx, &staff.token).await?;
        cookie = Some(session::begin(&*tx, central, staff.id, true).await?);
        deeds.extend(is_new.then(|| deed("second_factor_set", "")));
        deeds.push(deed("logged_in", ""));
    } else if counted.locks() {
        deeds.push(deed("locked", "second factor"));
    }
    audit::append(&tx, staff.campus, &deeds).await?;
    tx.commit().await?;
    Ok(cookie)
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    f: Frame,
    form: Form,
}

fn password_page(arriving: &Arriving, form: Form) -> Result<Response, Refusal> {
    let title = arriving.staff.visit.language.words().password_title;
    let mut f = match arriving.must_change {
        true => Frame::outside(&arriving.staff.visit, title),
        false => Frame::of(&arriving.staff, title),
    };
    f.csrf.clone_from(&arriving.staff.csrf);
    let status = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, html(&PasswordPage { f, form })?).into_response())
}

async fn show_password(arriving: Arriving) -> Result<Response, Refusal> {
    if arriving.complete { password_page(&arriving, Form::default()) } else { Err(Refusal::SecondFactor) }
}

async fn change_password(
    State(central): State<Central>,
    Extension(hashing): Extension<Hashing>,
    Posted { who: arriving, fields }: Posted<Arriving>,
) -> Result<Response, Refusal> {
    if !arriving.complete {
        return Err(Refusal::SecondFactor);
    }
    let w = arriving.staff.visit.language.words();
    // What was typed isn't shown again.
    let mut form = Form::default();
    let (old, new) = (fields.raw("old"), fields.raw("new"));
    if !passwords::is_acceptable(new) {
        form.mark("new", w.password_short);
    } else if new == old {
        form.mark("new", w.password_same);
    } else if new != fields.raw("again") {
        form.mark("again", w.password_differs);
    } else if !replace_password(&central, &hashing, &arriving, old, new).await? {
        form.mark("old", w.password_wrong);
    }
    if form.is_wrong() { password_page(&arriving, form) } else { Ok(Redirect::to("/office").into_response()) }
}

/// Sets the new password where the old one is right, and ends the user's other sessions.
async fn replace_password(
    central: &Central,
    hashing: &Hashing,
    arriving: &Arriving,
    old: &str,
    new: &str,
) -> Result<bool, Refusal> {
    let staff = &arriving.staff;
    let mut client = central.pool.get().await?;
    let Some(counted) = Try::begin(&**client, staff.id, central.settings.office).await? else {
        return Ok(false);
    };
    let row = client.query_one("SELECT password_hash FROM users WHERE id = $1", &[&staff.id]).await?;
    let old_hash: String = row.try_get(0)?;
    if !hashing.is_right(old.to_owned(), Some(old_hash.clone())).await? {
        return Ok(false);
    }
    counted.give_back(&**client).await?;
    let hash = hashing.hash(new.to_owned()).await?;
    let tx = client.transaction().await?;
    let sql = "UPDATE users SET password_hash = $2, must_change = false WHERE id = $1 AND password_hash = $3";
    let changed = tx.execute(sql, &[&staff.id, &hash, &old_hash]).await? == 1;
    if !changed {
        return Ok(false);
    }
    session::end_all(&*tx, staff.id, Some(&staff.token)).await?;
    let deed = Deed { actor: &staff.login, action: "password_changed", subject: &staff.login, detail: "" };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    Ok(true)
}

async fn log_out(
    State(central): State<Central>,
    Posted { who: arriving, .. }: Posted<Arriving>,
) -> Result<Response, Refusal> {
    let staff = &arriving.staff;
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    session::end(&*tx, &staff.token).await?;
    let deed = Deed { actor: &staff.login, action: "logged_out", subject: &staff.login, detail: "" };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    Ok(with_cookie(session::ended_cookie(&central)?, "/office/login"))
}
