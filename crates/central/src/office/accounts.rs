//! Users of the office, and what an administrator does to them.

use super::audit::{self, Deed};
use super::passwords;
use super::roles::Role;
use super::session;
use crate::Failure;
use crate::clock::{new_id, now_ms};
use deadpool_postgres::{Client, Transaction};
use uuid::Uuid;

/// The name under which booths' staff decide: no user's login.
pub(super) const BOOTH: &str = "booth";

/// A login as it is kept: 2 to 40 of `a-z`, `0-9`, `.`, `_` and `-`.
#[must_use]
pub fn is_login(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    (2..=40).contains(&text.len()) && text.bytes().all(fits) && text != BOOTH
}

fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// Adds a user; the password for the first log-in, which is kept nowhere.
///
/// # Errors
/// [`Failure::Invalid`] for a login or a name outside its limits, or a login that is taken.
pub async fn add(
    client: &mut Client,
    campus: Uuid,
    by: &str,
    login: &str,
    name: &str,
    role: Role,
) -> Result<String, Failure> {
    if !is_login(login) || !is_name(name) {
        return Err(Failure::Invalid(
            "a user needs a login of 2 to 40 of a-z, 0-9, ., _ and -, and a name of 1 to 40 characters",
        ));
    }
    let password = passwords::temporary()?;
    let hash = passwords::hash(&password)?;
    let tx = client.transaction().await?;
    let sql = "INSERT INTO users (id, campus_id, login, name, role, password_hash, must_change, created_ms)
               VALUES ($1, $2, $3, $4, $5, $6, true, $7) ON CONFLICT (campus_id, login) DO NOTHING";
    let added = tx.execute(sql, &[&new_id(), &campus, &login, &name, &role.code(), &hash, &now_ms()]).await?;
    if added == 0 {
        return Err(Failure::Invalid("there is a user with this login already"));
    }
    let deed = Deed { actor: by, action: "user_added", subject: login, detail: role.code() };
    audit::append(&tx, campus, &[deed]).await?;
    tx.commit().await?;
    Ok(password)
}

/// What is changed of a user.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    /// Another role.
    Role(Role),
    /// No log-in any more.
    Disable,
    /// Log-in again.
    Enable,
    /// Another password for one log-in.
    Password,
    /// The second factor is to be set up anew.
    Factor,
}

impl Change {
    const fn action(self) -> &'static str {
        match self {
            Self::Role(_) => "role_changed",
            Self::Disable => "user_disabled",
            Self::Enable => "user_enabled",
            Self::Password => "password_reset",
            Self::Factor => "second_factor_reset",
        }
    }
}

/// Changes a user of the campus, and ends the user's sessions; the new password, where one was made.
///
/// # Errors
/// [`Failure::NotFound`] where the campus has no such user.
pub(super) async fn change(
    client: &mut Client,
    campus: Uuid,
    by: &str,
    user: Uuid,
    change: Change,
) -> Result<Option<String>, Failure> {
    let password = matches!(change, Change::Password).then(passwords::temporary).transpose()?;
    let hash = password.as_deref().map(passwords::hash).transpose()?;
    let tx = client.transaction().await?;
    let login = write(&tx, campus, user, change, hash).await?.ok_or(Failure::NotFound("user"))?;
    session::end_all(&*tx, user, None).await?;
    let detail = if let Change::Role(role) = change { role.code() } else { "" };
    let deed = Deed { actor: by, action: change.action(), subject: &login, detail };
    audit::append(&tx, campus, &[deed]).await?;
    tx.commit().await?;
    Ok(password)
}

async fn write(
    tx: &Transaction<'_>,
    campus: Uuid,
    user: Uuid,
    change: Change,
    hash: Option<String>,
) -> Result<Option<String>, Failure> {
    let (set, value): (&str, Option<String>) = match change {
        Change::Role(role) => ("role = $3", Some(role.code().to_owned())),
        Change::Disable => ("disabled_ms = $3::text::bigint", Some(now_ms().to_string())),
        Change::Enable => ("disabled_ms = $3::text::bigint", None),
        Change::Password => {
            ("password_hash = $3, must_change = true, wrong_tries = 0, locked_until_ms = NULL", hash)
        }
        Change::Factor => ("totp_sealed = $3::text::bytea, totp_step = NULL", None),
    };
    let sql = format!("UPDATE users SET {set} WHERE campus_id = $1 AND id = $2 RETURNING login");
    let row = tx.query_opt(&sql, &[&campus, &user, &value]).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn logins_are_plain_and_never_a_booths() {
        for good in ["li", "wang.xiao-ming_2", &"a".repeat(40)] {
            assert!(is_login(good), "{good}");
        }
        for wrong in ["", "a", "Li", "王", "a b", "booth", &"a".repeat(41)] {
            assert!(!is_login(wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_login_is_what_the_table_takes(text in "[a-zA-Z0-9._ 王-]{0,42}") {
            let fits = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-');
            let taken = (2..=40).contains(&text.chars().count()) && text.chars().all(fits) && text != BOOTH;
            prop_assert_eq!(is_login(&text), taken);
        }
    }
}
