//! The credentials of a merchant at WeChat Pay, from a file that only central's host has.

use super::sign::PlatformKeys;
use crate::{
    MerchantError, merchant,
    rsa::{PrivateKey, PublicKey},
    sealed::ApiKey,
};
use reqwest::Url;
use serde::Deserialize;
use std::{collections::BTreeMap, fmt};
use zeroize::Zeroizing;

/// A merchant's credentials.
///
/// ```toml
/// appid = "wx0000000000000000"
/// mchid = "1900000000"
/// serial_no = "40 hexadecimal digits: the merchant's certificate"
/// private_key = """-----BEGIN PRIVATE KEY----- ..."""
/// apiv3_key = "32 letters and digits"
/// base_url = "https://api.mch.weixin.qq.com"
/// [platform_keys]   # at least one: the public key by its id, or certificates by their serial numbers
/// PUB_KEY_ID_0000000000000000000000000000000000 = """-----BEGIN PUBLIC KEY----- ..."""
/// ```
#[derive(Clone)]
pub struct WechatMerchant {
    pub(crate) appid: String,
    pub(crate) mchid: String,
    pub(crate) serial_no: String,
    pub(crate) key: PrivateKey,
    pub(crate) api_key: ApiKey,
    pub(crate) base_url: Url,
    pub(crate) platform_keys: PlatformKeys,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct File {
    appid: String,
    mchid: String,
    serial_no: String,
    private_key: String,
    apiv3_key: String,
    base_url: String,
    platform_keys: BTreeMap<String, String>,
}

impl WechatMerchant {
    /// Parses the merchant's file.
    ///
    /// # Errors
    /// [`MerchantError`] naming the field, never its value.
    pub fn parse(text: &str) -> Result<Self, MerchantError> {
        let file: File = merchant::read(text)?;
        let (private_key, apiv3_key) = (Zeroizing::new(file.private_key), Zeroizing::new(file.apiv3_key));
        let wrong = |field| MerchantError::Field { field };
        if file.platform_keys.is_empty() || file.platform_keys.len() > 16 {
            return Err(wrong("platform_keys"));
        }
        let keys = file
            .platform_keys
            .into_iter()
            .map(|(id, pem)| platform_key(id, &pem))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            appid: merchant::word(file.appid, 1..=32, "appid")?,
            mchid: merchant::word(file.mchid, 1..=32, "mchid")?,
            serial_no: serial(&file.serial_no).ok_or(wrong("serial_no"))?,
            key: PrivateKey::parse(&private_key).map_err(|_| wrong("private_key"))?,
            api_key: ApiKey::parse(&apiv3_key).ok_or(wrong("apiv3_key"))?,
            base_url: merchant::address(&file.base_url, "base_url")?,
            platform_keys: PlatformKeys(keys),
        })
    }

    /// Whether its address is a stand-in's, so that whoever is asked to pay must be told that no money moves.
    #[must_use]
    pub fn is_demonstration(&self) -> bool {
        !merchant::is_at(&self.base_url, ".mch.weixin.qq.com")
    }
}

impl fmt::Debug for WechatMerchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WechatMerchant(redacted)")
    }
}

fn platform_key(id: String, pem: &str) -> Result<(String, PublicKey), MerchantError> {
    let wrong = MerchantError::Field { field: "platform_keys" };
    let key = PublicKey::parse(pem).map_err(|_| wrong.clone())?;
    if id.starts_with("PUB_KEY_ID_") && id.len() <= 64 && id.is_ascii() {
        return Ok((id, key));
    }
    serial(&id).map(|id| (id, key)).ok_or(wrong)
}

/// A certificate's serial number: up to 40 hexadecimal digits, in upper case as the provider sends it.
pub(super) fn serial(text: &str) -> Option<String> {
    let plain = (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
    plain.then(|| text.to_ascii_uppercase())
}
