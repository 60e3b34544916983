//! Errors on their way to the page and to the log.

use booth::BoothError;
use booth::view::UiError;

/// An error and its causes in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}

/// What the page gets; the chain is logged here, once.
pub fn to_ui(error: &BoothError) -> UiError {
    let code = error.code();
    tracing::info!(?code, error = chain(error), "a request was refused");
    UiError { code, message: error.to_string() }
}
