//! Identifiers. Each noun has a type of its own over a UUIDv7, so that one noun's id can't be passed for another's.
//!
//! Nothing here draws randomness or reads a clock: the caller gives both.

use crate::time::UtcMillis;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(Uuid);

        impl $name {
            /// A UUIDv7 (RFC 9562, section 5.7) of the time `at` (its milliseconds; negative counts as 0) and ten random bytes.
            #[must_use]
            pub fn new(at: UtcMillis, random: [u8; 10]) -> Self {
                let millis = u64::try_from(at.0).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The id whose 16 bytes these are, most significant first.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The id that this UUID is.
            #[must_use]
            pub fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself.
            #[must_use]
            pub fn as_uuid(&self) -> &Uuid {
                &self.0
            }

            /// The 16 bytes, most significant first.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }
    )+};
}

ids! {
    /// A student's order.
    OrderId,
    /// A person who identified at this booth.
    PersonId,
    /// One shot, with its official photo if it has one.
    PhotoId,
    /// One payment towards an order.
    PaymentId,
    /// One document for the printer.
    PrintJobId,
    /// One consent that a person gave.
    ConsentId,
    /// One event for the central server.
    EventId,
    /// One student's stay at the booth, from the first touch to the log-out.
    SessionId,
}

/// The text is not a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is not a UUID")]
pub struct InvalidId;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_version_7_uuid_that_sorts_by_time_and_survives_text_and_bytes() {
        let early = OrderId::new(UtcMillis(1_700_000_000_000), [9; 10]);
        let late = OrderId::new(UtcMillis(1_700_000_000_001), [0; 10]);
        assert_eq!(early.as_uuid().get_version_num(), 7, "ids are UUIDv7");
        assert!(early < late, "ids sort by the time they were made");
        assert_eq!(early.to_string().parse(), Ok(early), "text round trip");
        assert_eq!(OrderId::from_bytes(*late.as_bytes()), late, "byte round trip");
        assert_eq!("not-an-id".parse::<OrderId>(), Err(InvalidId), "other text is refused");
    }
}
