//! WeChat Pay's signatures: SHA-256 with RSA over a text of lines, both ways.

use crate::{SignatureError, WechatMerchant, rsa::PublicKey};
use domain::UtcMillis;
use http::{HeaderMap, Method};
use std::collections::BTreeMap;

/// How far a signature's time may be from ours, in seconds.
pub const SKEW_S: i64 = 300;
/// What the provider's probes begin with.
const PROBE: &str = "WECHATPAY/SIGNTEST/";

/// When, and a word that is used once.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Seconds since 1970.
    pub timestamp: i64,
    /// At most 32 letters and digits.
    pub nonce: &'a str,
}

/// The text that a request's signature is over. `target` is path and query as they are sent.
///
/// ```
/// use payment::wechat::sign::{Stamp, request_text};
/// let stamp = Stamp { timestamp: 1_554_208_460, nonce: "593BEC0C930BF1AFEB40B4A08C8FB242" };
/// assert_eq!(
///     request_text("GET", "/v3/certificates", stamp, ""),
///     "GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n"
/// );
/// ```
#[must_use]
pub fn request_text(method: &str, target: &str, stamp: Stamp<'_>, body: &str) -> String {
    format!("{method}\n{target}\n{}\n{}\n{body}\n", stamp.timestamp, stamp.nonce)
}

/// The text that the signature of an answer or a notification is over.
#[must_use]
pub fn answer_text(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    let mut text = format!("{timestamp}\n{nonce}\n").into_bytes();
    text.extend_from_slice(body);
    text.push(b'\n');
    text
}

/// The header `Authorization` of a request; `None` if the key can't sign.
pub(crate) fn authorization(
    merchant: &WechatMerchant,
    method: &Method,
    target: &str,
    stamp: Stamp<'_>,
    body: &str,
) -> Option<String> {
    let signature = merchant.key.sign(request_text(method.as_str(), target, stamp, body).as_bytes())?;
    Some(format!(
        "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{}\",signature=\"{signature}\",timestamp=\"{}\",serial_no=\"{}\"",
        merchant.mchid, stamp.nonce, stamp.timestamp, merchant.serial_no
    ))
}

/// Path and query of `url`, as they are sent.
pub(crate) fn target(url: &reqwest::Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

/// The provider's keys by their serial numbers: 40 hexadecimal digits of a certificate, or `PUB_KEY_ID_...`.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlatformKeys(pub BTreeMap<String, PublicKey>);

impl PlatformKeys {
    /// The id of the public key, if the merchant was given one: requests ask for answers signed with it.
    pub(crate) fn public_key_id(&self) -> Option<&str> {
        self.0.keys().map(String::as_str).find(|id| id.starts_with("PUB_KEY_ID_"))
    }
}

/// Whether the provider signed `body`, within [`SKEW_S`] of `now`.
pub(crate) fn verify(
    keys: &PlatformKeys,
    headers: &HeaderMap,
    body: &[u8],
    now: UtcMillis,
) -> Result<(), SignatureError> {
    let timestamp = only(headers, "wechatpay-timestamp")?;
    let nonce = only(headers, "wechatpay-nonce")?;
    let signature = only(headers, "wechatpay-signature")?;
    let serial = only(headers, "wechatpay-serial")?;
    if signature.starts_with(PROBE) {
        return Err(SignatureError::Probe);
    }
    let key = keys.0.get(serial).ok_or(SignatureError::UnknownKey)?;
    let at: i64 = timestamp.parse().map_err(|_| SignatureError::Missing { name: "wechatpay-timestamp" })?;
    let skew_s = at.saturating_sub(now.0.div_euclid(1000));
    if !(-SKEW_S..=SKEW_S).contains(&skew_s) {
        return Err(SignatureError::Stale { skew_s });
    }
    if key.verifies(&answer_text(timestamp, nonce, body), signature) {
        Ok(())
    } else {
        Err(SignatureError::False)
    }
}

/// The value of a header that must be there once.
fn only<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, SignatureError> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().and_then(|value| value.to_str().ok());
    value.filter(|_| values.next().is_none()).ok_or(SignatureError::Missing { name })
}
