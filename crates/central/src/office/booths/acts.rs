//! What an administrator does to booths: invitations, keys, commands. Each is told in the audit.

use super::{InvitationPage, one_page, page};
use crate::Central;
use crate::office::audit::{self, Deed};
use crate::office::fields::Form;
use crate::office::page::{Frame, html};
use crate::office::refusal::Refusal;
use crate::office::roles::May;
use crate::office::session::{Path, Posted, Staff};
use crate::{Failure, commands, devices};
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use deadpool_postgres::Transaction;
use http::StatusCode;
use protocol::directory::Action;
use protocol::enrolment::Invitation;
use tokio_postgres::GenericClient;
use uuid::Uuid;

async fn tell(tx: &Transaction<'_>, staff: &Staff, action: &str, subject: &str) -> Result<(), Failure> {
    let deed = Deed { actor: &staff.login, action, subject, detail: "" };
    audit::append(tx, staff.campus, &[deed]).await
}

fn written(central: &Central, code: &str) -> Result<String, Refusal> {
    let pin = central.pins.first().ok_or(Failure::Internal("no public key is known"))?;
    let invitation = Invitation::new(&central.settings.server.public_url, code, *pin);
    Ok(invitation.map_err(|_| Failure::Internal("an invitation can't be written"))?.to_string())
}

fn invitation_page(staff: &Staff, name: String, invitation: String) -> Result<Response, Refusal> {
    let f = Frame::of(staff, staff.visit.language.words().invitation);
    Ok(html(&InvitationPage { f, name, invitation })?.into_response())
}

pub(super) async fn invite(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let w = staff.visit.language.words();
    let mut form = Form::of(fields);
    if let Some(name) = form.take(w, "name", |f| f.needed("name", 60)) {
        let mut client = central.pool.get().await?;
        let tx = client.transaction().await?;
        match devices::invite(&*tx, staff.campus, &name).await {
            Ok(code) => {
                let invitation = written(&central, &code)?;
                tell(&tx, &staff, "booth_invited", &name).await?;
                tx.commit().await?;
                return invitation_page(&staff, name, invitation);
            }
            Err(Failure::Invalid(_)) => form.mark("name", w.fault_taken),
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&central, &staff, form).await?).into_response())
}

/// The name of a booth of the campus.
async fn name(client: &impl GenericClient, campus: Uuid, booth: &str) -> Result<(Uuid, String), Refusal> {
    let booth = Uuid::try_parse(booth).map_err(|_| Refusal::NotFound)?;
    let sql = "SELECT name FROM devices WHERE campus_id = $1 AND id = $2";
    let row = client.query_opt(sql, &[&campus, &booth]).await?.ok_or(Refusal::NotFound)?;
    Ok((booth, row.try_get(0)?))
}

pub(super) async fn revoke(
    State(central): State<Central>,
    Path(booth): Path<String>,
    Posted { who: staff, .. }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let (_, name) = name(&*tx, staff.campus, &booth).await?;
    if devices::revoke(&*tx, staff.campus, &name).await? {
        tell(&tx, &staff, "booth_revoked", &name).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to("/office/booths").into_response())
}

/// Ends the key and invites the booth again under its name, at once or not at all.
pub(super) async fn reinvite(
    State(central): State<Central>,
    Path(booth): Path<String>,
    Posted { who: staff, .. }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let (_, name) = name(&*tx, staff.campus, &booth).await?;
    if !devices::revoke(&*tx, staff.campus, &name).await? {
        return Err(Refusal::NotFound);
    }
    let invitation = written(&central, &devices::invite(&*tx, staff.campus, &name).await?)?;
    tell(&tx, &staff, "booth_revoked", &name).await?;
    tell(&tx, &staff, "booth_invited", &name).await?;
    tx.commit().await?;
    invitation_page(&staff, name, invitation)
}

pub(super) async fn rotate(
    State(central): State<Central>,
    Path(booth): Path<String>,
    Posted { who: staff, .. }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let (id, name) = name(&*tx, staff.campus, &booth).await?;
    let sql = "UPDATE devices SET rotate_key = true WHERE campus_id = $1 AND id = $2 AND state = 'active'";
    if tx.execute(sql, &[&staff.campus, &id]).await? == 1 {
        tell(&tx, &staff, "key_rotation", &name).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("/office/booths/{id}")).into_response())
}

/// What the form asks a booth to do; nothing where it is wrong, and it says where.
async fn action(
    tx: &Transaction<'_>,
    staff: &Staff,
    booth: Uuid,
    form: &mut Form,
) -> Result<Option<Action>, Refusal> {
    let w = staff.visit.language.words();
    Ok(match form.value("do") {
        "close" => Some(Action::Close),
        "open" => Some(Action::Open),
        "message" => {
            let zh = form.take(w, "zh", |f| f.needed("zh", 200));
            let en = form.take(w, "en", |f| f.needed("en", 200));
            zh.zip(en).map(|(zh, en)| Action::Message { zh, en })
        }
        "reprint" => {
            let Some(number) = form.take(w, "number", |f| f.needed("number", 32)) else { return Ok(None) };
            let sql = "SELECT id FROM orders WHERE campus_id = $1 AND device_id = $2 AND replace(number, ' ', '') = $3
                       ORDER BY placed_ms DESC LIMIT 1";
            let digits: String = number.split_whitespace().collect();
            match tx.query_opt(sql, &[&staff.campus, &booth, &digits]).await? {
                Some(row) => Some(Action::Reprint { order_id: row.try_get(0)? }),
                None => {
                    form.mark("number", w.order_unknown);
                    None
                }
            }
        }
        _ => return Err(Refusal::Malformed),
    })
}

pub(super) async fn command(
    State(central): State<Central>,
    Path(booth): Path<String>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let (id, name) = name(&*tx, staff.campus, &booth).await?;
    let mut form = Form::of(fields);
    let Some(action) = action(&tx, &staff, id, &mut form).await? else {
        drop(tx);
        drop(client);
        let page = one_page(&central, &staff, id, form).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    commands::give(&tx, staff.campus, id, action, &staff.login).await?;
    let deed =
        Deed { actor: &staff.login, action: "command_given", subject: &name, detail: form.value("do") };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/office/booths/{id}")).into_response())
}
