//! Which photos wait, oldest first: those of programmes that the office approves, and of programmes that it doesn't know.

use crate::office::photos::{Measured, ROSTER, measured};
use crate::office::refusal::Refusal;
use crate::office::when::minute;
use crate::office::words::Language;
use deadpool_postgres::Client;
use uuid::Uuid;

pub(super) use crate::office::photos::Place;

/// How many small photos a page shows.
const PAGE: i64 = 48;

/// A photo that waits.
#[derive(Debug)]
pub(super) struct Waiting {
    pub id: Uuid,
    pub name: String,
    pub student_number: String,
    place: Place,
}

/// A page of the queue.
#[derive(Debug)]
pub(super) struct Queue {
    pub photos: Vec<Waiting>,
    /// How many wait in all.
    pub count: i64,
    /// Behind this the next page begins.
    pub next: Option<Place>,
}

const WAITING: &str = "c.campus_id = $1 AND c.state = 'submitted' AND c.purged_ms IS NULL
    AND NOT EXISTS (SELECT FROM programmes q WHERE q.campus_id = c.campus_id AND q.id = c.programme AND q.approval <> 'central')";

impl Queue {
    pub(super) async fn read(client: &Client, campus: Uuid, after: Option<Place>) -> Result<Self, Refusal> {
        let sql = format!("SELECT count(*) FROM collections c WHERE {WAITING}");
        let count = client.query_one(&client.prepare_cached(&sql).await?, &[&campus]).await?.try_get(0)?;
        let sql = format!(
            "SELECT c.photo_id, c.name, c.student_number, c.submitted_ms FROM collections c WHERE {WAITING}
             AND ($2::bigint IS NULL OR (c.submitted_ms, c.photo_id) > ($2, $3::uuid)) ORDER BY c.submitted_ms, c.photo_id LIMIT $4"
        );
        let (ms, photo) = (after.map(|at| at.ms), after.map(|at| at.photo));
        let rows =
            client.query(&client.prepare_cached(&sql).await?, &[&campus, &ms, &photo, &(PAGE + 1)]).await?;
        let read = |row: &tokio_postgres::Row| -> Result<Waiting, tokio_postgres::Error> {
            let id = row.try_get("photo_id")?;
            Ok(Waiting {
                id,
                name: row.try_get("name")?,
                student_number: row.try_get::<_, Option<String>>("student_number")?.unwrap_or_default(),
                place: Place { ms: row.try_get("submitted_ms")?, photo: id },
            })
        };
        let mut photos = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let page = usize::try_from(PAGE).unwrap_or_default();
        let is_more = photos.len() > page;
        photos.truncate(page);
        let next = photos.last().filter(|_| is_more).map(|photo| photo.place);
        Ok(Self { photos, count, next })
    }
}

/// The large photo.
#[derive(Debug)]
pub(super) struct Shown {
    pub id: Uuid,
    pub name: String,
    pub student_number: String,
    pub order_number: String,
    pub college: String,
    pub programme: String,
    pub submitted: String,
    pub measures: Vec<Measured>,
    /// Its neighbours in the queue's page.
    pub previous: Option<Uuid>,
    pub next: Option<Uuid>,
}

impl Shown {
    /// The photo, if it still waits.
    pub(super) async fn read(
        client: &Client,
        campus: Uuid,
        photo: Uuid,
        queue: &Queue,
        language: Language,
    ) -> Result<Option<Self>, Refusal> {
        let sql = format!(
            "SELECT c.name, c.student_number, c.order_number, c.measures, c.submitted_ms, r.college,
                coalesce(p.title_zh, c.programme) AS title_zh, coalesce(p.title_en, c.programme) AS title_en
             FROM collections c {ROSTER} WHERE {WAITING} AND c.photo_id = $2"
        );
        let row = client.query_opt(&client.prepare_cached(&sql).await?, &[&campus, &photo]).await?;
        let Some(row) = row else { return Ok(None) };
        let text = |column: &str| row.try_get::<_, Option<String>>(column).map(Option::unwrap_or_default);
        let at = queue.photos.iter().position(|waiting| waiting.id == photo);
        let neighbour = |at: Option<usize>| at.and_then(|at| queue.photos.get(at)).map(|waiting| waiting.id);
        Ok(Some(Self {
            id: photo,
            name: text("name")?,
            student_number: text("student_number")?,
            order_number: text("order_number")?,
            college: text("college")?,
            programme: text(language.choose("title_zh", "title_en"))?,
            submitted: minute(row.try_get("submitted_ms")?),
            measures: measured(&row, language)?,
            previous: neighbour(at.and_then(|at| at.checked_sub(1))),
            next: neighbour(at.map(|at| at + 1)),
        }))
    }
}
