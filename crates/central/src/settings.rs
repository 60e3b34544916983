//! The server's settings: `assets/central.toml` holds every one of them, one file overlays it, and the environment both.

use config::{Config, Environment, File, FileFormat};
use protocol::Digest;
use serde::{Deserialize, Deserializer};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Every setting's default and meaning.
pub const DEFAULTS: &str = include_str!("../../../assets/central.toml");

/// Settings that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file or a variable can't be read, or names or means something that isn't there.
    #[error("the settings can't be read")]
    Read(#[source] Box<config::ConfigError>),
    /// TLS by a proxy, whose certificate nobody knows.
    #[error("server.tls is \"proxy\": server.pins must name the proxy's public keys")]
    NoPins,
    /// A certificate without a key, or a key without a certificate.
    #[error("server.certificate and server.key go together")]
    HalfCertificate,
    /// Not `http(s)://HOST[:PORT]`.
    #[error("server.public_url must be http:// or https:// with a host and no path")]
    PublicUrl,
}

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The HTTP server.
    pub server: ServerSettings,
    /// PostgreSQL.
    pub database: DatabaseSettings,
    /// The object store.
    pub store: StoreSettings,
    /// What seals secrets.
    pub secrets: SecretSettings,
    /// How long data is kept.
    pub retention: RetentionSettings,
    /// The office's page.
    pub office: OfficeSettings,
    /// Online payments.
    pub payments: PaymentSettings,
    /// Metrics.
    pub metrics: MetricsSettings,
    /// The log.
    pub log: LogSettings,
}

/// Who speaks TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// The server itself.
    Own,
    /// A proxy before it.
    Proxy,
}

/// The HTTP server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Its address for everybody else, without a path.
    pub public_url: String,
    /// Who speaks TLS.
    pub tls: Tls,
    /// The certificate chain, PEM; empty: a self-signed one.
    pub certificate: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
    /// Further public keys that booths may be shown.
    #[serde(deserialize_with = "digests")]
    pub pins: Vec<Digest>,
    /// Files of this instance.
    pub data: PathBuf,
    /// Connections at a time.
    pub connections: usize,
    /// Requests at a time.
    pub concurrency: usize,
    /// How long a request may take, in seconds.
    pub request_s: u64,
}

/// PostgreSQL.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// Its address, with the password.
    pub url: String,
    /// Connections that an instance keeps.
    pub connections: usize,
}

impl std::fmt::Debug for DatabaseSettings {
    /// Without the address, which holds the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseSettings").field("connections", &self.connections).finish_non_exhaustive()
    }
}

/// Which object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreKind {
    /// A folder.
    Files,
    /// A bucket.
    S3,
}

/// The object store.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// Which one.
    pub kind: StoreKind,
    /// The folder.
    pub folder: PathBuf,
    /// The bucket.
    pub bucket: String,
    /// Its region.
    pub region: String,
    /// Its address; empty: Amazon's own.
    pub endpoint: String,
    /// The access key's id.
    pub access_key: String,
    /// The access key.
    pub secret_key: String,
}

impl std::fmt::Debug for StoreSettings {
    /// Without the access key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreSettings").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What seals secrets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretSettings {
    /// The file with the key.
    pub key_file: PathBuf,
}

/// How long data is kept.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionSettings {
    /// Days until a decided collection is emptied.
    pub collection_days: u16,
    /// Days until a student who asked for it is forgotten.
    pub asked_days: u16,
    /// Days until an event is forgotten.
    pub events_days: u16,
}

/// The office's page.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeSettings {
    /// Minutes without a request until a user is logged out.
    pub idle_minutes: u16,
    /// Wrong passwords or codes in a row that lock a user.
    pub tries: u16,
    /// For how many minutes.
    pub lock_minutes: u16,
}

/// Online payments.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentSettings {
    /// How long a code is good, in minutes.
    pub code_minutes: u16,
    /// At what hour in China bills are compared.
    pub bill_hour: u8,
}

/// Metrics.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsSettings {
    /// Where they are found; empty: nowhere.
    pub listen: String,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// An object a line.
    Json,
    /// For a person at a terminal.
    Text,
}

/// The log.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// How it is written.
    pub format: LogFormat,
}

fn digests<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Digest>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| text.parse().map_err(serde::de::Error::custom)).collect()
}

impl Settings {
    /// The defaults, overlaid by `file` if there is one, and by the environment.
    ///
    /// # Errors
    /// [`SettingsError`], naming the setting.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        let variables =
            Environment::with_prefix("CENTRAL").prefix_separator("__").separator("__").try_parsing(true);
        Self::from(file, variables)
    }

    fn from(file: Option<&Path>, variables: Environment) -> Result<Self, SettingsError> {
        let mut layers = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(file) = file {
            layers = layers.add_source(File::from(file).format(FileFormat::Toml));
        }
        let read = layers.add_source(variables).build().and_then(Config::try_deserialize::<Self>);
        read.map_err(|error| SettingsError::Read(Box::new(error)))?.checked()
    }

    fn checked(self) -> Result<Self, SettingsError> {
        let server = &self.server;
        if server.tls == Tls::Proxy && server.pins.is_empty() {
            return Err(SettingsError::NoPins);
        }
        if server.certificate.as_os_str().is_empty() != server.key.as_os_str().is_empty() {
            return Err(SettingsError::HalfCertificate);
        }
        let host = ["https://", "http://"].iter().find_map(|scheme| server.public_url.strip_prefix(scheme));
        let is_origin = |host: &str| !host.is_empty() && !host.contains(['/', '?', '#', ' ', '@']);
        if host.is_some_and(is_origin) { Ok(self) } else { Err(SettingsError::PublicUrl) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(overlay: &str, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("central.toml");
        std::fs::write(&file, overlay).unwrap();
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let source =
            Environment::with_prefix("CENTRAL").prefix_separator("__").separator("__").try_parsing(true);
        Settings::from(Some(&file), source.source(Some(variables)))
    }

    #[test]
    fn the_defaults_cover_every_setting() {
        let settings = load("", &[]).unwrap();
        assert_eq!(settings.server.tls, Tls::Own);
    }

    #[test]
    fn a_file_overlays_the_defaults_and_the_environment_both() {
        let file = "[server]\nconcurrency = 9\nrequest_s = 7\n[database]\nurl = \"postgres://a\"";
        let variables = [("CENTRAL__SERVER__REQUEST_S", "5"), ("CENTRAL__DATABASE__URL", "postgres://b")];
        let settings = load(file, &variables).unwrap();
        assert_eq!((settings.server.concurrency, settings.server.request_s), (9, 5));
        assert_eq!(settings.database.url, "postgres://b");
    }

    #[test]
    fn what_means_nothing_is_refused() {
        let refused = |overlay: &str| load(overlay, &[]).is_err();
        assert!(refused("[server]\nunknown = 1"), "a name that isn't one");
        assert!(refused("[server]\ntls = \"proxy\""), "a proxy that booths can't know");
        assert!(refused("[server]\nkey = \"a\""), "a key without a certificate");
        assert!(refused("[server]\npins = [\"abc\"]"), "a pin that isn't one");
        for url in ["ftp://a", "https://", "https://a/b", "https://a b", "https://u@a"] {
            assert!(refused(&format!("[server]\npublic_url = \"{url}\"")), "{url}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let shown = format!(
            "{:?}",
            load("[database]\nurl = \"postgres://u:hidden@h\"\n[store]\nsecret_key = \"hidden\"", &[])
                .unwrap()
        );
        assert!(!shown.contains("hidden"), "settings in a log: {shown}");
    }
}
