//! What the window sends, and how it is refused.

use super::codes::{DocumentKind, ErrorCode, Language};
use serde::{Deserialize, Serialize};
use specta::Type;

/// What the student typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct DetailsInput {
    /// The name.
    pub name: String,
    /// Which document.
    pub document_kind: DocumentKind,
    /// Its number.
    pub document_number: String,
    /// The telephone.
    pub phone: String,
    /// The student number.
    pub student_number: String,
}

impl std::fmt::Debug for DetailsInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DetailsInput").field("document_kind", &self.document_kind).finish_non_exhaustive()
    }
}

/// What the student did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
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
    /// Typed the details.
    SubmitDetails {
        /// What was typed.
        details: DetailsInput,
    },
    /// Ordered.
    PlaceOrder {
        /// How many sheets.
        sheets: u32,
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
}

/// An error for the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct UiError {
    /// What the user interface acts on.
    pub code: ErrorCode,
    /// For the technician, in English, without personal data.
    pub message: String,
}
