//! Where a provider's bill, the trades and the payments that booths tell disagree, until somebody says how it was settled.

use crate::Central;
use crate::clock::now_ms;
use crate::office::audit::{self, Deed};
use crate::office::fields::{Fields, Form};
use crate::office::page::yuan;
use crate::office::photos::means;
use crate::office::refusal::Refusal;
use crate::office::roles::May;
use crate::office::session::{Posted, Staff};
use crate::office::words::Words;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use deadpool_postgres::Client;
use http::StatusCode;
use tokio_postgres::Row;
use uuid::Uuid;

/// A difference that nobody has settled.
#[derive(Debug)]
pub(super) struct Difference {
    pub provider: String,
    pub means: String,
    pub day: String,
    pub number: String,
    pub code: String,
    pub sort: &'static str,
    pub of_refund: bool,
    pub here: String,
    pub there: String,
}

impl Difference {
    /// Whether the form was this one's.
    pub(super) fn is_of(&self, form: &Form) -> bool {
        let named = [("day", &self.day), ("number", &self.number), ("sort", &self.code)];
        named.iter().all(|(name, value)| form.value(name) == value.as_str())
            && form.value("of_refund") == self.of_refund.to_string()
    }
}

/// Differences that are open, at most 200.
pub(super) async fn read(
    client: &Client,
    campus: Uuid,
    w: &'static Words,
) -> Result<Vec<Difference>, Refusal> {
    let sql = "SELECT provider, day::text AS day, number, sort, of_refund, here_fen, there_fen FROM bill_differences
               WHERE campus_id = $1 AND settled_ms IS NULL ORDER BY day DESC, number LIMIT 200";
    let rows = client.query(&client.prepare_cached(sql).await?, &[&campus]).await?;
    Ok(rows.iter().map(|row| difference(row, w)).collect::<Result<_, _>>()?)
}

fn difference(row: &Row, w: &'static Words) -> Result<Difference, tokio_postgres::Error> {
    let (provider, code): (String, String) = (row.try_get("provider")?, row.try_get("sort")?);
    let amount = |column: &str| -> Result<String, tokio_postgres::Error> {
        Ok(row.try_get::<_, Option<i64>>(column)?.map(yuan).unwrap_or_default())
    };
    Ok(Difference {
        means: means(w, &provider).to_owned(),
        provider,
        day: row.try_get("day")?,
        number: row.try_get("number")?,
        sort: match code.as_str() {
            "only_here" => w.only_here,
            "only_there" => w.only_there,
            "unbooked" => w.unbooked,
            "no_trade" => w.no_trade,
            _ => w.amount_differs,
        },
        code,
        of_refund: row.try_get("of_refund")?,
        here: amount("here_fen")?,
        there: amount("there_fen")?,
    })
}

pub(super) async fn settle(
    State(central): State<Central>,
    Posted { who: staff, fields }: Posted<Staff>,
) -> Result<Response, Refusal> {
    staff.must(May::Money)?;
    let mut form = Form::of(fields);
    let note = form.take(staff.visit.language.words(), "note", |f| f.needed("note", 200));
    let Some(note) = note else {
        let page = super::page(&central, &staff, form).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    write(&central, &staff, form.fields(), &note).await?;
    Ok(Redirect::to("/office/payments?said=settled").into_response())
}

async fn write(central: &Central, staff: &Staff, fields: &Fields, note: &str) -> Result<(), Refusal> {
    let mut client = central.pool.get().await?;
    let tx = client.transaction().await?;
    let sql = "UPDATE bill_differences SET settled_by = $5, settled_ms = $6, note = $7
               WHERE campus_id = $1 AND provider = $2 AND day::text = $3 AND number = $4 AND of_refund = $8 AND sort = $9
               AND settled_ms IS NULL";
    let [provider, day, number, sort] = ["provider", "day", "number", "sort"].map(|name| fields.get(name));
    let of_refund = fields.get("of_refund") == "true";
    let given: [&(dyn tokio_postgres::types::ToSql + Sync); 9] =
        [&staff.campus, &provider, &day, &number, &staff.login, &now_ms(), &note, &of_refund, &sort];
    if tx.execute(sql, &given).await? == 0 {
        return Err(Refusal::NotFound);
    }
    let subject = format!("{provider} {day} {number}");
    let deed = Deed { actor: &staff.login, action: "difference_settled", subject: &subject, detail: note };
    audit::append(&tx, staff.campus, &[deed]).await?;
    tx.commit().await?;
    Ok(())
}
