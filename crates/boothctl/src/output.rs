//! Lines on standard output. A reader that has gone is a failure with a name, not a panic.

use crate::failure::Failure;
use std::io::Write as _;

/// Writes one line, at once.
///
/// # Errors
/// [`Failure::Output`].
pub fn line(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(Failure::Output)
}
