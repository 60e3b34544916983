//! `boothctl password`: lets somebody who forgot their password begin again with the first one. Staff have seen their document.

use crate::failure::Failure;
use crate::{Outcome, ledgers, output};
use booth::Places;
use domain::{DocumentKind, DocumentNumber};
use std::io::{BufRead as _, Write as _};

/// Read a document's number and put its holder's password back to the number's last six characters.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Does the command; needs the kiosk stopped, because the ledger has one writer.
///
/// # Errors
/// [`Failure::DocumentInput`], [`Failure::NobodyKnown`], and those of the ledger.
pub fn run(_: &Arguments) -> Result<Outcome, Failure> {
    let (ledger, stamp) = ledgers::writer(&Places::from_environment()?)?;
    let number = read()?;
    let mut known = None;
    for document in DocumentKind::ALL.iter().filter_map(|&kind| DocumentNumber::parse(kind, &number).ok()) {
        known = known.or(ledger.read().known(&document)?);
    }
    let person = known.ok_or(Failure::NobodyKnown)?.person.id;
    ledger.forget_password(person, stamp)?;
    output::line("the password is the last six characters of the document's number again")?;
    Ok(Outcome::Well)
}

/// The number, from standard input: a command line is kept in histories and shown to everybody.
fn read() -> Result<String, Failure> {
    let mut line = String::new();
    let asked = std::io::stderr().write_all(b"Document number: ");
    asked.and_then(|()| std::io::stdin().lock().read_line(&mut line)).map_err(Failure::DocumentInput)?;
    Ok(line)
}
