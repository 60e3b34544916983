//! The program itself, over TLS, in a process of its own.

use crate::free_port::free_port;
use central::settings::Settings;
use central::{Central, database, tls};
use reqwest::{Certificate, Client};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const PATIENCE: Duration = Duration::from_secs(60);

/// A running `central serve`. It is killed when this is dropped.
pub struct Program {
    pub port: u16,
    folder: Arc<TempDir>,
    config: PathBuf,
    child: Child,
}

impl Program {
    /// A server over this database, whose schema is there; `more` are lines of its `[server]` settings.
    pub async fn start(database: &str, more: &str) -> Self {
        Self::in_folder(Arc::new(tempfile::tempdir().unwrap()), database, more).await
    }

    /// Another instance over the same database, photos and certificate.
    pub async fn beside(&self, database: &str) -> Self {
        Self::in_folder(self.folder.clone(), database, "").await
    }

    async fn in_folder(folder: Arc<TempDir>, database: &str, more: &str) -> Self {
        let port = free_port().unwrap();
        let path = folder.path();
        let (key, config) = (path.join("sealing.key"), path.join(format!("{port}.toml")));
        std::fs::write(&key, "5a".repeat(32)).unwrap();
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"https://localhost:{port}\"\ndata = {path:?}\n{more}\n\
             [database]\nurl = \"{database}\"\n[store]\nfolder = {photos:?}\n[secrets]\nkey_file = {key:?}\n\
             [metrics]\nlisten = \"\"\n[log]\nformat = \"text\"",
            photos = path.join("photos"),
        );
        std::fs::write(&config, text).unwrap();
        let settings = Settings::load(Some(&config)).unwrap();
        // A second call finds the provider installed already, which is as good.
        let _: Result<(), _> = rustls::crypto::ring::default_provider().install_default();
        tls::pins(&settings.server).unwrap();
        let child = spawn(&config);
        let mut program = Self { port, folder, config, child };
        program.ready().await;
        program
    }

    /// This process's own view of the same instance, for what goes past the network.
    pub fn central(&self) -> Central {
        let settings = Settings::load(Some(&self.config)).unwrap();
        let pins = tls::pins(&settings.server).unwrap();
        Central::new(settings, pins).unwrap()
    }

    /// Waits until it answers.
    pub async fn ready(&mut self) {
        let (client, begun) = (self.client(), Instant::now());
        while let Err(error) = client.get(self.url("/readyz")).send().await {
            let ended = self.child.try_wait().unwrap();
            if ended.is_some() || begun.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(self.config.with_extension("log")).unwrap_or_default();
                panic!("central is not ready: {error:?}; ended: {ended:?}\n{log}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Kills it by SIGKILL, and starts it again at the same address.
    pub async fn kill_and_restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = spawn(&self.config);
        self.ready().await;
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    fn certificate(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_file(self.folder.path().join("tls.crt")).unwrap()
    }

    /// A client that believes its certificate.
    pub fn client(&self) -> Client {
        let certificate = Certificate::from_der(&self.certificate()).unwrap();
        let builder = Client::builder().tls_certs_only([certificate]).no_proxy();
        builder.timeout(Duration::from_secs(60)).build().unwrap()
    }

    /// A connection with nothing said.
    pub async fn connect(&self) -> std::io::Result<TcpStream> {
        TcpStream::connect(("127.0.0.1", self.port)).await
    }

    /// A connection over TLS for this protocol.
    pub async fn greet(&self, protocol: &str) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate()).unwrap();
        let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, self.connect().await.unwrap()).await.unwrap()
    }

    /// The most memory that it has held, in KiB.
    pub fn most_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn spawn(config: &Path) -> Child {
    let log = std::fs::File::options().create(true).append(true).open(config.with_extension("log")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
    command.arg("--config").arg(config).arg("serve").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command.spawn().unwrap()
}

/// Brings a new database's schema up to date.
pub async fn migrate(bench: &crate::bench::Bench) -> String {
    database::require_schema(&bench.central.pool).await.unwrap();
    bench.central.settings.database.url.clone()
}
