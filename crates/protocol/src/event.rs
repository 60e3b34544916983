//! The events: what happened at a booth. An event is written into the booth's outbox in the transaction of the change that it
//! tells, as the JSON of [`Event`], is delivered at least once, and takes effect once: the server knows it by its id.

use crate::VERSION;
use serde::{Deserialize, Serialize};

/// The largest JSON of one event, in bytes. A photo is a blob and never part of an event.
pub const LARGEST_EVENT: usize = 64 * 1024;

/// One thing that happened at a booth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// A student placed an order.
    OrderPlaced(OrderPlaced),
    /// The whole amount of an order was received.
    PaymentSettled(PaymentSettled),
    /// Money of a payment went back.
    PaymentRefunded(PaymentRefunded),
    /// A student accepted a photo.
    CollectionSubmitted(CollectionSubmitted),
    /// Staff at the booth looked at a submitted photo.
    CollectionReviewed(CollectionReviewed),
    /// More prints of a collected photo were made.
    ReprintMade(ReprintMade),
    /// An order ended without a photo.
    OrderEnded(OrderEnded),
    /// A student asked to be forgotten.
    DeletionRequested(DeletionRequested),
}

impl Event {
    /// The kinds of this version; any other is a newer one's.
    pub const KINDS: [&str; 8] = [
        "order_placed",
        "payment_settled",
        "payment_refunded",
        "collection_submitted",
        "collection_reviewed",
        "reprint_made",
        "order_ended",
        "deletion_requested",
    ];

    /// The event's kind, as it stands in the JSON.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::OrderPlaced(_) => "order_placed",
            Self::PaymentSettled(_) => "payment_settled",
            Self::PaymentRefunded(_) => "payment_refunded",
            Self::CollectionSubmitted(_) => "collection_submitted",
            Self::CollectionReviewed(_) => "collection_reviewed",
            Self::ReprintMade(_) => "reprint_made",
            Self::OrderEnded(_) => "order_ended",
            Self::DeletionRequested(_) => "deletion_requested",
        }
    }

    /// The event as JSON, UTF-8.
    ///
    /// # Errors
    /// [`EventError::Encode`] where a number isn't finite; [`EventError::TooLarge`] above [`LARGEST_EVENT`].
    pub fn to_json(&self) -> Result<Vec<u8>, EventError> {
        let json = serde_json::to_vec(self).map_err(EventError::Encode)?;
        if json.len() > LARGEST_EVENT { Err(EventError::TooLarge { bytes: json.len() }) } else { Ok(json) }
    }

    /// Reads an event that came from outside.
    ///
    /// # Errors
    /// [`EventError::TooLarge`] above [`LARGEST_EVENT`], [`EventError::Decode`] for anything that isn't an event of this version.
    pub fn from_json(json: &[u8]) -> Result<Self, EventError> {
        if json.len() > LARGEST_EVENT {
            return Err(EventError::TooLarge { bytes: json.len() });
        }
        serde_json::from_slice(json).map_err(EventError::Decode)
    }
}

/// A student placed an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrderPlaced {
    /// The order, a UUID.
    pub order_id: String,
    /// The number that people say.
    pub order_number: String,
    /// The programme's name.
    pub programme: String,
    /// What is due, in fen.
    pub amount_fen: u64,
    /// How many sheets are to be printed, of all sizes.
    pub sheets: u32,
    /// How many of each size; empty in events of booths that knew no sizes.
    #[serde(default)]
    pub prints: Vec<Prints>,
    /// How they are got: `here`, `counter` or `mail`.
    pub delivery: String,
    /// The order whose photo is printed again, a UUID.
    pub reprint_of: Option<String>,
    /// Which details of the roster the student reported as wrong, by their codes.
    pub disputed: Vec<String>,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// Sheets of one size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Prints {
    /// The size's name in the programme.
    pub print: String,
    /// How many sheets.
    pub sheets: u32,
}

/// The whole amount of an order was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PaymentSettled {
    /// The order, a UUID.
    pub order_id: String,
    /// The payment, a UUID.
    pub payment_id: String,
    /// `counter`, `school`, `wechat_pay` or `alipay`.
    pub means: String,
    /// The amount, in fen.
    pub amount_fen: u64,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// Money of a payment that no order needed went back, by staff's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PaymentRefunded {
    /// The order, a UUID.
    pub order_id: String,
    /// The payment, a UUID.
    pub payment_id: String,
    /// `counter`, `wechat_pay` or `alipay`.
    pub means: String,
    /// The amount, in fen.
    pub amount_fen: u64,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// Staff at the booth looked at a submitted photo. After a rejection another photo of the order is submitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CollectionReviewed {
    /// The order, a UUID.
    pub order_id: String,
    /// The photo, a UUID.
    pub photo_id: String,
    /// Whether it was approved; otherwise it was rejected.
    pub approved: bool,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// An order that was placed ended unpaid. Money that arrives later still counts, and is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrderEnded {
    /// The order, a UUID.
    pub order_id: String,
    /// `cancelled` or `expired`.
    pub state: String,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// A student asked to be forgotten. What is under way is finished first; unpaid orders have ended by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeletionRequested {
    /// The student's orders at this booth, UUIDs: whatever is kept of them.
    pub order_ids: Vec<String>,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// More prints of a collected photo were made, as an order of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReprintMade {
    /// The order, a UUID.
    pub order_id: String,
    /// The order whose photo it is, a UUID.
    pub of_order_id: String,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// A student accepted a photo.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CollectionSubmitted {
    /// The order, a UUID.
    pub order_id: String,
    /// The number that people say.
    pub order_number: String,
    /// The programme's name.
    pub programme: String,
    /// Whose photo it is.
    pub person: Person,
    /// The official photo.
    pub photo: Photo,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

impl std::fmt::Debug for CollectionSubmitted {
    /// Without the person: it must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CollectionSubmitted").field("order_id", &self.order_id).finish_non_exhaustive()
    }
}

/// Whose photo it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name, as the student confirmed it.
    pub name: String,
    /// The kind of document, by its code.
    pub document_kind: String,
    /// Its number, normalised.
    pub document_number: String,
    /// The student number, if the student has one.
    pub student_number: String,
    /// The telephone; empty if it isn't known.
    pub phone: String,
    /// The e-mail address, if given.
    pub email: Option<String>,
    /// `female` or `male`, if known.
    pub gender: Option<String>,
}

/// The official photo: a blob that the server gets beside the events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Photo {
    /// The photo, a UUID.
    pub photo_id: String,
    /// SHA-256 of the JPEG file, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// The file's size.
    pub bytes: u64,
    /// The specification's name.
    pub specification: String,
    /// What was measured on the file.
    pub measures: Vec<Measure>,
}

/// One measure of the official photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Its name, after ISO/IEC 29794-5 where that has one.
    pub name: String,
    /// The value.
    pub value: f64,
    /// The value's unit, or nothing.
    pub unit: String,
}

/// An event that can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// It can't be written as JSON.
    #[error("the event can't be written as JSON")]
    Encode(#[source] serde_json::Error),
    /// It isn't an event of this version.
    #[error("the text isn't an event of {VERSION}")]
    Decode(#[source] serde_json::Error),
    /// It is larger than an event may be.
    #[error("an event of {bytes} bytes is above the limit of {LARGEST_EVENT}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(name: String, value: f64) -> Event {
        Event::CollectionSubmitted(CollectionSubmitted {
            order_id: "018bcfe5-6800-7909-8909-090909090909".into(),
            order_number: "3825 1047".into(),
            programme: "degree".into(),
            person: Person {
                name,
                document_kind: "passport".into(),
                document_number: "E12345678".into(),
                student_number: "2023001".into(),
                phone: "13800000000".into(),
                email: None,
                gender: Some("female".into()),
            },
            photo: Photo {
                photo_id: "018bcfe5-6800-7909-8909-090909090900".into(),
                sha256: "0".repeat(64),
                bytes: 35_000,
                specification: "degree".into(),
                measures: vec![Measure { name: "eye_line".into(), value, unit: "px".into() }],
            },
            at_ms: 1_700_000_000_000,
        })
    }

    #[test]
    fn debug_shows_no_person() {
        let shown = format!("{:?}", event("王小明".into(), 1.0));
        assert!(
            !shown.contains("王小明") && !shown.contains("E12345678"),
            "an event in a log names nobody: {shown}"
        );
    }

    #[test]
    fn an_order_of_a_booth_without_sizes_is_still_read() {
        let json = br#"{"kind":"order_placed","order_id":"018bcfe5-6800-7909-8909-090909090909",
            "order_number":"038 000 1243","programme":"degree","amount_fen":2500,"sheets":2,"delivery":"here",
            "reprint_of":null,"disputed":[],"at_ms":1}"#;
        let Event::OrderPlaced(placed) = Event::from_json(json).unwrap() else { panic!("another event") };
        assert_eq!((placed.sheets, placed.prints), (2, vec![]));
    }

    #[test]
    fn each_kind_is_told_by_its_code() {
        let order_id = "018bcfe5-6800-7909-8909-090909090909".to_owned();
        let ended = OrderEnded { order_id: order_id.clone(), state: "cancelled".into(), at_ms: 1 };
        let photo_id = order_id.clone();
        let reviewed = CollectionReviewed { order_id: order_id.clone(), photo_id, approved: false, at_ms: 1 };
        let asked = DeletionRequested { order_ids: vec![order_id], at_ms: 1 };
        for event in
            [Event::OrderEnded(ended), Event::CollectionReviewed(reviewed), Event::DeletionRequested(asked)]
        {
            let json = event.to_json().unwrap();
            let head = format!(r#"{{"kind":"{}","#, event.kind());
            assert!(json.starts_with(head.as_bytes()), "the kind stands in the JSON");
            assert_eq!(Event::from_json(&json).unwrap(), event, "and is read back");
        }
    }

    proptest! {
        #[test]
        fn an_event_survives_its_json(name in "\\PC{0,40}", value in -1e6..1e6f64) {
            let event = event(name, value);
            let json = event.to_json().unwrap();
            prop_assert_eq!(Event::from_json(&json).unwrap(), event);
        }

        #[test]
        fn junk_is_an_error_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
            prop_assert!(Event::from_json(&bytes).is_err());
        }
    }
}
