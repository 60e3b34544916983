//! What the window sends, and how it is refused.

use super::codes::{DeliveryCode, DocumentKind, ErrorCode, Gender, Language, PayMeans};
use super::identity::{DetailField, IdMethod};
use serde::{Deserialize, Serialize};
use specta::Type;

/// What somebody says who is here for the first time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct RegisterInput {
    /// The name; left empty where the document said it.
    pub name: String,
    /// The telephone.
    pub phone: String,
    /// The e-mail address, or empty.
    pub email: String,
    /// The gender; nothing where the document says it.
    pub gender: Option<Gender>,
    /// The birth date, such as `2004-05-01`; left empty where the document says it.
    pub birth: String,
}

/// Where prints are sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct MailInput {
    /// To whom.
    pub name: String,
    /// Their telephone; empty: the student's own.
    pub phone: String,
    /// The district's code, six digits.
    pub area_code: String,
    /// Street, number, building, room.
    pub street: String,
}

/// Sheets of one size.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SheetsInput {
    /// Which, by its name.
    pub print: String,
    /// How many, at least one.
    pub sheets: u32,
}

/// What is ordered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct OrderInput {
    /// How many sheets of each size, those that are wanted; none: no paper prints.
    pub sheets: Vec<SheetsInput>,
    /// How they are got.
    pub delivery: DeliveryCode,
    /// Where to, if by post.
    pub mail: Option<MailInput>,
    /// A word to the staff, or empty.
    pub note: String,
}

macro_rules! typed {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            /// Without what was typed: it must not reach a log.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

typed!(RegisterInput, MailInput, OrderInput, SheetsInput, StudentEvent);

/// What the student did.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum StudentEvent {
    /// Touched the welcome screen.
    Start {
        /// By which button.
        language: Language,
    },
    /// Changed the language.
    SetLanguage {
        /// To which.
        language: Language,
    },
    /// Chose a programme.
    ChooseProgramme {
        /// Which.
        id: String,
    },
    /// Ticked the consents.
    Agree {
        /// Which.
        documents: Vec<String>,
    },
    /// Refused a consent.
    Refuse,
    /// Read the guides, or passed over them.
    ReadGuides {
        /// Whether they were passed over, as somebody who was here before may.
        skipped: bool,
    },
    /// Chose a way to identify.
    IdentifyBy {
        /// Which.
        method: IdMethod,
    },
    /// Typed a document's number.
    TypeDocument {
        /// Which document.
        kind: DocumentKind,
        /// Its number.
        number: String,
    },
    /// What the camera read is right.
    ConfirmDocument,
    /// What the camera read is wrong: look again.
    DiscardDocument,
    /// Typed the password.
    LogIn {
        /// The password.
        password: String,
    },
    /// Typed who they are.
    Register {
        /// What was typed.
        details: RegisterInput,
    },
    /// Reports details as wrong; none: they are right after all.
    DisputeDetails {
        /// Which.
        fields: Vec<DetailField>,
    },
    /// Confirms the details.
    ConfirmDetails {
        /// The student number, where it was asked for.
        student_number: String,
    },
    /// A USB scanner typed the collection code.
    ScanCode {
        /// What it typed.
        text: String,
    },
    /// The collection code is in a picture on the USB stick.
    ImportCode {
        /// Which.
        picture_id: String,
    },
    /// The collection code is right.
    ConfirmCode {
        /// The last four characters of the document's number that stand beside it.
        last_four: String,
    },
    /// Read the collection code again.
    DiscardCode,
    /// Ordered.
    PlaceOrder {
        /// What.
        order: OrderInput,
    },
    /// Chose a way to pay.
    PayBy {
        /// Which.
        means: PayMeans,
    },
    /// Wants to use a picture from a USB stick.
    OpenImport,
    /// Chose the picture.
    ImportPicture {
        /// Which.
        picture_id: String,
    },
    /// Opens their orders.
    OpenAccount {
        /// By which button.
        language: Language,
    },
    /// Goes on with an order.
    ResumeOrder {
        /// Which.
        order_id: String,
    },
    /// Wants more prints of an order's photo.
    Reprint {
        /// Which order.
        order_id: String,
    },
    /// Wants another password.
    ChangePassword {
        /// The present one.
        old: String,
        /// The new one.
        new: String,
    },
    /// Wants everything about them deleted.
    RequestDeletion,
    /// Calls staff, or needs them no longer.
    CallStaff {
        /// Whether they are called.
        called: bool,
    },
    /// Read the hints.
    Ready,
    /// Wants the official background behind them in the preview, or no longer.
    ShowBackground {
        /// Whether it is wanted.
        shown: bool,
    },
    /// Wants the shot taken.
    Shoot,
    /// Wants another.
    Retake,
    /// Looks at another photo of the same shot.
    Prefer {
        /// Which.
        photo_id: String,
    },
    /// Takes this photo.
    Accept,
    /// One screen back.
    Back,
    /// Goes on.
    Finish,
    /// Leaves.
    LogOut,
    /// Is still here.
    Touch,
    /// Has read the campus's message on the welcome screen.
    DismissMessage,
}

/// A province, a city or a district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AreaView {
    /// Its code, six digits.
    pub code: String,
    /// Its name, in Chinese.
    pub name: String,
    /// Whether there are areas inside it.
    pub divided: bool,
}

/// An error for the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct UiError {
    /// What the user interface acts on.
    pub code: ErrorCode,
    /// For the technician, in English, without personal data.
    pub message: String,
}
