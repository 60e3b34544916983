//! An e-mail address that a person can get a message at.
//!
//! Left out on purpose: quoted local parts, address literals and addresses beyond ASCII, which no campus mail service takes.

use crate::typed_text;

/// The longest address that mail servers pass on (RFC 5321, 4.5.3.1.3, without the angle brackets).
const MOST_CHARACTERS: usize = 254;

/// An address in half width and lower case. Personal: `Debug` is redacted.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

typed_text::redacted_debug!(Email);

impl Email {
    /// The address that `text` holds; spaces fall away and full-width characters are put right.
    ///
    /// # Errors
    /// [`EmailError`] where it can't be one.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = typed_text::compact(text).to_ascii_lowercase();
        let (local, host) = text.split_once('@').ok_or(EmailError)?;
        let dotted = |part: &str, least: usize, fits: fn(u8) -> bool| {
            let labels: Vec<&str> = part.split('.').collect();
            let sound = |label: &&str| (1..=63).contains(&label.len()) && label.bytes().all(fits);
            labels.len() >= least && labels.iter().all(sound)
        };
        let local_sound = local.len() <= 64
            && dotted(local, 1, |b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b));
        let host_sound = dotted(host, 2, |b| b.is_ascii_alphanumeric() || b == b'-');
        let edges = host.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-'));
        if text.len() <= MOST_CHARACTERS && local_sound && host_sound && edges {
            Ok(Self(text))
        } else {
            Err(EmailError)
        }
    }

    /// The address for a screen that others can see: the first letter, and the host.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, host) = self.0.split_once('@').unwrap_or((&self.0, ""));
        format!("{}@{host}", typed_text::masked(local, 1, 0))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was typed can't be an address. Never holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an e-mail address is name@host.domain")]
pub struct EmailError;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_put_right_or_refused() {
        for (text, expect) in [
            (" Xiao.Ming＠Example.EDU.cn ", Some("xiao.ming@example.edu.cn")),
            ("a+b@x.io", Some("a+b@x.io")),
            ("a@b", None),
            ("@b.cn", None),
            ("a@", None),
            ("a..b@c.cn", None),
            ("a@-b.cn", None),
            ("a@b@c.cn", None),
            ("\u{1f600}@b.cn", None),
            ("", None),
        ] {
            assert_eq!(Email::parse(text).ok().as_ref().map(Email::as_str), expect, "{text}");
        }
    }

    proptest! {
        #[test]
        fn anything_typed_is_an_address_or_refused_and_never_printed(text in "\\PC{0,300}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert!(email.as_str().len() <= MOST_CHARACTERS);
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                prop_assert_eq!(format!("{email:?}"), "Email(redacted)");
            }
        }
    }
}
