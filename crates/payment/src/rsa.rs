//! RSA keys as merchants get them, and SHA-256 with RSA PKCS#1 v1.5 by `ring`.
//!
//! The text of a private key is wiped when it has been read; what `ring` keeps of it is `ring`'s.

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey},
};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use std::{fmt, sync::Arc};
use x509_parser::{
    certificate::X509Certificate, oid_registry::OID_PKCS1_RSAENCRYPTION, pem::parse_x509_pem,
    prelude::FromDer, public_key::PublicKey as Parsed, x509::SubjectPublicKeyInfo,
};
use zeroize::Zeroizing;

/// A key that is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("it is no RSA key of 2048 to 8192 bits in PEM or base64")]
pub struct KeyError;

/// A private key, to sign with.
#[derive(Clone)]
pub struct PrivateKey(Arc<RsaKeyPair>);

impl PrivateKey {
    /// Reads PEM (PKCS#8 or PKCS#1), or the bare base64 that Alipay's tool writes.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let der = private_der(text)?;
        let pair = RsaKeyPair::from_pkcs8(&der).or_else(|_| RsaKeyPair::from_der(&der));
        Ok(Self(Arc::new(pair.map_err(|_| KeyError)?)))
    }

    /// The signature of `text` in base64; `None` if the system has no randomness to blind it with.
    #[must_use]
    pub fn sign(&self, text: &[u8]) -> Option<String> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature).ok()?;
        Some(BASE64_STANDARD.encode(signature))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.public().as_ref().into())
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(redacted)")
    }
}

/// A public key, to verify with: the `RSAPublicKey` of PKCS#1 in DER.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Arc<[u8]>);

impl PublicKey {
    /// Reads a PEM certificate, a PEM public key, or the bare base64 of one, as Alipay shows it.
    ///
    /// # Errors
    /// [`KeyError`]. A certificate's issuer and dates are not judged: whoever gives it says whose it is.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if !text.trim_start().starts_with("-----BEGIN") {
            return Self::from_spki(&bare(text)?);
        }
        let (_, pem) = parse_x509_pem(text.trim_start().as_bytes()).map_err(|_| KeyError)?;
        match pem.label.as_str() {
            "CERTIFICATE" => {
                let (_, certificate) = X509Certificate::from_der(&pem.contents).map_err(|_| KeyError)?;
                Self::of(certificate.public_key())
            }
            "PUBLIC KEY" => Self::from_spki(&pem.contents),
            _ => Err(KeyError),
        }
    }

    /// Whether `signature`, in base64, is this key's of `text`.
    #[must_use]
    pub fn verifies(&self, text: &[u8], signature: &str) -> bool {
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0);
        BASE64_STANDARD.decode(signature).is_ok_and(|signature| key.verify(text, &signature).is_ok())
    }

    fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let (rest, spki) = SubjectPublicKeyInfo::from_der(der).map_err(|_| KeyError)?;
        if rest.is_empty() { Self::of(&spki) } else { Err(KeyError) }
    }

    fn of(spki: &SubjectPublicKeyInfo<'_>) -> Result<Self, KeyError> {
        match spki.parsed() {
            Ok(Parsed::RSA(key))
                if spki.algorithm.algorithm == OID_PKCS1_RSAENCRYPTION
                    && (2048..=8192).contains(&key.key_size()) =>
            {
                Ok(Self(spki.subject_public_key.data.as_ref().into()))
            }
            _ => Err(KeyError),
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(..)")
    }
}

fn private_der(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    if !text.trim_start().starts_with("-----BEGIN") {
        return bare(text);
    }
    let mut key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| KeyError)?;
    let der = Zeroizing::new(key.secret_der().to_vec());
    zeroize::Zeroize::zeroize(&mut key);
    Ok(der)
}

fn bare(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let compact: Zeroizing<String> = Zeroizing::new(text.split_ascii_whitespace().collect());
    BASE64_STANDARD.decode(compact.as_bytes()).map(Zeroizing::new).map_err(|_| KeyError)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>(), body in "[A-Za-z0-9+/=\n]{0,200}") {
            for text in [text, body.clone(), format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"),
                format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")] {
                prop_assert!(PrivateKey::parse(&text).is_err(), "no private key");
                prop_assert!(PublicKey::parse(&text).is_err(), "no public key");
            }
        }
    }
}
