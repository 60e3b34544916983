//! The rotation of WeChat Pay's certificates: a new one is fetched while an old one still signs.

use super::{WechatClient, merchant::serial, parse};
use crate::{PaymentError, rsa::PublicKey, sealed::Sealed};
use serde::Deserialize;

#[derive(Deserialize)]
struct Certificates {
    data: Vec<Certificate>,
}

#[derive(Deserialize)]
struct Certificate {
    serial_no: String,
    encrypt_certificate: Sealed,
}

impl WechatClient {
    /// Fetches the certificates that the provider signs with, and trusts them beside the file's. To be called about
    /// twice a day where the file gives certificates; a `PUB_KEY_ID_...` does not change. Returns how many were new.
    ///
    /// The answer is verified with a key that is already trusted, so a merchant whose every key has expired needs a
    /// new one in the file.
    ///
    /// # Errors
    /// As of every call; [`crate::BadAnswer::Wrong`] for a certificate that can't be opened or read.
    pub async fn refresh_platform_keys(&self) -> Result<usize, PaymentError> {
        let fetched: Certificates = parse(&self.get("/v3/certificates").await?)?;
        let keys =
            fetched.data.iter().map(|certificate| self.opened(certificate)).collect::<Result<Vec<_>, _>>()?;
        let mut trusted = self.keys.write();
        Ok(keys.into_iter().filter(|(id, key)| trusted.0.insert(id.clone(), key.clone()).is_none()).count())
    }

    fn opened(&self, certificate: &Certificate) -> Result<(String, PublicKey), PaymentError> {
        let wrong = || PaymentError::wrong("encrypt_certificate");
        let id = serial(&certificate.serial_no).ok_or_else(|| PaymentError::wrong("serial_no"))?;
        let pem = self.merchant.api_key.open(&certificate.encrypt_certificate).ok_or_else(wrong)?;
        let pem = std::str::from_utf8(&pem).map_err(|_| wrong())?;
        Ok((id, PublicKey::parse(pem).map_err(|_| wrong())?))
    }
}
