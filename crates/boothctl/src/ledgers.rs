//! The booth's ledger, for the commands that look into it or write what staff say.

use crate::failure::Failure;
use booth::{LEDGER_FILE, Places, SITE_FILE, Settings, SystemClock, existing_ledger_key};
use ledger::{Actor, Ledger, Opening, Reader, Stamp};

/// The ledger to look into, beside the running kiosk.
///
/// # Errors
/// [`Failure::Key`] and [`Failure::Ledger`].
pub fn reader(places: &Places) -> Result<Reader, Failure> {
    Ok(Reader::open(&places.data.join(LEDGER_FILE), &existing_ledger_key(&places.data)?)?)
}

/// The ledger to write, and the stamp of what staff write now.
///
/// # Errors
/// [`Failure::Settings`], [`Failure::Key`] and [`Failure::Ledger`]: a running kiosk holds it.
pub fn writer(places: &Places) -> Result<(Ledger, Stamp), Failure> {
    let settings = Settings::load(&places.assets.join("defaults.toml"), &places.data.join(SITE_FILE))?;
    let at = booth::Clock::now(&SystemClock::default());
    let opening = Opening {
        path: places.data.join(LEDGER_FILE),
        key: existing_ledger_key(&places.data)?,
        booth: settings.booth_number()?,
        largest_bytes: None,
    };
    Ok((Ledger::open(&opening, at)?, Stamp { actor: Actor::Staff, at }))
}
