//! Which payloads can be a collection code: a programme may say more than the nothing that is public.

use super::{CodeRefusal, CollectionCode, MOST_BYTES, Symbol, foreign::foreign};
use image::GrayImage;
use std::fmt;
use zeroize::Zeroizing;

/// The shortest payload that is taken where a programme says nothing: the number of an identity card alone has 18 characters, and
/// no encryption makes it shorter.
const LEAST_BYTES: usize = 18;

/// The longest beginning that a rule may ask for.
const LONGEST_PREFIX: usize = 64;

/// What a programme's collection codes look like from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRule {
    least: usize,
    most: usize,
    charset: Charset,
    prefix: String,
}

/// Which bytes a payload is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// Any bytes.
    #[default]
    Any,
    /// Printable ASCII.
    Printable,
    /// Base64 in either alphabet (RFC 4648), with or without its padding.
    Base64,
    /// Hexadecimal digits.
    Hexadecimal,
}

/// Why a rule is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The lengths are not 1 <= least <= most <= 2953.
    #[error("a code's length is from 1 to {MOST_BYTES} bytes, not from {least} to {most}")]
    Length {
        /// The shortest, as it was asked for.
        least: usize,
        /// The longest.
        most: usize,
    },
    /// The beginning is longer than a code may be or than 64 bytes, or breaks the rule's own charset.
    #[error("no code of this rule can begin with the prefix")]
    Prefix,
}

impl Charset {
    fn has(self, byte: u8) -> bool {
        match self {
            Self::Any => true,
            Self::Printable => byte == b' ' || byte.is_ascii_graphic(),
            Self::Base64 => byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte),
            Self::Hexadecimal => byte.is_ascii_hexdigit(),
        }
    }
}

impl Default for CodeRule {
    /// What is taken where a programme says nothing: 18 to 2953 bytes of any kind.
    fn default() -> Self {
        Self { least: LEAST_BYTES, most: MOST_BYTES, charset: Charset::Any, prefix: String::new() }
    }
}

impl CodeRule {
    /// A rule of lengths in bytes, of bytes, and of a beginning (empty: any).
    ///
    /// # Errors
    /// [`RuleError`] where no code could keep it.
    pub fn new(least: usize, most: usize, charset: Charset, prefix: &str) -> Result<Self, RuleError> {
        if least < 1 || least > most || most > MOST_BYTES {
            return Err(RuleError::Length { least, most });
        }
        let fits = prefix.len() <= most.min(LONGEST_PREFIX) && prefix.bytes().all(|byte| charset.has(byte));
        if fits {
            Ok(Self { least, most, charset, prefix: prefix.to_owned() })
        } else {
            Err(RuleError::Prefix)
        }
    }

    /// Whether a payload can be a collection code.
    ///
    /// A link or a payment number is refused as such, unless the rule's own prefix begins it: then it is what the programme wants.
    ///
    /// # Errors
    /// [`CodeRefusal`]: what it is instead.
    pub fn judge(&self, payload: &[u8]) -> Result<(), CodeRefusal> {
        if payload.is_empty() {
            return Err(CodeRefusal::Empty);
        }
        if payload.len() > MOST_BYTES {
            return Err(CodeRefusal::TooLarge);
        }
        let begins = payload.starts_with(self.prefix.as_bytes());
        if let Some(refusal) = foreign(payload).filter(|_| self.prefix.is_empty() || !begins) {
            return Err(refusal);
        }
        if self.charset != Charset::Any && !payload.iter().all(|&byte| Charset::Printable.has(byte)) {
            return Err(CodeRefusal::Binary);
        }
        let is_one = begins
            && (self.least..=self.most).contains(&payload.len())
            && payload.iter().all(|&byte| self.charset.has(byte));
        if is_one { Ok(()) } else { Err(CodeRefusal::NotACode) }
    }

    /// The collection code among the `symbols` that [`find`](super::find) found in `picture`.
    ///
    /// A poster's link beside the phone does no harm: the one symbol that can be a collection code is taken.
    ///
    /// # Errors
    /// [`CodeRefusal`]: none was found, two different ones could be it, or the largest is something else.
    pub fn take(&self, symbols: &[Symbol], picture: &GrayImage) -> Result<CollectionCode, CodeRefusal> {
        let mut fitting = symbols.iter().filter(|symbol| self.judge_symbol(symbol).is_ok());
        let Some(first) = fitting.next() else { return Err(self.refusal_of(symbols)) };
        if fitting.any(|other| other.payload() != first.payload()) {
            return Err(CodeRefusal::Several);
        }
        let payload = Zeroizing::new(first.payload().to_vec());
        Ok(CollectionCode::new(payload, first.upright_jpeg(picture)))
    }

    fn judge_symbol(&self, symbol: &Symbol) -> Result<(), CodeRefusal> {
        if symbol.is_part() { Err(CodeRefusal::TooLarge) } else { self.judge(symbol.payload()) }
    }

    fn refusal_of(&self, symbols: &[Symbol]) -> CodeRefusal {
        let largest = symbols.iter().max_by(|a, b| a.area().total_cmp(&b.area()));
        largest.and_then(|symbol| self.judge_symbol(symbol).err()).unwrap_or(CodeRefusal::Empty)
    }
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any",
            Self::Printable => "printable",
            Self::Base64 => "base64",
            Self::Hexadecimal => "hexadecimal",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_no_code_could_keep_is_refused() {
        let check = |least, most, charset, prefix: &str, expect: Option<RuleError>| {
            assert_eq!(
                CodeRule::new(least, most, charset, prefix).err(),
                expect,
                "{least}..={most} {prefix:?}"
            );
        };
        check(1, MOST_BYTES, Charset::Any, "", None);
        check(100, 900, Charset::Base64, "CJ1", None);
        check(0, 900, Charset::Any, "", Some(RuleError::Length { least: 0, most: 900 }));
        check(901, 900, Charset::Any, "", Some(RuleError::Length { least: 901, most: 900 }));
        check(1, 2954, Charset::Any, "", Some(RuleError::Length { least: 1, most: 2954 }));
        check(1, 4, Charset::Any, "CJ001", Some(RuleError::Prefix));
        check(1, 900, Charset::Hexadecimal, "CJ", Some(RuleError::Prefix));
        check(1, 900, Charset::Any, &"a".repeat(65), Some(RuleError::Prefix));
    }

    #[test]
    fn a_payload_is_judged_by_what_the_student_must_do() {
        let check = |rule: &CodeRule, payload: &[u8], expect: Result<(), CodeRefusal>| {
            assert_eq!(rule.judge(payload), expect, "{:?} by {rule:?}", String::from_utf8_lossy(payload));
        };
        let any = CodeRule::default();
        check(&any, b"", Err(CodeRefusal::Empty));
        check(&any, &[7; MOST_BYTES], Ok(()));
        check(&any, &[7; MOST_BYTES + 1], Err(CodeRefusal::TooLarge));
        check(&any, b"0123456789abcdefg", Err(CodeRefusal::NotACode));
        check(&any, b"0123456789abcdefgh", Ok(()));
        check(&any, b"https://example.edu.cn/collect", Err(CodeRefusal::WebLink));
        let strict = CodeRule::new(20, 40, Charset::Base64, "CJ").unwrap();
        check(&strict, b"CJ0123456789abcdefgh", Ok(()));
        check(&strict, b"XX0123456789abcdefgh", Err(CodeRefusal::NotACode));
        check(&strict, b"CJ0123456789abcdef h", Err(CodeRefusal::NotACode));
        check(&strict, &[&b"CJ"[..], &[0xff; 20]].concat(), Err(CodeRefusal::Binary));
        let link = CodeRule::new(1, 400, Charset::Printable, "https://collect.example/").unwrap();
        check(&link, b"https://collect.example/abc", Ok(()));
        check(&link, b"https://elsewhere.example/abc", Err(CodeRefusal::WebLink));
    }
}
