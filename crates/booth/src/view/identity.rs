//! Who somebody is, as the window shows and asks it.

use super::codes::DocumentKind;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What somebody identifies for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// To have a photo taken.
    Photo,
    /// To look at their orders.
    Account,
}

/// A way to identify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum IdMethod {
    /// Lay the card on the reader.
    Card,
    /// Show the card or the passport to the camera.
    Camera,
    /// Type the number.
    Typed,
}

/// A guide that is shown before a programme begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum GuideCode {
    /// How to get the collection code.
    CollectionCode,
    /// What a photo must be like, right and wrong.
    ImageStandard,
    /// The steps.
    Steps,
}

/// A document that was read or typed, as others may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SeenView {
    /// Which.
    pub kind: DocumentKind,
    /// Its number, masked.
    pub number: String,
    /// The holder's name, masked, if it is known.
    pub name: Option<String>,
}

/// Why a card on the reader could not be used, named by what the student does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CardFaultCode {
    /// It lay there before it was asked for: lift it and lay it on again.
    LiftFirst,
    /// It was lifted too soon: lay it on again and leave it.
    PulledAway,
    /// It can't be read: try again, or another way.
    Unreadable,
    /// It isn't an identity card.
    UnknownCard,
    /// It has expired.
    Expired,
    /// It isn't valid yet.
    NotYetValid,
}

/// How a document in front of the camera must be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ShowAdviceCode {
    /// Hold it up.
    NothingSeen,
    /// Closer.
    MoveCloser,
    /// Tilt it, so that nothing glares.
    Glare,
    /// Hold it still.
    HoldStill,
    /// Show its other side, or the page with the photo.
    OtherSide,
    /// It can't be agreed upon: type the number.
    CantAgree,
    /// The networks for it are missing.
    Unavailable,
}

/// Why a code that was shown isn't taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CodeRefusalCode {
    /// It is a link to a web page.
    WebLink,
    /// It pays.
    PaymentCode,
    /// It is too large to be one.
    TooLarge,
    /// The scanner's keys were changed on their way.
    Mangled,
    /// There are several in view.
    Several,
    /// It is no collection code.
    NotACode,
    /// The last four characters beside it are those of somebody else.
    OtherPerson,
    /// It was used before.
    Used,
    /// No code is in the picture.
    NoCode,
    /// The picture can't be read.
    UnreadablePicture,
}

/// A detail of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DetailField {
    /// The name.
    Name,
    /// The document.
    Document,
    /// The gender.
    Gender,
    /// The student number.
    StudentNumber,
    /// College or school.
    College,
    /// Major.
    Major,
    /// Class.
    ClassName,
    /// Year of graduation or entry.
    Year,
    /// The telephone.
    Phone,
    /// The e-mail address.
    Email,
}

/// A detail and what it says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DetailRow {
    /// Which.
    pub field: DetailField,
    /// What it says; name, document, telephone and e-mail masked, gender by its code.
    pub value: String,
}

impl std::fmt::Debug for DetailRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DetailRow").field("field", &self.field).finish_non_exhaustive()
    }
}
