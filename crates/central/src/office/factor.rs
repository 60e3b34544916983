//! The second factor: codes of an authenticator, RFC 6238, of which each is used once.

use super::refusal::Refusal;
use crate::seal::{SealError, SealingKey, random};
use crate::{Central, Failure};
use data_encoding::BASE64URL_NOPAD;
use protocol::Digest;
use qrcode::{Color, EcLevel, QrCode};
use totp_rs::{Algorithm, Builder, Totp};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Bytes of a secret, as RFC 4226 recommends.
const SECRET: usize = 20;
/// Modules of white around a QR code.
const QUIET: usize = 4;

/// What the authenticator shows for whom.
pub(super) const ISSUER: &str = "Campus Booth";

/// A secret that is about to be set up. It waits in the page itself, sealed for this user and session.
#[derive(Debug)]
pub(super) struct Offer {
    /// The sealed secret, for the form.
    pub sealed: String,
    /// The secret in base32, to be typed.
    pub secret: String,
    /// The QR code.
    pub picture: Picture,
}

/// A QR code for SVG: one unit a module.
#[derive(Debug)]
pub(super) struct Picture {
    /// Units of a side.
    pub side: usize,
    /// A path over the dark modules.
    pub path: String,
}

fn place(user: Uuid) -> String {
    format!("totp {user}")
}

fn offered_place(user: Uuid, session: Digest) -> String {
    format!("totp offered {user} {session}")
}

impl Offer {
    /// A new secret.
    pub(super) fn new(
        central: &Central,
        user: Uuid,
        session: Digest,
        account: &str,
    ) -> Result<Self, Refusal> {
        Self::of(central, user, session, account, &random::<SECRET>()?)
    }

    /// The secret that the page had offered.
    pub(super) fn again(
        central: &Central,
        user: Uuid,
        session: Digest,
        account: &str,
        sealed: &str,
    ) -> Result<Self, Refusal> {
        let secret = offered(&central.seal, user, session, sealed).ok_or(Refusal::Forged)?;
        Self::of(central, user, session, account, &secret)
    }

    fn of(
        central: &Central,
        user: Uuid,
        session: Digest,
        account: &str,
        secret: &[u8],
    ) -> Result<Self, Refusal> {
        let sealed = central.seal.seal(&offered_place(user, session), secret)?;
        let totp = totp(secret, account)?;
        let url = totp.to_url().map_err(|_| Failure::Internal("an authenticator's address can't be made"))?;
        let secret = totp.secret().to_base32();
        Ok(Self { sealed: BASE64URL_NOPAD.encode(&sealed), secret, picture: picture(&url)? })
    }
}

/// The secret that a page offered to this user in this session.
pub(super) fn offered(
    seal: &SealingKey,
    user: Uuid,
    session: Digest,
    sealed: &str,
) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    seal.open(&offered_place(user, session), &bytes).ok()
}

/// A secret as it is kept.
pub(super) fn keep(seal: &SealingKey, user: Uuid, secret: &[u8]) -> Result<Vec<u8>, SealError> {
    seal.seal(&place(user), secret)
}

/// The secret that is kept.
pub(super) fn kept(seal: &SealingKey, user: Uuid, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    seal.open(&place(user), sealed)
}

fn totp(secret: &[u8], account: &str) -> Result<Totp, Failure> {
    let built = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret)
        .with_account_name(account)
        .with_issuer(Some(ISSUER))
        .build();
    built.map_err(|_| Failure::Internal("a second factor can't be read"))
}

/// The step of 30 s whose code this is, the present one or its neighbours.
pub(super) fn step(secret: &[u8], code: &str, now_ms: i64) -> Result<Option<i64>, Failure> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let seconds = now_ms.unsigned_abs() / 1000;
    Ok(totp(secret, "")?.check(&digits, seconds).and_then(|step| i64::try_from(step).ok()))
}

fn picture(text: &str) -> Result<Picture, Failure> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|_| Failure::Internal("a QR code can't be made"))?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, colour)| *colour == Color::Dark);
    let modules = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET));
    Ok(Picture { side: width + 2 * QUIET, path: modules.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 6238's secret; the codes are the last six digits of its appendix B.
    const RFC: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_rfc_6238() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(step(RFC, code, seconds * 1000).unwrap(), Some(seconds / 30), "{seconds}");
            assert_eq!(step(RFC, code, (seconds + 90) * 1000).unwrap(), None, "too late");
        }
        assert_eq!(step(RFC, "287 082", 59_000).unwrap(), Some(1), "as authenticators show it");
    }

    #[test]
    fn an_offer_is_of_one_user_and_session() {
        let seal = SealingKey::new(&[3; 32]).unwrap();
        let (user, session) = (Uuid::from_u128(1), Digest([4; 32]));
        let sealed = BASE64URL_NOPAD.encode(&seal.seal(&offered_place(user, session), RFC).unwrap());
        assert!(offered(&seal, user, session, &sealed).is_some());
        assert!(offered(&seal, Uuid::from_u128(2), session, &sealed).is_none());
        assert!(offered(&seal, user, Digest([5; 32]), &sealed).is_none());
        assert!(kept(&seal, user, &BASE64URL_NOPAD.decode(sealed.as_bytes()).unwrap()).is_err());
    }

    proptest! {
        #[test]
        fn junk_is_no_code(text in "\\PC{0,12}") {
            let digits: String = text.split_whitespace().collect();
            prop_assume!(digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()));
            prop_assert_eq!(step(RFC, &text, 59_000).unwrap(), None);
        }
    }
}
