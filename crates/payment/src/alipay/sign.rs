//! Alipay's signatures (RSA2): over sorted fields in requests and notifications, over raw bytes in answers.

use crate::{SignatureError, rsa::PublicKey};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{collections::BTreeMap, fmt};

/// The text that a request's signature is over: all fields but `sign` and empty ones, in the order of their names.
///
/// ```
/// use payment::alipay::sign::request_text;
/// let fields = [("sign_type", "RSA2"), ("app_id", "2021000000000000"), ("notify_url", ""), ("sign", "x")];
/// assert_eq!(request_text(fields), "app_id=2021000000000000&sign_type=RSA2");
/// ```
#[must_use]
pub fn request_text<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    joined(fields.into_iter().filter(|(name, value)| *name != "sign" && !value.is_empty()))
}

/// The text that a notification's signature is over: all fields but `sign` and `sign_type`.
#[must_use]
pub fn notification_text<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    joined(fields.into_iter().filter(|(name, _)| !matches!(*name, "sign" | "sign_type")))
}

fn joined<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let sorted: BTreeMap<&str, &str> = fields.collect();
    sorted.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The text of `METHOD_response` (or `error_response`) in an answer, exactly as it was signed, if the signature holds.
pub(crate) fn verified<'a>(key: &PublicKey, method: &str, body: &'a [u8]) -> Result<&'a str, SignatureError> {
    let missing = SignatureError::Missing { name: "sign" };
    let answer = Answer::split(body).ok_or(missing)?;
    let name = format!("{}_response", method.replace('.', "_"));
    let value = answer.get(&name).or_else(|| answer.get("error_response"));
    let value = value.ok_or(SignatureError::Missing { name: "response" })?.get();
    let signature: String =
        answer.get("sign").and_then(|sign| serde_json::from_str(sign.get()).ok()).ok_or(missing)?;
    if key.verifies(value.as_bytes(), &signature) { Ok(value) } else { Err(SignatureError::False) }
}

/// The members of an answer, each with its exact bytes: escapes such as `\/` are part of what was signed.
#[derive(Debug)]
struct Answer<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Answer<'a> {
    /// `None` if the body is not one JSON object, or names a member twice.
    fn split(body: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| *value)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Answer<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(std::marker::PhantomData))
    }
}

struct Members<'a>(std::marker::PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for Members<'a> {
    type Value = Answer<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer's object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Vec<(String, &'a RawValue)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, &'a RawValue>()? {
            if members.len() == 8 || members.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom("a member comes twice, or there are too many"));
            }
            members.push((name, value));
        }
        Ok(Answer(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_raw_bytes_are_kept() {
        let body =
            r#"{ "a_response" : {"u":"https:\/\/qr.example\/x", "n" : 1.50 } ,"sign":"eHg="}"#.as_bytes();
        let raw = Answer::split(body).unwrap().get("a_response").unwrap().get();
        assert_eq!(
            raw, r#"{"u":"https:\/\/qr.example\/x", "n" : 1.50 }"#,
            "escapes and spaces within are kept"
        );
    }

    #[test]
    fn a_member_comes_once() {
        for body in
            [r#"{"a_response":{},"a_response":{"x":1}}"#, r#"{"a":1}{"a":1}"#, r#"{"a":1},"#, "[]", "{", ""]
        {
            assert!(Answer::split(body.as_bytes()).is_none(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(body in any::<Vec<u8>>(), text in "[{}\"a:,\\\\/ 1]{0,60}") {
            let _ = (Answer::split(&body).is_some(), Answer::split(text.as_bytes()).is_some());
        }

        #[test]
        fn what_stands_between_is_found(value in "\\PC{0,40}", space in "[ \n\t]{0,3}", first in any::<bool>()) {
            let raw = format!("{{\"v\":{}}}", serde_json::to_string(&value).unwrap().replace('/', "\\/"));
            let (one, two) = (format!("\"x_response\"{space}:{space}{raw}{space}"), format!("\"sign\"{space}:\"s\""));
            let body = if first { format!("{{{one},{two}}}") } else { format!("{{{two},{one}}}") };
            let answer = Answer::split(body.as_bytes()).unwrap();
            prop_assert_eq!(answer.get("x_response").unwrap().get(), raw, "exactly the value's bytes");
        }
    }
}
