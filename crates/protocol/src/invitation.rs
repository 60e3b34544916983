//! What `central enrol` prints and a technician types or scans: `ADDRESS#CODE.PIN` on one line.
//!
//! `https://central.example.edu:8443#K7QF-2MNB-XZ4A-55TR-WWPD.3f5a…` says where central is, the code that works once, and the
//! SHA-256 of the public key that central shows. Since the pin travels with it, the booth trusts nobody else from its first connection on.

use crate::hex::Digest;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The shortest code.
const SHORTEST_CODE: usize = 20;

/// The longest code.
const LONGEST_CODE: usize = 64;

/// An invitation to enrol. Its [`Display`](std::fmt::Display) is what is printed, and parses to the same again.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    address: String,
    code: String,
    pin: Digest,
}

/// Why a text isn't an invitation. It never holds the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidInvitation {
    /// It hasn't the three parts.
    #[error("an invitation looks like ADDRESS#CODE.PIN")]
    Parts,
    /// The address isn't one of a server and nothing more.
    #[error("the address isn't https://HOST or https://HOST:PORT in lower case")]
    Address,
    /// The code has other characters or another length.
    #[error("the code isn't 20 to 64 characters of A to Z, 2 to 7 and -")]
    Code,
    /// The pin isn't a SHA-256.
    #[error("the pin isn't 64 lower-case hexadecimal digits")]
    Pin,
}

impl Invitation {
    /// An invitation of its three parts.
    ///
    /// # Errors
    /// [`InvalidInvitation`] names the part that isn't right.
    pub fn new(address: &str, code: &str, pin: Digest) -> Result<Self, InvalidInvitation> {
        if !is_origin(address) {
            return Err(InvalidInvitation::Address);
        }
        if !is_code(code) {
            return Err(InvalidInvitation::Code);
        }
        Ok(Self { address: address.to_owned(), code: code.to_owned(), pin })
    }

    /// Central's address, `https://HOST[:PORT]`, without a path.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The code that works once, as [`crate::enrolment::Enrol::code`] has it.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// SHA-256 of the SubjectPublicKeyInfo (DER) of central's certificate.
    #[must_use]
    pub const fn pin(&self) -> Digest {
        self.pin
    }
}

impl std::fmt::Display for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}#{}.{}", self.address, self.code, self.pin)
    }
}

impl std::fmt::Debug for Invitation {
    /// Without the code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation").field("address", &self.address).finish_non_exhaustive()
    }
}

impl std::str::FromStr for Invitation {
    type Err = InvalidInvitation;

    /// White space around the line is passed over, since it is typed or pasted.
    fn from_str(text: &str) -> Result<Self, InvalidInvitation> {
        let (address, secret) = text.trim().split_once('#').ok_or(InvalidInvitation::Parts)?;
        let (code, pin) = secret.split_once('.').ok_or(InvalidInvitation::Parts)?;
        Self::new(address, code, pin.parse().map_err(|_| InvalidInvitation::Pin)?)
    }
}

fn is_code(text: &str) -> bool {
    let letter = |byte: u8| matches!(byte, b'A'..=b'Z' | b'2'..=b'7' | b'-');
    (SHORTEST_CODE..=LONGEST_CODE).contains(&text.len()) && text.bytes().all(letter)
}

/// Whether the text is `https://HOST` or `https://HOST:PORT` (RFC 6454's origin, in its own spelling).
fn is_origin(text: &str) -> bool {
    let Some(authority) = text.strip_prefix("https://") else { return false };
    if let Some(rest) = authority.strip_prefix('[') {
        let Some((host, port)) = rest.split_once(']') else { return false };
        return host.parse::<Ipv6Addr>().is_ok()
            && host.bytes().all(|byte| !byte.is_ascii_uppercase())
            && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    match authority.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(authority),
    }
}

fn is_port(text: &str) -> bool {
    !text.starts_with(['0', '+']) && text.parse::<u16>().is_ok()
}

/// A host name of RFC 1123 or an IPv4 address. A name's last label isn't a number (WHATWG URL, "ends in a number").
fn is_host(text: &str) -> bool {
    let inner = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let number = |label: &str| {
        label.bytes().all(|byte| byte.is_ascii_digit())
            || label.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let named =
        text.len() <= 253 && text.split('.').all(label) && !text.rsplit('.').next().is_some_and(number);
    named || text.parse::<Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CODE: &str = "K7QF-2MNB-XZ4A-55TR-WWPD";

    fn address(text: &str) -> Result<Invitation, InvalidInvitation> {
        Invitation::new(text, CODE, Digest([1; 32]))
    }

    #[test]
    fn an_address_is_an_origin_and_nothing_more() {
        for good in [
            "https://a",
            "https://central.example:8443",
            "https://10.0.0.7",
            "https://[::1]:8443",
            "https://[fd00::2]",
        ] {
            assert!(address(good).is_ok(), "{good}");
        }
        let bad = [
            "http://a",
            "https://",
            "https://a/",
            "https://a:0",
            "https://a:65536",
            "https://a:",
            "https://A",
            "https://a@b",
            "https://a?b",
            "https://-a",
            "https://a..b",
            "https://[::1",
            "https://[1.2.3.4]",
            "https://256.1.1.1",
            "https://0x7f",
            "https://[::1]x",
            "https://a b",
            "https://[FD00::2]",
            "https://a:+1",
        ];
        for bad in bad {
            assert_eq!(address(bad), Err(InvalidInvitation::Address), "{bad}");
        }
    }

    #[test]
    fn white_space_around_is_passed_over() {
        let line = address("https://central.example").unwrap().to_string();
        assert_eq!(format!("  {line}\r\n").parse(), address("https://central.example"));
    }

    #[test]
    fn the_code_is_not_shown() {
        assert!(!format!("{:?}", address("https://a").unwrap()).contains(CODE));
    }

    prop_compose! {
        fn invitations()(
            host in "[a-z]([a-z0-9-]{0,10}[a-z0-9])?(\\.[a-z]([a-z0-9-]{0,10}[a-z0-9])?){0,3}",
            port in proptest::option::of(1u16..),
            code in "[A-Z2-7-]{20,64}",
            pin in any::<[u8; 32]>(),
        ) -> Invitation {
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            Invitation::new(&format!("https://{host}{port}"), &code, Digest(pin)).unwrap()
        }
    }

    proptest! {
        #[test]
        fn an_invitation_survives_its_text(invitation in invitations()) {
            prop_assert_eq!(invitation.to_string().parse(), Ok(invitation));
        }

        #[test]
        fn whatever_is_read_is_printed_the_same(text in "(https://[a-z0-9.:\\[\\]/-]{0,20}|\\PC{0,20})#[A-Z2-7a-]{18,66}\\.[0-9a-f]{63,65}") {
            if let Ok(invitation) = text.parse::<Invitation>() {
                prop_assert_eq!(invitation.to_string(), text.trim());
            }
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,200}") {
            let _: Result<Invitation, _> = text.parse();
        }
    }
}
