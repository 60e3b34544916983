//! What the campus sets at its booths from afar, over each booth's own file.

use super::audit::{self, Deed};
use super::fields::{Fault, Fields, Form};
use super::page::{Frame, html};
use super::refusal::Refusal;
use super::roles::May;
use super::session::{Posted, Query, Staff};
use super::words::Words;
use crate::Central;
use crate::directory::{self, Change};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use deadpool_postgres::Client;
use http::StatusCode;
use protocol::campus_settings::{CAMPUS_SETTINGS, CampusSetting, SettingForm};
use protocol::directory::{Item, Setting};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio_postgres::types::Json;

pub(super) fn router() -> Router<Central> {
    Router::new().route("/settings", get(show).post(set))
}

/// A setting as the page shows it.
#[derive(Debug)]
struct Shown {
    name: &'static str,
    title: &'static str,
    /// What can be chosen, code and words; empty where the value is typed.
    choices: Vec<(&'static str, &'static str)>,
    /// The least and the most of a number.
    range: Option<(u16, u16)>,
    /// Whether it is a text in two languages.
    is_texts: bool,
    /// The value, or its Chinese; empty where each booth's own file says.
    value: String,
    /// Its English.
    english: String,
    fault: &'static str,
}

fn title(w: &'static Words, setting: &CampusSetting) -> &'static str {
    match setting.name {
        "booth.contact" => w.setting_contact,
        "booth.follow_url" => w.setting_follow_url,
        "camera.auto_shutter" => w.setting_auto_shutter,
        "camera.preview_background" => w.setting_preview_background,
        "login.lock_s" => w.setting_lock_s,
        "login.tries" => w.setting_tries,
        "payment.online" => w.setting_online,
        "retention.synced_days" => w.setting_synced_days,
        "retention.unpaid_days" => w.setting_unpaid_days,
        "session.screen_s" => w.setting_screen_s,
        _ => w.unknown,
    }
}

fn choices(w: &'static Words, form: SettingForm) -> Vec<(&'static str, &'static str)> {
    let of = |code: &'static str| match code {
        "true" => (code, w.setting_on),
        "false" | "none" => (code, w.setting_off),
        "central" => (code, w.setting_central),
        other => (other, other),
    };
    let codes: &[&str] = match form {
        SettingForm::Switch => &["true", "false"],
        SettingForm::Choice(codes) => codes,
        _ => return vec![],
    };
    std::iter::once(("", w.setting_own)).chain(codes.iter().map(|code| of(code))).collect()
}

/// A value as it stands in its field.
fn written(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn shown(setting: &CampusSetting, set: Option<&Value>, form: &Form, w: &'static Words) -> Shown {
    let is_texts = matches!(setting.form, SettingForm::Texts(_));
    let typed = form.is_wrong() && form.value("name") == setting.name;
    let [zh, en] = ["zh", "en"].map(|language| written(set.and_then(|texts| texts.get(language))));
    let (value, english) = match (typed, is_texts) {
        (true, _) => (form.value("value").to_owned(), form.value("english").to_owned()),
        (false, true) => (zh, en),
        (false, false) => (written(set), String::new()),
    };
    Shown {
        name: setting.name,
        title: title(w, setting),
        choices: choices(w, setting.form),
        range: match setting.form {
            SettingForm::Whole { least, most } => Some((least, most)),
            _ => None,
        },
        is_texts,
        value,
        english,
        fault: if typed { form.fault("value") } else { "" },
    }
}

/// What the campus has set, by name.
async fn all(client: &Client, staff: &Staff) -> Result<HashMap<String, Value>, Refusal> {
    let sql = "SELECT body FROM directory WHERE campus_id = $1 AND kind = 'setting' AND device_id IS NULL";
    let mut set = HashMap::new();
    for row in client.query(sql, &[&staff.campus]).await? {
        let Json(item) = row.try_get::<_, Json<Item>>(0)?;
        if let Item::Setting(Setting { name, value: Some(value) }) = item {
            set.insert(name, value);
        }
    }
    Ok(set)
}

#[derive(Template)]
#[template(path = "settings.html")]
struct Page {
    f: Frame,
    form: Form,
    settings: Vec<Shown>,
}

async fn page(central: &Central, staff: &Staff, form: Form) -> Result<Html<String>, Refusal> {
    let w = staff.visit.language.words();
    let set = all(&central.pool.get().await?, staff).await?;
    let settings = CAMPUS_SETTINGS.iter().map(|setting| shown(setting, set.get(setting.name), &form, w));
    let settings = settings.collect();
    let said = if form.value("said") == "changed" { w.changed } else { "" };
    html(&Page { f: Frame::of(staff, w.settings).saying(said), form, settings })
}

async fn show(
    State(central): State<Central>,
    staff: Staff,
    Query(fields): Query,
) -> Result<Html<String>, Refusal> {
    staff.must(May::Administer)?;
    page(&central, &staff, Form::of(fields)).await
}

/// The value that was typed; nothing where each booth's own file is to hold.
fn value(fields: &Fields, form: SettingForm) -> Result<Option<Value>, Fault> {
    let text = fields.line("value", 200)?;
    if text.is_empty() && fields.get("english").is_empty() {
        return Ok(None);
    }
    Ok(Some(match form {
        SettingForm::Switch => json!(text.parse::<bool>().map_err(|_| Fault::Choice)?),
        SettingForm::Whole { least, most } => {
            let number = text.parse::<u16>().map_err(|_| Fault::Number)?;
            json!((least..=most).contains(&number).then_some(number).ok_or(Fault::Number)?)
        }
        SettingForm::Texts(longest) => {
            json!({"zh": fields.needed("value", longest)?, "en": fields.needed("english", longest)?})
        }
        SettingForm::OrderAddress => {
            let is_one = text.starts_with("https://") && text.contains("{number}");
            json!(is_one.then_some(text).ok_or(Fault::Address)?)
        }
        SettingForm::Choice(codes) => {
            json!(codes.iter().find(|code| **code == text).ok_or(Fault::Choice)?)
        }
    }))
}

async fn set(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let setting = CampusSetting::of(fields.get("name")).ok_or(Refusal::Malformed)?;
    let mut form = Form::of(fields);
    let Some(value) = form.take(staff.visit.language.words(), "value", |f| value(f, setting.form)) else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&central, &staff, form).await?).into_response());
    };
    let item = Item::Setting(Setting { name: setting.name.to_owned(), value });
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    directory::tell(&tx, staff.campus, &[Change { key: setting.name, device: None, item: &item }]).await?;
    let deed = Deed { actor: &staff.login, action: "setting_changed", subject: setting.name, detail: "" };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    Ok(Redirect::to("/office/settings?said=changed").into_response())
}

#[cfg(test)]
mod tests {
    use super::super::fields::escape;
    use super::*;
    use proptest::prelude::*;

    fn parse(name: &str, text: &str, english: &str) -> Result<Option<Value>, Fault> {
        let typed = format!("value={}&english={}", escape(text), escape(english));
        value(&Fields::parse(typed.as_bytes()).unwrap(), CampusSetting::of(name).unwrap().form)
    }

    #[test]
    fn what_is_typed_becomes_a_value_within_its_limits() {
        for (name, text, english, expected) in [
            ("session.screen_s", "", "", Ok(None)),
            ("session.screen_s", "5", "", Ok(Some(json!(5)))),
            ("session.screen_s", "4", "", Err(Fault::Number)),
            ("login.tries", "ten", "", Err(Fault::Number)),
            ("retention.synced_days", "99999", "", Err(Fault::Number)),
            ("camera.auto_shutter", "false", "", Ok(Some(json!(false)))),
            ("camera.auto_shutter", "no", "", Err(Fault::Choice)),
            ("payment.online", "central", "", Ok(Some(json!("central")))),
            ("payment.online", "simulated", "", Err(Fault::Choice)),
            (
                "booth.contact",
                "卡务中心",
                "Card office",
                Ok(Some(json!({"zh": "卡务中心", "en": "Card office"}))),
            ),
            ("booth.contact", "卡务中心", "", Err(Fault::Empty)),
            ("booth.contact", "", "Card office", Err(Fault::Empty)),
            ("booth.follow_url", "http://x/{number}", "", Err(Fault::Address)),
            ("booth.follow_url", "https://x/{number}", "", Ok(Some(json!("https://x/{number}")))),
        ] {
            assert_eq!(parse(name, text, english), expected, "{name} = {text}");
        }
    }

    #[test]
    fn every_setting_has_its_name_in_words() {
        for language in [super::super::words::Language::Zh, super::super::words::Language::En] {
            let w = language.words();
            assert!(CAMPUS_SETTINGS.iter().all(|setting| title(w, setting) != w.unknown));
        }
    }

    proptest! {
        #[test]
        fn junk_is_never_a_panic(at in 0..CAMPUS_SETTINGS.len(), text in "\\PC{0,40}", english in "\\PC{0,80}") {
            if let Ok(Some(value)) = parse(CAMPUS_SETTINGS[at].name, &text, &english) {
                prop_assert!(!value.is_null());
            }
        }
    }
}
