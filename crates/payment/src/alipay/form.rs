//! `application/x-www-form-urlencoded`, as requests are sent and notifications come.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::collections::BTreeMap;

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*');

/// The fields in their order.
pub(crate) fn encode<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let encoded = |text| utf8_percent_encode(text, ENCODED);
    let pairs = fields.into_iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The fields of a form; `None` if it is not UTF-8 or names a field twice.
pub(crate) fn decode(body: &[u8]) -> Option<BTreeMap<String, String>> {
    let mut fields = BTreeMap::new();
    for pair in std::str::from_utf8(body).ok()?.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if fields.insert(decoded(name)?, decoded(value)?).is_some() {
            return None;
        }
    }
    Some(fields)
}

fn decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fields in proptest::collection::btree_map("\\PC{1,12}", any::<String>(), 0..8)) {
            let body = encode(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            prop_assert_eq!(decode(body.as_bytes()), Some(fields), "round trip");
        }

        #[test]
        fn any_bytes_are_answered(body in any::<Vec<u8>>(), text in "[a-c=&%+0-9]{0,40}") {
            let _ = (decode(&body), decode(text.as_bytes()));
        }
    }

    #[test]
    fn a_field_comes_once() {
        assert_eq!(decode(b"a=1&a=2"), None, "two values could be signed as one and used as the other");
    }
}
