//! Who identified at this booth. Emptying a row keeps the orders whole; what else is personal is deleted with it.

use super::accounts::{self, NewAccount};
use crate::column::Column;
use crate::error::{Result, found};
use domain::{DocumentKind, DocumentNumber, PersonId, PersonName, Phone, StudentNumber, UtcMillis};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

/// What somebody said about themselves, checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPerson {
    /// The id to use if the document is new to this booth.
    pub id: PersonId,
    /// The document, by which a person is known again.
    pub document: DocumentNumber,
    /// The name.
    pub name: PersonName,
    /// The telephone, if given.
    pub phone: Option<Phone>,
    /// The student number, if given.
    pub student_number: Option<StudentNumber>,
    /// What an account says besides, if there is something new. Never a password.
    pub account: Option<NewAccount>,
}

/// A person as the ledger knows them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// The document.
    pub document: DocumentNumber,
    /// The name.
    pub name: PersonName,
    /// The telephone, if given.
    pub phone: Option<Phone>,
    /// The student number, if given.
    pub student_number: Option<StudentNumber>,
}

/// Writes the person, or what is newer about a known one; the id that the ledger knows them by.
pub(crate) fn see(tx: &Transaction<'_>, person: &NewPerson, at: UtcMillis) -> Result<PersonId> {
    let id = tx
        .prepare_cached(
            "INSERT INTO people (id, document_kind, document_number, name, phone, student_number, seen_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (document_kind, document_number) DO UPDATE SET name = excluded.name,
                 phone = coalesce(excluded.phone, phone),
                 student_number = coalesce(excluded.student_number, student_number), seen_ms = excluded.seen_ms
             RETURNING id",
        )?
        .query_row(
            (
                person.id.as_bytes(),
                person.document.kind().as_str(),
                person.document.as_str(),
                person.name.as_str(),
                person.phone.as_ref().map(Phone::as_str),
                person.student_number.as_ref().map(StudentNumber::as_str),
                at.0,
            ),
            |row| row.get(0),
        )?;
    let id = PersonId::from_bytes(id);
    if let Some(account) = &person.account {
        accounts::see(tx, id, account, at)?;
    }
    Ok(id)
}

/// The id of the person with this document.
pub(crate) fn by_document(connection: &Connection, document: &DocumentNumber) -> Result<Option<PersonId>> {
    let id = connection
        .prepare_cached("SELECT id FROM people WHERE document_kind = ?1 AND document_number = ?2")?
        .query_row((document.kind().as_str(), document.as_str()), |row| row.get(0))
        .optional()?;
    Ok(id.map(PersonId::from_bytes))
}

/// The person, unless purged.
pub(crate) fn get(connection: &Connection, id: PersonId) -> Result<Person> {
    let person = connection
        .prepare_cached("SELECT * FROM people WHERE id = ?1 AND purged_ms IS NULL")?
        .query_row([id.as_bytes()], |row| Ok(read(row)))
        .optional()?;
    found(person, "person")?
}

fn read(row: &Row<'_>) -> Result<Person> {
    let column = |name| Column { table: "people", name };
    let kind = column("document_kind").parsed(row, DocumentKind::parse)?;
    let document = column("document_number").parsed(row, |text| DocumentNumber::parse(kind, text).ok())?;
    Ok(Person {
        id: PersonId::from_bytes(row.get("id")?),
        document,
        name: column("name").parsed(row, |text| PersonName::parse(text).ok())?,
        phone: column("phone").parsed_if_any(row, |text| Phone::parse(text).ok())?,
        student_number: column("student_number")
            .parsed_if_any(row, |text| StudentNumber::parse(text).ok())?,
    })
}

/// Empties the person's row and deletes the account; `false` if the row was empty.
pub(crate) fn purge(tx: &Transaction<'_>, id: PersonId, at: UtcMillis) -> Result<bool> {
    accounts::purge(tx, id)?;
    let changed = tx
        .prepare_cached(
            "UPDATE people SET document_kind = NULL, document_number = NULL, name = NULL, phone = NULL,
                 student_number = NULL, purged_ms = ?2 WHERE id = ?1 AND purged_ms IS NULL",
        )?
        .execute((id.as_bytes(), at.0))?;
    Ok(changed > 0)
}
