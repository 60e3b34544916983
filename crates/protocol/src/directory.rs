//! What the campus decided, pulled by a cursor: `GET /v1/directory?after=N&limit=N`.
//!
//! The directory holds the newest value of every key, each at the position at which it was last changed. A booth that starts at 0
//! gets everything once, and later what has changed; a value may come twice, and then is the same.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most entries of one page.
pub const LARGEST_PAGE: u32 = 1_000;

/// A page of the directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page {
    /// The entries, by position.
    pub entries: Vec<Entry>,
    /// What to ask `after` next. It may be greater than the last entry's position.
    pub cursor: u64,
    /// Whether there is more now.
    pub more: bool,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// The position at which it was last changed.
    pub position: u64,
    /// The value. A booth passes over, and logs, a kind that it does not know.
    #[serde(flatten)]
    pub item: Item,
}

/// A value of the directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Item {
    /// A programme of the campus.
    Programme(Programme),
    /// Somebody whom the school sends.
    RosterEntry(RosterEntry),
    /// What one thing costs, over what the programme's file says.
    Price(Price),
    /// Something to be read on the welcome screen.
    Notice(Notice),
    /// The campus office looked at a photo.
    Review(Review),
    /// Money that goes back, or went.
    Refund(Refund),
    /// A setting of the booth, over its own file.
    Setting(Setting),
    /// Something the booth is to do, once.
    Command(Command),
    /// A kind of a newer central.
    #[serde(other, skip_serializing)]
    Unknown,
}

/// A programme: the text of its file, which the booth reads as it reads its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Programme {
    /// Its name, the file's without `.toml`.
    pub id: String,
    /// The file, TOML; nothing where the campus no longer has the programme.
    pub toml: Option<String>,
}

/// Somebody whom the school sends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterEntry {
    /// The kind of programme: `degree`, `freshman` or `general`.
    pub list: String,
    /// The kind of document, by its code.
    pub document_kind: String,
    /// Its number, normalised. With the two above it is the key.
    pub document_number: String,
    /// The rest; nothing where the school took the entry back.
    pub student: Option<RosterStudent>,
}

/// What the school knows of somebody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterStudent {
    /// The name.
    pub name: String,
    /// The student number.
    pub student_number: String,
    /// The college; may be empty.
    pub college: String,
    /// The major; may be empty.
    pub major: String,
    /// The class; may be empty.
    pub class_name: String,
    /// The year of graduation or entrance.
    pub year: Option<u16>,
}

impl std::fmt::Debug for RosterEntry {
    /// Without the person: it must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RosterEntry").field("list", &self.list).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for RosterStudent {
    /// Without the person: it must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RosterStudent").field("year", &self.year).finish_non_exhaustive()
    }
}

/// What one thing costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Price {
    /// The programme's name.
    pub programme: String,
    /// `electronic_photo`, `postage`, or `printed_sheet` with the print's name.
    pub item: String,
    /// The print's name; empty for anything else.
    pub print: String,
    /// The price of one, in fen; nothing: as the programme's file says.
    pub fen: Option<u64>,
}

/// Something to be read on the welcome screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// Which notice it is.
    pub id: Uuid,
    /// The text, Chinese; nothing where it was taken back.
    pub zh: Option<String>,
    /// The text, English.
    pub en: Option<String>,
    /// From when it is shown, in milliseconds since the Unix epoch.
    pub from_ms: i64,
    /// Until when it is shown.
    pub until_ms: i64,
}

/// The campus office looked at a photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Review {
    /// The order, a UUID.
    pub order_id: Uuid,
    /// The photo, a UUID.
    pub photo_id: Uuid,
    /// Whether it was approved; otherwise it was rejected, and another photo is needed.
    pub approved: bool,
    /// Why it was rejected, as the student is to read it; empty where it was approved.
    pub reason: String,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// Money of an online payment goes back, or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refund {
    /// The trade's number.
    pub number: String,
    /// The order, a UUID.
    pub order_id: Uuid,
    /// The amount, in fen.
    pub amount_fen: u64,
    /// Whether the provider has done it; otherwise it was asked to.
    pub done: bool,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// A setting of the booth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Setting {
    /// Its name, such as `retention.synced_days`.
    pub name: String,
    /// Its value, as in the booth's file; nothing: as the booth's own file says.
    pub value: Option<serde_json::Value>,
}

/// Something the booth is to do, once. Its outcome is told by `PUT /v1/commands/{id}/outcome`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Command {
    /// Which command it is.
    pub id: Uuid,
    /// After this it is not to be done any more, in milliseconds since the Unix epoch.
    pub until_ms: i64,
    /// What is to be done.
    pub action: Action,
}

/// What a booth can be told to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Print an order's documents again.
    Reprint {
        /// The order, a UUID.
        order_id: Uuid,
    },
    /// Take no more students, once the one who is there has finished.
    Close,
    /// Take students again.
    Open,
    /// Show a message to whoever stands before the booth.
    Message {
        /// Chinese.
        zh: String,
        /// English.
        en: String,
    },
    /// An action of a newer central.
    #[serde(other, skip_serializing)]
    Unknown,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommandOutcome {
    /// Whether it was done.
    pub done: bool,
    /// Why not, a code: `too_late`, `unknown_action`, `unknown_order`, `not_possible`. Empty where it was done.
    pub reason: String,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(json: &str) -> Entry {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_kind_of_a_newer_central_is_passed_over() {
        let newer = entry(r#"{"position":7,"kind":"weather","rain":true,"wind":{"from":"north"}}"#);
        assert_eq!(newer, Entry { position: 7, item: Item::Unknown });
        let command = r#"{"position":8,"kind":"command","id":"018bcfe5-6800-7909-8909-090909090909","until_ms":1,"action":{"do":"dance","speed":2}}"#;
        let Item::Command(command) = entry(command).item else { panic!("another kind") };
        assert_eq!(command.action, Action::Unknown);
    }

    #[test]
    fn an_entry_survives_its_json() {
        let price = Price {
            programme: "degree".into(),
            item: "printed_sheet".into(),
            print: "one_inch".into(),
            fen: None,
        };
        let entry = Entry { position: 9, item: Item::Price(price) };
        assert_eq!(self::entry(&serde_json::to_string(&entry).unwrap()), entry);
    }
}
