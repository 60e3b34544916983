//! The review: photos that wait for the office's decision, one large and the others small.

mod decide;
mod queue;

pub use decide::{Decision, Outcome, decide, reject_approved};

use super::fields::Form;
use super::page::{Frame, html};
use super::photos::decider;
use super::refusal::Refusal;
use super::roles::May;
use super::session::{Posted, Query, Staff};
use super::when::minute;
use super::words::{Language, Words};
use crate::Central;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use http::StatusCode;
use queue::{Queue, Shown};
use uuid::Uuid;

/// The most photos of one decision.
const MOST: usize = 200;
/// The most characters of a reason.
const REASON: usize = 200;

pub(super) fn router() -> Router<Central> {
    Router::new().route("/review", get(show).post(decide_selected))
}

/// A usual reason: its code, and both languages, because the student's isn't known.
fn usual(code: &str) -> Option<String> {
    let find =
        |w: &'static Words| reasons(w).into_iter().find(|reason| reason.0 == code).map(|reason| reason.1);
    let (zh, en) = (find(Language::Zh.words())?, find(Language::En.words())?);
    Some(format!("{zh}（{en}）"))
}

/// The usual reasons: their codes, and what they are called.
pub(super) fn reasons(w: &'static Words) -> Vec<(&'static str, &'static str)> {
    vec![
        ("eyes", w.reason_eyes),
        ("expression", w.reason_expression),
        ("hair", w.reason_hair),
        ("glasses", w.reason_glasses),
        ("clothes", w.reason_clothes),
        ("pose", w.reason_pose),
        ("person", w.reason_person),
    ]
}

#[derive(Template)]
#[template(path = "review.html")]
struct Page {
    f: Frame,
    form: Form,
    queue: Queue,
    shown: Option<Shown>,
    reasons: Vec<(&'static str, &'static str)>,
    may_decide: bool,
    after: String,
    /// What of the form concerns the selection, not the large photo.
    is_many: bool,
}

async fn page(
    central: &Central,
    staff: &Staff,
    form: Form,
    at: Option<Uuid>,
    is_many: bool,
) -> Result<Html<String>, Refusal> {
    let language = staff.visit.language;
    let w = language.words();
    let client = central.pool.get().await?;
    let after = form.value("after").to_owned();
    let queue = Queue::read(&client, staff.campus, queue::Place::parse(&after)).await?;
    let at = at.or_else(|| queue.photos.first().map(|photo| photo.id));
    let shown = match at {
        Some(at) => Shown::read(&client, staff.campus, at, &queue, language).await?,
        None => None,
    };
    let said = match (form.value("approved"), form.value("rejected")) {
        ("", "") => String::new(),
        ("", count) => format!("{}{}", w.done_rejected, number(count)),
        (count, _) => format!("{}{}", w.done_approved, number(count)),
    };
    let f = Frame::of(staff, w.review).saying(said);
    let may_decide = staff.role.may(May::Decide);
    html(&Page { f, form, queue, shown, reasons: reasons(w), may_decide, after, is_many })
}

/// A count from the address, which somebody could have altered.
fn number(text: &str) -> u16 {
    text.parse().unwrap_or_default()
}

async fn show(
    State(central): State<Central>,
    staff: Staff,
    Query(fields): Query,
) -> Result<Html<String>, Refusal> {
    let at = fields.id("at").ok();
    page(&central, &staff, Form::of(fields), at, false).await
}

/// The reason that a form gives for a rejection; where there is none the form is marked.
pub(super) fn reason(form: &mut Form, w: &'static Words) -> Option<String> {
    let typed = form.take(w, "reason_text", |f| f.line("reason_text", REASON))?;
    let reason = if typed.is_empty() { usual(form.value("reason_choice")) } else { Some(typed) };
    if reason.is_none() {
        form.mark("reason_text", w.reason_needed);
    }
    reason
}

/// The decision that a form asks for.
fn decision(form: &mut Form, w: &'static Words) -> Option<Decision> {
    match form.value("decision") {
        "approve" => Some(Decision::Approve),
        "reject" => reason(form, w).map(|reason| Decision::Reject { reason }),
        _ => {
            form.mark("decision", w.fault_choice);
            None
        }
    }
}

async fn decide_selected(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Decide)?;
    let w = staff.visit.language.words();
    let photos: Vec<Uuid> =
        fields.all("photo").take(MOST).filter_map(|id| Uuid::try_parse(id).ok()).collect();
    let is_many = fields.get("many") == "1";
    let (at, next) = (fields.id("photo").ok().filter(|_| !is_many), fields.get("next").to_owned());
    let mut form = Form::of(fields);
    if photos.is_empty() {
        form.mark("photo", w.select_some);
    }
    let decision = decision(&mut form, w).filter(|_| !form.is_wrong());
    let Some(decision) = decision else {
        let page = page(&central, &staff, form, at, is_many).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let mut client = central.pool.get().await?;
    let results = decide(&mut client, staff.campus, &staff.login, &photos, &decision).await?;
    if results.iter().all(|result| matches!(result.1, Outcome::Decided { .. })) {
        let name = if decision.is_approval() { "approved" } else { "rejected" };
        let at = Uuid::try_parse(&next).map(|next| format!("&at={next}")).unwrap_or_default();
        let after = super::fields::escape(form.value("after"));
        let way = format!("/office/review?{name}={}{at}&after={after}", results.len());
        return Ok(Redirect::to(&way).into_response());
    }
    let page = results_page(&staff, &results, &decision)?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// What became of one photo of a decision.
#[derive(Debug)]
struct Line {
    photo: Uuid,
    number: String,
    says: String,
    is_done: bool,
}

#[derive(Template)]
#[template(path = "results.html")]
struct Results {
    f: Frame,
    lines: Vec<Line>,
}

/// What became of each photo of a decision, where not all of them could be decided.
pub(super) fn results_page(
    staff: &Staff,
    results: &[(Uuid, Outcome)],
    decision: &Decision,
) -> Result<Html<String>, Refusal> {
    let w = staff.visit.language.words();
    let done = if decision.is_approval() { w.result_approved } else { w.result_rejected };
    let line = |(photo, outcome): &(Uuid, Outcome)| match outcome {
        Outcome::Decided { number } => {
            Line { photo: *photo, number: number.clone(), says: done.to_owned(), is_done: true }
        }
        Outcome::Already { number, by, name, at_ms, approved } => {
            let state = if *approved { w.approved } else { w.rejected };
            let says = format!("{}{} · {} · {state}", w.result_decided, decider(w, by, name), minute(*at_ms));
            Line { photo: *photo, number: number.clone(), says, is_done: false }
        }
        Outcome::Unknown => {
            Line { photo: *photo, number: String::new(), says: w.result_unknown.to_owned(), is_done: false }
        }
    };
    html(&Results { f: Frame::of(staff, w.results), lines: results.iter().map(line).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::fields::Fields;
    use proptest::prelude::*;

    fn parse(text: &str) -> (Option<Decision>, bool) {
        let mut form = Form::of(Fields::parse(text.as_bytes()).unwrap());
        let decision = decision(&mut form, Language::En.words());
        (decision, form.is_wrong())
    }

    #[test]
    fn a_rejection_has_a_reason() {
        assert!(matches!(parse("decision=approve"), (Some(Decision::Approve), false)));
        for wrong in [
            "",
            "decision=dance",
            "decision=reject",
            "decision=reject&reason_choice=none",
            "decision=reject&reason_text=a%0Ab",
        ] {
            assert!(matches!(parse(wrong), (None, true)), "{wrong}");
        }
        let (Some(Decision::Reject { reason }), false) = parse("decision=reject&reason_choice=eyes") else {
            panic!()
        };
        assert!(reason.starts_with("眼睛") && reason.contains("eyes"), "in both languages: {reason}");
        let (Some(Decision::Reject { reason }), _) =
            parse("decision=reject&reason_choice=eyes&reason_text=a")
        else {
            panic!()
        };
        assert_eq!(reason, "a", "what was typed goes first");
    }

    #[test]
    fn usual_reasons_fit_their_column() {
        for (code, _) in reasons(Language::Zh.words()) {
            assert!(usual(code).unwrap().chars().count() <= REASON, "{code}");
        }
    }

    proptest! {
        #[test]
        fn a_reason_is_never_longer_than_its_column(text in "\\PC{0,300}") {
            let query = format!("decision=reject&reason_text={}", crate::office::fields::escape(&text));
            if let (Some(Decision::Reject { reason }), _) = parse(&query) {
                prop_assert!(!reason.is_empty() && reason.chars().count() <= REASON);
            }
        }
    }
}
