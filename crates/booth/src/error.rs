//! What the booth refuses, with the code on which the window acts.

use crate::basket::BasketError;
use crate::documents::DocumentError;
use crate::online::ProviderFault;
use crate::password::PasswordError;
use crate::pin::PinError;
use crate::student::DetailsError;
use crate::view::ErrorCode;
use camera::FrameError;
use domain::Refused;
use ledger::LedgerError;

/// A request that was refused; the student's session is where it was.
#[derive(Debug, thiserror::Error)]
pub enum BoothError {
    /// The event means nothing on this screen.
    #[error(transparent)]
    NotNow(#[from] Refused),
    /// The programme, consent or quantity isn't one that was offered.
    #[error("{what} was not offered")]
    NotOffered {
        /// What.
        what: &'static str,
    },
    /// The details can't be right.
    #[error("the details were refused")]
    Details(#[from] DetailsError),
    /// The password.
    #[error("the password was refused")]
    Password(#[from] PasswordError),
    /// What was ordered can't be.
    #[error("the order was refused")]
    Basket(#[from] BasketError),
    /// The programme isn't open today.
    #[error("the programme is not open today")]
    NotInSeason,
    /// Prints can't be had of this photo any more.
    #[error("there is no photo to print any more")]
    PhotoGone,
    /// The stick was pulled out, or another one is there.
    #[error("the stick is gone")]
    StickRemoved,
    /// Nobody takes this way to pay at the moment.
    #[error("this way to pay is not offered")]
    PaymentUnavailable,
    /// The payment provider.
    #[error("the payment provider did not open a trade")]
    Provider(#[from] ProviderFault),
    /// The PIN.
    #[error("the PIN was refused")]
    Pin(#[from] PinError),
    /// The ledger.
    #[error("the ledger refused")]
    Ledger(#[from] LedgerError),
    /// The money is recorded, and the order didn't need it.
    #[error("the payment is recorded, but the order was settled or ended already: a refund is due")]
    RefundDue,
    /// A document can't be made.
    #[error("a document can't be made")]
    Document(#[from] DocumentError),
    /// There is no picture from the camera.
    #[error("there is no picture from the camera")]
    NoPicture,
    /// A picture that was chosen can't be used.
    #[error("the picture can't be used")]
    InvalidPicture,
    /// The camera's picture can't be read.
    #[error("the camera's picture can't be read")]
    Picture(#[from] FrameError),
    /// An event for the central server can't be written.
    #[error("an event for the central server can't be written")]
    Event(#[from] protocol::EventError),
    /// What was asked for broke off; the log says why.
    #[error("what was asked for broke off")]
    Interrupted,
    /// The photo isn't this student's.
    #[error("there is no such photo in this session")]
    NoSuchPhoto,
}

impl BoothError {
    /// What the window acts on.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotNow(_) | Self::NotOffered { .. } | Self::NoSuchPhoto | Self::RefundDue => {
                ErrorCode::NotNow
            }
            Self::Details(details) => details_code(details),
            Self::Password(PasswordError::Wrong) => ErrorCode::WrongPassword,
            Self::Password(PasswordError::Locked { .. }) => ErrorCode::PasswordLocked,
            Self::Password(PasswordError::Malformed) => ErrorCode::InvalidPassword,
            Self::Basket(BasketError::Address(_) | BasketError::NoDistrict) => ErrorCode::InvalidAddress,
            Self::Basket(BasketError::Note) => ErrorCode::InvalidNote,
            Self::NotInSeason => ErrorCode::NotInSeason,
            Self::PhotoGone => ErrorCode::PhotoGone,
            Self::StickRemoved => ErrorCode::StickRemoved,
            Self::PaymentUnavailable | Self::Provider(_) => ErrorCode::PaymentUnavailable,
            Self::Pin(PinError::Wrong | PinError::Malformed) => ErrorCode::WrongPin,
            Self::Pin(PinError::Locked { .. }) => ErrorCode::PinLocked,
            Self::Pin(PinError::NotSet) => ErrorCode::PinNotSet,
            Self::InvalidPicture => ErrorCode::InvalidPicture,
            Self::NoPicture | Self::Picture(_) => ErrorCode::CameraUnavailable,
            Self::Ledger(LedgerError::AlreadyCollected { .. }) => ErrorCode::AlreadyCollected,
            Self::Ledger(LedgerError::CodeUsed { .. }) => ErrorCode::CodeUsed,
            Self::Ledger(
                LedgerError::Refused(_) | LedgerError::NotNow { .. } | LedgerError::OrderUnderWay { .. },
            ) => ErrorCode::NotNow,
            Self::Ledger(_) => ErrorCode::StorageFailed,
            Self::Document(_) | Self::Event(_) | Self::Interrupted => ErrorCode::Internal,
        }
    }
}

fn details_code(error: &DetailsError) -> ErrorCode {
    match error {
        DetailsError::Name(_) => ErrorCode::InvalidName,
        DetailsError::Document(_) => ErrorCode::InvalidDocument,
        DetailsError::Phone(_) => ErrorCode::InvalidPhone,
        DetailsError::StudentNumber(_) => ErrorCode::InvalidStudentNumber,
        DetailsError::Email(_) => ErrorCode::InvalidEmail,
        DetailsError::Birth => ErrorCode::InvalidBirth,
        DetailsError::Expired => ErrorCode::DocumentExpired,
        DetailsError::NameDiffers => ErrorCode::NameDiffers,
        DetailsError::NotEntitled => ErrorCode::NotEntitled,
        DetailsError::NotKnown => ErrorCode::NotKnown,
        DetailsError::TooYoung => ErrorCode::Under14,
    }
}
