//! `boothctl printers`: how the configured printer is, or those at given addresses.

use crate::failure::{Failure, chain};
use crate::{Outcome, output};
use booth::{Places, SITE_FILE, Settings, printer_address};
use printing::{AddressError, PrinterAddress, PrinterStatus, Probe, Timeouts, probe};

/// Say how the configured printer is, or those at the given addresses.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Addresses such as ipp://192.168.1.20/ipp/print, ipps://... or folder:/path.
    addresses: Vec<String>,
}

/// Does the command.
///
/// # Errors
/// [`Failure`] where an address is none, or the settings can't be read.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Well;
    for Probe { address, status } in ask(&addresses(&arguments.addresses)?)? {
        let (text, found) = match &status {
            Ok(status) => (describe(status), healthy(status)),
            Err(fault) => (format!("fault {}: {}", fault.name(), chain(fault)), Outcome::Faulty),
        };
        output::line(&format!("{address}: {text}"))?;
        outcome = outcome.and(found);
    }
    Ok(outcome)
}

/// Asks every printer at once.
///
/// # Errors
/// [`Failure::Network`].
pub fn ask(addresses: &[PrinterAddress]) -> Result<Vec<Probe>, Failure> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::Network)?;
    Ok(runtime.block_on(probe(addresses, Timeouts::default())))
}

fn addresses(given: &[String]) -> Result<Vec<PrinterAddress>, Failure> {
    if given.is_empty() {
        return Ok(vec![configured()?]);
    }
    let parse = |text: &String| text.parse().map_err(not_an_address(text));
    given.iter().map(parse).collect()
}

fn configured() -> Result<PrinterAddress, Failure> {
    let places = Places::from_environment()?;
    let settings = Settings::load(&places.assets.join("defaults.toml"), &places.data.join(SITE_FILE))?;
    printer_address(&settings, &places).map_err(not_an_address(&settings.printer.address))
}

fn not_an_address(text: &str) -> impl Fn(AddressError) -> Failure {
    move |source| Failure::Address { text: text.to_owned(), source }
}

/// Whether nothing keeps the printer from printing.
fn healthy(status: &PrinterStatus) -> Outcome {
    if status.fault().is_none() { Outcome::Well } else { Outcome::Faulty }
}

/// The status in one line: fault or state, model, what is loaded, what is left.
pub fn describe(status: &PrinterStatus) -> String {
    let state = format!("{:?}", status.state).to_lowercase();
    let mut parts = vec![status.fault().map_or(state, |fault| format!("fault {fault}"))];
    parts.extend(Some(status.model.clone()).filter(|model| !model.is_empty()));
    parts.extend(status.reasons.iter().map(|reason| format!("says {reason}")));
    parts.extend(status.media_ready.iter().map(|media| format!("loaded {media}")));
    parts.extend(status.marker_levels.iter().map(|level| {
        let left = level.percent.map_or_else(|| "unknown".to_owned(), |percent| format!("{percent} %"));
        format!("{} {left}", level.name)
    }));
    parts.join(", ")
}
