//! Campuses: the owners of everything else.

use crate::Failure;
use crate::clock::{new_id, now_ms};
use tokio_postgres::GenericClient;
use uuid::Uuid;

/// Locks the programmes of campus $1 for a transaction that takes photos, which are approved by what their programmes say.
pub(crate) const PROGRAMMES_SHARED: &str =
    "SELECT pg_advisory_xact_lock_shared(7221530, hashtext($1::uuid::text))";
/// The same for one that changes programmes: it sees each photo that was compared with the programmes as they were.
pub(crate) const PROGRAMMES_ALONE: &str = "SELECT pg_advisory_xact_lock(7221530, hashtext($1::uuid::text))";

/// A campus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campus {
    /// Its id.
    pub id: Uuid,
    /// Its code, as people type it.
    pub code: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
}

/// A campus's code: 2 to 32 of `a-z`, `0-9` and `-`.
#[must_use]
pub fn is_code(text: &str) -> bool {
    (2..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Adds a campus, or gives the one of this code these names.
///
/// # Errors
/// [`Failure::Invalid`] for a code or a name outside its limits.
pub async fn add(
    client: &impl GenericClient,
    code: &str,
    name_zh: &str,
    name_en: &str,
) -> Result<Campus, Failure> {
    let fits = |name: &str| (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if !is_code(code) || !fits(name_zh) || !fits(name_en) {
        return Err(Failure::Invalid(
            "a campus needs a code of 2 to 32 of a-z, 0-9 and -, and names of 1 to 60 characters",
        ));
    }
    let sql = "INSERT INTO campuses (id, code, name_zh, name_en, created_ms) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en
               RETURNING id, code, name_zh, name_en";
    let row = client.query_one(sql, &[&new_id(), &code, &name_zh, &name_en, &now_ms()]).await?;
    read(&row)
}

/// The campus of this code.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn named(client: &impl GenericClient, code: &str) -> Result<Campus, Failure> {
    // A stranger's text reaches PostgreSQL only where it can be a code at all.
    if !is_code(code) {
        return Err(Failure::NotFound("campus"));
    }
    let sql = "SELECT id, code, name_zh, name_en FROM campuses WHERE code = $1";
    let row = client.query_opt(sql, &[&code]).await?;
    read(&row.ok_or(Failure::NotFound("campus"))?)
}

/// The campus of this id.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn of(client: &impl GenericClient, id: Uuid) -> Result<Campus, Failure> {
    let row =
        client.query_opt("SELECT id, code, name_zh, name_en FROM campuses WHERE id = $1", &[&id]).await?;
    read(&row.ok_or(Failure::NotFound("campus"))?)
}

fn read(row: &tokio_postgres::Row) -> Result<Campus, Failure> {
    Ok(Campus {
        id: row.try_get("id")?,
        code: row.try_get("code")?,
        name_zh: row.try_get("name_zh")?,
        name_en: row.try_get("name_en")?,
    })
}
