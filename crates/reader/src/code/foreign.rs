//! Tells the codes that people show by mistake: links, payment codes, cards and parcels.

use super::CodeRefusal;

/// Beginnings of codes that receive a payment (WeChat's, Alipay's and UnionPay's).
const PAYEES: [&str; 6] = [
    "wxp://",
    "weixin://wxpay",
    "https://qr.alipay.com/",
    "https://qr.95516.com/",
    "https://payapp.weixin.qq.com/",
    "alipayqr://",
];

/// Schemes that have no `//` behind them.
const SHORT_SCHEMES: [&str; 9] =
    ["www.", "mailto:", "tel:", "sms:", "smsto:", "geo:", "javascript:", "urlto:", "data:"];

/// Beginnings of what phones put into a code besides links.
const OTHERS: [&str; 7] = ["wifi:", "begin:", "mecard:", "bizcard:", "matmsg:", "otpauth:", "magnet:"];

/// Digits alone, up to this many, are the number of a card, a parcel or a product: a student card's has up to 20, a parcel's up to
/// 30 (the widest in use by couriers).
const LONGEST_NUMBER: usize = 30;

/// What `payload` is, where it is one of the things that people show by mistake.
pub(super) fn foreign(payload: &[u8]) -> Option<CodeRefusal> {
    let text = std::str::from_utf8(payload).ok()?.trim_matches(is_blank);
    let begins = |beginning: &str| begins_with(text, beginning);
    if text.is_empty() {
        Some(CodeRefusal::Empty)
    } else if PAYEES.iter().any(|b| begins(b)) || is_payment_number(text) {
        Some(CodeRefusal::PaymentCode)
    } else if SHORT_SCHEMES.iter().any(|b| begins(b)) || has_scheme(text) {
        Some(CodeRefusal::WebLink)
    } else if OTHERS.iter().any(|b| begins(b)) || is_number(text) {
        Some(CodeRefusal::NotACode)
    } else {
        None
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

fn begins_with(text: &str, beginning: &str) -> bool {
    text.as_bytes().get(..beginning.len()).is_some_and(|head| head.eq_ignore_ascii_case(beginning.as_bytes()))
}

/// Whether the text begins with a scheme and `://` (RFC 3986, section 3.1); no registered scheme is longer than 40 letters.
fn has_scheme(text: &str) -> bool {
    let Some(end) = text.find("://") else { return false };
    let scheme = &text.as_bytes()[..end];
    (1..=40).contains(&end)
        && scheme[0].is_ascii_alphabetic()
        && scheme.iter().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b))
}

fn is_number(text: &str) -> bool {
    text.len() <= LONGEST_NUMBER && text.bytes().all(|b| b.is_ascii_digit())
}

/// The code by which somebody pays: WeChat's has 18 digits from 10 to 15, Alipay's 16 to 24 from 25 to 30, UnionPay's 19 from 62.
fn is_payment_number(text: &str) -> bool {
    let Some(Ok(head)) = text.get(..2).map(str::parse::<u8>) else { return false };
    is_number(text)
        && match text.len() {
            18 if (10..=15).contains(&head) => true,
            16..=24 if (25..=30).contains(&head) => true,
            19 => head == 62,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_show_by_mistake_has_its_name() {
        let check = |text: &str, expect: Option<CodeRefusal>| {
            assert_eq!(foreign(text.as_bytes()), expect, "{text:?}");
        };
        check("", Some(CodeRefusal::Empty));
        check(" \r\n", Some(CodeRefusal::Empty));
        check("https://example.edu.cn/x?y=1", Some(CodeRefusal::WebLink));
        check("HTTP://EXAMPLE.EDU.CN", Some(CodeRefusal::WebLink));
        check("weixin://dl/business/?t=abc", Some(CodeRefusal::WebLink));
        check("alipays://platformapi/startapp", Some(CodeRefusal::WebLink));
        check("\u{feff}www.example.com", Some(CodeRefusal::WebLink));
        check("tel:01055500100", Some(CodeRefusal::WebLink));
        check("wxp://f2f0abcdef", Some(CodeRefusal::PaymentCode));
        check("HTTPS://QR.ALIPAY.COM/FKX00000", Some(CodeRefusal::PaymentCode));
        check("134567890123456789", Some(CodeRefusal::PaymentCode));
        check("2812345678901234", Some(CodeRefusal::PaymentCode));
        check("281234567890123456789012", Some(CodeRefusal::PaymentCode));
        check("6212345678901234567", Some(CodeRefusal::PaymentCode));
        check("994567890123456789", Some(CodeRefusal::NotACode));
        check("20240001", Some(CodeRefusal::NotACode));
        check("WIFI:T:WPA;S:campus;P:secret;;", Some(CodeRefusal::NotACode));
        check("BEGIN:VCARD", Some(CodeRefusal::NotACode));
        check("a+b/c==://", None);
        check("://", None);
        check("Zm9yIHRlc3RzIG9ubHkgLSBub3QgYSBwZXJzb24", None);
        check("é", None);
    }
}
