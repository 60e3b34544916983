//! `boothctl roster`: the school's list of students, taken over as a whole.
//!
//! It needs the kiosk stopped, because the ledger has one writer. It prints counts, and of bad rows where they stand, never what
//! stands in them.

use crate::failure::Failure;
use crate::{Outcome, ledgers, output};
use ::roster::{RosterError, RowFault};
use booth::Places;
use domain::programme::Kind;
use ledger::{RosterChange, RosterEntry};
use std::path::PathBuf;

/// Take over the school's list of students, in place of the one before.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The list: .xlsx, .xls, .ods or .csv, its columns named (姓名, 证件号码, 学号, ...).
    file: PathBuf,
    /// Whose list it is: degree for graduates, freshman for freshmen, or general.
    #[arg(long, value_parser = kind)]
    kind: Kind,
}

fn kind(text: &str) -> Result<Kind, String> {
    Kind::parse(text).ok_or_else(|| "there are degree, freshman and general".to_owned())
}

/// Does the command. Where rows are bad it says which, and nothing is taken over.
///
/// # Errors
/// [`Failure`]; a running kiosk holds the ledger, which the error says.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    match ::roster::read(&arguments.file) {
        Ok(entries) => take_over(arguments.kind, &entries),
        Err(RosterError::Rows(faults)) => complain(&faults),
        Err(error) => Err(error.into()),
    }
}

fn complain(faults: &[RowFault]) -> Result<Outcome, Failure> {
    for fault in faults {
        output::line(&fault.to_string())?;
    }
    output::line("nothing was taken over")?;
    Ok(Outcome::Faulty)
}

fn take_over(kind: Kind, entries: &[RosterEntry]) -> Result<Outcome, Failure> {
    let (ledger, stamp) = ledgers::writer(&Places::from_environment()?)?;
    let change = ledger.replace_roster(kind, entries, stamp)?;
    let RosterChange { added, changed, removed, unchanged } = change;
    let line = format!("{added} added, {changed} changed, {removed} removed, {unchanged} unchanged");
    output::line(&line)?;
    Ok(Outcome::Well)
}
