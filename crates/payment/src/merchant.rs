//! A merchant's file: TOML with a provider's credentials.

use crate::numbers::is_safe;
use reqwest::Url;
use serde::de::DeserializeOwned;

/// A merchant's file that can't be used. It names the place, never what stands there.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MerchantError {
    /// Longer than 64 KiB.
    #[error("the file is longer than 64 KiB")]
    TooLong,
    /// Not TOML, or with a field that is not known or not a text.
    #[error("line {line} is not TOML, or has a field of another name or kind")]
    Toml {
        /// Counted from 1.
        line: usize,
    },
    /// A field is missing or not of its form.
    #[error("{field} is missing or not of its form")]
    Field {
        /// Its name.
        field: &'static str,
    },
}

/// The file's fields, all of them texts that are still to be judged.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, MerchantError> {
    if text.len() > 64 * 1024 {
        return Err(MerchantError::TooLong);
    }
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        MerchantError::Toml { line: text.bytes().take(at).filter(|&b| b == b'\n').count() + 1 }
    })
}

/// `text` if it is `range` long and of ASCII letters and digits.
pub(crate) fn word(
    text: String,
    lengths: std::ops::RangeInclusive<usize>,
    field: &'static str,
) -> Result<String, MerchantError> {
    let plain = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { Ok(text) } else { Err(MerchantError::Field { field }) }
}

/// A provider's address: `https`, or `http` on loopback, without query.
pub(crate) fn address(text: &str, field: &'static str) -> Result<Url, MerchantError> {
    let url =
        Url::parse(text).ok().filter(|url| is_safe(url) && url.query().is_none() && url.fragment().is_none());
    url.ok_or(MerchantError::Field { field })
}

/// Whether `url` is `https` at a host of the provider's `domain`, which begins with a dot.
pub(crate) fn is_at(url: &Url, domain: &str) -> bool {
    url.scheme() == "https" && url.host_str().is_some_and(|host| host.ends_with(domain))
}
