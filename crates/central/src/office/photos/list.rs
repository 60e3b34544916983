//! The list of collected photos, newest first, fifty at a time.

use super::ROSTER;
use crate::Central;
use crate::office::fields::{Fault, Fields, Form};
use crate::office::page::{Frame, html};
use crate::office::refusal::Refusal;
use crate::office::session::{Query, Staff};
use crate::office::when::minute;
use crate::office::words::Language;
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use deadpool_postgres::Client;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

/// How many a page shows.
const PAGE: i64 = 50;

/// Which photos.
#[derive(Debug, Default)]
struct Filter {
    programme: Option<String>,
    state: Option<String>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
    college: Option<String>,
    text: Option<String>,
    before: Option<Place>,
}

/// A place in a list by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::office) struct Place {
    /// When.
    pub ms: i64,
    /// Which of that millisecond.
    pub photo: Uuid,
}

impl Place {
    /// Reads `MS.PHOTO`.
    pub(in crate::office) fn parse(text: &str) -> Option<Self> {
        let (ms, photo) = text.split_once('.')?;
        Some(Self { ms: ms.parse().ok()?, photo: Uuid::try_parse(photo).ok()? })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.ms, self.photo)
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn state(fields: &Fields) -> Result<Option<String>, Fault> {
    match fields.get("state") {
        "" => Ok(None),
        code @ ("submitted" | "approved" | "rejected") => Ok(Some(code.to_owned())),
        _ => Err(Fault::Choice),
    }
}

impl Filter {
    /// What the form asks for; nothing where it is wrong, and it says where.
    fn parse(form: &mut Form, language: Language) -> Option<Self> {
        let w = language.words();
        let programme = form.take(w, "programme", |f| f.line("programme", 64)).and_then(some);
        let college = form.take(w, "college", |f| f.line("college", 60)).and_then(some);
        let text = form.take(w, "q", |f| f.line("q", 60)).and_then(some);
        let state = form.take(w, "state", state).flatten();
        let from = form.take(w, "from", |f| f.day("from")).flatten();
        let to = form.take(w, "to", |f| f.day("to")).flatten();
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            form.mark("to", w.fault_days_order);
        }
        let before = Place::parse(form.value("before"));
        let (from_ms, to_ms) = (from.map(|day| day.begins_ms()), to.map(|day| day.ends_ms()));
        (!form.is_wrong()).then_some(Self { programme, state, from_ms, to_ms, college, text, before })
    }
}

/// A photo of the list.
#[derive(Debug)]
struct Item {
    photo: Uuid,
    name: String,
    student_number: String,
    order_number: String,
    programme: String,
    college: String,
    booth: String,
    state: String,
    submitted: String,
    is_purged: bool,
    place: Place,
}

impl Item {
    fn read(row: &Row, language: Language) -> Result<Self, tokio_postgres::Error> {
        let text = |column: &str| row.try_get::<_, Option<String>>(column).map(Option::unwrap_or_default);
        let (photo, ms) = (row.try_get("photo_id")?, row.try_get("submitted_ms")?);
        let title = language.choose("title_zh", "title_en");
        Ok(Self {
            photo,
            name: text("name")?,
            student_number: text("student_number")?,
            order_number: text("order_number")?,
            programme: text(title)?,
            college: text("college")?,
            booth: text("booth")?,
            state: text("state")?,
            submitted: minute(ms),
            is_purged: row.try_get::<_, Option<i64>>("purged_ms")?.is_some(),
            place: Place { ms, photo },
        })
    }
}

/// Follows from the condition on the college, and lets its people be looked up first: it has fewer than the campus has photos.
const OF_COLLEGE: &str =
    "AND EXISTS (SELECT FROM roster s WHERE s.campus_id = $1 AND s.college = $6 AND s.name IS NOT NULL
    AND s.document_kind = c.document_kind AND s.document_number = c.document_number)";

/// The photos of a page and one more, if there are.
///
/// Planned anew each time: which index is the short way depends on what is asked for (a surname of thousands, a name of one).
async fn find(
    client: &Client,
    campus: Uuid,
    filter: &Filter,
    language: Language,
) -> Result<Vec<Item>, Refusal> {
    let of_college = filter.college.as_ref().map_or("", |_| OF_COLLEGE);
    let sql = format!(
        "SELECT c.photo_id, c.name, c.student_number, c.order_number, c.state, c.submitted_ms, c.purged_ms, d.name AS booth,
            coalesce(p.title_zh, c.programme) AS title_zh, coalesce(p.title_en, c.programme) AS title_en, r.college
         FROM collections c JOIN devices d ON d.id = c.device_id {ROSTER}
         WHERE c.campus_id = $1 AND ($2::text IS NULL OR c.programme = $2) AND ($3::text IS NULL OR c.state = $3)
            AND ($4::bigint IS NULL OR c.submitted_ms >= $4) AND ($5::bigint IS NULL OR c.submitted_ms < $5)
            AND ($6::text IS NULL OR r.college = $6) {of_college}
            AND ($7::text IS NULL OR c.student_number = upper($7) OR replace(c.order_number, ' ', '') = replace($7, ' ', '')
                OR string_to_array(lower(c.name), NULL) @> string_to_array(lower($7), NULL) AND strpos(lower(c.name), lower($7)) > 0)
            AND ($8::bigint IS NULL OR (c.submitted_ms, c.photo_id) < ($8, $9::uuid))
         ORDER BY c.submitted_ms DESC, c.photo_id DESC LIMIT $10"
    );
    let (ms, photo) = (filter.before.map(|at| at.ms), filter.before.map(|at| at.photo));
    let Filter { programme, state, from_ms, to_ms, college, text, .. } = filter;
    let limit = PAGE + 1;
    let given: [(&(dyn ToSql + Sync), Type); 10] = [
        (&campus, Type::UUID),
        (programme, Type::TEXT),
        (state, Type::TEXT),
        (from_ms, Type::INT8),
        (to_ms, Type::INT8),
        (college, Type::TEXT),
        (text, Type::TEXT),
        (&ms, Type::INT8),
        (&photo, Type::UUID),
        (&limit, Type::INT8),
    ];
    let rows = client.query_typed(&sql, &given).await?;
    Ok(rows.iter().map(|row| Item::read(row, language)).collect::<Result<_, _>>()?)
}

/// The campus's programmes: those that it set up, and those that booths named; code and title, after a first entry for all of them.
pub(in crate::office) async fn choices_of_programmes(
    client: &Client,
    staff: &Staff,
) -> Result<Vec<(String, String)>, Refusal> {
    // One step along an index for each programme that booths named, however many photos it has.
    let sql = "WITH RECURSIVE named (id) AS (
                   SELECT min(programme) FROM collections WHERE campus_id = $1
                   UNION ALL SELECT (SELECT min(programme) FROM collections WHERE campus_id = $1 AND programme > named.id)
                       FROM named WHERE named.id IS NOT NULL)
               SELECT n.id, coalesce(p.title_zh, n.id) AS title_zh, coalesce(p.title_en, n.id) AS title_en
               FROM (SELECT id FROM programmes WHERE campus_id = $1 UNION SELECT id FROM named WHERE id IS NOT NULL) n
               LEFT JOIN programmes p ON p.campus_id = $1 AND p.id = n.id ORDER BY n.id";
    let rows = client.query(&client.prepare_cached(sql).await?, &[&staff.campus]).await?;
    let title = staff.visit.language.choose("title_zh", "title_en");
    Ok(rows
        .iter()
        .map(|row| Ok((row.try_get("id")?, row.try_get(title)?)))
        .collect::<Result<Vec<_>, tokio_postgres::Error>>()?)
}

/// The colleges of the campus's lists.
pub(in crate::office) async fn choices_of_colleges(
    client: &Client,
    staff: &Staff,
) -> Result<Vec<(String, String)>, Refusal> {
    let sql = "SELECT DISTINCT college FROM roster WHERE campus_id = $1 AND name IS NOT NULL AND college <> '' ORDER BY college LIMIT 300";
    let rows = client.query(&client.prepare_cached(sql).await?, &[&staff.campus]).await?;
    let names = rows.iter().map(|row| row.try_get::<_, String>(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(names.into_iter().map(|name| (name.clone(), name)).collect())
}

/// The choices after one for all of them.
fn or_all(all: &str, choices: Vec<(String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), all.to_owned())).chain(choices).collect()
}

#[derive(Template)]
#[template(path = "collections.html")]
struct Page {
    f: Frame,
    form: Form,
    programmes: Vec<(String, String)>,
    colleges: Vec<(String, String)>,
    states: Vec<(String, String)>,
    items: Vec<Item>,
    next: Option<String>,
    first: Option<String>,
}

pub(super) async fn show(
    State(central): State<Central>,
    staff: Staff,
    Query(fields): Query,
) -> Result<Html<String>, Refusal> {
    let language = staff.visit.language;
    let w = language.words();
    let mut form = Form::of(fields);
    let client = central.pool.get().await?;
    let filter = Filter::parse(&mut form, language);
    let mut items = match &filter {
        Some(filter) => find(&client, staff.campus, filter, language).await?,
        None => Vec::new(),
    };
    let is_more = items.len() > usize::try_from(PAGE).unwrap_or_default();
    items.truncate(usize::try_from(PAGE).unwrap_or_default());
    let rest = form.fields().query_without(&["before"]);
    let last = items.last().filter(|_| is_more);
    let states = [("submitted", w.submitted), ("approved", w.approved), ("rejected", w.rejected)];
    let states = states.map(|(code, title)| (code.to_owned(), title.to_owned())).to_vec();
    html(&Page {
        programmes: or_all(w.all, choices_of_programmes(&client, &staff).await?),
        colleges: or_all(w.all, choices_of_colleges(&client, &staff).await?),
        states: or_all(w.all, states),
        next: last.map(|item| format!("/office/collections?{rest}&before={}", item.place)),
        first: filter.and_then(|filter| filter.before).map(|_| format!("/office/collections?{rest}")),
        f: Frame::of(&staff, w.collections),
        form,
        items,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_survives_its_text(ms in any::<i64>(), photo in any::<u128>()) {
            let place = Place { ms, photo: Uuid::from_u128(photo) };
            prop_assert_eq!(Place::parse(&place.to_string()), Some(place));
        }

        #[test]
        fn junk_is_no_filter_and_never_a_panic(text in "\\PC{0,80}") {
            let _: Option<Place> = Place::parse(&text);
            if let Some(fields) = Fields::parse(format!("from={text}&to={text}&state={text}&q={text}").as_bytes()) {
                let mut form = Form::of(fields);
                let filter = Filter::parse(&mut form, Language::En);
                prop_assert_eq!(filter.is_none(), form.is_wrong());
            }
        }
    }
}
