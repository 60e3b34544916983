//! `boothctl pin`: the hash of a staff PIN, for the site's settings. The PIN itself is shown and kept nowhere.

use crate::failure::Failure;
use crate::{Outcome, output};
use std::io::{BufRead as _, IsTerminal as _};

/// Read a staff PIN and print its hash, the line for [staff] in site.toml.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Does the command.
///
/// # Errors
/// [`Failure::PinInput`], [`Failure::Pin`] and [`Failure::PinsDiffer`].
pub fn run(_: &Arguments) -> Result<Outcome, Failure> {
    let hash = booth::hash_pin(&read()?)?;
    output::line(&format!("pin_hash = \"{hash}\""))?;
    Ok(Outcome::Well)
}

/// The PIN: typed twice and unseen at a terminal, or the first line of whatever else standard input is.
fn read() -> Result<String, Failure> {
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(Failure::PinInput)?;
        return Ok(line.trim().to_owned());
    }
    let ask = |prompt| rpassword::prompt_password(prompt).map_err(Failure::PinInput);
    let pin = ask("PIN (4 to 12 digits): ")?;
    if pin == ask("The same again: ")? { Ok(pin) } else { Err(Failure::PinsDiffer) }
}
