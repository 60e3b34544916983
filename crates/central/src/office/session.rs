//! Who asks. A session is a random token in a cookie, kept by its hash in PostgreSQL, so that any instance knows it.
//!
//! Forms are protected three times: the cookie is `SameSite=Strict`, the browser's own word on where the request comes from is
//! checked (`Sec-Fetch-Site`, or `Origin` where there is none), and each form of a session carries a token that follows from the
//! cookie's.

use super::fields::Fields;
use super::refusal::Refusal;
use super::roles::{May, Role};
use super::words::Language;
use crate::clock::now_ms;
use crate::seal::random;
use crate::{Central, Failure, sha256};
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum_extra::extract::CookieJar;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};
use protocol::Digest;
use std::convert::Infallible;
use subtle::ConstantTimeEq as _;
use tokio_postgres::GenericClient;
use uuid::Uuid;

/// The largest form, in bytes: a programme's file, escaped.
const LARGEST_FORM: usize = 256 * 1024;
/// After this a session ends whatever is done in it.
const LONGEST_MS: i64 = 12 * 3_600_000;
/// How old the note of a session's last request may grow.
const NOTED_MS: i64 = 20_000;
/// The cookie of the language.
const LANGUAGE: &str = "office_language";

/// The language and the address of a request, which needs no user.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    /// The language.
    pub language: Language,
    /// The address and query of a page that can be asked for again; else the office's start.
    pub here: String,
}

impl Visit {
    /// What the head of a request says, before the router takes the beginning of the address away.
    pub(super) fn read(request: &Request) -> Self {
        let jar = CookieJar::from_headers(request.headers());
        let language = jar.get(LANGUAGE).and_then(|cookie| Language::parse(cookie.value()));
        let address = request.uri().path_and_query().map_or("/office", |whole| whole.as_str());
        let here = if request.method() == Method::GET { address } else { "/office" };
        Self { language: language.unwrap_or(Language::Zh), here: here.to_owned() }
    }

    fn kept(parts: &Parts) -> Self {
        let start = || Self { language: Language::Zh, here: "/office".to_owned() };
        parts.extensions.get::<Self>().cloned().unwrap_or_else(start)
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::kept(parts))
    }
}

/// The secret that a cookie holds.
#[derive(Clone)]
pub(super) struct Token(protocol::Key);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

impl Token {
    fn of(headers: &HeaderMap, central: &Central) -> Option<Self> {
        let jar = CookieJar::from_headers(headers);
        jar.get(cookie_name(central))?.value().parse().ok().map(Self)
    }

    /// By what it is kept.
    pub(super) fn hash(&self) -> Digest {
        sha256(&self.0.0)
    }

    /// The token of the session's forms: nobody without the cookie can tell it.
    fn csrf(&self) -> String {
        sha256(&[&b"form "[..], &self.0.0].concat()).to_string()
    }
}

/// With TLS the browser accepts the cookie from this very host alone, and gives it back nowhere else.
fn cookie_name(central: &Central) -> &'static str {
    if is_secure(central) { "__Host-office" } else { "office" }
}

fn is_secure(central: &Central) -> bool {
    central.settings.server.public_url.starts_with("https://")
}

fn cookie(central: &Central, name: &str, value: &str, rest: &str) -> Result<HeaderValue, Failure> {
    let secure = if is_secure(central) { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{rest}");
    HeaderValue::from_str(&text).map_err(|_| Failure::Internal("a cookie can't be written"))
}

/// The cookie that keeps a language for a year.
pub(super) fn language_cookie(central: &Central, language: Language) -> Result<HeaderValue, Failure> {
    cookie(central, LANGUAGE, language.code(), "; Max-Age=31536000")
}

/// The cookie that ends a session in the browser.
pub(super) fn ended_cookie(central: &Central) -> Result<HeaderValue, Failure> {
    cookie(central, cookie_name(central), "", "; Max-Age=0")
}

/// Begins a session of this user; the cookie for it.
pub(super) async fn begin(
    client: &impl GenericClient,
    central: &Central,
    user: Uuid,
    complete: bool,
) -> Result<HeaderValue, Refusal> {
    let (token, now) = (protocol::Key(random()?), now_ms());
    let sql = "INSERT INTO office_sessions (token_sha256, user_id, complete, created_ms, seen_ms) VALUES ($1, $2, $3, $4, $4)";
    client.execute(sql, &[&&sha256(&token.0).0[..], &user, &complete, &now]).await?;
    Ok(cookie(central, cookie_name(central), &token.to_string(), "")?)
}

/// Ends every session of a user, but the one of `except`.
pub(super) async fn end_all(
    client: &impl GenericClient,
    user: Uuid,
    except: Option<&Token>,
) -> Result<(), Failure> {
    let kept = except.map(|token| token.hash().0.to_vec());
    let sql = "DELETE FROM office_sessions WHERE user_id = $1 AND ($2::bytea IS NULL OR token_sha256 <> $2)";
    client.execute(sql, &[&user, &kept]).await?;
    Ok(())
}

/// Ends one session.
pub(super) async fn end(client: &impl GenericClient, token: &Token) -> Result<(), Failure> {
    client.execute("DELETE FROM office_sessions WHERE token_sha256 = $1", &[&&token.hash().0[..]]).await?;
    Ok(())
}

/// A user with a session, however far the log-in has come.
#[derive(Clone, Debug)]
pub(super) struct Arriving {
    /// The user.
    pub staff: Staff,
    /// Whether the second factor was given.
    pub complete: bool,
    /// Whether the password must be changed.
    pub must_change: bool,
    /// The sealed second factor, once it is set up.
    pub factor: Option<Vec<u8>>,
}

/// A user who has logged in.
#[derive(Clone, Debug)]
pub(super) struct Staff {
    /// Which user.
    pub id: Uuid,
    /// Whose.
    pub campus: Uuid,
    /// The campus's code.
    pub campus_code: String,
    /// The campus's name in Chinese.
    pub campus_zh: String,
    /// The campus's name in English.
    pub campus_en: String,
    /// The login, by which the audit names the user.
    pub login: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The token of the session's forms.
    pub csrf: String,
    /// The session's secret.
    pub token: Token,
    /// The request.
    pub visit: Visit,
}

impl Staff {
    /// Refuses a role that may not.
    pub(super) fn must(&self, what: May) -> Result<(), Refusal> {
        if self.role.may(what) { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

const SESSION: &str = "SELECT u.id, u.campus_id, u.login, u.name, u.role, u.must_change, u.totp_sealed, s.complete, s.seen_ms,
    c.code, c.name_zh, c.name_en FROM office_sessions s JOIN users u ON u.id = s.user_id JOIN campuses c ON c.id = u.campus_id
    WHERE s.token_sha256 = $1 AND u.disabled_ms IS NULL AND s.seen_ms > $2 AND s.created_ms > $3";

impl FromRequestParts<Central> for Arriving {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, central: &Central) -> Result<Self, Refusal> {
        let token = Token::of(&parts.headers, central).ok_or(Refusal::LogIn)?;
        let client = central.pool.get().await?;
        let (now, hash) = (now_ms(), token.hash());
        let idle = now - i64::from(central.settings.office.idle_minutes) * 60_000;
        let statement = client.prepare_cached(SESSION).await?;
        let row = client.query_opt(&statement, &[&&hash.0[..], &idle, &(now - LONGEST_MS)]).await?;
        let row = row.ok_or(Refusal::LogIn)?;
        if row.try_get::<_, i64>("seen_ms")? < now - NOTED_MS {
            let sql = "UPDATE office_sessions SET seen_ms = $2 WHERE token_sha256 = $1 AND seen_ms < $2";
            client.execute(sql, &[&&hash.0[..], &now]).await?;
        }
        let (complete, must_change) = (row.try_get("complete")?, row.try_get("must_change")?);
        let factor = row.try_get("totp_sealed")?;
        Ok(Self { staff: read(&row, token, Visit::kept(parts))?, complete, must_change, factor })
    }
}

fn read(row: &tokio_postgres::Row, token: Token, visit: Visit) -> Result<Staff, Refusal> {
    let role = Role::parse(row.try_get("role")?).ok_or(Failure::Internal("a user has an unknown role"))?;
    Ok(Staff {
        id: row.try_get("id")?,
        campus: row.try_get("campus_id")?,
        campus_code: row.try_get("code")?,
        campus_zh: row.try_get("name_zh")?,
        campus_en: row.try_get("name_en")?,
        login: row.try_get("login")?,
        name: row.try_get("name")?,
        role,
        csrf: token.csrf(),
        token,
        visit,
    })
}

impl FromRequestParts<Central> for Staff {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, central: &Central) -> Result<Self, Refusal> {
        let arriving = Arriving::from_request_parts(parts, central).await?;
        match (arriving.complete, arriving.must_change) {
            (false, _) => Err(Refusal::SecondFactor),
            (true, true) => Err(Refusal::ChangePassword),
            (true, false) => Ok(arriving.staff),
        }
    }
}

/// A form that a user sent from one of this session's pages.
#[derive(Debug)]
pub(super) struct Posted<Who> {
    /// The user.
    pub who: Who,
    /// What the form says.
    pub fields: Fields,
}

/// Whoever a session's form can come from.
pub(super) trait HasSession {
    /// The token of the session's forms.
    fn csrf(&self) -> &str;
}

impl HasSession for Staff {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

impl HasSession for Arriving {
    fn csrf(&self) -> &str {
        &self.staff.csrf
    }
}

impl<Who> FromRequest<Central> for Posted<Who>
where
    Who: HasSession + FromRequestParts<Central, Rejection = Refusal> + Send,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, central: &Central) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, central).await?;
        let Sent(fields) = Sent::from_request(Request::from_parts(parts, body), central).await?;
        let given = fields.raw("csrf").as_bytes();
        if !bool::from(given.ct_eq(who.csrf().as_bytes())) {
            return Err(Refusal::Forged);
        }
        Ok(Self { who, fields })
    }
}

/// What the address asks for.
#[derive(Debug)]
pub(super) struct Query(pub Fields);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let query = parts.uri.query().unwrap_or_default();
        Fields::parse(query.as_bytes()).map(Self).ok_or(Refusal::Malformed)
    }
}

/// Parts of the address. One whose escapes are no UTF-8 is no page's.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Refusal))]
pub(super) struct Path<T>(pub T);

impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        Self::NotFound
    }
}

/// A form that the browser says to come from a page of this server.
#[derive(Debug)]
pub(super) struct Sent(pub Fields);

impl FromRequest<Central> for Sent {
    type Rejection = Refusal;

    async fn from_request(request: Request, central: &Central) -> Result<Self, Refusal> {
        if !is_from_here(request.headers(), &central.settings.server.public_url) {
            return Err(Refusal::Forged);
        }
        let body = axum::body::to_bytes(request.into_body(), LARGEST_FORM).await;
        let body = body.map_err(|_| Refusal::TooLarge)?;
        Fields::parse(&body).map(Self).ok_or(Refusal::Malformed)
    }
}

fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => headers.get("origin").is_some_and(|from| from == origin.trim_end_matches('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_server_may_send_forms() {
        let check = |name: &'static str, value: &'static str| {
            is_from_here(
                &HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static(value))]),
                "https://a.test",
            )
        };
        assert!(check("sec-fetch-site", "same-origin") && check("origin", "https://a.test"));
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "none"),
            ("origin", "null"),
            ("origin", "https://b.test"),
            ("referer", "https://a.test/"),
        ] {
            assert!(!check(name, value), "{name}: {value}");
        }
    }
}
