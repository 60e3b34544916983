//! The way to the server: pinned TLS, or plain HTTP.

use super::{LoadError, Options};
use crate::{Central, tls};
use protocol::Digest;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use std::sync::Arc;
use std::time::Duration;

/// How long a request may take until it counts as lost and is repeated.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a connection that nothing is asked on is kept, as by a booth.
const IDLE: Duration = Duration::from_secs(8);

/// The server that is put under load.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// The addresses of its instances, without a path.
    urls: Vec<Arc<str>>,
    pins: Vec<Digest>,
}

impl Server {
    /// The server of the options, or else this instance's.
    pub fn of(central: &Central, options: &Options) -> Self {
        let own = [central.settings.server.public_url.clone()];
        let urls = if options.url.is_empty() { &own[..] } else { &options.url };
        let pins = if options.pin.is_empty() { central.pins.clone() } else { options.pin.clone() };
        Self { urls: urls.iter().map(|url| url.trim_end_matches('/').into()).collect(), pins }
    }

    /// The address for the booth of this number.
    pub fn url(&self, number: u16) -> Arc<str> {
        let place = usize::from(number) % self.urls.len().max(1);
        self.urls.get(place).cloned().unwrap_or_default()
    }

    /// A client with connections of its own, as each booth has: HTTP/1.1, and a new handshake after a rest.
    pub fn client(&self) -> Result<reqwest::Client, LoadError> {
        let provider = Arc::new(ring::default_provider());
        let verifier = Arc::new(Pinned { pins: self.pins.clone(), provider: provider.clone() });
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        let builder = reqwest::Client::builder().tls_backend_preconfigured(config).http1_only();
        Ok(builder.timeout(PATIENCE).pool_idle_timeout(IDLE).no_proxy().build()?)
    }
}

/// Believes a certificate by its public key, as booths do.
#[derive(Debug)]
struct Pinned {
    pins: Vec<Digest>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match tls::pin(certificate) {
            Some(pin) if self.pins.contains(&pin) => Ok(ServerCertVerified::assertion()),
            _ => Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
