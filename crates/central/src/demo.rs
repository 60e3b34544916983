//! The stand-in for the payment providers, for demonstrations: no money moves, and it says so wherever it is seen.

use payment::gateway::{self, Gateway, GatewayError, GatewaySettings};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::TcpListener;

/// A stand-in that can't run.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// It can't listen.
    #[error("{address} can't be listened on")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file that is to hold certificates can't be read, or holds none.
    #[error("{} can't be read as certificates", path.display())]
    Certificate {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It can't start.
    #[error("the stand-in can't start")]
    Gateway(#[from] GatewayError),
    /// A merchant's file can't be written.
    #[error("{} can't be written", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Starts the stand-in, with its keys, its trades and the two merchants' files in `folder`. It runs until the value is dropped. `trust`
/// is the certificate, as PEM, of a central that no public authority vouches for: without it no notification arrives there.
///
/// # Errors
/// [`DemoError`].
pub async fn start(
    folder: &Path,
    address: SocketAddr,
    pays_after: Option<Duration>,
    trust: Option<&Path>,
) -> Result<Gateway, DemoError> {
    let listener =
        TcpListener::bind(address).await.map_err(|source| DemoError::Listen { address, source })?;
    let settings = GatewaySettings {
        pays_by_itself_after: pays_after,
        file: Some(folder.join("trades.json")),
        trusts: trust.map(certificates).transpose()?.unwrap_or_default(),
        ..GatewaySettings::default()
    };
    let gateway = Gateway::start(listener, gateway::keys(folder)?, settings)?;
    let (wechat, alipay) = gateway.merchants(&format!("http://{}", gateway.address()));
    for (name, text) in [("wechat_pay.toml", wechat), ("alipay.toml", alipay)] {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|source| DemoError::Write { path: path.clone(), source })?;
    }
    Ok(gateway)
}

fn certificates(path: &Path) -> Result<Vec<reqwest::Certificate>, DemoError> {
    let failed = |source| DemoError::Certificate { path: path.to_owned(), source };
    let pem = std::fs::read(path).map_err(failed)?;
    match reqwest::Certificate::from_pem_bundle(&pem) {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(failed(std::io::Error::new(std::io::ErrorKind::InvalidData, "it holds no certificate"))),
        Err(error) => Err(failed(std::io::Error::other(error))),
    }
}
