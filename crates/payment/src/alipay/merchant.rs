//! The credentials of a merchant at Alipay, from a file that only central's host has.

use crate::{
    MerchantError, merchant,
    rsa::{PrivateKey, PublicKey},
};
use reqwest::Url;
use serde::Deserialize;
use std::fmt;
use zeroize::Zeroizing;

/// A merchant's credentials, in the mode of public keys.
///
/// ```toml
/// app_id = "2021000000000000"
/// private_key = """PEM, or the bare base64 that Alipay's tool writes"""
/// alipay_public_key = """PEM, or bare base64: Alipay's key, not the application's"""
/// gateway_url = "https://openapi.alipay.com/gateway.do"
/// seller_id = "2088000000000000"   # optional: notifications for another seller are then refused
/// ```
#[derive(Clone)]
pub struct AlipayMerchant {
    pub(crate) app_id: String,
    pub(crate) key: PrivateKey,
    pub(crate) alipay_key: PublicKey,
    pub(crate) gateway_url: Url,
    pub(crate) seller_id: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    app_id: String,
    private_key: String,
    alipay_public_key: String,
    gateway_url: String,
    seller_id: Option<String>,
}

impl AlipayMerchant {
    /// Parses the merchant's file.
    ///
    /// # Errors
    /// [`MerchantError`] naming the field, never its value.
    pub fn parse(text: &str) -> Result<Self, MerchantError> {
        let file: File = merchant::read(text)?;
        let private_key = Zeroizing::new(file.private_key);
        let wrong = |field| MerchantError::Field { field };
        Ok(Self {
            app_id: merchant::word(file.app_id, 1..=32, "app_id")?,
            key: PrivateKey::parse(&private_key).map_err(|_| wrong("private_key"))?,
            alipay_key: PublicKey::parse(&file.alipay_public_key).map_err(|_| wrong("alipay_public_key"))?,
            gateway_url: merchant::address(&file.gateway_url, "gateway_url")?,
            seller_id: file.seller_id.map(|id| merchant::word(id, 1..=32, "seller_id")).transpose()?,
        })
    }

    /// Whether its address is a stand-in's or a sandbox's, so that whoever is asked to pay must be told that no money
    /// moves.
    #[must_use]
    pub fn is_demonstration(&self) -> bool {
        !merchant::is_at(&self.gateway_url, ".alipay.com")
    }
}

impl fmt::Debug for AlipayMerchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlipayMerchant(redacted)")
    }
}
