//! The server's certificate: the site's own, or a self-signed one, which booths pin as well as any other.

use crate::settings::{ServerSettings, Tls};
use protocol::Digest;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// TLS that can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read.
    #[error("{} can't be read", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    /// The self-signed certificate can't be kept.
    #[error("{} can't be written", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The self-signed certificate can't be made.
    #[error("no certificate can be made")]
    Make(#[from] rcgen::Error),
    /// A chain without a certificate, or with one that can't be read.
    #[error("{} holds no certificate that can be read", path.display())]
    NoCertificate {
        /// Which file.
        path: PathBuf,
    },
    /// The key doesn't fit, or is of no kind that is known.
    #[error("the certificate and the key can't be used together")]
    Unusable(#[from] rustls::Error),
}

/// What the server shows.
#[derive(Debug)]
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    /// SHA-256 of the certificate's public key.
    pub pin: Digest,
    /// When the first certificate of the chain to end does, in milliseconds since the Unix epoch.
    pub until_ms: i64,
}

impl Identity {
    /// The certificate and key of the settings; where they name none, those in the data folder, made when there are none.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn load(settings: &ServerSettings) -> Result<Self, TlsError> {
        if !settings.certificate.as_os_str().is_empty() {
            return Self::read(&settings.certificate, &settings.key);
        }
        let (certificate, key) = (settings.data.join("tls.crt"), settings.data.join("tls.key"));
        if !key.exists() {
            make(settings, &certificate, &key)?;
        }
        Self::read(&certificate, &key)
    }

    fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let of = |path: &Path| {
            let path = path.to_owned();
            move |source| TlsError::Read { path, source }
        };
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(of(certificate))?;
        let missing = || TlsError::NoCertificate { path: certificate.to_owned() };
        let leaf = chain.first().ok_or_else(missing)?;
        let pin = pin(leaf).ok_or_else(missing)?;
        let until_ms =
            chain.iter().filter_map(|certificate| until_ms(certificate)).min().ok_or_else(missing)?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(of(key))?;
        Ok(Self { chain, key, pin, until_ms })
    }

    /// What rustls needs to serve HTTP/2 and HTTP/1.1.
    ///
    /// # Errors
    /// [`TlsError::Unusable`].
    pub fn server_config(self) -> Result<Arc<ServerConfig>, TlsError> {
        let mut config =
            ServerConfig::builder().with_no_client_auth().with_single_cert(self.chain, self.key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// SHA-256 of a certificate's public key (SubjectPublicKeyInfo, DER; RFC 7469, section 2.4), as booths pin it.
#[must_use]
pub fn pin(certificate: &[u8]) -> Option<Digest> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    Some(crate::sha256(parsed.public_key().raw))
}

/// When a certificate ends, in milliseconds since the Unix epoch.
fn until_ms(certificate: &[u8]) -> Option<i64> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    Some(parsed.validity().not_after.timestamp().saturating_mul(1_000))
}

/// What booths may be shown: the own certificate's key, if TLS is spoken here, and what the settings add.
///
/// # Errors
/// [`TlsError`].
pub fn pins(settings: &ServerSettings) -> Result<Vec<Digest>, TlsError> {
    let mut pins = match settings.tls {
        Tls::Own => vec![Identity::load(settings)?.pin],
        Tls::Proxy => vec![],
    };
    pins.extend(&settings.pins);
    Ok(pins)
}

/// The host of `https://HOST[:PORT]`.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => host,
        None => rest.split(':').next().unwrap_or(rest),
    }
}

fn make(settings: &ServerSettings, certificate: &Path, key: &Path) -> Result<(), TlsError> {
    let mut params = rcgen::CertificateParams::new(vec![host(&settings.public_url).to_owned()])?;
    params.distinguished_name.push(rcgen::DnType::CommonName, "Campus Booth central");
    params.not_after = rcgen::date_time_ymd(2099, 12, 31);
    let pair = rcgen::KeyPair::generate()?;
    let made = params.self_signed(&pair)?;
    let write = |path: &Path, text: String, mode| {
        write_private(path, &text, mode).map_err(|source| TlsError::Write { path: path.to_owned(), source })
    };
    // The key last: where it is there, the certificate is too.
    write(certificate, made.pem(), 0o644)?;
    write(key, pair.serialize_pem(), 0o600)
}

fn write_private(path: &Path, text: &str, mode: u32) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let aside = path.with_extension("new");
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(aside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_address_is_found() {
        for (url, expected) in [
            ("https://a.example:8443", "a.example"),
            ("https://[::1]:1", "::1"),
            ("http://10.0.0.1", "10.0.0.1"),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }
}
