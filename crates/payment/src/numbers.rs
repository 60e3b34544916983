//! The texts that a merchant chooses for a provider, each parsed once.
//!
//! A number is what makes a call idempotent at the provider, so it never changes when a call is repeated.

use std::fmt;
use thiserror::Error;

/// A text that a provider would not take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum TextError {
    /// A trade's or refund's number of another form.
    #[error("a number is 6 to 32 of 0-9, A-Z, a-z and _")]
    Number,
    /// A provider's own number of another form.
    #[error("a provider's number is 1 to 64 letters and digits")]
    TransactionId,
    /// A description of another form.
    #[error("a description is 1 to 127 bytes without control characters, /, = and &")]
    Description,
    /// A reason of another form.
    #[error("a reason is 1 to 80 bytes without control characters")]
    Reason,
    /// An address that a provider could not or must not call.
    #[error(
        "an address of notification is https without query, at most 255 characters; http only on loopback"
    )]
    NotifyUrl,
}

macro_rules! texts {
    ($($(#[$doc:meta])+ $name:ident, $error:ident, $takes:expr;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(String);

        impl $name {
            /// Parses the text.
            ///
            /// # Errors
            /// The [`TextError`] that says the form.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                let takes: fn(&str) -> bool = $takes;
                if takes(text) { Ok(Self(text.to_owned())) } else { Err(TextError::$error) }
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

texts! {
    /// The merchant's number of a trade (`out_trade_no`): 6 to 32 of `[0-9A-Za-z_]`.
    ///
    /// WeChat Pay takes 6 to 32 of `[0-9A-Za-z_-|*]`, Alipay up to 64 of `[0-9A-Za-z_]`; this is what both take.
    OutTradeNumber, Number, is_number;
    /// The merchant's number of a refund (`out_refund_no`, `out_request_no`): 6 to 32 of `[0-9A-Za-z_]`, as both take it.
    OutRefundNumber, Number, is_number;
    /// The provider's own number of a trade that was paid.
    TransactionId, TransactionId, |text| {
        (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    /// What the payer reads on the phone: 1 to 127 bytes, WeChat Pay's limit, without what Alipay refuses in a subject.
    Description, Description, |text| {
        (1..=127).contains(&text.len()) && !text.contains(|c: char| c.is_control() || "/=&".contains(c))
    };
    /// Why money goes back, as the payer reads it: 1 to 80 bytes, WeChat Pay's limit.
    RefundReason, Reason, |text| (1..=80).contains(&text.len()) && !text.contains(char::is_control);
    /// Where a provider sends notifications. `https`; `http` only to a loopback address, where the stand-in gateway is.
    NotifyUrl, NotifyUrl, is_notify_url;
}

fn is_number(text: &str) -> bool {
    (6..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn is_notify_url(text: &str) -> bool {
    let plain = text.len() <= 255 && text.bytes().all(|b| b.is_ascii_graphic());
    plain
        && reqwest::Url::parse(text)
            .is_ok_and(|url| is_safe(&url) && url.query().is_none() && url.fragment().is_none())
}

/// Whether what is sent to `url` can't be read on the way: `https`, or `http` that never leaves this machine.
pub(crate) fn is_safe(url: &reqwest::Url) -> bool {
    let loopback = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    let trusted = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    trusted && url.has_host() && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_what_both_providers_take() {
        for (text, taken) in [
            ("P20261122_000001", true),
            ("12345", false),
            ("123456", true),
            ("a-b-c-d", false),
            ("a|b*cd", false),
            ("0123456789abcdef0123456789abcdef", true),
            ("0123456789abcdef0123456789abcdef0", false),
            ("证件照000", false),
        ] {
            assert_eq!(OutTradeNumber::parse(text).is_ok(), taken, "{text}");
        }
    }

    #[test]
    fn notifications_come_over_https_or_loopback() {
        for (text, taken) in [
            ("https://photo.example.edu.cn/v1/payments/wechat", true),
            ("http://127.0.0.1:8080/n", true),
            ("http://photo.example.edu.cn/n", false),
            ("http://127.0.0.1.example.com/n", false),
            ("https://user:pass@example.com/n", false),
            ("https://example.com/n?x=1", false),
            ("ftp://example.com/n", false),
            ("", false),
        ] {
            assert_eq!(NotifyUrl::parse(text).is_ok(), taken, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let number = OutTradeNumber::parse(&text);
            prop_assert_eq!(number.is_ok(), is_number(&text), "a number is kept as it is");
            let _ = (Description::parse(&text), NotifyUrl::parse(&text), TransactionId::parse(&text));
        }
    }
}
