//! The campus's booths: how they are, and what an administrator has them do.

mod acts;
mod read;

use super::fields::Form;
use super::page::{Frame, html};
use super::refusal::Refusal;
use super::roles::May;
use super::session::{Path, Staff};
use crate::Central;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::{get, post};
use uuid::Uuid;

pub(super) fn router() -> Router<Central> {
    Router::new()
        .route("/booths", get(show))
        .route("/booths/invite", get(show).post(acts::invite))
        .route("/booths/{booth}", get(show_one))
        .route("/booths/{booth}/revoke", post(acts::revoke))
        .route("/booths/{booth}/reinvite", post(acts::reinvite))
        .route("/booths/{booth}/rotate", post(acts::rotate))
        .route("/booths/{booth}/command", get(show_one).post(acts::command))
}

#[derive(Template)]
#[template(path = "booths.html")]
struct Page {
    f: Frame,
    form: Form,
    booths: Vec<read::Booth>,
    rejected: Vec<read::Rejected>,
    is_admin: bool,
}

async fn show(State(central): State<Central>, staff: Staff) -> Result<Html<String>, Refusal> {
    page(&central, &staff, Form::default()).await
}

async fn page(central: &Central, staff: &Staff, form: Form) -> Result<Html<String>, Refusal> {
    let client = central.pool.get().await?;
    let language = staff.visit.language;
    html(&Page {
        f: Frame::of(staff, language.words().booths),
        form,
        booths: read::all(&client, staff.campus, language).await?,
        rejected: read::rejected(&client, staff.campus).await?,
        is_admin: staff.role.may(May::Administer),
    })
}

#[derive(Template)]
#[template(path = "booth.html")]
struct OnePage {
    f: Frame,
    form: Form,
    booth: read::Booth,
    epochs: Vec<read::Epoch>,
    commands: Vec<read::Given>,
    is_admin: bool,
}

async fn show_one(
    State(central): State<Central>,
    staff: Staff,
    Path(booth): Path<String>,
) -> Result<Html<String>, Refusal> {
    let booth = Uuid::try_parse(&booth).map_err(|_| Refusal::NotFound)?;
    one_page(&central, &staff, booth, Form::default()).await
}

async fn one_page(
    central: &Central,
    staff: &Staff,
    booth: Uuid,
    form: Form,
) -> Result<Html<String>, Refusal> {
    let client = central.pool.get().await?;
    let language = staff.visit.language;
    let booth = read::one(&client, staff.campus, booth, language).await?.ok_or(Refusal::NotFound)?;
    html(&OnePage {
        f: Frame::of(staff, booth.name.clone()),
        form,
        epochs: read::epochs(&client, staff.campus, booth.id).await?,
        commands: read::commands(&client, staff.campus, booth.id, language.words()).await?,
        booth,
        is_admin: staff.role.may(May::Administer),
    })
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    f: Frame,
    name: String,
    invitation: String,
}
