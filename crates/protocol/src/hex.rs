//! Fixed bytes that travel as lower-case hexadecimal text.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text isn't the hexadecimal form of that many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text isn't {digits} lower-case hexadecimal digits")]
pub struct InvalidHex {
    /// How many digits there should be.
    pub digits: usize,
}

fn parse<const N: usize>(text: &str) -> Result<[u8; N], InvalidHex> {
    let invalid = InvalidHex { digits: 2 * N };
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Ok(byte - b'0'),
        b'a'..=b'f' => Ok(byte - b'a' + 10),
        _ => Err(invalid),
    };
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return Err(invalid) };
    let mut bytes = [0; N];
    if pairs.len() != N {
        return Err(invalid);
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Ok(bytes)
}

fn write(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

macro_rules! hex_types {
    ($($(#[$doc:meta])* $name:ident($bytes:literal, $pattern:literal)),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $bytes]);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&write(&self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidHex;

            fn from_str(text: &str) -> Result<Self, InvalidHex> {
                parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let text = utoipa::openapi::schema::Object::builder()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some($pattern))
                    .build();
                utoipa::openapi::RefOr::T(text.into())
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    )+};
}

hex_types! {
    /// SHA-256 of something: 64 digits.
    Digest(32, "^[0-9a-f]{64}$"),
    /// A stretch of a device's life within which its sequence has neither gap nor repetition: 16 random bytes, 32 digits.
    Epoch(16, "^[0-9a-f]{32}$"),
    /// A device's secret: 32 random bytes, 64 digits. The server keeps its SHA-256 only.
    Key(32, "^[0-9a-f]{64}$"),
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl std::fmt::Debug for Epoch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Epoch({self})")
    }
}

impl std::fmt::Debug for Key {
    /// Without the secret: it must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_key_is_not_shown() {
        let shown = format!("{:?}", Key([0xab; 32]));
        assert!(!shown.contains("abab"), "a key in a log opens nothing: {shown}");
    }

    proptest! {
        #[test]
        fn bytes_survive_their_text(bytes in any::<[u8; 32]>()) {
            let text = Digest(bytes).to_string();
            prop_assert_eq!(text.len(), 64);
            prop_assert_eq!(text.parse(), Ok(Digest(bytes)));
        }

        #[test]
        fn any_other_text_is_refused(text in "\\PC{0,70}") {
            let lower = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
            let valid = text.len() == 64 && text.chars().all(lower);
            prop_assert_eq!(text.parse::<Digest>().is_ok(), valid);
        }
    }
}
