//! Who central is: the public key of its certificate, and nothing else.
//!
//! A booth knows the SHA-256 of central's SubjectPublicKeyInfo from its invitation, so no authority needs to vouch for a name. A
//! public authority could be made to issue a certificate for central's name; nobody can be made to find another key of that hash.
//! The name and the dates of the certificate are not looked at: a campus's server often has only an address, and a booth's
//! clock may be years off after its battery failed, which must not keep it from central, where it would learn the right time.
//! The server still proves in each handshake that it holds the key. Sessions are not resumed, because a resumed one would
//! not show its certificate again after a pin was withdrawn.

use parking_lot::RwLock;
use protocol::Digest;
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The certificate has a public key that isn't pinned.
#[derive(Debug, thiserror::Error)]
#[error("the server's public key isn't pinned")]
pub(crate) struct NotPinned;

/// The pins of a client, which can be replaced while it runs.
#[derive(Clone, Debug)]
pub(crate) struct Pins(Arc<RwLock<Vec<Digest>>>);

impl Pins {
    pub(crate) fn new(pins: Vec<Digest>) -> Self {
        Self(Arc::new(RwLock::new(pins)))
    }

    /// From now on, new connections are held against these.
    pub(crate) fn replace(&self, pins: Vec<Digest>) {
        *self.0.write() = pins;
    }

    fn contain(&self, pin: &Digest) -> bool {
        self.0.read().contains(pin)
    }
}

/// The SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// The client's side of TLS 1.2 and 1.3, held against the pins.
pub(crate) fn tls(pins: Pins) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Arc::new(PinVerifier { pins, provider: Arc::clone(&provider) });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    Ok(config)
}

#[derive(Debug)]
struct PinVerifier {
    pins: Pins,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinVerifier {
    /// The key is read by the parser that also checks the handshake's signature, so both speak of the same one.
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let key = ParsedCertificate::try_from(end_entity)?.subject_public_key_info();
        if self.pins.contain(&sha256(key.as_ref())) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(NotPinned)))))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
