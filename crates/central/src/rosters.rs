//! The school's lists. A list is replaced as a whole, and only what differs gets a new position: so booths pull what has changed, not a
//! hundred thousand people.

use crate::{Failure, directory};
use deadpool_postgres::Client;
use domain::programme::Kind;
use domain::roster::RosterEntry;
use uuid::Uuid;

/// What a new list changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Changed {
    /// Students who were not on the list before, or of whom something differs.
    pub written: u64,
    /// Students who are no longer on it.
    pub removed: u64,
}

/// The columns of a list, for one statement.
struct Columns {
    kinds: Vec<&'static str>,
    numbers: Vec<String>,
    names: Vec<String>,
    student_numbers: Vec<String>,
    colleges: Vec<String>,
    majors: Vec<String>,
    classes: Vec<String>,
    years: Vec<Option<i32>>,
}

impl Columns {
    fn of(entries: &[RosterEntry]) -> Self {
        Self {
            kinds: entries.iter().map(|e| e.document.kind().as_str()).collect(),
            numbers: entries.iter().map(|e| e.document.as_str().to_owned()).collect(),
            names: entries.iter().map(|e| e.name.as_str().to_owned()).collect(),
            student_numbers: entries.iter().map(|e| e.student_number.as_str().to_owned()).collect(),
            colleges: entries.iter().map(|e| e.college.clone()).collect(),
            majors: entries.iter().map(|e| e.major.clone()).collect(),
            classes: entries.iter().map(|e| e.class_name.clone()).collect(),
            years: entries.iter().map(|e| e.year.map(i32::from)).collect(),
        }
    }
}

/// Makes the campus's list of `kind` the one of `entries`, whose documents are each there once; an empty one forgets the list.
///
/// # Errors
/// The database's; the list before it stays.
pub async fn replace(
    client: &mut Client,
    campus: Uuid,
    kind: Kind,
    entries: &[RosterEntry],
) -> Result<Changed, Failure> {
    let tx = client.transaction().await?;
    // Positions for all, used by those that differ: gaps between them mean nothing.
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let first = directory::positions(&tx, campus, count).await?;
    let columns = Columns::of(entries);
    let sql = "INSERT INTO roster AS r (campus_id, list, document_kind, document_number, name, student_number, college, major, class_name, year, position)
               SELECT $1, $2, t.kind, t.number, t.name, t.student, t.college, t.major, t.class, t.year, $3 + t.place - 1
               FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::int[])
                   WITH ORDINALITY AS t (kind, number, name, student, college, major, class, year, place)
               ON CONFLICT (campus_id, list, document_kind, document_number) DO UPDATE SET name = excluded.name,
                   student_number = excluded.student_number, college = excluded.college, major = excluded.major,
                   class_name = excluded.class_name, year = excluded.year, position = excluded.position
               WHERE (r.name, r.student_number, r.college, r.major, r.class_name, r.year) IS DISTINCT FROM
                   (excluded.name, excluded.student_number, excluded.college, excluded.major, excluded.class_name, excluded.year)";
    let list = kind.as_str();
    let written = tx
        .execute(
            sql,
            &[
                &campus,
                &list,
                &first,
                &columns.kinds,
                &columns.numbers,
                &columns.names,
                &columns.student_numbers,
                &columns.colleges,
                &columns.majors,
                &columns.classes,
                &columns.years,
            ],
        )
        .await?;
    let removed = remove_others(&tx, campus, list, &columns).await?;
    tx.commit().await?;
    Ok(Changed { written, removed })
}

/// Takes back whoever is no longer on the list: the row stays without the person.
async fn remove_others(
    tx: &deadpool_postgres::Transaction<'_>,
    campus: Uuid,
    list: &str,
    columns: &Columns,
) -> Result<u64, Failure> {
    // EXCEPT hashes both sides; an anti-join against an array of unknown length is planned as a loop in a loop.
    let sql = "SELECT document_kind, document_number FROM roster WHERE campus_id = $1 AND list = $2 AND name IS NOT NULL
               EXCEPT SELECT * FROM unnest($3::text[], $4::text[])";
    let gone = tx.query(sql, &[&campus, &list, &columns.kinds, &columns.numbers]).await?;
    let (kinds, numbers): (Vec<String>, Vec<String>) =
        gone.iter().map(|row| (row.get(0), row.get(1))).unzip();
    let first = directory::positions(tx, campus, i64::try_from(gone.len()).unwrap_or(i64::MAX)).await?;
    let sql = "UPDATE roster r SET name = NULL, student_number = NULL, college = NULL, major = NULL, class_name = NULL, year = NULL,
                   position = $3 + t.place - 1
               FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS t (kind, number, place)
               WHERE r.campus_id = $1 AND r.list = $2 AND r.document_kind = t.kind AND r.document_number = t.number";
    Ok(tx.execute(sql, &[&campus, &list, &first, &kinds, &numbers]).await?)
}
