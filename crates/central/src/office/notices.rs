//! What booths are told by an administrator: notices, programmes, prices, settings. Each change is an item of the directory, which
//! booths pull, and a row of the audit.

use super::audit::{self, Deed};
use super::fields::{Fault, Fields, Form};
use super::missing::{List, lists};
use super::page::{Frame, html, yuan};
use super::refusal::Refusal;
use super::roles::May;
use super::session::{Posted, Query, Staff};
use super::when::minute;
use super::words::Words;
use crate::clock::{new_id, now_ms};
use crate::directory::{self, Change};
use crate::{Central, campuses};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use deadpool_postgres::{Client, Transaction};
use http::StatusCode;
use protocol::directory::{Item, Notice, Price, Programme, Review};
use serde::Deserialize;
use tokio_postgres::types::Json;
use uuid::Uuid;

/// The most bytes of a programme's file.
const FILE: usize = 64 * 1024;

pub(super) fn router() -> Router<Central> {
    Router::new()
        .route("/notices", get(show))
        .route("/notices/notice", get(show).post(add_notice))
        .route("/notices/withdraw", post(withdraw))
        .route("/notices/programme", get(show).post(add_programme))
        .route("/notices/programme/withdraw", post(withdraw_programme))
        .route("/notices/price", get(show).post(set_price))
}

/// A notice as the table shows it.
#[derive(Debug)]
struct ShownNotice {
    id: String,
    zh: String,
    en: String,
    from: String,
    until: String,
}

/// A programme as the table shows it.
#[derive(Debug)]
struct ShownProgramme {
    id: String,
    title: String,
    list: &'static str,
    approval: &'static str,
    is_withdrawn: bool,
}

/// A price over what a programme's file says.
#[derive(Debug)]
struct ShownPrice {
    programme: String,
    item: String,
    yuan: String,
}

async fn items(client: &Client, staff: &Staff, kind: &str) -> Result<Vec<Item>, Refusal> {
    let sql =
        "SELECT body FROM directory WHERE campus_id = $1 AND kind = $2 ORDER BY position DESC LIMIT 500";
    let rows = client.query(sql, &[&staff.campus, &kind]).await?;
    let item = |row: &tokio_postgres::Row| row.try_get::<_, Json<Item>>(0).map(|body| body.0);
    Ok(rows.iter().map(item).collect::<Result<_, _>>()?)
}

async fn notices(client: &Client, staff: &Staff) -> Result<Vec<ShownNotice>, Refusal> {
    let shown = |item| match item {
        Item::Notice(Notice { id, zh: Some(zh), en, from_ms, until_ms }) => Some(ShownNotice {
            id: id.to_string(),
            zh,
            en: en.unwrap_or_default(),
            from: minute(from_ms),
            until: minute(until_ms),
        }),
        _ => None,
    };
    Ok(items(client, staff, "notice").await?.into_iter().filter_map(shown).collect())
}

async fn prices(client: &Client, staff: &Staff) -> Result<Vec<ShownPrice>, Refusal> {
    let w = staff.visit.language.words();
    let shown = |item| match item {
        Item::Price(Price { programme, item, print, fen: Some(fen) }) => Some(ShownPrice {
            programme,
            item: format!("{} {print}", line_item(w, &item)).trim().to_owned(),
            yuan: yuan(fen.cast_signed()),
        }),
        _ => None,
    };
    Ok(items(client, staff, "price").await?.into_iter().filter_map(shown).collect())
}

fn line_item(w: &'static Words, code: &str) -> &'static str {
    line_items(w).into_iter().find(|item| item.0 == code).map_or(w.unknown, |item| item.1)
}

fn line_items(w: &'static Words) -> Vec<(&'static str, &'static str)> {
    vec![("electronic_photo", w.item_photo), ("printed_sheet", w.item_sheet), ("postage", w.item_postage)]
}

async fn programmes(client: &Client, staff: &Staff) -> Result<Vec<ShownProgramme>, Refusal> {
    let w = staff.visit.language.words();
    let sql = "SELECT id, list, title_zh, title_en, approval, withdrawn FROM programmes WHERE campus_id = $1 ORDER BY id";
    let rows = client.query(sql, &[&staff.campus]).await?;
    let shown = |row: &tokio_postgres::Row| -> Result<ShownProgramme, tokio_postgres::Error> {
        let list: &str = row.try_get("list")?;
        Ok(ShownProgramme {
            id: row.try_get("id")?,
            title: row.try_get(staff.visit.language.choose("title_zh", "title_en"))?,
            list: lists(w).into_iter().find(|known| known.0 == list).map_or(w.unknown, |known| known.1),
            approval: match row.try_get("approval")? {
                "booth" => w.approval_booth,
                "staff" => w.approval_staff,
                _ => w.approval_central,
            },
            is_withdrawn: row.try_get("withdrawn")?,
        })
    };
    Ok(rows.iter().map(shown).collect::<Result<_, _>>()?)
}

#[derive(Template)]
#[template(path = "notices.html")]
struct Page {
    f: Frame,
    form: Form,
    notices: Vec<ShownNotice>,
    programmes: Vec<ShownProgramme>,
    prices: Vec<ShownPrice>,
    items: Vec<(&'static str, &'static str)>,
}

async fn page(central: &Central, staff: &Staff, form: Form) -> Result<Html<String>, Refusal> {
    let w = staff.visit.language.words();
    let client = central.pool.get().await?;
    let said = if form.value("said") == "changed" { w.changed } else { "" };
    html(&Page {
        f: Frame::of(staff, w.notices).saying(said),
        form,
        notices: notices(&client, staff).await?,
        programmes: programmes(&client, staff).await?,
        prices: prices(&client, staff).await?,
        items: line_items(w),
    })
}

async fn show(
    State(central): State<Central>,
    staff: Staff,
    Query(fields): Query,
) -> Result<Html<String>, Refusal> {
    staff.must(May::Administer)?;
    page(&central, &staff, Form::of(fields)).await
}

async fn shown_again(central: &Central, staff: &Staff, form: Form) -> Result<Response, Refusal> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(central, staff, form).await?).into_response())
}

/// Tells the booths and the audit, and ends the transaction.
async fn tell(
    tx: Transaction<'_>,
    staff: &Staff,
    key: &str,
    item: &Item,
    action: &str,
) -> Result<Response, Refusal> {
    directory::tell(&tx, staff.campus, &[Change { key, device: None, item }]).await?;
    let deed = Deed { actor: &staff.login, action, subject: key, detail: "" };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    Ok(Redirect::to("/office/notices?said=changed").into_response())
}

fn notice(form: &mut Form, w: &'static Words) -> Option<Notice> {
    let zh = form.take(w, "zh", |f| f.needed("zh", 300));
    let en = form.take(w, "en", |f| f.needed("en", 600));
    let needed = |name: &'static str| move |f: &Fields| f.day(name)?.ok_or(Fault::Empty);
    let from = form.take(w, "from", needed("from"));
    let until = form.take(w, "until", needed("until"));
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        form.mark("until", w.fault_days_order);
        return None;
    }
    let (from_ms, until_ms) = (from?.begins_ms(), until?.ends_ms());
    Some(Notice { id: new_id(), zh: Some(zh?), en: Some(en?), from_ms, until_ms })
}

async fn add_notice(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let mut form = Form::of(fields);
    let Some(notice) = notice(&mut form, staff.visit.language.words()) else {
        return shown_again(&central, &staff, form).await;
    };
    let mut client = central.pool.get().await?;
    let key = notice.id.to_string();
    tell(client.transaction().await?, &staff, &key, &Item::Notice(notice), "notice_added").await
}

async fn withdraw(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let id = fields.id("notice").map_err(|_| Refusal::NotFound)?;
    let key = id.to_string();
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let sql = "SELECT FROM directory WHERE campus_id = $1 AND kind = 'notice' AND key = $2";
    tx.query_opt(sql, &[&staff.campus, &key]).await?.ok_or(Refusal::NotFound)?;
    let now = now_ms();
    let item = Item::Notice(Notice { id, zh: None, en: None, from_ms: now, until_ms: now });
    tell(tx, &staff, &key, &item, "notice_withdrawn").await
}

/// What central must know of a programme's file; the rest is the booth's to judge.
#[derive(Debug, Deserialize)]
struct ProgrammeFile {
    id: String,
    kind: String,
    approval: String,
    title: Titles,
}

#[derive(Debug, Deserialize)]
struct Titles {
    zh: String,
    en: String,
}

impl ProgrammeFile {
    fn parse(text: &str) -> Option<Self> {
        if text.len() > FILE {
            return None;
        }
        let file: Self = toml::from_str(text).ok()?;
        let is_id = (1..=64).contains(&file.id.len())
            && file.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b));
        let fits =
            |title: &str| (1..=60).contains(&title.chars().count()) && !title.chars().any(char::is_control);
        let is_known = List::parse(&file.kind).is_some()
            && ["booth", "staff", "central"].contains(&file.approval.as_str());
        (is_id && is_known && fits(&file.title.zh) && fits(&file.title.en)).then_some(file)
    }
}

async fn add_programme(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    // A browser ends each line of a text field by CR LF.
    let text = fields.raw("toml").replace("\r\n", "\n");
    let mut form = Form::of(fields);
    let Some(file) = ProgrammeFile::parse(&text) else {
        form.mark("toml", staff.visit.language.words().programme_wrong);
        return shown_again(&central, &staff, form).await;
    };
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    tx.execute(campuses::PROGRAMMES_ALONE, &[&staff.campus]).await?;
    let sql = "INSERT INTO programmes (campus_id, id, list, title_zh, title_en, approval) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (campus_id, id) DO UPDATE SET list = $3, title_zh = $4, title_en = $5, approval = $6, withdrawn = false";
    tx.execute(sql, &[&staff.campus, &file.id, &file.kind, &file.title.zh, &file.title.en, &file.approval])
        .await?;
    if file.approval == "booth" {
        approve_waiting(&tx, &staff, &file.id).await?;
    }
    let item = Item::Programme(Programme { id: file.id.clone(), toml: Some(text) });
    tell(tx, &staff, &file.id, &item, "programme_changed").await
}

/// Photos that came before their programme was known here are what those that come later are: approved by the booth's checks, by the
/// programme's rule. Otherwise they would wait for ever, because the queue has none of such a programme. Booths are told, because an order
/// may wait at one for the office's decision; one that its booth approved stays as it is.
async fn approve_waiting(tx: &Transaction<'_>, staff: &Staff, programme: &str) -> Result<(), Refusal> {
    let now = now_ms();
    let sql = "UPDATE collections SET state = 'approved', decided_by = 'booth', decided_ms = submitted_ms, heard_ms = $3
               WHERE campus_id = $1 AND programme = $2 AND state = 'submitted' AND purged_ms IS NULL RETURNING order_id, photo_id";
    let rows = tx.query(sql, &[&staff.campus, &programme, &now]).await?;
    let review = |row: &tokio_postgres::Row| -> Result<(String, Item), tokio_postgres::Error> {
        let (order_id, photo_id): (Uuid, Uuid) = (row.try_get("order_id")?, row.try_get("photo_id")?);
        let review = Review { order_id, photo_id, approved: true, reason: String::new(), at_ms: now };
        Ok((photo_id.to_string(), Item::Review(review)))
    };
    let told = rows.iter().map(review).collect::<Result<Vec<_>, _>>()?;
    let changes: Vec<_> = told.iter().map(|(key, item)| Change { key, device: None, item }).collect();
    Ok(directory::tell(tx, staff.campus, &changes).await?)
}

async fn withdraw_programme(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let id = fields.get("programme").to_owned();
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let sql = "UPDATE programmes SET withdrawn = true WHERE campus_id = $1 AND id = $2 AND NOT withdrawn";
    if tx.execute(sql, &[&staff.campus, &id]).await? == 0 {
        return Err(Refusal::NotFound);
    }
    let item = Item::Programme(Programme { id: id.clone(), toml: None });
    tell(tx, &staff, &id, &item, "programme_withdrawn").await
}

/// Fen of yuan as they are typed: digits, and a point with one or two more; nothing: as the file says.
fn fen(fields: &Fields) -> Result<Option<u64>, Fault> {
    let text = fields.get("yuan");
    if text.is_empty() {
        return Ok(None);
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str, most: usize| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    if !is_number(whole, 5) || !is_number(part, 2) {
        return Err(Fault::Number);
    }
    let parse = |digits: &str| digits.parse::<u64>().map_err(|_| Fault::Number);
    let tenths = if part.len() == 1 { 10 } else { 1 };
    let fen = parse(whole)? * 100 + parse(part)? * tenths;
    if fen <= 1_000_000 { Ok(Some(fen)) } else { Err(Fault::Number) }
}

fn price(form: &mut Form, w: &'static Words) -> Option<Price> {
    let programme = form.take(w, "programme", |f| f.needed("programme", 64));
    let item = form.take(w, "item", |f| match f.get("item") {
        code @ ("electronic_photo" | "printed_sheet" | "postage") => Ok(code.to_owned()),
        _ => Err(Fault::Choice),
    })?;
    let is_sheet = item == "printed_sheet";
    let print = form.take(w, "print", |f| if is_sheet { f.needed("print", 40) } else { Ok(String::new()) });
    let fen = form.take(w, "yuan", fen);
    Some(Price { programme: programme?, item, print: print?, fen: fen? })
}

async fn set_price(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Administer)?;
    let mut form = Form::of(fields);
    let Some(price) = price(&mut form, staff.visit.language.words()) else {
        return shown_again(&central, &staff, form).await;
    };
    let key = format!("{} {} {}", price.programme, price.item, price.print);
    let mut client = central.pool.get().await?;
    tell(client.transaction().await?, &staff, key.trim(), &Item::Price(price), "price_changed").await
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_products_own_programmes_are_programmes() {
        for text in [
            include_str!("../../../../assets/programmes/degree.toml"),
            include_str!("../../../../assets/programmes/freshman.toml"),
            include_str!("../../../../assets/programmes/one-inch.toml"),
        ] {
            assert!(ProgrammeFile::parse(text).is_some());
        }
        assert!(ProgrammeFile::parse("id = \"a\"").is_none());
    }

    #[test]
    fn yuan_are_read_to_the_fen() {
        let fen = |text: &str| fen(&Fields::parse(format!("yuan={text}").as_bytes()).unwrap());
        for (text, expected) in
            [("", Ok(None)), ("12.5", Ok(Some(1250))), ("0.05", Ok(Some(5))), ("10000", Ok(Some(1_000_000)))]
        {
            assert_eq!(fen(text), expected, "{text}");
        }
        for wrong in ["-1", "1.234", "10000.01", "abc", ".", "1.", "1e3"] {
            assert_eq!(fen(wrong), Err(Fault::Number), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn junk_is_never_a_panic(text in "\\PC{0,60}") {
            let _: Option<ProgrammeFile> = ProgrammeFile::parse(&text);
            let fields = Fields::parse(format!("yuan={}", super::super::fields::escape(&text)).as_bytes());
            if let Some(Ok(Some(fen))) = fields.as_ref().map(fen) {
                prop_assert!(fen <= 1_000_000);
            }
        }
    }
}
