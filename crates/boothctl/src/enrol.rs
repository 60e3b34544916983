//! `boothctl enrol`: makes the booth a device of a campus, by the invitation that its central server printed.
//!
//! The kiosk must be stopped, because the ledger has one writer, and must have been started once, which makes the ledger.

use crate::failure::Failure;
use crate::{Outcome, ledgers, output};
use booth::{Places, SITE_FILE, Settings};

/// Enrol the booth with a central server; where no answer came, the same invitation may be tried again.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What `central enrol` printed: ADDRESS#CODE.PIN. It works once.
    invitation: String,
}

/// Does the command.
///
/// # Errors
/// [`Failure`]; a running kiosk holds the ledger, which the error says.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let places = Places::from_environment()?;
    let settings = Settings::load(&places.assets.join("defaults.toml"), &places.data.join(SITE_FILE))?;
    let (ledger, _) = ledgers::writer(&places)?;
    let enrolled = booth::enrol(ledger, &arguments.invitation, settings.booth_number()?)?;
    output::line(&format!("enrolled at {} as {}", enrolled.campus, enrolled.name))?;
    Ok(Outcome::Well)
}
