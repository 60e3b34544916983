//! The stand-in's keys, and those of the two merchants that it knows.
//!
//! `ring` makes no RSA keys, so the command line of OpenSSL does, once a folder.

use super::GatewayError;
use crate::{
    link,
    rsa::{PrivateKey, PublicKey},
    sealed::ApiKey,
};
use std::{fs, io, path::Path, process::Command};
use x509_parser::{certificate::X509Certificate, pem::parse_x509_pem, prelude::FromDer};
use zeroize::Zeroizing;

/// The merchant's id at the stand-in for WeChat Pay.
pub(super) const MCHID: &str = "1900000000";
/// The application there.
pub(super) const APPID: &str = "wx0000000000000000";
/// The application at the stand-in for Alipay.
pub(super) const APP_ID: &str = "2021000000000000";
/// The seller there.
pub(super) const SELLER_ID: &str = "2088000000000000";
/// The id of WeChat Pay's public key here.
pub(super) const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0100000000000000000000000000000000";

/// Both sides' keys.
pub struct GatewayKeys {
    pub(super) platform: Platform,
    pub(super) next_platform: Platform,
    pub(super) merchant: PublicKey,
    merchant_pem: Zeroizing<String>,
    pub(super) merchant_serial: String,
    pub(super) alipay: PrivateKey,
    alipay_public_pem: String,
    pub(super) app: PublicKey,
    app_pem: Zeroizing<String>,
    pub(super) stranger: PrivateKey,
    pub(super) api_key: ApiKey,
    api_key_text: Zeroizing<String>,
}

/// A key that the stand-in for WeChat Pay signs with, and its certificate.
pub(super) struct Platform {
    pub key: PrivateKey,
    pub certificate_pem: String,
    pub serial: String,
}

/// The keys in the folder `dir`; those that are missing are made. It blocks for a second or two the first time.
///
/// # Errors
/// [`GatewayError`] if a file can't be read or written, or OpenSSL fails.
pub fn keys(dir: &Path) -> Result<GatewayKeys, GatewayError> {
    fs::create_dir_all(dir).map_err(|source| GatewayError::File { name: "the folder of keys", source })?;
    let (merchant_pem, merchant_key) = private(dir, "wechat-merchant.pem")?;
    let (app_pem, app_key) = private(dir, "alipay-app.pem")?;
    let (_, alipay) = private(dir, "alipay-platform.pem")?;
    let api_key_text = Zeroizing::new(text(dir, "apiv3.txt", || random(16))?.trim().to_owned());
    let serial = text(dir, "wechat-merchant-serial.txt", || random(20))?;
    Ok(GatewayKeys {
        platform: platform(dir, "wechat-platform.pem", "wechat-platform-certificate.pem")?,
        next_platform: platform(dir, "wechat-next.pem", "wechat-next-certificate.pem")?,
        merchant: merchant_key.public(),
        merchant_pem,
        merchant_serial: serial.trim().to_ascii_uppercase(),
        alipay_public_pem: public_pem(dir, "alipay-platform.pem", "alipay-platform-public.pem")?,
        alipay,
        app: app_key.public(),
        app_pem,
        stranger: private(dir, "stranger.pem")?.1,
        api_key: ApiKey::parse(&api_key_text).ok_or(GatewayError::Key { name: "apiv3.txt" })?,
        api_key_text,
    })
}

impl GatewayKeys {
    /// The two merchants' files for a central that finds the stand-in at `base_url`.
    pub(crate) fn merchants(&self, base_url: &str) -> (String, String) {
        let base = base_url.trim_end_matches('/');
        let note = "# A demonstration: no money moves.\n";
        let wechat = format!(
            "{note}appid = \"{APPID}\"\nmchid = \"{MCHID}\"\nserial_no = \"{}\"\napiv3_key = \"{}\"\nbase_url = \"{base}\"\nprivate_key = \"\"\"\n{}\"\"\"\n\n[platform_keys]\n{} = \"\"\"\n{}\"\"\"\n",
            self.merchant_serial,
            self.api_key_text.as_str(),
            self.merchant_pem.as_str(),
            self.platform.serial,
            self.platform.certificate_pem,
        );
        let alipay = format!(
            "{note}app_id = \"{APP_ID}\"\nseller_id = \"{SELLER_ID}\"\ngateway_url = \"{base}/gateway.do\"\nprivate_key = \"\"\"\n{}\"\"\"\nalipay_public_key = \"\"\"\n{}\"\"\"\n",
            self.app_pem.as_str(),
            self.alipay_public_pem,
        );
        (wechat, alipay)
    }
}

fn platform(dir: &Path, key: &'static str, certificate: &'static str) -> Result<Platform, GatewayError> {
    let (_, private) = private(dir, key)?;
    let serial = format!("0x5D{}", random(19)?);
    let subject = "/CN=Campus Booth demonstration gateway";
    let source = dir.join(key);
    make(dir, certificate, |command| {
        command.args([
            "req",
            "-x509",
            "-new",
            "-sha256",
            "-days",
            "1825",
            "-subj",
            subject,
            "-set_serial",
            &serial,
        ]);
        command.arg("-key").arg(&source);
    })?;
    let certificate_pem = read(dir, certificate)?;
    let serial = serial_of(&certificate_pem).ok_or(GatewayError::Key { name: certificate })?;
    Ok(Platform { key: private, certificate_pem, serial })
}

fn serial_of(pem: &str) -> Option<String> {
    let (_, pem) = parse_x509_pem(pem.as_bytes()).ok()?;
    let (_, certificate) = X509Certificate::from_der(&pem.contents).ok()?;
    Some(data_encoding::HEXUPPER.encode(certificate.raw_serial()))
}

fn private(dir: &Path, name: &'static str) -> Result<(Zeroizing<String>, PrivateKey), GatewayError> {
    make(dir, name, |command| {
        command.args(["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
    })?;
    let pem = Zeroizing::new(read(dir, name)?);
    let key = PrivateKey::parse(&pem).map_err(|_| GatewayError::Key { name })?;
    Ok((pem, key))
}

fn public_pem(dir: &Path, key: &str, name: &'static str) -> Result<String, GatewayError> {
    let source = dir.join(key);
    make(dir, name, |command| {
        command.args(["pkey", "-pubout"]).arg("-in").arg(&source);
    })?;
    read(dir, name)
}

/// Lets OpenSSL write the file, unless it is there.
fn make(dir: &Path, name: &'static str, arguments: impl FnOnce(&mut Command)) -> Result<(), GatewayError> {
    let (path, draft) = (dir.join(name), dir.join(format!("{name}.new")));
    if path.exists() {
        return Ok(());
    }
    let mut command = Command::new("openssl");
    arguments(&mut command);
    let output = command.arg("-out").arg(&draft).output().map_err(GatewayError::OpenSsl)?;
    if !output.status.success() {
        return Err(GatewayError::KeyMaking { name });
    }
    fs::rename(&draft, &path).map_err(|source| GatewayError::File { name, source })
}

/// The file's text; it is written first, unless it is there.
fn text(
    dir: &Path,
    name: &'static str,
    make: impl FnOnce() -> Result<String, GatewayError>,
) -> Result<String, GatewayError> {
    if !dir.join(name).exists() {
        fs::write(dir.join(name), make()?).map_err(|source| GatewayError::File { name, source })?;
    }
    read(dir, name)
}

fn read(dir: &Path, name: &'static str) -> Result<String, GatewayError> {
    fs::read_to_string(dir.join(name)).map_err(|source| GatewayError::File { name, source })
}

fn random(bytes: usize) -> Result<String, GatewayError> {
    link::nonce(bytes).map_err(|error| GatewayError::File {
        name: "the system's randomness",
        source: io::Error::other(error),
    })
}
