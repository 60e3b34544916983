//! A USB scanner is a keyboard: what it types passes the system's layout and input method, and ends with Enter.

use super::{CodeRefusal, CodeRule, CollectionCode, MOST_BYTES, last_four::narrow};
use zeroize::Zeroizing;

/// What a scanner typed, from the first key to its Enter.
///
/// The payload comes out as the camera would have read it, or not at all: full-width characters and the punctuation that a Chinese
/// input method puts for a key are turned back where only one key can have been meant.
#[derive(Debug)]
pub struct ScannerText;

impl ScannerText {
    /// The collection code that was typed; it has no picture.
    ///
    /// # Errors
    /// [`CodeRefusal`]: above all [`CodeRefusal::Mangled`] where a character can't be told any more, since scanners type other than
    /// ASCII characters by guesses, and what else `rule` refuses.
    pub fn parse(typed: &str, rule: &CodeRule) -> Result<CollectionCode, CodeRefusal> {
        let typed = typed.trim_matches(|c: char| c.is_ascii_control() || c == '\u{feff}');
        // A character typed for one byte has up to three bytes of UTF-8.
        if typed.len() > 3 * MOST_BYTES {
            return Err(CodeRefusal::TooLarge);
        }
        let mut payload = Zeroizing::new(Vec::with_capacity(typed.len()));
        let mut characters = typed.chars();
        while let Some(c) = characters.next() {
            // An input method types these two twice for one key, and nothing else types them.
            if matches!(c, '…' | '—') && characters.next() != Some(c) {
                return Err(CodeRefusal::Mangled);
            }
            payload.push(key(c)?);
        }
        rule.judge(&payload)?;
        Ok(CollectionCode::new(payload, None))
    }
}

/// The byte of the key that was meant by a character.
fn key(c: char) -> Result<u8, CodeRefusal> {
    let meant = match narrow(c) {
        '。' => '.',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '【' => '[',
        '】' => ']',
        '《' => '<',
        '》' => '>',
        '「' => '{',
        '」' => '}',
        '¥' | '￥' => '$',
        '…' => '^',
        '—' => '_',
        other => other,
    };
    match u8::try_from(meant) {
        Ok(byte) if byte == b' ' || byte.is_ascii_graphic() => Ok(byte),
        Ok(byte) if byte.is_ascii() => Err(CodeRefusal::Binary),
        _ => Err(CodeRefusal::Mangled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_input_method_did_is_undone_or_refused() {
        let check = |typed: &str, expect: Result<&[u8], CodeRefusal>| {
            let parsed = ScannerText::parse(typed, &CodeRule::default());
            assert_eq!(parsed.as_ref().map(CollectionCode::payload).map_err(|e| *e), expect, "{typed:?}");
        };
        check("QUJDREVGR0hJSktMTU5P==\r", Ok(b"QUJDREVGR0hJSktMTU5P=="));
        check("\u{feff}QUJDREVGR0hJSktMTU5P==\r\n", Ok(b"QUJDREVGR0hJSktMTU5P=="));
        check("ＱＵＪＤＲＥＶＧＲ０ｈＪＳｋｔＭＴＵ５Ｐ＝＝", Ok(b"QUJDREVGR0hJSktMTU5P=="));
        check("A。B，C；D：E“F”G【H】I《J》K……L——M", Ok(b"A.B,C;D:E\"F\"G[H]I<J>K^L_M"));
        check("QUJDREVGR0hJSktMTU5P、", Err(CodeRefusal::Mangled));
        check("区驱动QUJDREVGR0hJSktMTU5P", Err(CodeRefusal::Mangled));
        check("QUJDREVGR0hJSktMTU5P…", Err(CodeRefusal::Mangled));
        check("QUJDREVGR0hJ\u{1d}SktMTU5P", Err(CodeRefusal::Binary));
        check("\r\n", Err(CodeRefusal::Empty));
        check("", Err(CodeRefusal::Empty));
        check("ｈｔｔｐ：／／ｅｘａｍｐｌｅ．ｃｏｍ", Err(CodeRefusal::WebLink));
        check("134567890123456789\r", Err(CodeRefusal::PaymentCode));
        check(&"Q".repeat(MOST_BYTES + 1), Err(CodeRefusal::TooLarge));
        check(&"Q".repeat(10_000), Err(CodeRefusal::TooLarge));
    }
}
